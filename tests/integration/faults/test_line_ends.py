"""Every way to end a line, mixed, in quotes, and none at the end: the same rows, physical lines."""

import pytest

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import HEADER, Drop

LINES = f'{HEADER}|"a|b",2024-01,Burglary,D1|c,2024-99,Burglary,D1|{OTHER}'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(drop: Drop, end: str) -> None:
    drop.put("crimes.csv", LINES.replace("|", end))
    accounting = drop.account()
    assert (accounting.read, accounting.record_lines, accounting.physical_lines) == (3, 4, 5)
    assert quarantined(drop) == ["4: Month: not a date written %Y-%m"]


def test_mixed_line_ends(drop: Drop) -> None:
    drop.put("crimes.csv", f"{HEADER}\r\n{GOOD}\n{OTHER}\r")
    assert drop.account().loaded == 2
