"""Entities that unfold to a thousand million words."""

from tests.integration.faults.made import HEADER, ROW, changed, workbook
from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop


def test_xlsx_billion_laughs(drop: Drop) -> None:
    path = drop.root / "made.xlsx"
    workbook(path, HEADER, ROW)
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{entities}]><worksheet>&l9;</worksheet>'
    changed(path, {"xl/worksheets/sheet1.xml": bomb.encode()})
    assert stopped(drop, "crimes.xlsx", path.read_bytes()) == (
        "crimes.xlsx: it declares XML entities, which no spreadsheet program writes and which can be used to "
        "read files or to fill the memory. It is not opened: ask the supplier what it is."
    )
