"""A text file with titles above its header: the declared row is used; an undeclared one is found and told."""

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes

TITLED = f"Recorded crime\nSource: the force\n{crimes(GOOD)}"


def test_undeclared_header_row(drop: Drop) -> None:
    told = stopped(drop, "crimes.csv", TITLED)
    assert told.endswith("The columns stand in row 3: say `sheets: [{header_row: 3}]` for its source.")


def test_declared_header_row(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"header_row": 3}]}}
    drop.put("crimes.csv", TITLED)
    accounting = drop.account()
    assert (accounting.loaded, accounting.preamble_lines) == (1, 2)
