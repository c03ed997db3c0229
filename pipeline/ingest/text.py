"""Text files: unpacked, decoded and counted independently of the database that loads them.

The database reads fast and says little about what it left out, so every text file is first gone
over here: its bytes against their hash, its header, its lines. Files that are plain (`Scan.plain`)
go to the database; all others are parsed here, line by line.
"""

import csv
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from pipeline.errors import ExtractError

GZIP = b"\x1f\x8b"
BLOCK_BYTES = 1 << 20
LONGEST_HEADER_BYTES = 1 << 16
LONGEST_QUOTED_LINES = 50  # a quoted value over more lines than this is a quote never closed
DELIMITERS = {";": ";", "\t": "a tab", "|": "|", ",": "a comma"}
AGAIN = "Put the file as it was delivered into the drop folder and run again, or restore it from a backup."
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record refused: its physical line, the column where it is known, the rule and the reason."""

    line: int
    column: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the physical lines of a text file went; `records` are lines of records."""

    physical: int
    preamble: int
    header: int
    blank: int
    records: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes of a text file say."""

    header: tuple[str, ...]
    header_lines: int
    newline: bytes
    compressed: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over a file found. Where `plain` holds, each line but the blank ones is one record.

    `lines` counts no line as blank: few files have any, and looking for them is a pass of its own.
    """

    lines: Lines
    plain: bool


@dataclass(slots=True)
class Parsed:
    """A text file parsed line by line: header, records, the physical line on which each starts."""

    header: tuple[str, ...] = ()
    records: list[list[str]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    lines: Lines = Lines(0, 0, 0, 0, 0)


def clean_header(text: str) -> str:
    """A header without invisible characters, line breaks and repeated or outer spaces."""
    return " ".join(text.translate(INVISIBLE).split())


def _header(values: list[str], name: str) -> tuple[str, ...]:
    """Clean headers. Raises ExtractError where the line was plainly cut at the wrong character."""
    if len(values) == 1:
        likely = max(DELIMITERS, key=values[0].count)
        if likely in values[0]:
            raise ExtractError(
                f"{name}: its header is one column; it looks separated by {DELIMITERS[likely]}. "
                "Declare `delimiter:` for its source in config/sources.yaml."
            )
    return tuple(clean_header(value) for value in values)


def unpacked(path: Path, sha256: str) -> Iterator[bytes]:
    """The bytes of a received file, unpacked where they are gzip whatever the name says.

    Raises ExtractError where the file is not the one received, or ends before its end.
    """
    digest = hashlib.sha256()
    inflate = None
    with path.open("rb") as file:
        first = file.read(2)
        file.seek(0)
        packed = first == GZIP
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            if not packed:
                yield block
                continue
            while block:
                inflate = inflate or zlib.decompressobj(31)
                try:
                    yield inflate.decompress(block)
                except zlib.error:
                    raise _damaged(path) from None
                block = inflate.unused_data
                if inflate.eof:
                    inflate = None
                else:
                    break
    if digest.hexdigest() != sha256:
        raise ExtractError(
            f"{path}: the stored file is not the one that was received: "
            f"expected sha256 {sha256}, found {digest.hexdigest()}. {AGAIN}"
        )
    if inflate is not None:
        raise ExtractError(f"{path.name}: the compressed file is cut short; ask for it again")


def _damaged(path: Path) -> ExtractError:
    return ExtractError(f"{path.name}: its compression is damaged; ask the supplier for it again")


def _empty(path: Path) -> ExtractError:
    return ExtractError(f"{path.name}: the file is empty (0 bytes); ask the supplier for it again")


def head(path: Path, delimiter: str) -> Head:
    """The header and the form of a UTF-8 text file, from its first bytes."""
    with path.open("rb") as file:
        start = file.read(LONGEST_HEADER_BYTES)
    compressed = start[:2] == GZIP
    if compressed:
        try:
            start = zlib.decompressobj(31).decompress(start, LONGEST_HEADER_BYTES)
        except zlib.error:
            raise _damaged(path) from None
    if not start:
        raise _empty(path)
    _check_utf8(start[: start.rfind(b"\n") + 1], 0, path.name)
    text = start.decode("utf-8-sig", errors="ignore")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        first = next(reader)
    except (csv.Error, StopIteration):
        raise ExtractError(f"{path.name}: its first line is not a line of headers") from None
    header = _header(first, path.name)
    return Head(header, reader.line_num, b"\r\n" if b"\r\n" in start else b"\n", compressed)


def scan(path: Path, sha256: str, delimiter: str, head: Head) -> Scan:
    """Go over a UTF-8 text file in blocks of whole lines and count what is in it.

    Raises ExtractError where its hash is wrong, it is cut short or it is not UTF-8.
    """
    comma = delimiter.encode()
    no_values = b"\n" + comma * (len(head.header) - 1) + head.newline
    quoted_line = _quoted_line(comma)
    newlines = returns = pairs = position = 0
    plain = len(head.header) > 1
    last = b""
    for block in _whole_lines(unpacked(path, sha256)):
        _check_utf8(block, position, path.name)
        position += len(block)
        last = block[-1:]
        newlines += block.count(b"\n")
        if b"\r" in block:
            returns += block.count(b"\r")
            pairs += block.count(b"\r\n")
        if plain and (
            b"\0" in block
            or no_values in block
            or (b'"' in block and not all(map(quoted_line.fullmatch, _lines_with_quotes(block))))
        ):
            plain = False
    physical = newlines + (last not in (b"\n", b""))
    whole = returns == pairs == (newlines if head.newline == b"\r\n" else 0)
    lines = Lines(physical, 0, head.header_lines, 0, physical - head.header_lines)
    return Scan(lines, plain and whole)


def without_blank_lines(path: Path, sha256: str, lines: Lines) -> Lines:
    """The lines of a plain file with its blank ones counted apart from those of records."""
    blocks = _whole_lines(unpacked(path, sha256))
    blank = sum(not line.strip() for block in blocks for line in block.splitlines())
    return Lines(lines.physical, 0, lines.header, blank, lines.physical - lines.header - blank)


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        block = rest + block
        end = block.rfind(b"\n") + 1
        if end:
            yield block[:end]
        rest = block[end:]
    if rest:
        yield rest


def _check_utf8(block: bytes, position: int, name: str) -> None:
    if block.isascii():
        return
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ExtractError(
            f"{name}: byte {position + error.start} is not UTF-8. If the file comes from Excel or "
            "an older system, say `encoding: cp1252` (or utf-16) for its source in config/sources.yaml."
        ) from None


def _lines_with_quotes(block: bytes) -> Iterator[bytes]:
    return (line.rstrip(b"\r") for line in block.split(b"\n") if b'"' in line)


def _quoted_line(comma: bytes) -> re.Pattern[bytes]:
    value = rb'(?:"(?:[^"]|"")*+"|[^"' + re.escape(comma) + rb"]*+)"
    return re.compile(value + rb"(?:" + re.escape(comma) + value + rb")*+")


def parse(path: Path, sha256: str, encoding: str, delimiter: str, header_row: int = 1) -> Parsed:
    """Parse a text file record by record, refusing what cannot be read and keeping its neighbours.

    `header_row` counts records from 1. A quoted value may hold line breaks; `\\n`, `\\r\\n` and
    `\\r` all end a line.
    """
    content = b"".join(unpacked(path, sha256))
    if not content:
        raise _empty(path)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise ExtractError(
            f"{path.name}: byte {error.start} is not {encoding}, which config/sources.yaml declares"
        ) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return _parse_lines(lines, delimiter, header_row, path.name)


def _parse_lines(lines: list[str], delimiter: str, header_row: int, name: str) -> Parsed:
    parsed = Parsed()
    whole = re.compile(_quoted_line(delimiter.encode()).pattern.decode())
    preamble = header = blank = in_records = 0
    seen = index = 0
    while index < len(lines):
        columns = len(parsed.header) if seen >= header_row else None
        record, taken = _record(lines, index, delimiter, whole, columns)
        number = index + 1
        index += taken
        if seen < header_row:
            seen += 1
            if seen < header_row:
                preamble += taken
                continue
            header = taken
            parsed.header = _header(record or [], name)
        elif record is not None and not any(value.strip() for value in record):
            blank += taken
        else:
            in_records += taken
            refusal = _refused(record, lines[number - 1], number, len(parsed.header))
            if refusal:
                parsed.refusals.append(refusal)
            elif record is not None:
                parsed.records.append(record)
                parsed.starts.append(number)
    if not parsed.header:
        raise ExtractError(f"{name}: it has no row {header_row}, where its headers should be")
    parsed.lines = Lines(len(lines), preamble, header, blank, in_records)
    return parsed


def _record(
    lines: list[str], index: int, delimiter: str, whole: re.Pattern[str], columns: int | None
) -> tuple[list[str] | None, int]:
    """The record that starts on a line, or None where it cannot be read, and how many lines it takes."""
    line = lines[index]
    if '"' not in line:
        return line.split(delimiter), 1
    for taken in range(1, min(LONGEST_QUOTED_LINES, len(lines) - index) + 1):
        text = "\n".join(lines[index : index + taken])
        if not whole.fullmatch(text):
            continue
        record = next(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
        if taken == 1 or columns is None or len(record) == columns:
            return record, taken
        break
    return None, 1


def _refused(record: list[str] | None, line: str, number: int, columns: int) -> Refusal | None:
    if record is None:
        return Refusal(number, "", "quotes", "a quotation mark is out of place or is never closed")
    if "\0" in line:
        return Refusal(number, "", "characters", "it holds a NUL character")
    if len(record) != columns:
        reason = f"it has {len(record)} values where the header has {columns}"
        return Refusal(number, "", "columns", reason)
    return None


def physical_lines_of(path: Path, sha256: str, header_lines: int, wanted: set[int]) -> dict[int, int]:
    """The physical line (from 1) of each wanted record (from 0) of a plain file."""
    found: dict[int, int] = {}
    number = record = 0
    for block in _whole_lines(unpacked(path, sha256)):
        for line in block.split(b"\n")[: block.count(b"\n") or 1]:
            number += 1
            if number <= header_lines or not line.strip():
                continue
            if record in wanted:
                found[record] = number
            record += 1
    return found
