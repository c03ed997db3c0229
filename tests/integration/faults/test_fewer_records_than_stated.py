"""A file with fewer records than its supplier says: refused, where no suite would hold it."""

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, OTHER, references
from tests.unit.ingest.drop import Drop, crimes


def listed(drop: Drop, records: int) -> None:
    rows = f"crimes.csv,2024-05-01T09:00:00,Police,{records}"
    drop.put("received.csv", f"file,received,supplier,records\n{rows}\n")


def test_fewer_records_than_stated(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, OTHER, "c,2024-01,Fraud,D1"))
    listed(drop, 4)
    with pytest.raises(ExtractError) as refused:
        drop.ingest()
    assert str(refused.value) == (
        "crimes.csv: its supplier says that it holds 4 records, and 3 were read. Nothing was loaded: ask for "
        "it again, or, where `records` in received.csv is wrong, correct that."
    )
    assert not drop.workspace.warehouse.exists()
    listed(drop, 3)
    (account,) = drop.ingest().accounting
    assert account.notes == ("it holds the 3 records that its supplier says",)
    assert references(drop) == ["a", "b"]


def test_where_a_suite_judges_the_delivery_waits_instead(drop: Drop) -> None:
    drop.put("crimes_0.csv", crimes(GOOD))
    drop.ingest()
    drop.suites = {"crimes": {}}
    drop.put("crimes.csv", crimes(OTHER))
    listed(drop, 4)
    found = drop.ingest()
    assert [one.delivery for one in found.waiting] == ["crimes-0002"]
    assert references(drop) == ["a"]
