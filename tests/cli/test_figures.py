"""`preview` and `explain` on a built workspace: what they say, as text that fits and as JSON."""

import csv
import json
from typing import Any

import pytest

from tests.conftest import BuiltWorkspace, Run

ID = "violence_with_injury"


def answered(run: Any) -> Any:
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def rows(workspace: BuiltWorkspace, name: str) -> list[dict[str, str]]:
    with (workspace.edition / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["indicator"] == ID]


def test_a_preview_shows_the_figure_its_comparisons_and_its_months(
    assessment: Run, demonstration: BuiltWorkspace
) -> None:
    run = assessment("preview", ID, "--workspace", demonstration.root)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "violence_with_injury: Violence with injury"
    assert lines[1] == "  Wolverhampton, 2022-23, as at 2023-06-30, wanted down"
    assert any(line.split() == ["all", "3,950", "3,828", "to", "4,075"] for line in lines)
    assert any(line.startswith("    improved        U25") and "−17.0 to −1.6" in line for line in lines)
    assert "no more than chance could make" in " ".join(run.stdout.split())
    assert any(line.startswith("  2022   309   263   333") for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_preview_says_what_the_edition_printed(assessment: Run, demonstration: BuiltWorkspace) -> None:
    """One indicator alone gives the figures and verdicts that it has among all others."""
    found = answered(assessment("preview", ID, "--json", "--workspace", demonstration.root))
    own = found["figures"][0]["area_code"]
    published = {
        (row["period"], row["breakdown"], row["category"]): row
        for row in rows(demonstration, "results.csv")
        if row["area_code"] == own
    }
    for row in (*found["figures"], *found["months"]):
        said = published[row["period"], row["breakdown"], row["category"]]
        assert [str(row[key]) for key in ("value", "lower", "state")] == [
            said[key] for key in ("value", "lower", "state")
        ]
    compared = [
        (row["comparator"], row["category"], row["verdict"])
        for row in rows(demonstration, "comparisons.csv")
        if row["area_code"] == own and row["period"] == found["figures"][0]["period"]
    ]
    previewed = [(row["comparator"], row["category"], row["verdict"] or "") for row in found["comparisons"]]
    assert previewed == compared


@pytest.mark.parametrize("command", ["preview", "explain"])
def test_an_unknown_indicator_is_named_with_the_nearest(
    assessment: Run, demonstration: BuiltWorkspace, command: str
) -> None:
    run = assessment(command, "violence_with_injuries", "--workspace", demonstration.root)
    assert run.returncode == 2
    assert "there is no indicator 'violence_with_injuries'" in run.stderr
    assert "did you mean 'violence_with_injury'?" in run.stderr


def test_before_anything_is_received_the_next_step_is_named(
    assessment: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("empty") / "w"
    assert assessment("init", root).returncode == 0
    run = assessment("preview", ID, "--workspace", root)
    assert run.returncode == 12
    assert "run `assessment ingest` first" in run.stderr


def test_an_indicator_is_explained_to_its_rows_and_files(
    assessment: Run, demonstration: BuiltWorkspace
) -> None:
    text = assessment("explain", ID, "--workspace", demonstration.root).stdout
    assert "  window:\n    kind: financial_year" in text
    assert "3,950  in Wolverhampton (E08000031)" in text
    assert "2022-04/2023-03 3,950 crimes, 95% limits 3,827.8 to 4,075.1" in text
    found = answered(assessment("explain", ID, "--json", "--workspace", demonstration.root))
    assert found["definition"]["window"]["kind"] == "financial_year"
    assert found["steps"][-1]["left"] == 3950
    assert found["sql"].startswith("WITH")
    assert [file["file"] for file in found["files"]]
    assert 3950 in [row["value"] for row in found["results"]]


def test_every_figure_of_an_edition_can_be_explained(assessment: Run, demonstration: BuiltWorkspace) -> None:
    """Each exhibit names the results that its numbers are, and every indicator behind them is defined."""
    manifest = json.loads((demonstration.edition / "manifest.json").read_text(encoding="utf-8"))
    html = (demonstration.edition / "assessment.html").read_text(encoding="utf-8")
    names = [exhibit["name"] for exhibit in manifest["exhibits"]]
    assert names == [f"FIG-{n}" for n in range(1, len(names) + 1)]
    assert all(f'id="{name}"' in html for name in names)
    assert all(exhibit["figures"] for exhibit in manifest["exhibits"])
    with (demonstration.edition / "results.csv").open(encoding="utf-8", newline="") as file:
        results = {
            f"{r['indicator']}:{r['area_code']}:{r['basis']}:{r['period']}"
            + (f":{r['breakdown']}={r['category']}" if r["breakdown"] else "")
            for r in csv.DictReader(file)
        }
    for exhibit in manifest["exhibits"]:
        for _, result_id in exhibit["figures"]:
            counts_something = result_id.startswith("count:")
            assert counts_something or result_id.split("|")[0] in results, result_id


def test_a_figure_is_explained_from_the_record_of_its_edition(
    assessment: Run, demonstration: BuiltWorkspace
) -> None:
    manifest = json.loads((demonstration.edition / "manifest.json").read_text(encoding="utf-8"))
    exhibit = next(e for e in manifest["exhibits"] if any(i.startswith(f"{ID}:") for _, i in e["figures"]))
    run = assessment("explain", exhibit["name"].lower(), "--workspace", demonstration.root)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(f"{exhibit['name']} of {demonstration.edition.name}\n")
    assert f"{ID}: Violence with injury" in run.stdout
    assert "changed: below is how" not in " ".join(run.stdout.split())
    found = answered(assessment("explain", exhibit["name"], "--json", "--workspace", demonstration.root))
    assert found["title"] == exhibit["title"]
    assert [list(figure.values()) for figure in found["figures"]] == exhibit["figures"]
    assert not found["moved_on"]
    assert ID in [one["indicator"] for one in found["indicators"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("FIG-0",), "it has FIG-1 to FIG-"),
        (("FIG-9999",), "has no FIG-9999; it has FIG-1 to FIG-"),
        (("FIG-1", "--edition", "2022-annual"), "there is no edition '2022-annual'"),
    ],
)
def test_a_figure_that_there_is_not(
    assessment: Run, demonstration: BuiltWorkspace, arguments: tuple[str, ...], told: str
) -> None:
    run = assessment("explain", *arguments, "--workspace", demonstration.root)
    assert run.returncode == 2
    assert told in run.stderr


def test_a_preview_says_why_an_interval_off_zero_is_no_clear_change(
    assessment: Run, demonstration: BuiltWorkspace
) -> None:
    lines = assessment("preview", ID, "--workspace", demonstration.root).stdout.splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith("    no clear change 25+")]
    assert "(+1.7 to +12.9) [u]" in lines[at]
    (young,) = [line for line in lines if line.startswith("    improved        U25")]
    assert "[u]" not in young  # it holds whatever the unknowns are
    (unknown,) = [line for line in lines if "not recorded" in line and "%" in line]
    assert unknown.split() == ["not", "recorded", "↓", "63.2%"]
    assert lines[at + 1].strip() == "+4.5 shared out, +1.3 to +9.3 whatever the unknowns are"


def test_a_preview_says_which_population_a_rate_is_divided_by(
    assessment: Run, demonstration: BuiltWorkspace
) -> None:
    run = assessment("preview", "neighbourhood_crime", "--workspace", demonstration.root)
    assert "population of 2021, the nearest year to 2023" in " ".join(run.stdout.split())
    assert "Rest of West Midlands changed by +" in " ".join(run.stdout.split())
