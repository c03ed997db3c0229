"""A line of totals that has a value in every column loads as a record, and is told."""

import pytest

from tests.integration.faults.told import GOOD, OTHER
from tests.unit.ingest.drop import Drop, crimes

TOLD = (
    "1 of its last rows has a Reference that begins as a line of totals or a note does; if it is one, "
    "declare `footer:` for its source"
)


@pytest.mark.parametrize("last", ["Total", "GRAND TOTAL", "Sub-total", "Note: provisional", "Source: Force"])
def test_it_is_told(drop: Drop, last: str) -> None:
    drop.put("crimes.csv", crimes(GOOD, OTHER, f"{last},2024-01,Burglary,D1"))
    assert TOLD in drop.account().notes


@pytest.mark.parametrize("last", ["TOT123", "summer-1", "SRC/1", "n1"])
def test_a_reference_is_none(drop: Drop, last: str) -> None:
    drop.put("crimes.csv", crimes(GOOD, OTHER, f"{last},2024-01,Burglary,D1"))
    assert drop.account().notes == ()
