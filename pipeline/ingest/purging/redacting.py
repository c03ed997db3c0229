"""Redacting: the bytes of a received file without a person. The file itself is never edited."""

import csv
import gzip
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest.purging import columnar, sheets
from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.reference import Reference

SEARCHED_ROWS = 100  # for the header
LONGEST_QUOTED_LINES = 50  # as in reading: a quote that is open for longer was never closed
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A file's new bytes, and how many of its records were changed. None: it does not hold the reference."""

    content: bytes | None
    records: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, as its source declares."""

    name: str
    encoding: str
    delimiter: str
    keeping: Keeping
    passing: Path  # a folder for files that are made on the way


def redacted(content: bytes, form: Form, reference: Reference) -> Redacted:
    """The file without what it holds of the person. Raises ExtractError where that cannot be done."""
    new, records = _redacted(content, form, reference)
    if records and reference.in_bytes.search(new):
        raise ExtractError(
            f"{form.name}: the reference stands in a part of the file that cannot be redacted. "
            "Nothing was changed; purge the whole delivery with --delivery."
        )
    return Redacted(new if records else None, records)


def _redacted(content: bytes, form: Form, reference: Reference) -> tuple[bytes, int]:
    if content[:2] == GZIP:
        text, records = _text(gzip.decompress(content), form, reference)
        return gzip.compress(text, mtime=0) if records else content, records
    if content.startswith(b"PK\x03\x04"):
        return sheets.redacted(content, form.keeping, reference)
    if content.startswith(b"PAR1"):
        return columnar.parquet(content, form.keeping, reference)
    if content.startswith((b"$FL2", b"$FL3")):
        return columnar.spss(content, form.keeping, reference, form.passing)
    return _text(content, form, reference)


def _text(content: bytes, form: Form, reference: Reference) -> tuple[bytes, int]:
    """A text file: records without the reference stay byte for byte."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else form.encoding
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        encoding, mark, text = "latin-1", b"", content.decode("latin-1")  # no byte is lost on the way
    if not reference.is_in(text):
        return content, 0
    header = _header(text, form)
    kept, records = [], 0
    for record in _records(text):
        if reference.is_in(record):
            record = _without(record, form, header, reference)
            records += 1
        kept.append(record)
    return mark + "".join(kept).encode(encoding), records


def _header(text: str, form: Form) -> list[str]:
    first = StringIO("".join(itertools.islice(_records(text), SEARCHED_ROWS)), newline="")
    try:
        rows = list(csv.reader(first, delimiter=form.delimiter))
    except csv.Error:
        rows = []
    return list(form.keeping.header_in(rows))


def _records(text: str) -> Iterator[str]:
    """The records with their line ends. A quote that is never closed is one on its line only."""
    lines = list(StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        taken, quotes = 1, lines[at].count('"')
        for further, line in enumerate(lines[at + 1 : at + LONGEST_QUOTED_LINES], 2):
            if quotes % 2 == 0:
                break
            quotes += line.count('"')
            if quotes % 2 == 0:
                taken = further
        yield "".join(lines[at : at + taken])
        at += taken


def _without(record: str, form: Form, header: list[str], reference: Reference) -> str:
    """A record with the values that go left empty; where it cannot be told apart, none of it."""
    body = record.rstrip("\r\n")
    end = record[len(body) :]
    try:
        rows = list(csv.reader(StringIO(body, newline=""), delimiter=form.delimiter, strict=True))
    except csv.Error:
        return end
    if len(rows) != 1:
        return end
    (cells,) = rows
    kept = form.keeping.kept(header, cells, reference)
    line = io.StringIO()
    values = [cell if stays else "" for cell, stays in zip(cells, kept, strict=True)]
    csv.writer(line, delimiter=form.delimiter, lineterminator="\r\n").writerow(
        values
    )  # so that either is quoted
    return (line.getvalue()[:-2] if any(values) else form.delimiter * (len(cells) - 1)) + end
