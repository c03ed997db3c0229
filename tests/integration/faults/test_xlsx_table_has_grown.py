"""A table that has more rows than its source declares, and a workbook with sheets that nobody declared."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import CRIMES, Drop


def test_a_row_below_the_declared_last_one(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"file": "*.xlsx", "last_row": 2}, {"file": "*.csv"}]}}
    made = drop.root / "made.xlsx"
    workbook(made, HEADER, ROW, ["b", *ROW[1:]])
    assert stopped(drop, "crimes.xlsx", made.read_bytes()).startswith(
        "crimes.xlsx: sheet Data: row 3, right below the declared `last_row: 2`, has values. If the table "
        "has grown, correct `last_row`"
    )


def test_sheets_that_nobody_declared_are_named(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"sheet": "January"}]}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        for name in ("January", "February", "Notes"):
            page = book.add_worksheet(name)
            if name != "Notes":
                page.write_row(0, 0, HEADER)
                page.write_row(1, 0, ROW)
    (one,) = drop.ingest().accounting
    assert one.notes == ("sheet February has cells and was not read: no entry of `sheets:` names it",)
