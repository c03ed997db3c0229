"""Numbers stored as text count; references keep their zeros, and all their digits or none."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, Drop


def test_xlsx_numbers_as_text(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "quantity": "Crimes"}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, [*HEADER, "Crimes"])
        for number in range(1, 5):
            page.write_row(number, 1, [*ROW[1:], 1])
        page.write_string(1, 0, "00123")
        page.write_string(1, 4, "3")
        page.write_number(2, 0, 7)
        page.write_number(3, 0, 20240000000012345)
        page.write_number(4, 0, 45, book.add_format({"num_format": "00000"}))
    drop.ingest()
    rows = drop.rows("SELECT crime_ref, quantity FROM crimes ORDER BY crime_ref")
    assert [tuple(row.values()) for row in rows] == [("00045", 1), ("00123", 3), ("7", 1)]
    assert quarantined(drop) == [
        "4: Reference: cell A4 is a number of more than 15 digits, of which a spreadsheet loses the last; "
        "ask for the column as text"
    ]
