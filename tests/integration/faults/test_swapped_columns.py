"""Columns in another order: they are found by name, not by place."""

from tests.unit.ingest.drop import Drop


def test_swapped_columns(drop: Drop) -> None:
    drop.put("crimes.csv", "District,Category,Month,Reference\nD1,Burglary,2024-01,a\n")
    drop.ingest()
    (row,) = drop.rows("SELECT crime_ref, category, district_code FROM crimes")
    assert row == {"crime_ref": "a", "category": "Burglary", "district_code": "D1"}
