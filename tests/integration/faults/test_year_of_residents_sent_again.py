"""Residents of a year sent again, without a key: they replace the first ones and are not added to them."""

from datetime import UTC, datetime

import pytest

from tests.unit.ingest.drop import Drop, crimes


@pytest.mark.parametrize("key", [["area_code", "year"], []])
def test_residents_are_counted_once(drop: Drop, key: list[str]) -> None:
    drop.sources["residents"] = {
        "title": "Residents",
        "supplier": "ONS",
        "files": ["residents*"],
        "contract": "population",
        "columns": {"area_code": "Area", "year": "Year", "residents": "Residents"},
        "key": key,
    }
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    files = ("D1,2022,100\nD2,2022,200\n", "D1,2022,110\nD2,2022,200\n", "D1,2023,120\nD2,2023,210\n")
    for number, rows in enumerate(files, 1):
        drop.put(f"residents_{number}.csv", f"Area,Year,Residents\n{rows}")
        drop.ingest(datetime(2024, 5, number, tzinfo=UTC))
    found = drop.rows("SELECT area_code, year, residents FROM residents ORDER BY year, area_code")
    assert [tuple(row.values()) for row in found] == [
        ("D1", 2022, 110),
        ("D2", 2022, 200),
        ("D1", 2023, 120),
        ("D2", 2023, 210),
    ]
