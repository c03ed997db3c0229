"""Cells that spreadsheets made something else of: dates of references, texts of errors, percentages."""

from datetime import date

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, Drop


def test_what_was_typed_is_gone_and_the_row_is_refused(drop: Drop) -> None:
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        for number, reference in enumerate(("a", "b", "c"), 1):
            page.write_row(number, 0, [reference, *ROW[1:]])
        page.write_datetime(1, 0, date(2024, 3, 1), book.add_format({"num_format": "d-mmm"}))
        page.write_string(2, 2, "#REF!")
    drop.ingest()
    assert quarantined(drop) == [
        "2: Reference: cell A2 is a date in a column of texts: spreadsheets make one of a code such as MAR1 "
        "or 1-3; ask for the column as text",
        "3: Category: cell C3 holds the text of an error, #REF!",
    ]


def test_the_text_of_an_error_that_is_declared_empty_is_empty(drop: Drop) -> None:
    category = {"from": "Category", "empty": ["#N/A"]}
    drop.sources["crimes"] = CRIMES | {"columns": {**CRIMES["columns"], "category": category}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ROW)
        page.write_string(1, 2, "#N/A")
    drop.ingest()
    assert drop.rows("SELECT category FROM crimes") == [{"category": None}]


def test_percentages_are_told_and_zeros_kept(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "quantity": "Crimes"}
    drop.sources["crimes"] = CRIMES | {"columns": columns}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, [*HEADER, "Crimes"])
        for number in (1, 2):
            page.write_row(number, 0, [*ROW, 1])
        page.write_number(1, 0, 7123, book.add_format({"num_format": "000-000"}))
        page.write_number(2, 0, 45, book.add_format({"num_format": "0000"}))
        page.write_number(1, 4, 1, book.add_format({"num_format": "0.0%"}))
        page.write_number(2, 4, 1, book.add_format({"num_format": 9}))
    (account,) = drop.ingest().accounting
    assert account.notes == (
        "Crimes: 2 cells are shown as a percentage, the first E2; numbers are read as the workbook holds "
        "them: 12.5% is 0.125",
    )
    assert [row["crime_ref"] for row in drop.rows("SELECT crime_ref FROM crimes ORDER BY 1")] == [
        "0045",
        "007-123",
    ]
