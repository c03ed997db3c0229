"""A person is taken out of every kind of file, of the database, of the drop folder: none of it holds them."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from pipeline.errors import ExtractError, UsageError
from pipeline.ingest.purging import Outcome, Reference, purge_person
from pipeline.ingest.references import hash_of
from pipeline.ingest.verifying import verify_raw, verify_warehouse
from pipeline.model.acceptance import Decision
from tests.integration.faults.made import workbook
from tests.integration.faults.searched import files_with
from tests.unit.ingest.drop import Drop

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
DECISION = Decision("", "A. Analyst", date(2024, 6, 1), "request 14 of the register")
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
HEADER = ["Reference", "Month", "District", "Victim", "Age", "Name", "Notes"]
ROWS = [
    ["c1", "2024-01", "D1", "V-1234", "34", "Jane Doe", "rang twice, about V-1234"],
    ["c2", "2024-01", "D1", "V-12345", "51", "Ann Roe", "a neighbour"],
    ["c3", "2024-02", "D2", "V-1234", "34", "Jane Doe", "again"],
    ["c4", "2024-02", "D2", "V-7777", "20", "Sam Poe", 'she said "go", and left'],
]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """A workspace whose own drop folder is dropped into."""
    drop = Drop(tmp_path / "workspace", {"crimes": SOURCE})
    drop.incoming = drop.workspace.private_folder(drop.workspace.incoming)
    drop.workspace.make_secret()
    return drop


def text(delimiter: str = ",", end: str = "\n") -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if set(value) & set(',;"') else value

    return "".join(delimiter.join(map(cell, row)) + end for row in [HEADER, *ROWS])


def as_csv(folder: Path) -> Path:
    path = folder / "crimes.csv"
    path.write_bytes(text(end="\r\n").encode("utf-8-sig"))
    return path


def as_utf_16(folder: Path) -> Path:
    path = folder / "crimes_16.csv"
    path.write_bytes(text().encode("utf-16"))
    return path


def as_gzip(folder: Path) -> Path:
    path = folder / "crimes.csv.gz"
    path.write_bytes(gzip.compress(text().encode()))
    return path


def as_zip(folder: Path) -> Path:
    path = folder / "crimes.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("2024/crimes_in_zip.csv", text())
        archive.writestr("2024/nobody_asked.csv", "Ref,Name\nV-1234,Jane Doe\nV-12345,Ann Roe\n")
    return path


def as_xlsx(folder: Path) -> Path:
    path = folder / "crimes.xlsx"
    workbook(path, HEADER, *ROWS)
    return path


def as_ods(folder: Path) -> Path:
    path = folder / "crimes.ods"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            for value in row
        )
        + "</table:table-row>"
        for row in [HEADER, *ROWS]
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def as_parquet(folder: Path) -> Path:
    path = folder / "crimes.parquet"
    columns = dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))
    pq.write_table(pa.table(columns), path)
    return path


def as_spss(folder: Path) -> Path:
    path = folder / "crimes.sav"
    pyreadstat.write_sav(pd.DataFrame(ROWS, columns=HEADER), str(path))
    return path


def purge(drop: Drop, reference: str = "v-1234", **more: Any) -> Outcome:
    hashes = (hash_of(drop.workspace.secret(), "V-1234"),)
    asked = Reference(Reference.read(f" {reference}\n").text, hashes)
    return purge_person(drop.workspace, drop.definitions, asked, DECISION, WHEN, **more)


def sources_for(path: Path) -> dict[str, dict[str, Any]]:
    shape: dict[str, Any] = {"encoding": "utf-16"} if path.stem.endswith("16") else {}
    if path.suffix == ".zip":
        shape["files"] = ["crimes_in_zip.csv"]
    if path.suffix in (".xlsx", ".ods"):
        shape["sheets"] = [{"sheet": "Data"}]
    return {"crimes": {**SOURCE, **shape}}


@pytest.mark.parametrize("made", [as_csv, as_utf_16, as_gzip, as_zip, as_xlsx, as_ods, as_parquet, as_spss])
def test_purge_of_a_person(drop: Drop, made: Callable[[Path], Path]) -> None:
    delivered = made(drop.incoming)
    received = delivered.read_bytes()
    drop.sources = sources_for(delivered)
    (before,) = drop.ingest().extracts
    victims = "SELECT crime_ref, victim_ref, victim_age_years AS age FROM crimes ORDER BY crime_ref"
    rows = drop.rows(victims)
    assert rows[0]["victim_ref"] == rows[2]["victim_ref"] == hash_of(drop.workspace.secret(), "V-1234")
    assert len(files_with(drop.root, "V-1234", "Jane Doe")) == 2  # in the drop folder and in the raw store

    outcome = purge(drop)
    assert dict(outcome.records) == {"crimes-0001": 2}
    assert [path.name for path in outcome.removed] == [delivered.name]
    assert outcome.scan is not None
    assert (outcome.scan.found, outcome.scan.unread) == ((), ())
    assert outcome.scan.files > 5
    left = files_with(drop.root, "V-1234,", "V-1234<", "V-1234'", "Jane Doe", rows[0]["victim_ref"])
    assert left == []
    assert files_with(drop.root, "V-12345") != []  # somebody else
    # The crimes still count; nothing tells who was wronged.
    assert drop.rows(victims) == [
        {"crime_ref": "c1", "victim_ref": None, "age": None},
        rows[1],
        {"crime_ref": "c3", "victim_ref": None, "age": None},
        rows[3],
    ]
    (after,) = drop.ingest().extracts
    assert (after.delivery, after.received) == (before.delivery, before.received)
    assert after.sha256 != before.sha256
    assert verify_raw(drop.workspace).differences == ()
    assert verify_warehouse(drop.workspace, drop.definitions).differences == ()

    # The same bytes from the supplier are known, and stay out.
    delivered.write_bytes(received)
    again = drop.ingest()
    assert (again.new, again.rebuilt) == ((), False)
    assert {delivery for _, delivery in again.kept_out} == {"crimes-0001"}
    drop.workspace.warehouse.unlink()
    drop.ingest()
    assert drop.rows(victims)[0]["victim_ref"] is None


def test_a_purge_says_what_it_would_do_and_changes_nothing(drop: Drop) -> None:
    as_csv(drop.incoming)
    drop.ingest()
    held = {path: path.read_bytes() for path in sorted(drop.root.rglob("*")) if path.is_file()}
    assert dict(purge(drop, only_say=True).records) == {"crimes-0001": 2}
    assert {path: path.read_bytes() for path in sorted(drop.root.rglob("*")) if path.is_file()} == held


def test_the_reference_is_in_no_record_of_the_purge(drop: Drop) -> None:
    as_csv(drop.incoming)
    drop.ingest()
    with pytest.raises(UsageError, match="leave the reference out"):
        purge_person(
            drop.workspace, drop.definitions, Reference("V-1234"),
            Decision("", "A. Analyst", date(2024, 6, 1), "V-1234 asked"), WHEN,
        )  # fmt: skip
    purge(drop)
    ledger = (drop.workspace.raw / "ledger.jsonl").read_text()
    assert '"purged"' in ledger
    assert "request 14 of the register" in ledger
    assert "V-1234" not in ledger
    assert "V-1234" not in repr(Reference("V-1234"))
    with pytest.raises(UsageError, match="at least 4"):
        Reference.read("V-1\n")


def test_what_cannot_be_redacted_stops_the_purge_before_it_begins(drop: Drop) -> None:
    drop.sources = {"crimes": {**SOURCE, "sheets": [{"sheet": "Data"}]}}
    path = as_xlsx(drop.incoming)
    with ZipFile(path, "a") as book:
        book.writestr("xl/embeddings/object.bin", b"\0V-1234\0")
    drop.ingest()
    before = (drop.workspace.raw / "ledger.jsonl").read_bytes()
    with pytest.raises(ExtractError, match="purge the whole delivery with --delivery"):
        purge(drop)
    assert (drop.workspace.raw / "ledger.jsonl").read_bytes() == before
