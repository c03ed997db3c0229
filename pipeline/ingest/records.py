"""Records: a text file parsed record by record, where the database cannot read it.

What cannot be read is refused and its neighbours are kept. The file is never in memory as a whole.
"""

import codecs
import csv
import io
import re
from array import array
from collections import deque
from collections.abc import Collection, Iterator
from io import StringIO
from pathlib import Path

from pipeline.definitions.source import Footer
from pipeline.errors import ExtractError
from pipeline.ingest.text import (
    LONGEST_LINE_CHARACTERS,
    NOT_SEEN,
    Lines,
    Refusal,
    check_not_utf16,
    empty,
    header_of,
    not_utf8,
    quoted_value_of,
    unpacked,
)
from pipeline.model.rule import RuleName

LONGEST_QUOTED_CHARACTERS = 1 << 20  # a quoted value over several lines that is longer is never closed
MOST_LINES_SWALLOWED = 50
FEWEST_DIGITS = 2  # of a value by which one line is known to be written like another
_DIGIT = re.compile(r"\d")

Found = tuple[list[str] | None, str, int, int]  # a record, its first line, that line's number, its lines


class Records:
    """The records of a UTF-8 text file below its header, in order; iterate once.

    `header_row` counts records from 1. A quoted value may hold line breaks; `\\n`, `\\r\\n` and `\\r`
    all end a line. `starts` (the physical line of each record given), `refusals`, `footers`, `notes` and
    `lines` are whole when the last record was given.

    `coded` are places, from 0, of columns of codes and numbers. Two stray quotation marks, some lines
    apart, make one value of all between them. Where that has swallowed a line that is written as its record
    is, and the value is of such a column, the record is refused and those it swallowed are read; of another
    column it is what the file says, and is noted.
    """

    def __init__(
        self, path: Path, sha256: str | None, delimiter: str, header_row: int, footer: Footer | None
    ) -> None:
        self._name = path.name
        self._delimiter = delimiter
        self._marks = _Marks(delimiter)
        self._source = _lines(path, sha256)
        self._ahead: deque[str] = deque()
        self._footer = footer
        self._number = self._preamble = self._blank = self._in_records = self._in_footer = 0
        self.starts: array[int] = array("q")
        self.refusals: list[Refusal] = []
        self.footers: list[list[str]] = []
        self.coded: Collection[int] = ()
        self._swallowing: list[tuple[int, int]] = []  # first and last line of records
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

    def cuts(self) -> Iterator[tuple[list[str] | None, int, int]]:
        """Where each record begins and how many lines it takes, instead of `__iter__`; footers are records.

        None in the place of the values of one that is refused for its quotation marks.
        """
        while found := self._next(len(self.header)):
            values, _, first, taken = found
            yield values, first, taken

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
        number = self._number
        if '"' not in line:
            return line.split(self._delimiter), line, number, 1
        further = self._further(line)
        if further is None:
            return None, line, number, 1
        text = "\n".join((line, *further))
        (record,) = csv.reader(StringIO(text, newline=""), delimiter=self._delimiter, strict=True)
        below_header = further and columns is not None
        if below_header and (len(record) != columns or self._is_torn(record, further, number)):
            return None, line, number, 1
        for _ in further:
            self._ahead.popleft()
        self._number += len(further)
        return record, text, number, 1 + len(further)

    def _further(self, line: str) -> list[str] | None:
        """The lines that the last value of a line goes on over; None where its marks are out of place."""
        further: list[str] = []
        if self._marks.is_whole(line):
            return further
        if not self._marks.opens(line):
            return None
        characters = len(line)
        for more in self._following():
            further.append(more)
            characters += len(more)
            if characters > LONGEST_QUOTED_CHARACTERS:
                return None
            if '"' not in more or self._marks.goes_on(more):
                continue
            return further if self._marks.closes(more) else None
        return None

    def _following(self) -> Iterator[str]:
        """The lines to come, which stay to come."""
        yield from self._ahead  # at its end before anything is added to it
        for line in self._source:
            self._ahead.append(line)
            yield line

    def _is_torn(self, record: list[str], further: list[str], number: int) -> bool:
        """Whether a record is none, but what stands between two stray marks.

        Raises ExtractError where nobody can say: it has swallowed many records of a column of free text.
        """
        place = max(at for at, value in enumerate(record) if "\n" in value)
        begun = record[place].rpartition("\n")[2].split(self._delimiter)  # of the last line, up to the mark
        alike = sum(_is_written_as(line.split(self._delimiter), record) for line in further[:-1])
        alike += _is_written_as(begun, record[: place + 1])
        if not alike:
            return False
        if any("\n" in record[at] for at in self.coded):
            return True
        last = number + len(further)
        if alike > MOST_LINES_SWALLOWED and 2 * alike > len(further):
            raise ExtractError(
                f"{self._name}: by its quotation marks, lines {number:,} to {last:,} are one record, and "
                f"{alike:,} lines of it read as records by themselves. A mark in line {number:,} or in line "
                f"{last:,} is out of place: ask for the file again, or correct it."
            )
        self._swallowing.append((number, last))
        return False

    @property
    def notes(self) -> list[str]:
        """What an analyst should look at, though the file is read as it is written."""
        found = len(self._swallowing)
        if not found:
            return []
        first, last = self._swallowing[0]
        place = f"lines {first:,} to {last:,}"
        told = f"{place} are one record" if found == 1 else f"{found:,} records, the first in {place},"
        return [
            f"by its quotation marks {told}{'' if found == 1 else ' go over several lines'}, of which some "
            "read as records by themselves; look whether a quotation mark is out of place"
        ]


class _Marks:
    """Where quotation marks may stand in a line: about a whole value, and doubled inside it."""

    def __init__(self, delimiter: str) -> None:
        comma = re.escape(delimiter)
        value = quoted_value_of(delimiter.encode()).decode()
        opened, inside = rf"(?:{value}{comma})*+", r'(?:[^"]|"")*+'
        rest = rf'"(?:{comma}{value}(?={comma}|\Z))*+'
        self._whole = re.compile(rf"{value}(?:{comma}{value})*+")
        self._opens = re.compile(rf'{opened}"{inside}')
        self._goes_on = re.compile(rf'{inside}(?:{rest}{comma}"{inside})?+')
        self._closes = re.compile(rf"{inside}{rest}")

    def is_whole(self, line: str) -> bool:
        """Whether a line is a record."""
        return self._whole.fullmatch(line) is not None

    def opens(self, line: str) -> bool:
        """Whether its last value goes on in the next line."""
        return self._opens.fullmatch(line) is not None

    def goes_on(self, line: str) -> bool:
        """Of a line that starts inside a value: whether it also ends inside one."""
        return self._goes_on.fullmatch(line) is not None

    def closes(self, line: str) -> bool:
        """Of a line that starts inside a value: whether the record ends with it."""
        return self._closes.fullmatch(line) is not None


def _is_written_as(values: list[str], record: list[str]) -> bool:
    """Whether values are as many as a record's, and one with digits, such as a date, has them as it has."""
    if len(values) != len(record) or len(values) == 1:
        return False
    return any(
        len(_DIGIT.findall(ours)) >= FEWEST_DIGITS and _DIGIT.sub("0", ours) == _DIGIT.sub("0", theirs)
        for ours, theirs in zip(record, values, strict=True)
    )


def _lines(path: Path, sha256: str | None) -> Iterator[str]:
    """The physical lines of a UTF-8 file, without their ends, and without what nobody sees in them."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    position, rest = 0, ""
    for block in unpacked(path, sha256):
        if position == 0:
            check_not_utf16(block, path.name)
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
        return Refusal(number, "", RuleName.QUOTES, "a quotation mark is out of place or is never closed")
    if "\0" in line:
        return Refusal(number, "", RuleName.CHARACTERS, "it holds a NUL character")
    if len(record) != columns:
        reason = f"it has {len(record)} values where the header has {columns}"
        return Refusal(number, "", RuleName.COLUMNS, reason)
    return None
