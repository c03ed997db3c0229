"""A header merged over two columns names neither; one merged over two rows is found."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import references, stopped
from tests.unit.ingest.drop import CRIMES, Drop


def made(drop: Drop, *, across: bool) -> bytes:
    path = drop.root / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        page.write_row(1, 0, HEADER)
        page.merge_range(0, 2, 0, 3, "Crime")
        if across:
            page.merge_range(1, 2, 1, 3, "Category")
        page.merge_range(0, 0, 1, 0, "Reference")
        page.write_row(2, 0, ROW)
    return path.read_bytes()


def test_header_merged_over_columns(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"header_row": 2, "file": "*.xlsx"}, {"file": "*.csv"}]}}
    assert stopped(drop, "crimes.xlsx", made(drop, across=True)) == (
        "crimes.xlsx: sheet Data: the cells C2:D2 of its header are merged, so that one name stands for 2 "
        "columns. Say in which row each column has a name of its own (`header_row:` in config/sources.yaml), "
        "or ask for a table without merged cells."
    )


def test_header_merged_over_rows(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"header_row": 2}]}}
    drop.put("crimes.xlsx", made(drop, across=False))
    drop.ingest()
    assert references(drop) == ["a"]
