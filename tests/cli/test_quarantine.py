"""`assessment quarantine`, and rows released by config/corrections.yaml, on the command line."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.three_areas import SOURCES, three_areas

SECRET_NAME = "Jane Doe of 4 High Street"
FILE = f"""\
Reference,Month,Category,District,Age
q1,2024-01,Burglary,A,30
q2,2024-01,{SECRET_NAME},A,40
q3,2024-01,Burglary,A,999
q4,2024-01,Robbery,B,{SECRET_NAME}
"""
CORRECTIONS = """\
version: 1
corrections:
  - source: crimes
    file: crimes_2024.csv
    line: 4
    rule: range
    values: {victim_age_years: 99}
    by: A. Analyst
    on: %s
    until: %s
    reason: the force looked it up
"""
TODAY = datetime.now(UTC).date()


@pytest.fixture
def workspace(tmp_path: Path, assessment: Run) -> Path:
    """Three areas, and a file of four crimes of which three are refused."""
    root = three_areas(tmp_path / "workspace", is_judged=False)
    first = root / "data" / "incoming" / "crimes_2022_2023.csv"
    header, *rows = first.read_text(encoding="utf-8").splitlines()
    first.write_text("\n".join([f"{header},Age", *(f"{row}," for row in rows)]) + "\n", encoding="utf-8")
    sources = SOURCES.replace("      district_code", "      victim_age_years: Age\n      district_code")
    (root / "config" / "sources.yaml").write_text(sources, encoding="utf-8")
    (root / "data" / "incoming" / "crimes_2024.csv").write_text(FILE, encoding="utf-8")
    assert assessment("ingest", "--workspace", root).returncode == 0
    return root


def correct(root: Path, until: int) -> None:
    """Release the row of line 4 until so many days from today."""
    last = TODAY + timedelta(until)
    (root / "config" / "corrections.yaml").write_text(CORRECTIONS % (min(TODAY, last), last))


def test_rows_are_listed_with_place_and_reason_and_without_a_value(workspace: Path, assessment: Run) -> None:
    run = assessment("quarantine", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    assert SECRET_NAME not in run.stdout + run.stderr
    lines = run.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(" ".join(lines).split())
    assert "crimes_2024.csv:4: Age: not between 0 and 120 (quarantined)" in told
    assert "crimes_2024.csv:3: Category: not one of the 2 values declared for it (quarantined)" in told
    assert "1 of crimes: Age: not a whole number" in told
    assert "of crimes: District: no code of that kind of area, such as E06000001" in told


def test_the_csv_has_every_row(workspace: Path, assessment: Run) -> None:
    file = workspace / "rows.csv"
    assert assessment("quarantine", "--to", file, "--workspace", workspace).returncode == 0
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    refused = [(r["file"], r["line"], r["rule"]) for r in rows if r["decision"] == "quarantined"]
    assert refused == [
        ("crimes_2024.csv", n, rule) for n, rule in (("3", "values"), ("4", "range"), ("5", "type"))
    ]
    assert SECRET_NAME not in file.read_text(encoding="utf-8")


def test_json_and_a_source_that_is_none(workspace: Path, assessment: Run) -> None:
    told = json.loads(
        assessment("quarantine", "--json", "--source", "crimes", "--workspace", workspace).stdout
    )
    assert {one["rule"]: one["rows"] for one in told["rules"] if one["decision"] == "quarantined"} == {
        "values": 1,
        "range": 1,
        "type": 1,
    }
    run = assessment("quarantine", "--source", "crime", "--workspace", workspace)
    assert (run.returncode, "there are: crimes" in run.stderr) == (2, True)


def test_a_correction_releases_a_row_and_expires_loudly(workspace: Path, assessment: Run) -> None:
    correct(workspace, until=30)
    run = assessment("ingest", "--json", "--workspace", workspace)
    told = json.loads(run.stdout)
    assert [(one["state"], one["records"]) for one in told["corrections"]] == [("applied", 1)]
    assert "warning" not in run.stderr
    assert next(one for one in told["deliveries"] if one["file"] == "crimes_2024.csv")["loaded"] == 2

    correct(workspace, until=-1)
    for command in ("check", "ingest"):
        run = assessment(command, "--workspace", workspace)
        assert run.returncode == 0, run.stderr
        expired = f"warning: config/corrections.yaml:3: expired on {TODAY - timedelta(1)}"
        assert expired in " ".join(run.stderr.split()), command
    run = assessment("quarantine", "--workspace", workspace)
    assert "crimes_2024.csv:4: Age" in run.stdout


def test_a_file_that_is_wrong_is_told_at_its_place(workspace: Path, assessment: Run) -> None:
    correct(workspace, until=30)
    path = workspace / "config" / "corrections.yaml"
    path.write_text(path.read_text().replace("line: 4", "key: {offence: 8N}").replace("range", "rang"))
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    assert "config/corrections.yaml:6" in run.stderr
    assert "'range'" in run.stderr


@pytest.mark.parametrize("name", ["data/raw/ledger.jsonl", "config/sources.yaml", "notes.txt"])
def test_the_list_takes_no_other_files_place(workspace: Path, assessment: Run, name: str) -> None:
    (workspace / "notes.txt").write_text("mine\n", encoding="utf-8")
    before = (workspace / name).read_bytes()
    run = assessment("quarantine", "--to", workspace / name, "--workspace", workspace)
    assert run.returncode == 2
    assert (workspace / name).read_bytes() == before


def test_the_list_takes_the_place_of_an_earlier_one(workspace: Path, assessment: Run) -> None:
    for _ in range(2):
        assert assessment("quarantine", "--to", workspace / "q.csv", "-w", workspace).returncode == 0
