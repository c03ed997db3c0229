"""The workbook of the guide `add-an-extract`; `python -m tests.docs.strange_workbook` makes it anew.

Titles above the headers, a second table below, a line of totals, days as numbers, references with zeros
before them, a date that does not exist, names of people, and a hidden sheet.
"""

from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.docs.prose import ROOT

WORKBOOK = ROOT / "docs" / "how-to" / "noise-complaints-2023-05.xlsx"
HEADERS = ["Complaint No", "Reported", "Ward", "Kind", "Minutes", "Complainant"]
COMPLAINTS: list[tuple[int, int | str, str, str, int, str]] = [
    (7, 45019, "Bilston North", "Party", 20, "Alex Morgan"),
    (8, 45037, "Bilston North", "Dog", 35, "Sam Archer"),
    (9, 45055, "St Peters", "Party", 15, "Robin Field"),
    (10, 45076, "", "Building site", 60, "Chris Hale"),
    (11, "31/06/2023", "St Peters", "Party", 25, "Jo Webb"),
]


def write(path: Path) -> None:
    """Write the workbook; the same bytes every time."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2023, 6, 2)})  # noqa: DTZ001 - as the format has it
        bold, digits = book.add_format({"bold": True}), book.add_format({"num_format": "0000"})
        page = book.add_worksheet("Complaints")
        page.set_column(0, 5, 16)
        page.merge_range("A1:F1", "Noise complaints, environmental health", bold)
        page.write("A2", "Printed 2 June 2023")
        page.write_row("A4", HEADERS, bold)
        for row, (number, *others) in enumerate(COMPLAINTS, 4):
            page.write_number(row, 0, number, digits)
            page.write_row(row, 1, [cell for cell in others])
        page.write_row("A10", ["Total", "", "", "", 155])
        page.write_row("A12", ["Kind", "Complaints"], bold)
        for row, counted in enumerate((("Party", 3), ("Dog", 1), ("Building site", 1)), 12):
            page.write_row(row, 0, counted)
        lists = book.add_worksheet("Lists")
        lists.write_column("A1", ["Party", "Dog", "Building site"])
        lists.hide()


if __name__ == "__main__":
    write(WORKBOOK)
