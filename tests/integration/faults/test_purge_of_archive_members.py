"""A person is taken out of an archive: of files that nobody asks for, and of one that two sources share."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pipeline.errors import ExtractError, UsageError
from pipeline.ingest.purging import Outcome, Reference, purge_delivery, purge_person
from pipeline.ingest.verifying import verify_raw, verify_warehouse
from pipeline.model.acceptance import Decision
from tests.integration.faults.made import workbook
from tests.integration.faults.searched import files_with
from tests.unit.ingest.drop import Drop

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
DECISION = Decision("", "A. Analyst", date(2024, 6, 1), "request 14 of the register")
HEADER = "Reference,Month,District,Victim,Age,Suspect,Suspect Age,Name\n"
JANUARY = f"{HEADER}c1,2024-01,D1,V-1234,34,S-1,20,Jane Doe\nc2,2024-01,D1,V-12345,51,S-2,21,Ann Roe\n"
FEBRUARY = f"{HEADER}c3,2024-02,D1,V-7777,34,S-3,22,Sam Poe\n"


def source(file: str, **columns: Any) -> dict[str, Any]:
    common = {
        "crime_ref": "Reference",
        "month": {"from": "Month", "date_format": "%Y-%m"},
        "district_code": "District",
    }
    return {
        "title": "Crimes", "supplier": "Police", "files": [file], "contract": "crimes",
        "columns": common | columns, "key": ["crime_ref"],
    }  # fmt: skip


VICTIMS: dict[str, Any] = {"victim_ref": {"from": "Victim", "hashed": True}, "victim_age_years": "Age"}
MONTHS = source("2024-*.csv", **VICTIMS)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "workspace", {"crimes": MONTHS})
    drop.incoming = drop.workspace.private_folder(drop.workspace.incoming)
    drop.workspace.make_secret()
    return drop


def pack(drop: Drop, **members: str) -> None:
    with ZipFile(drop.incoming / "pack.zip", "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name.replace('_', '-')}.{'txt' if name == 'note' else 'csv'}", content)


def purge(drop: Drop, **more: Any) -> Outcome:
    return purge_person(drop.workspace, drop.definitions, Reference("V-1234"), DECISION, WHEN, **more)


def stored(drop: Drop) -> dict[str, str]:
    (path,) = drop.workspace.raw.rglob("*.zip")
    with ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_file_of_which_nothing_is_left_does_not_come_back(drop: Drop) -> None:
    pack(drop, **{"2024_01": JANUARY, "2024_02": FEBRUARY, "note": "V-1234"})
    drop.ingest()
    outcome = purge(drop)
    assert stored(drop)["note.txt"] == ""
    assert stored(drop)["2024-02.csv"] == FEBRUARY
    assert outcome.scan is not None
    assert (outcome.scan.found, outcome.scan.unread) == ((), ())
    assert files_with(drop.root, "V-1234,", "Jane Doe") == []
    assert verify_raw(drop.workspace).differences == ()


def test_a_hit_in_a_file_that_nobody_asks_for_alone_is_told(drop: Drop) -> None:
    pack(drop, **{"2024_02": FEBRUARY, "note": "rang V-1234\n"})
    drop.ingest()
    outcome = purge(drop)
    assert dict(outcome.records) == {}
    assert dict(outcome.beside) == {"pack.zip/note.txt": 1}
    assert outcome.deliveries == ("crimes-0001",)  # whose archive is another file now
    assert stored(drop)["note.txt"] == "\n"
    assert verify_raw(drop.workspace).differences == ()
    assert verify_warehouse(drop.workspace, drop.definitions).differences == ()


SHARED = {
    "crimes": MONTHS,
    "suspects": source(
        "2024-01.csv", suspect_ref={"from": "Suspect", "hashed": True}, suspect_age_years="Suspect Age"
    ) | {"contract": "suspects"},
}  # fmt: skip


def test_what_two_sources_ask_for_is_kept_for_both(drop: Drop) -> None:
    drop.sources = SHARED
    pack(drop, **{"2024_01": JANUARY, "2024_02": FEBRUARY})
    drop.ingest()
    outcome = purge(drop)
    assert dict(outcome.records) == {"crimes-0001": 1, "suspects-0001": 1}
    assert stored(drop)["2024-01.csv"] == (
        f"{HEADER}c1,2024-01,D1,,,S-1,20,\nc2,2024-01,D1,V-12345,51,S-2,21,Ann Roe\n"
    )
    assert outcome.not_rebuilt == ""
    assert drop.rows("SELECT count(suspect_ref) AS n FROM suspects") == [{"n": 2}]
    assert verify_raw(drop.workspace).differences == ()


def test_of_one_of_two_sources_alone_it_is_refused(drop: Drop) -> None:
    drop.sources = SHARED
    pack(drop, **{"2024_01": JANUARY, "2024_02": FEBRUARY})
    drop.ingest()
    before = (drop.workspace.raw / "ledger.jsonl").read_bytes()
    with pytest.raises(UsageError, match=r"2024-01.csv in pack.zip .* of crimes and suspects at once"):
        purge(drop, source="crimes")
    assert (drop.workspace.raw / "ledger.jsonl").read_bytes() == before


def test_only_what_holds_the_reference_is_told_as_left_of_another_source(drop: Drop) -> None:
    drop.sources = {
        "crimes": source("2024-01.csv", **VICTIMS),
        "later": source("2024-0[23].csv", **VICTIMS),
    }
    march = JANUARY.replace("2024-01", "2024-03").replace("c1", "c8").replace("c2", "c9")
    pack(drop, **{"2024_01": JANUARY, "2024_02": FEBRUARY, "2024_03": march})
    drop.ingest()
    outcome = purge(drop, source="crimes")
    assert dict(outcome.records) == {"crimes-0001": 1}
    assert outcome.untouched == ("later-0002",)
    assert "V-1234," not in stored(drop)["2024-01.csv"]
    assert stored(drop)["2024-03.csv"] == march


def test_a_part_that_cannot_be_redacted_stops_the_purge_though_it_is_packed(drop: Drop) -> None:
    drop.sources = {"crimes": {**source("crimes.xlsx", **VICTIMS), "sheets": [{"sheet": "Data"}]}}
    path = drop.incoming / "crimes.xlsx"
    workbook(path, *(line.split(",") for line in JANUARY.splitlines()))
    with ZipFile(path, "a", ZIP_DEFLATED) as book:
        book.writestr("xl/embeddings/object.bin", b"\0V-1234\0" + b"\0" * 1000)
    drop.ingest()
    before = (drop.workspace.raw / "ledger.jsonl").read_bytes()
    with pytest.raises(ExtractError, match="purge the whole delivery with --delivery"):
        purge(drop)
    assert (drop.workspace.raw / "ledger.jsonl").read_bytes() == before


def test_an_archive_packed_with_backslashes(drop: Drop) -> None:
    with ZipFile(drop.incoming / "pack.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("crimes\\2024-01.csv", JANUARY)
        archive.writestr("crimes\\2024-02.csv", FEBRUARY)
    drop.ingest()
    assert dict(purge(drop).records) == {"crimes-0001": 1}
    assert stored(drop)["crimes\\2024-02.csv"] == FEBRUARY
    decision = Decision("crimes-0002", "A. Analyst", date(2024, 6, 1), "withdrawn by the force")
    assert purge_delivery(drop.workspace, drop.definitions, decision, WHEN).not_rebuilt == ""
    assert list(stored(drop)) == ["crimes\\2024-01.csv"]
    assert verify_raw(drop.workspace).differences == ()
