"""A code that no list holds: from the extract to `check`, the build and the quality annex."""

import csv
import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, BuiltWorkspace, Run

NEW_CODE = "8Z"


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, assessment: Run, demonstration: BuiltWorkspace
) -> Path:
    """The demonstration, with an accepted delivery in which assaults of its last month have a new code."""
    root = tmp_path_factory.mktemp("codes") / "w"
    shutil.copytree(demonstration.root, root, ignore=shutil.ignore_patterns("editions"))
    extracts = (root / "data" / "incoming").rglob("demo_police_crimes_*.csv*")
    last = max(extracts, key=lambda path: path.name)
    renamed = root / "data" / "incoming" / "later" / last.name
    renamed.parent.mkdir()
    opened = gzip.open if last.suffix == ".gz" else open
    with opened(last, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, header = list(reader), reader.fieldnames or ()
    for row in rows:
        if row["Offence Code"] == "8N" and row["Date Recorded"] >= "2023-06-01":
            row["Offence Code"] = NEW_CODE
    with opened(renamed, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    run = assessment("ingest", "--workspace", root, "--from", renamed)
    assert run.returncode == 17, run.stderr
    assert "rows have a code that is in none of its lists" in run.stderr
    held = re.search(r"--accept (\S+)", run.stderr)
    assert held, run.stderr
    decision = ("--by", "A. Analyst", "--reason", "the force renumbered the offence")
    run = assessment("ingest", "--workspace", root, "--accept", held[1], *decision)
    assert run.returncode == 0, run.stderr
    return root


def test_before_it_came_there_was_nothing_to_tell(assessment: Run, demonstration: BuiltWorkspace) -> None:
    run = assessment("check", "--json", "--workspace", demonstration.root)
    assert json.loads(run.stdout)["unknown_codes"] == []


def test_check_names_it_and_who_may_miss_it(assessment: Run, workspace: Path) -> None:
    run = assessment("check", "--json", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    (found,) = json.loads(run.stdout)["unknown_codes"]
    assert (found["source"], found["column"], found["code"]) == ("police_crimes", "offence", NEW_CODE)
    assert (found["first_month"], found["last_month"]) == ("2023-06", "2023-06")
    assert found["rows"] > 100
    assert "violence_with_injury" in found["indicators"][: found["likely"]]
    assert f"police_crimes.offence: the code {NEW_CODE}" in run.stderr


def test_a_list_that_holds_it_ends_the_doubt(assessment: Run, workspace: Path, tmp_path: Path) -> None:
    root = tmp_path / "w"
    shutil.copytree(workspace, root)
    with (root / "config/codelists/notifiable_offences.txt").open("a", encoding="utf-8") as file:
        file.write(f"{NEW_CODE}   # Assault, by its new number\n")
    run = assessment("check", "--json", "--workspace", root)
    assert json.loads(run.stdout)["unknown_codes"] == []


def test_the_build_tells_it_and_the_annex_prints_it(assessment: Run, workspace: Path) -> None:
    run = assessment("build", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    assert f"the code {NEW_CODE}" in run.stderr
    (edition,) = (workspace / "reports" / "editions").iterdir()
    html = (edition / "assessment.html").read_text(encoding="utf-8")
    assert "Codes that no list holds" in html
    assert f">{NEW_CODE}<" in html.replace(" ", "")
    assert "has no source" not in run.stderr  # every numeral of the annex is accounted for


def test_the_declared_lists_are_those_of_the_shipped_workspace() -> None:
    text = (REPOSITORY / "config" / "sources.yaml").read_text(encoding="utf-8")
    assert "codes: {offence: [notifiable_offences]" in text
