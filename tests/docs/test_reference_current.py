"""docs/reference/ is what the code says, and nothing in it is left out."""

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "reference.py"))


def test_every_page_is_current(script: dict[str, Any]) -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    made = script["pages"]()
    stale = sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))
    assert stale == [], "run: python scripts/reference.py"


def test_every_command_and_option_has_a_line(script: dict[str, Any]) -> None:
    page = script["pages"]()["commands.md"]
    import typer

    from pipeline.cli.app import app

    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"## {name}\n" in page
        assert command.help, f"{name} says nothing about itself"
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name} says nothing about itself"


def test_every_exit_code_has_a_line(script: dict[str, Any]) -> None:
    page = script["pages"]()["exit-codes.md"]
    for code in (0, 1, 2, *range(10, 19), 130):
        assert f"| `{code}` |" in page


def test_every_column_of_the_csv_files_is_described(script: dict[str, Any], tmp_path: Path) -> None:
    from pipeline.model.assessment import Assessment
    from pipeline.model.observation import Results
    from pipeline.report.tables import write_comparisons, write_results

    write_results(Results(()), tmp_path / "results.csv")
    write_comparisons(
        Assessment(measures=(), judgements=(), findings=(), reconciliations=()),
        tmp_path / "comparisons.csv",
    )
    for name, described in (
        ("results.csv", script["RESULT_COLUMNS"]),
        ("comparisons.csv", script["COMPARISON_COLUMNS"]),
    ):
        header = (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(described)


def test_every_key_has_a_meaning(script: dict[str, Any]) -> None:
    page = script["pages"]()["configuration.md"]
    for model in script["documented_models"]():
        assert f"## {model.__name__}\n" in page
        assert model.__doc__, f"{model.__name__} says nothing about itself"
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name} has no description"
