"""A quotation mark in the middle of a value."""

from tests.integration.faults.told import GOOD, OTHER, quarantined, references
from tests.unit.ingest.drop import Drop, crimes


def test_stray_quote(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, 'c,2024-01,Burg"lary,D1', OTHER))
    drop.ingest()
    assert quarantined(drop) == ["3: : a quotation mark is out of place or is never closed"]
    assert references(drop) == ["a", "b"]
