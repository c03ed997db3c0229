"""A file of which most rows break a rule: what is left would pass for the whole."""

from datetime import date

import pytest

from pipeline.definitions.source import Accepted
from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, references
from tests.unit.ingest.drop import CRIMES, Drop, crimes

BAD = [f"x{number},2024-01,BURGLARY,D1" for number in range(11)]


def test_most_rows_refused(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, *BAD))
    with pytest.raises(ExtractError) as error:
        drop.ingest()
    assert str(error.value).startswith("crimes.csv: 11 of its 12 records are refused, more than half")


def test_taken_by_a_person(drop: Drop) -> None:
    taken = Accepted(file="crimes.csv", by="A. Analyst", on=date(2024, 5, 1), reason="the rest is right")
    drop.sources = {"crimes": CRIMES | {"accepted": [taken]}}
    drop.put("crimes.csv", crimes(GOOD, *BAD))
    drop.ingest()
    assert references(drop) == ["a"]
