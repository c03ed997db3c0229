"""A workbook that would unpack to more than memory holds, or that says it is small and is not."""

import struct
import tracemalloc

from tests.integration.faults.made import HEADER, ROW, changed, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def bomb(drop: Drop) -> bytes:
    path = drop.root / "bomb.xlsx"
    workbook(path, HEADER, ROW)
    changed(path, {"xl/worksheets/sheet9.xml": bytes(40 << 20)})
    return path.read_bytes()


def test_xlsx_zip_bomb(drop: Drop) -> None:
    content = bomb(drop)
    assert len(content) < 100_000
    tracemalloc.start()
    told = stopped(drop, "crimes.xlsx", content)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told.startswith("crimes.xlsx: xl/worksheets/sheet9.xml in it would unpack to 41,943,040 bytes, ")
    assert told.endswith("at most 250 times is read. It is not opened: ask the supplier what it is.")
    assert peak_bytes < 20 << 20


def test_size_that_is_a_lie(drop: Drop) -> None:
    content = bomb(drop).replace(struct.pack("<L", 40 << 20), struct.pack("<L", 4000))
    assert stopped(drop, "crimes.xlsx", content) == (
        "crimes.xlsx: the workbook is damaged; ask the supplier for it again"
    )


def test_one_stray_cell_far_out(drop: Drop) -> None:
    path = drop.root / "made.xlsx"
    workbook(path, HEADER, ROW)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    changed(path, {}, b"</sheetData>", far)
    assert stopped(drop, "crimes.xlsx", path.read_bytes()) == (
        "crimes.xlsx: the cells of sheet Data reach to XFD1048576; a sheet of at most 20,000,000 cells is "
        "read. Delete the stray cell, or ask for it as a CSV file."
    )
