"""A file cut off in the middle of its last row."""

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import Drop, crimes


def test_truncated_mid_row(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, OTHER) + "c,2024-01,Burg")
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (3, 2, 1)
    assert quarantined(drop) == ["4: : it has 3 values where the header has 4"]
