"""Several sheets with cells, and none declared: which one is meant is not guessed."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_xlsx_several_sheets(drop: Drop) -> None:
    made = drop.root / "made.xlsx"
    with xlsxwriter.Workbook(made) as book:
        for name in ("January", "February"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEADER)
            page.write_row(1, 0, ROW)
    assert stopped(drop, "crimes.xlsx", made.read_bytes()) == (
        "crimes.xlsx: it has 2 sheets: January, February. Say which one is meant, "
        "`sheets: [{sheet: January}]`, in its source in config/sources.yaml."
    )
