"""A comma inside a value that nobody quoted."""

from tests.integration.faults.told import GOOD, OTHER, quarantined, references
from tests.unit.ingest.drop import Drop, crimes


def test_unquoted_comma(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "c,2024-01,Burglary, dwelling,D1", OTHER))
    drop.ingest()
    assert quarantined(drop) == ["3: : it has 5 values where the header has 4"]
    assert references(drop) == ["a", "b"]
