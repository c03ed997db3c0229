"""`assessment ingest --propose FILE`, as an analyst meets it."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli.propose import with_source
from pipeline.errors import UsageError
from tests.conftest import REPOSITORY, Run

WORKBOOK = REPOSITORY / "docs" / "how-to" / "noise-complaints-2023-05.xlsx"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the shipped definitions and no data."""
    shutil.copytree(REPOSITORY / "config", tmp_path / "w" / "config")
    return tmp_path / "w"


def files_in(workspace: Path) -> dict[Path, bytes]:
    """Every file with what it holds; the lock, which a run leaves empty, is none of them."""
    found = (path for path in workspace.rglob("*") if path.is_file() and path.name != ".lock")
    return {path: path.read_bytes() for path in found}


def test_a_draft_is_printed_and_nothing_is_written(workspace: Path, assessment: Run) -> None:
    before = files_in(workspace)
    done = assessment("ingest", "--propose", WORKBOOK, "-w", workspace)
    assert done.returncode == 0
    assert "  noise_complaints:\n" in done.stdout
    assert max(map(len, (done.stdout + done.stderr).splitlines())) <= 80
    assert files_in(workspace) == before


def test_a_draft_is_added_and_checks(workspace: Path, assessment: Run) -> None:
    sources = workspace / "config" / "sources.yaml"
    before = sources.read_text(encoding="utf-8")
    done = assessment("ingest", "--propose", WORKBOOK, "--add", "-w", workspace, "--json")
    told = json.loads(done.stdout)
    assert (told["source"], told["records"], told["sound"]) == ("noise_complaints", 5, 4)
    assert told["added_to"] == str(sources)
    assert sources.read_text(encoding="utf-8") == f"{before}\n{told['draft']}"
    assert assessment("check", "-w", workspace).returncode == 0
    again = json.loads(assessment("ingest", "--propose", WORKBOOK, "-w", workspace, "--json").stdout)
    assert again["source"] == "noise_complaints_2"
    assert "noise_complaints asks for this file too" in again["draft"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--propose", "nowhere.csv"], "--propose nowhere.csv: there is no such file"),
        (["--add"], "--add goes with --propose FILE"),
    ],
)
def test_what_cannot_be_drafted(workspace: Path, assessment: Run, arguments: list[str], told: str) -> None:
    done = assessment("ingest", *arguments, "-w", workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"assessment: {told}\n"


def test_a_draft_is_added_only_where_the_sources_end() -> None:
    assert with_source("version: 1\nsources:\n  a: {}\n", "  b: {}\n") == (
        "version: 1\nsources:\n  a: {}\n\n  b: {}\n"
    )
    with pytest.raises(UsageError, match="does not end with its section"):
        with_source("sources:\n  a: {}\ndefaults:\n  supplier: x\n", "  b: {}\n")
