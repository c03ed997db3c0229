"""A workbook with a macro."""

from tests.integration.faults.made import HEADER, ROW, changed, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_xlsx_macro(drop: Drop) -> None:
    path = drop.root / "made.xlsx"
    workbook(path, HEADER, ROW)
    changed(path, {"xl/vbaProject.bin": b"x"})
    assert stopped(drop, "crimes.xlsx", path.read_bytes()) == (
        "crimes.xlsx: it holds a macro; save it as .xlsx, without macros"
    )
