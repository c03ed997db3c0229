"""A delivery that cannot be read is refused, noted, and in nobody's way afterwards."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import CRIMES, HEADER, RECEIVED, Drop, crimes

LATER = datetime(2024, 6, 1, tzinfo=UTC)
GOOD = crimes("a,2024-01,Burglary,D1")
OTHER = crimes("b,2024-02,Robbery,D1")
RENAMED = OTHER.replace("Category", "Kind")


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """A workspace with one delivery."""
    drop = Drop(tmp_path / "workspace")
    drop.put("crimes_good.csv", GOOD)
    drop.ingest()
    return drop


def ledger(drop: Drop) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (drop.workspace.raw / "ledger.jsonl").read_text().splitlines()]


def refs(drop: Drop) -> list[str]:
    return [row["crime_ref"] for row in drop.rows("SELECT crime_ref FROM crimes ORDER BY crime_ref")]


def refuse(drop: Drop) -> str:
    """Ingest, which must end with code 11; the message. The warehouse and the raw store must not change."""
    before = drop.workspace.warehouse.read_bytes()
    folders = set(drop.workspace.raw.iterdir())
    with pytest.raises(ExtractError) as stopped:
        drop.ingest(LATER)
    assert stopped.value.exit_code == 11
    assert drop.workspace.warehouse.read_bytes() == before
    assert set(drop.workspace.raw.iterdir()) == folders
    return str(stopped.value)


def test_refused_delivery_is_noted_with_its_reason_and_is_no_delivery(drop: Drop) -> None:
    drop.put("crimes_bad.csv", RENAMED)
    message = refuse(drop)
    assert "crimes_bad.csv" in message
    received, refused = ledger(drop)
    assert (received["result"], received["delivery"], received["reason"]) == ("received", "crimes-0001", "")
    assert (refused["result"], refused["delivery"]) == ("refused", "")
    assert (refused["file"], refused["size_bytes"]) == ("crimes_bad.csv", len(RENAMED))
    assert refused["reason"] in message


def test_run_without_the_bad_file_is_clean(drop: Drop) -> None:
    bad = drop.put("crimes_bad.csv", f"{HEADER}\n")
    refuse(drop)
    bad.unlink()
    again = drop.ingest(LATER)
    assert (again.new, again.rebuilt) == ((), False)
    assert refs(drop) == ["a"]
    drop.workspace.warehouse.unlink()
    assert drop.ingest(LATER).rebuilt
    assert refs(drop) == ["a"]


def test_corrected_file_under_the_same_name_is_loaded(drop: Drop) -> None:
    drop.put("crimes_bad.csv", RENAMED)
    refuse(drop)
    drop.put("crimes_bad.csv", OTHER)
    assert drop.ingest(LATER).new == ("crimes-0002",)
    assert refs(drop) == ["a", "b"]
    assert [line["result"] for line in ledger(drop)] == ["received", "refused", "received"]


def test_same_bytes_are_tried_again_and_a_corrected_mapping_takes_them(drop: Drop) -> None:
    drop.put("crimes_bad.csv", f"{HEADER}\nb,2024-02,Fraud,D1\n")
    for _ in range(2):
        assert "every one of its 1 records was refused" in refuse(drop)
    category = {"from": "Category", "allowed": ["Burglary", "Fraud"]}
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], "category": category}}}
    assert drop.ingest(LATER).new == ("crimes-0002",)
    assert refs(drop) == ["a", "b"]
    assert [line["result"] for line in ledger(drop)] == ["received", "refused", "refused", "received"]


def test_all_bad_files_of_a_run_are_named_and_good_ones_wait_for_the_next(drop: Drop) -> None:
    bad = [drop.put("crimes_bad_1.csv", f"{HEADER}\n"), drop.put("crimes_bad_2.csv", RENAMED)]
    drop.put("crimes_more.csv", OTHER)
    message = refuse(drop)
    assert all(path.name in message for path in bad)
    assert "crimes_more.csv" not in message
    for path in bad:
        path.unlink()
    assert drop.ingest(LATER).new == ("crimes-0002",)
    assert refs(drop) == ["a", "b"]


def test_bad_geography_is_named_although_all_else_needs_it(drop: Drop) -> None:
    drop.sources["places"] = {
        "title": "Places", "supplier": "Council", "files": ["places*.csv"], "contract": "geography",
        "columns": {"lsoa_code": "Area", "district_code": "District"}, "key": ["lsoa_code"],
    }  # fmt: skip
    columns = {name: column for name, column in CRIMES["columns"].items() if name != "district_code"}
    columns["lsoa_code"] = "District"
    drop.sources["crimes"] = {**CRIMES, "columns": columns, "geography": "places"}
    drop.put("places.csv", "Area,District\n")
    assert refuse(drop).startswith("places.csv: it has a header and no rows")
    drop.put("places.csv", "Area,District\nD1,D1\n")
    drop.ingest(LATER)
    assert drop.rows("SELECT district_code FROM crimes") == [{"district_code": "D1"}]


def test_mapping_that_no_longer_fits_what_was_received_refuses_nothing(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], "category": "Kind"}}}
    assert "expected: Kind" in refuse(drop)
    drop.sources = {"crimes": CRIMES}
    assert drop.ingest(LATER).rebuilt is False
    assert [line["result"] for line in ledger(drop)] == ["received"]


def test_same_bytes_twice_in_one_run_are_refused_or_taken_once(drop: Drop) -> None:
    drop.put("crimes_bad_1.csv", RENAMED)
    drop.put("crimes_bad_2.csv", RENAMED)
    refuse(drop)
    assert [line["result"] for line in ledger(drop)] == ["received", "refused"]
    category = {"from": "Category", "allowed": ["Burglary", "Robbery"]}
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], "category": category}}}
    drop.put("crimes_bad_1.csv", OTHER)
    drop.put("crimes_bad_2.csv", OTHER)
    assert drop.ingest(LATER).new == ("crimes-0002",)
    assert [line["result"] for line in ledger(drop)][2:] == ["received", "duplicate"]


def test_what_a_killed_run_left_is_swept(drop: Drop) -> None:
    spilled = drop.workspace.curated / ".warehouse.duckdb.99.new.tmp"
    spilled.mkdir()
    left = [
        spilled / "duckdb_temp_block-1.block",
        drop.workspace.curated / ".warehouse.duckdb.99.new",
        drop.workspace.curated / ".warehouse.duckdb.judged",
        drop.workspace.raw / ".abc.part",
        next(drop.workspace.raw.glob("*/.receipt.json")).with_name("..receipt.json.99.part"),
    ]
    for path in left:
        path.touch()
    drop.workspace.private_folder(drop.root / "data")  # as the first run with the lock made it
    with drop.workspace.locked():
        assert not any(path.exists() for path in (*left, spilled))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a file that its owner may not read")
def test_file_that_may_not_be_read_is_named(drop: Drop) -> None:
    drop.put("crimes_locked.csv", OTHER).chmod(0)
    assert "crimes_locked.csv" in refuse(drop)


def test_broken_link_in_the_drop_folder_is_named(drop: Drop) -> None:
    (drop.incoming / "crimes_link.csv").symlink_to(drop.root / "nowhere.csv")
    assert "crimes_link.csv: cannot be received (No such file or directory)" in refuse(drop)


def test_later_deliveries_are_not_received_as_at_an_earlier_day(drop: Drop) -> None:
    drop.put("crimes_bad.csv", RENAMED)
    assert drop.ingest(LATER, as_at=RECEIVED).new == ()
    assert [line["result"] for line in ledger(drop)] == ["received"]
