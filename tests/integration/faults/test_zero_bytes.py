"""A file of no bytes."""

from tests.integration.faults.told import GOOD, references, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_zero_bytes(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", b"") == (
        "crimes.csv: the file is empty (0 bytes); ask the supplier for it again"
    )


def test_zero_bytes_where_there_may_be_nothing(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "allow_empty": True}}
    drop.put("crimes_1.csv", crimes(GOOD))
    drop.ingest()
    drop.put("crimes_2.csv", b"")
    accounting = {account.file_name: account for account in drop.ingest().accounting}["crimes_2.csv"]
    assert (accounting.read, accounting.closes) == (0, True)
    assert references(drop) == ["a"]
