"""A comma inside a value that nobody quoted."""

import pytest

from tests.integration.faults.told import GOOD, OTHER, quarantined, references
from tests.unit.ingest.drop import HEADER, Drop, crimes


def test_unquoted_comma(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "c,2024-01,Burglary, dwelling,D1", OTHER))
    drop.ingest()
    assert quarantined(drop) == ["3: : it has 5 values where the header has 4"]
    assert references(drop) == ["a", "b"]


@pytest.mark.parametrize("quoted", ["", '"Burglary"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_unquoted_comma_before_an_empty_last_column(drop: Drop, quoted: str, end: str) -> None:
    rows = ("a,2024-01,Burglary,D1,", f"c,2024-01,Bur,{quoted},D1,", "b,2024-01,Robbery,D2,x")
    drop.put("crimes.csv", end.join((f"{HEADER},Context", *rows)))
    drop.ingest()
    assert quarantined(drop) == ["3: : it has 6 values where the header has 5"]
    assert references(drop) == ["a", "b"]
