"""A sheet that nobody sees is not read in place of the one that everybody sees."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import references
from tests.unit.ingest.drop import Drop


def test_xlsx_hidden_sheet(drop: Drop) -> None:
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        for name, reference in (("Old", "old"), ("Data", "a")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEADER)
            page.write_row(1, 0, [reference, *ROW[1:]])
            if name == "Old":
                page.hide()
            else:
                page.activate()
                page.set_first_sheet()
    assert drop.account().notes == ("hidden and not read: sheet Old",)
    assert references(drop) == ["a"]
