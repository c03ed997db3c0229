"""`assessment request police` and `assessment check --from FILE`: what to ask for, and what came of it."""

import csv
import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from pipeline.definitions import built_in
from pipeline.definitions.source import Source
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.spreadsheet import Workbook
from pipeline.model.contract import CONTRACTS
from tests.conftest import REPOSITORY, Run

FILES = ("police_crimes", "police_incidents")
RECORD = {
    "Crime Reference": "20X/1",
    "Offence Code": "8N",
    "Date Recorded": "2023-04-03",
    "Partnership Area": "E08000031",
    "Place": "Public",
    "Domestic Abuse": "N",
    "Victim Number": "1",
    "Victim Reference": "p1",
    "Victim Type": "Person",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the shipped definitions and no data."""
    root = tmp_path_factory.mktemp("request") / "w"
    shutil.copytree(REPOSITORY / "config", root / "config")
    return root


@pytest.fixture(scope="module")
def asked(workspace: Path, assessment: Run) -> Path:
    """The folder of the whole request."""
    to = workspace.parent / "request"
    done = assessment("request", "police", "-w", workspace, "--to", to)
    assert done.returncode == 0, done.stderr
    return to


def headings(file: Path) -> list[str]:
    return next(csv.reader(file.read_text(encoding="utf-8").splitlines()))


def mapping_of(name: str) -> Mapping:
    written = {"id": name, "supplier": "x", "files": ["x"], **built_in.written(name)}
    return Mapping(Source.model_validate_json(json.dumps(written), by_alias=True, by_name=False))


def test_the_pdf_has_two_pages_that_say_what_the_text_says(asked: Path) -> None:
    pages = pypdf.PdfReader(asked / "request.pdf").pages
    assert len(pages) == 2
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    text = " ".join((asked / "request.md").read_text(encoding="utf-8").split())
    for said in (
        "SI 2007/1831", "Section 17A", "Section 115", "SI 2007/1830", "Data Protection Act 2018",
        "Statutory minimum", "Flags and outcomes", "Pseudonymous people", "to be agreed: ____ months",
        "With it 7 success measures can be counted:",
    ):  # fmt: skip
        assert said in printed
        assert said in text
    for header in (*mapping_of("police_crimes").headers, *mapping_of("asb_incidents").headers):
        assert header in printed


def test_the_empty_files_have_the_headings_of_the_built_in_mappings(asked: Path) -> None:
    for name, mapping in zip(FILES, ("police_crimes", "asb_incidents"), strict=True):
        headers = headings(asked / f"{name}.csv")
        assert sorted(headers) == sorted(mapping_of(mapping).headers)
        book = Workbook(asked / f"{name}.xlsx")
        assert book.sheet_names == ("Records", "Fields")
        assert [list(row) for row in book.grid("Records").cells] == [headers]
        explained = [row[0] for row in book.grid("Fields").cells[1:]]
        assert explained == headers
    fields = list(csv.DictReader((asked / "fields.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["heading"]: row["allowed values"] for row in fields}["Place"] == "Public; Private"
    assert {row["meaning"] for row in fields} >= {CONTRACTS["crimes"].columns[-2].meaning.split(";")[0]}


def test_a_filled_file_is_taken_in_by_the_mapping(asked: Path, workspace: Path, assessment: Run) -> None:
    headers = headings(asked / "police_crimes.csv")
    file = workspace.parent / "return.csv"
    rows = [RECORD, RECORD | {"Victim Number": "2", "Victim Reference": "p2"}]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, headers)
        writer.writeheader()
        writer.writerows(rows)
    done = assessment("ingest", "--propose", file, "-w", workspace, "--json")
    told = json.loads(done.stdout)
    assert (told["records"], told["sound"]) == (2, 2)
    assert "    like: police_crimes\n" in told["draft"]


def test_the_tiers_unlock_what_the_definitions_say(workspace: Path, assessment: Run) -> None:
    told = json.loads(assessment("request", "police", "-w", workspace, "--json").stdout)
    unlocked = [tier["whole"] for tier in told["tiers"]]
    assert [len(one) for one in unlocked] == [1, 4, 7]
    assert unlocked[0] == ["Reduction in neighbourhood crime"]
    assert (told["measures"], len(told["elsewhere"])) == (25, 12)
    text = assessment("request", "police", "-w", workspace).stdout
    assert text.startswith("# Data request to the police\n")
    assert "\n- Victim Reference: pseudonymous reference of the victim (the same text" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_request_to_nobody(workspace: Path, assessment: Run) -> None:
    done = assessment("request", "fire", "-w", workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "assessment: there is no request 'fire'; there are: police\n"


def supported(workspace: Path, assessment: Run, file: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(assessment("check", "--from", file, "-w", workspace, "--json").stdout)
    return told | {"by_measure": {one["measure"]: one for one in told["measures"]}}


def test_what_an_extract_supports_and_what_it_lacks(asked: Path, workspace: Path, assessment: Run) -> None:
    whole = supported(workspace, assessment, asked / "police_crimes.xlsx")
    assert (whole["source"], whole["by"], len(whole["measures"])) == ("police_crimes", "its headings", 25)
    assert whole["by_measure"]["ppv_repeats"]["standing"] == "whole"
    headers = headings(asked / "police_crimes.csv")
    poor = workspace.parent / "poor.csv"
    poor.write_text(
        ",".join(h for h in headers if h not in ("Victim Reference", "Drugs")) + "\n", encoding="utf-8"
    )
    less = supported(workspace, assessment, poor)["by_measure"]
    assert less["ppv_repeats"]["standing"] == "in_part"
    assert less["ppv_repeats"]["lacking"] == {"repeat_victims_ppv": ["crimes.victim_ref"]}
    assert less["swg_repeats"]["standing"] == "lacking"
    assert less["as_crime"]["lacking"] == {"drugs_crime": ["crimes.drugs"]}
    assert less["nc_reduction"]["standing"] == "whole"
    done = assessment("check", "--from", poor, "-w", workspace)
    assert "repeat_victims_vawg lacks victim_ref (Victim Reference)" in re.sub(r"\s+", " ", done.stdout)
    assert max(map(len, done.stdout.splitlines())) <= 80
    left = [path.name for path in (workspace / "data").rglob("*") if path.is_file()]
    assert left == [".lock"]  # nothing was received, and nothing made on the way is left


def test_a_heading_without_a_value_below_it_counts_for_nothing(
    asked: Path, workspace: Path, assessment: Run
) -> None:
    headers = headings(asked / "police_crimes.csv")
    file = workspace.parent / "sparse.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, headers)
        writer.writeheader()
        writer.writerows({**RECORD, "Crime Reference": f"20X/{n}"} for n in range(3))
    told = supported(workspace, assessment, file)
    assert "crimes.drugs" in told["empty"]
    assert told["by_measure"]["as_crime"]["lacking"]["drugs_crime"] == ["crimes.drugs"]
    done = assessment("check", "--from", file, "-w", workspace)
    assert "drugs_crime lacks drugs (Drugs), which is empty" in re.sub(r"\s+", " ", done.stdout)


def test_open_data_have_no_offence_codes(workspace: Path, assessment: Run, open_data: Path) -> None:
    file = open_data / "police_street" / "2021-01-south-yorkshire-street.csv.gz"
    told = supported(workspace, assessment, file)
    assert told["by"].startswith("a draft of it")
    assert {one["standing"] for one in told["measures"]} == {"lacking", "elsewhere"}
    assert told["by_measure"]["nc_reduction"]["lacking"] == {"neighbourhood_crime": ["crimes.offence"]}


def test_the_date_of_a_request_is_the_day_it_was_made(asked: Path) -> None:
    footer = pypdf.PdfReader(asked / "request.pdf").pages[0].extract_text()
    assert re.search(r"Safer Wolverhampton Partnership · (\d{4}-\d{2}-\d{2})", footer)
    printed = date.fromisoformat(re.findall(r"\d{4}-\d{2}-\d{2}", footer)[-1])
    assert abs(printed - datetime.now(UTC).date()).days <= 1
