"""Blank lines and rows without a value: counted, and no records."""

from tests.integration.faults.told import GOOD, OTHER
from tests.unit.ingest.drop import Drop, crimes


def test_blank_lines(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("", GOOD, "", ",,,", " , ,,", OTHER, ""))
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.blank_lines) == (2, 2, 5)
    assert accounting.closes
