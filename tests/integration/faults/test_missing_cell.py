"""A row with a cell too few."""

from tests.integration.faults.told import GOOD, OTHER, quarantined, references
from tests.unit.ingest.drop import Drop, crimes


def test_missing_cell(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "c,2024-01,Burglary", OTHER))
    drop.ingest()
    assert quarantined(drop) == ["3: : it has 3 values where the header has 4"]
    assert references(drop) == ["a", "b"]
