"""A byte-order mark before the first header."""

from tests.integration.faults.told import GOOD, references
from tests.unit.ingest.drop import Drop, crimes


def test_byte_order_mark(drop: Drop) -> None:
    drop.put("crimes.csv", b"\xef\xbb\xbf" + crimes(GOOD).encode())
    drop.ingest()
    assert references(drop) == ["a"]
