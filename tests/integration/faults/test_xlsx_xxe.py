"""An entity that reads a file of the computer."""

from tests.integration.faults.made import HEADER, ROW, changed, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_xlsx_xxe(drop: Drop) -> None:
    path = drop.root / "made.xlsx"
    workbook(path, HEADER, ROW)
    declared = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet'
    changed(path, {}, b"<worksheet", declared)
    told = stopped(drop, "crimes.xlsx", path.read_bytes())
    assert told == (
        "crimes.xlsx: it declares XML entities, which no spreadsheet program writes and which can be used to "
        "read files or to fill the memory. It is not opened: ask the supplier what it is."
    )
