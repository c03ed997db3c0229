"""Titles above the header: the declared row is used; where none is declared, it is looked for and told."""

from tests.integration.faults.made import HEADER, ROW, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import CRIMES, Drop

TITLES: tuple[list[str], ...] = (["Recorded crime"], [], ["Source: the force"])


def test_declared_header_row(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"header_row": 4}]}}
    workbook(drop.incoming / "crimes.xlsx", *TITLES, HEADER, ROW)
    assert drop.account().loaded == 1


def test_undeclared_header_row(drop: Drop) -> None:
    made = drop.root / "made.xlsx"
    workbook(made, *TITLES, HEADER, ROW)
    assert stopped(drop, "crimes.xlsx", made.read_bytes()).endswith(
        "The columns stand in row 4: say `sheets: [{header_row: 4}]` for its source."
    )
