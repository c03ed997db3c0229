"""Cells merged below the header: the value stands in the first only, the others would read as empty."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_one_value_for_three_rows(drop: Drop) -> None:
    path = drop.root / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        for number, name in enumerate("abc", 1):
            page.write_row(number, 0, [name, *ROW[1:]])
        page.merge_range(1, 2, 3, 2, "Burglary")
    assert stopped(drop, "crimes.xlsx", path.read_bytes()) == (
        "crimes.xlsx: sheet Data: the cells C2:C4 are merged, so that one value stands for 3 rows and only "
        "the first has it. Unmerge them and fill the value down, or ask for a table without merged cells."
    )
