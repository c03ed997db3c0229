"""A person is found however their reference is written: in other letters, in pieces, as a number."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import xlsxwriter

from pipeline.ingest.purging import Outcome, Reference, purge_person
from pipeline.model.acceptance import Decision
from tests.integration.faults.searched import files_with
from tests.unit.ingest.drop import Drop

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
DECISION = Decision("", "A. Analyst", date(2024, 6, 1), "request 14 of the register")
HEADER = ["Reference", "Month", "District", "Victim", "Age", "Name"]
SOURCE: dict[str, Any] = {
    "title": "Crimes", "supplier": "Police", "files": ["crimes*"], "contract": "crimes",
    "columns": {
        "crime_ref": "Reference",
        "month": {"from": "Month", "date_format": "%Y-%m"},
        "district_code": "District",
        "victim_ref": {"from": "Victim", "hashed": True},
        "victim_age_years": "Age",
    },
    "key": ["crime_ref"],
}  # fmt: skip
VICTIMS = "SELECT crime_ref, victim_ref IS NULL AS gone, victim_age_years AS age FROM crimes ORDER BY ALL"
LEFT = [{"crime_ref": "c1", "gone": True, "age": None}, {"crime_ref": "c2", "gone": False, "age": 51}]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "workspace", {"crimes": SOURCE})
    drop.incoming = drop.workspace.private_folder(drop.workspace.incoming)
    drop.workspace.make_secret()
    return drop


def purge(drop: Drop, reference: str) -> Outcome:
    outcome = purge_person(drop.workspace, drop.definitions, Reference(reference), DECISION, WHEN)
    assert dict(outcome.records) == {"crimes-0001": 1}
    assert outcome.scan is not None
    assert (outcome.scan.found, outcome.scan.unread) == ((), ())
    assert drop.rows(VICTIMS) == LEFT
    assert files_with(drop.root, "Jane Doe") == []
    return outcome


@pytest.mark.parametrize(
    "written",
    [
        "JOSÉ-12",
        "josé-12",
        normalize("NFD", "José-12"),
        normalize("NFD", "JOSÉ-12"),
        "Jos\u200bé-\ufeff12",
    ],
    ids=["capitals", "small", "apart", "apart, in capitals", "with what nobody sees"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_in_other_letters(drop: Drop, written: str, encoding: str) -> None:
    drop.sources = {"crimes": SOURCE | {"encoding": encoding}}
    rows = [
        HEADER,
        ["c1", "2024-01", "D1", written, "34", "Jane Doe"],
        ["c2", "2024-01", "D1", "V-2", "51", "Ann Roe"],
    ]
    text = "".join(",".join(row) + "\n" for row in rows)
    (drop.incoming / "crimes.csv").write_bytes(text.encode(encoding))
    drop.ingest()
    purge(drop, "José-12")
    assert files_with(drop.root, written) == []


def book(drop: Drop, kind: str) -> None:
    """A workbook of two crimes; the victim of the first is written in one of the ways of workbooks."""
    drop.sources = {"crimes": SOURCE | {"sheets": [{"sheet": "Data"}]}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as made:
        page = made.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ["c1", "2024-01", "D1", None, 34, "Jane Doe"])
        page.write_row(
            2, 0, ["c2", "2024-01", "D1", 7, 51, "Ann Roe"], made.add_format({"num_format": "00000"})
        )
        bold = made.add_format({"bold": True})
        match kind:
            case "zeros":
                page.write_number(1, 3, 123, made.add_format({"num_format": "00000"}))
            case "runs":
                page.write_rich_string(1, 3, "00", bold, "123")
            case "formula":
                page.write_formula(1, 3, '=TEXT(100+23,"00000")', None, "00123")


@pytest.mark.parametrize("kind", ["zeros", "runs", "formula"])
def test_in_a_workbook(drop: Drop, kind: str) -> None:
    book(drop, kind)
    drop.ingest()
    purge(drop, "00123")


def test_a_note_on_a_cell_goes_whole(drop: Drop) -> None:
    drop.sources = {"crimes": SOURCE | {"sheets": [{"sheet": "Data"}]}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as made:
        page = made.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ["c1", "2024-01", "D1", "V-1234", 34, "Jane Doe"])
        page.write_row(2, 0, ["c2", "2024-01", "D1", "V-2", 51, "Ann Roe"])
        page.write_comment(1, 0, "ref V-1234 is Jane Doe of Mill Lane")
        page.write_comment(2, 0, "rang twice")
    drop.ingest()
    purge(drop, "V-1234")
    assert files_with(drop.root, "Mill Lane", "V-1234") == []
    assert files_with(drop.root, "rang twice") != []
