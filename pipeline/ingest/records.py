"""Records: a text file parsed record by record, where the database cannot read it.

What cannot be read is refused and its neighbours are kept. The file is never in memory as a whole.
"""

import codecs
import csv
import io
import re
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from pipeline.definitions.source import Footer
from pipeline.errors import ExtractError
from pipeline.ingest.text import (
    NOT_SEEN,
    UTF_16,
    Lines,
    Refusal,
    empty,
    header_of,
    is_utf16,
    not_utf8,
    quoted_line_of,
    unpacked,
)

LONGEST_QUOTED_LINES = 50  # a quoted value over more lines than this is a quote never closed
LONGEST_LINE_CHARACTERS = 1 << 24

Found = tuple[list[str] | None, str, int, int]  # a record, its first line, that line's number, its lines


class Records:
    """The records of a UTF-8 text file below its header, in order; iterate once.

    `header_row` counts records from 1. A quoted value may hold line breaks; `\\n`, `\\r\\n` and `\\r`
    all end a line. `starts` (the physical line of each record given), `refusals`, `footers` and `lines`
    are whole when the last record was given.
    """

    def __init__(
        self, path: Path, sha256: str, delimiter: str, header_row: int, footer: Footer | None
    ) -> None:
        self._name = path.name
        self._delimiter = delimiter
        self._whole = re.compile(quoted_line_of(delimiter.encode()).pattern.decode())
        self._source = _lines(path, sha256)
        self._ahead: deque[str] = deque()
        self._footer = footer
        self._number = self._preamble = self._blank = self._in_records = self._in_footer = 0
        self.starts: array[int] = array("q")
        self.refusals: list[Refusal] = []
        self.footers: list[list[str]] = []
        self.header, self._header_lines = self._read_header(path, header_row)

    @property
    def lines(self) -> Lines:
        """Where the physical lines went."""
        return Lines(
            self._number, self._preamble, self._header_lines, self._blank, self._in_records, self._in_footer
        )

    def __iter__(self) -> Iterator[list[str]]:
        held: list[Found] = []  # lines that are a footer, if no record follows
        while found := self._next(len(self.header)):
            record, _, _, taken = found
            if record is not None and not any(map(str.strip, record)):
                self._blank += taken
            elif self._footer and record and self._footer.begins(record):
                held.append(found)
            else:
                for one in (*held, found):
                    yield from self._kept(*one)
                held.clear()
        for record, _, _, taken in held:
            self._in_footer += taken
            self.footers.append(record or [])

    def _read_header(self, path: Path, header_row: int) -> tuple[tuple[str, ...], int]:
        for row in range(1, header_row + 1):
            found = self._next(None)
            if found is None and self._number == 0:
                raise empty(path)
            if found is None:
                raise ExtractError(f"{self._name}: it has no row {header_row}, where its headers should be")
            if row < header_row:
                self._preamble += found[3]
        assert found is not None
        return header_of(found[0] or [], self._name), found[3]

    def _kept(self, record: list[str] | None, line: str, number: int, taken: int) -> Iterator[list[str]]:
        self._in_records += taken
        refusal = _refused(record, line, number, len(self.header))
        if refusal:
            self.refusals.append(refusal)
        elif record is not None:
            self.starts.append(number)
            yield record

    def _next(self, columns: int | None) -> Found | None:
        """The record that starts on the next line, None in its place where it cannot be read."""
        line = self._ahead.popleft() if self._ahead else next(self._source, None)
        if line is None:
            return None
        self._number += 1
        number, taken = self._number, 1
        if '"' not in line:
            return line.split(self._delimiter), line, number, 1
        record = None
        for taken in range(1, LONGEST_QUOTED_LINES + 1):
            more = self._peek(taken - 1)
            if len(more) < taken - 1:
                break
            text = "\n".join((line, *more))
            if not self._whole.fullmatch(text):
                continue
            values = next(csv.reader(StringIO(text, newline=""), delimiter=self._delimiter, strict=True))
            if taken == 1 or columns is None or len(values) == columns:
                record = values
            break
        if record is None:
            return None, line, number, 1
        for _ in range(taken - 1):
            self._ahead.popleft()
        self._number += taken - 1
        return record, line, number, taken

    def _peek(self, lines: int) -> Sequence[str]:
        self._ahead.extend(islice(self._source, max(0, lines - len(self._ahead))))
        return list(islice(self._ahead, lines))


def _lines(path: Path, sha256: str) -> Iterator[str]:
    """The physical lines of a UTF-8 file, without their ends, and without what nobody sees in them."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    position, rest = 0, ""
    for block in unpacked(path, sha256):
        if position == 0 and block.startswith(UTF_16):
            raise is_utf16(path.name)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            raise not_utf8(path.name, position - pending + error.start) from None
        position += len(block)
        text = ends.decode(text)
        lines = (rest + (text if text.isascii() else text.translate(NOT_SEEN))).split("\n")
        rest = lines.pop()
        if len(rest) > LONGEST_LINE_CHARACTERS:
            raise ExtractError(
                f"{path.name}: a line of more than {LONGEST_LINE_CHARACTERS:,} characters; is it a text file?"
            )
        yield from lines
    if decoder.getstate()[0]:
        raise not_utf8(path.name, position - len(decoder.getstate()[0]))
    rest += ends.decode("", final=True)
    yield from rest.removesuffix("\n").split("\n") if rest else ()


def _refused(record: list[str] | None, line: str, number: int, columns: int) -> Refusal | None:
    if record is None:
        return Refusal(number, "", "quotes", "a quotation mark is out of place or is never closed")
    if "\0" in line:
        return Refusal(number, "", "characters", "it holds a NUL character")
    if len(record) != columns:
        reason = f"it has {len(record)} values where the header has {columns}"
        return Refusal(number, "", "columns", reason)
    return None
