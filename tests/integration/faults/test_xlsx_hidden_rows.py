"""Rows and columns that a filter hides are rows of the file: read, and told."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.unit.ingest.drop import Drop


def test_xlsx_hidden_rows(drop: Drop) -> None:
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        for number, row in enumerate((HEADER, ROW, ["b", *ROW[1:]], ["c", *ROW[1:]])):
            page.write_row(number, 0, row)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(1, 1, None, None, {"hidden": True})
    accounting = drop.account()
    assert accounting.loaded == 3
    assert accounting.notes == (
        "sheet Data: 1 row is hidden and was read like the others, the first is row 3",
        "sheet Data: column B is hidden",
    )
