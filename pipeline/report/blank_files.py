"""The only owner of XlsxWriter: empty files for a supplier to fill, with the fields explained beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.definitions.request import Wanted

FILLED_ROWS = 100_000  # that the list of allowed values reaches down to
LONGEST_LIST = 255  # characters that a spreadsheet's own list of values may have


def blank_csv(fields: Sequence[Wanted]) -> bytes:
    """The line of headings."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(field.header for field in fields)
    return out.getvalue().encode()


def dictionary_csv(fields: Sequence[Wanted]) -> bytes:
    """Every field of every file: what it means, how it is written, its allowed values."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("file", "heading", "meaning", "written", "allowed values"))
    for field in fields:
        writer.writerow((field.file, field.header, field.meaning, field.written, "; ".join(field.allowed)))
    return out.getvalue().encode()


def blank_workbook(fields: Sequence[Wanted], created: datetime) -> bytes:
    """A workbook: headings to fill below, and a sheet that explains them.

    References are cells of text, so that zeros before them stay, and days are ISO dates. Cells of a
    closed set offer its values.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": created.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        as_text, as_day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        page = book.add_worksheet("Records")
        page.freeze_panes(1, 0)
        for place, field in enumerate(fields):
            form = as_day if field.is_date else as_text if field.is_reference else None
            page.set_column(place, place, max(12, len(field.header) + 2), form)
            page.write_string(0, place, field.header, bold)
            if field.allowed and len(",".join(field.allowed)) <= LONGEST_LIST:
                page.data_validation(
                    1, place, FILLED_ROWS, place, {"validate": "list", "source": list(field.allowed)}
                )
        about = book.add_worksheet("Fields")
        about.set_column(0, 3, 34, wrapped)
        about.write_row(0, 0, ("Heading", "What it is", "How it is written", "Allowed values"), bold)
        for row, field in enumerate(fields, 1):
            about.write_row(
                row, 0, (field.header, field.meaning, field.written, ", ".join(field.allowed)), wrapped
            )
    return out.getvalue()
