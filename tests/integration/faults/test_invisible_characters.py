"""Zero-width characters and hard spaces in values: the value is the one that is seen."""

from tests.integration.faults.told import OTHER
from tests.unit.ingest.drop import Drop, crimes


def test_invisible_characters(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Bur\u200bglary,D1\u00a0", OTHER))
    accounting = drop.account()
    assert (accounting.loaded, accounting.quarantined) == (2, 0)
    rows = drop.rows("SELECT category, district_code FROM crimes ORDER BY crime_ref")
    assert rows[0] == {"category": "Burglary", "district_code": "D1"}
