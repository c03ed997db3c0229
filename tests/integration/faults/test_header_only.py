"""A header and no row: not a delivery of nothing unless that is declared."""

from tests.integration.faults.told import GOOD, references, stopped
from tests.unit.ingest.drop import CRIMES, HEADER, Drop, crimes


def test_header_only(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", f"{HEADER}\n") == (
        "crimes.csv: it has a header and no rows; ask the supplier for it again, or, if there was nothing "
        "to deliver, say `allow_empty: true` for its source in config/sources.yaml"
    )


def test_header_only_where_there_may_be_nothing(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "allow_empty": True}}
    drop.put("crimes_1.csv", crimes(GOOD))
    drop.ingest()
    drop.put("crimes_2.csv", f"{HEADER}\n")
    accounting = {account.file_name: account for account in drop.ingest().accounting}["crimes_2.csv"]
    assert (accounting.read, accounting.header_lines, accounting.closes) == (0, 1, True)
    assert references(drop) == ["a"]
