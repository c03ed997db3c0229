"""Workbooks made for real, with the faults that spreadsheet programs and people put into them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

HEADER = ["Reference", "Month", "Category", "District"]
ROW = ["a", "2024-01", "Burglary", "D1"]


def workbook(path: Path, *rows: list[Any], sheet: str = "Data") -> None:
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)


def changed(path: Path, parts: Mapping[str, bytes], before: bytes = b"", after: bytes = b"") -> None:
    """The same workbook with further or other parts, and with `before` replaced in its first sheet."""
    with ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    first = "xl/worksheets/sheet1.xml"
    content[first] = content[first].replace(before, after)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, part in (content | dict(parts)).items():
            archive.writestr(name, part)
