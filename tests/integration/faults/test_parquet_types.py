"""Parquet: its types are checked against the mapping before a row is read."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.faults.told import quarantined, stopped
from tests.unit.ingest.drop import CRIMES, Drop

COLUMNS = {**CRIMES["columns"], "recorded_on": "Recorded", "quantity": "Crimes"}


def put(drop: Drop, name: str = "crimes.parquet", **columns: pa.Array) -> Path:
    table = {
        "Reference": pa.array(["a", "b"]),
        "Month": pa.array(["2024-01", "2024-01"]),
        "Category": pa.array(["Burglary", "Unknown"]),
        "District": pa.array(["D1", "D2"]),
        "Recorded": pa.array([date(2024, 1, 5), None]),
        "Crimes": pa.array([3.0, 1.0]),
        "Extra": pa.array([1, 2]),
    }
    path = drop.incoming / name
    pq.write_table(pa.table(table | columns), path)
    return path


def test_parquet_is_read(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    put(drop)
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (2, 1, 1)
    assert (accounting.extra_columns, accounting.physical_lines) == (("Extra",), None)
    (row,) = drop.rows("SELECT crime_ref, recorded_on, quantity FROM crimes")
    assert row == {"crime_ref": "a", "recorded_on": date(2024, 1, 5), "quantity": 3}
    assert quarantined(drop) == ["2: Category: not one of the 3 values declared for it"]


def test_number_that_is_not_whole_is_refused_by_its_row(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    put(drop, Category=pa.array(["Burglary"] * 2), Crimes=pa.array([3.0, 1.5]))
    drop.ingest()
    assert quarantined(drop) == ["2: Crimes: not a whole number"]


def test_moment_is_of_the_day_that_it_was_here(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    moments = [datetime(2024, 5, 31, 23, 30, tzinfo=UTC), datetime(2023, 10, 29, 0, 30, tzinfo=UTC)]
    put(drop, Category=pa.array(["Burglary"] * 2), Recorded=pa.array(moments))
    drop.ingest(datetime(2024, 6, 1, tzinfo=UTC))
    days = drop.rows("SELECT recorded_on AS d FROM crimes ORDER BY crime_ref")
    assert [str(row["d"]) for row in days] == ["2024-06-01", "2023-10-29"]


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("Recorded", [1, 2], "is of type BIGINT, and recorded_on is made of text or date or date and time."),
        (
            "Crimes",
            [True, False],
            "is of type BOOLEAN, and quantity is made of text or whole number or number.",
        ),
        ("Reference", [b"a", b"b"], "is of type BLOB, and crime_ref is made of text or whole number or"),
        ("District", [["D1"], ["D2"]], "is of type VARCHAR[], and district_code is made of text or whole"),
    ],
)
def test_unfit_type(drop: Drop, name: str, values: list[object], sentence: str) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    put(drop, "crimes_0_before.parquet")
    drop.ingest()
    path = put(drop, **{name: pa.array(values)})
    told = stopped(drop, "crimes.parquet", path.read_bytes())
    assert f"crimes.parquet: its column {name} {sentence}" in told


def test_parquet_cut_short(drop: Drop) -> None:
    path = put(drop)
    content = path.read_bytes()[:-20]
    path.unlink()
    assert stopped(drop, "crimes.parquet", content) == (
        "crimes.parquet: the Parquet file is damaged or cut short; ask the supplier for it again"
    )


def test_parquet_without_a_column(drop: Drop) -> None:
    path = put(drop)
    pq.write_table(pq.read_table(path).rename_columns([*"abc", "District", "Recorded", "Crimes", "x"]), path)
    path = path.rename(drop.root / "made.parquet")
    assert "expected: Reference" in stopped(drop, "crimes.parquet", path.read_bytes())
