"""Dates in cells, in either epoch, and bare serial numbers: right, or not read."""

from datetime import datetime

import pytest
import xlsxwriter

from pipeline.errors import ExtractError
from tests.integration.faults.made import HEADER, ROW
from tests.unit.ingest.drop import CRIMES, Drop

COLUMNS = {**CRIMES["columns"], "recorded_on": {"from": "Recorded", "date_format": "%d/%m/%Y"}}


def put(drop: Drop, epoch: int, cell: object, *, as_date: bool) -> bytes:
    path = drop.root / "made.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": epoch == 1904}) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, [*HEADER, "Recorded"])
        page.write_row(1, 0, ROW)
        page.write(1, 4, cell, book.add_format({"num_format": "dd/mm/yyyy hh:mm"} if as_date else {}))
    return path.read_bytes()


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_dates_in_cells(drop: Drop, epoch: int) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    drop.put("crimes.xlsx", put(drop, epoch, datetime(2024, 1, 31, 23, 30), as_date=True))  # noqa: DTZ001
    drop.ingest()
    assert [str(row["d"]) for row in drop.rows("SELECT recorded_on AS d FROM crimes")] == ["2024-01-31"]


def test_bare_serial_number_is_no_date(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": COLUMNS}}
    drop.put("crimes.csv", ",".join([*HEADER, "Recorded"]) + "\nx,2024-01,Burglary,D1,\n")
    drop.put("crimes.xlsx", put(drop, 1900, 45322, as_date=False))
    with pytest.raises(ExtractError, match=r"on line 2, column Recorded: not a date written %d/%m/%Y\."):
        drop.ingest()


@pytest.mark.parametrize(("epoch", "number"), [(1900, 45322), (1904, 43860)])
def test_declared_serial_number(drop: Drop, epoch: int, number: int) -> None:
    declared = {**COLUMNS, "recorded_on": {"from": "Recorded", "serial": epoch}}
    drop.sources = {"crimes": {**CRIMES, "columns": declared}}
    drop.put("crimes.xlsx", put(drop, epoch, number, as_date=False))
    drop.ingest()
    assert [str(row["d"]) for row in drop.rows("SELECT recorded_on AS d FROM crimes")] == ["2024-01-31"]


def test_declared_epoch_that_the_workbook_does_not_have(drop: Drop) -> None:
    declared = {**COLUMNS, "recorded_on": {"from": "Recorded", "serial": 1900}}
    drop.sources = {"crimes": {**CRIMES, "columns": declared}}
    drop.put("crimes.xlsx", put(drop, 1904, 43860, as_date=False))
    with pytest.raises(ExtractError) as error:
        drop.ingest()
    assert str(error.value) == (
        "crimes.xlsx: the workbook counts its days from 1904, and `serial: 1900` is declared for its source "
        "in config/sources.yaml; every date would be four years out"
    )
