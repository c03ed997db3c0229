"""A NUL byte in a row."""

from tests.integration.faults.told import GOOD, OTHER, quarantined, references
from tests.unit.ingest.drop import Drop, crimes


def test_nul_bytes(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "c,2024-01,Burglary\0,D1", OTHER))
    drop.ingest()
    assert quarantined(drop) == ["3: : it holds a NUL character"]
    assert references(drop) == ["a", "b"]
