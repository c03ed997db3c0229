"""Files that are not what their names say: told by their bytes."""

import gzip

import pytest

from tests.integration.faults.made import HEADER, ROW, workbook
from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import Drop, crimes


def test_gzip_named_csv_is_read(drop: Drop) -> None:
    drop.put("crimes.csv", gzip.compress(crimes(GOOD).encode()))
    assert drop.account().loaded == 1


def test_workbook_named_csv_is_read(drop: Drop) -> None:
    workbook(drop.incoming / "crimes.csv", HEADER, ROW)
    assert drop.account().loaded == 1


WRONG = {
    "web_page": (b"<html><table><td>Reference</td></table></html>", "it is a web page, whatever its"),
    "pdf": (b"%PDF-1.7\n%%EOF", "it is a PDF; ask for the table as a CSV file or a workbook"),
    "old_excel": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "it is a workbook of Excel before 2007 (.xls); open it and save it as .xlsx",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), WRONG.values(), ids=WRONG)
def test_what_nobody_reads_is_named(drop: Drop, content: bytes, sentence: str) -> None:
    assert stopped(drop, "crimes.csv", content).startswith(f"crimes.csv: {sentence}")
