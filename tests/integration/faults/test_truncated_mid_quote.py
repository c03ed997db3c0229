"""A file cut off inside a quoted value."""

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import Drop, crimes


def test_truncated_mid_quote(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, OTHER) + '"c,2024-01')
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (3, 2, 1)
    assert quarantined(drop) == ["4: : a quotation mark is out of place or is never closed"]
