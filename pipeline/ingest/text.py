"""Text files: unpacked, decoded and counted independently of the database that loads them.

The database reads fast and says little about what it left out, so every text file is first gone
over here: its bytes against their hash, its header, its lines. Files that are plain (`Scan.plain`)
go to the database; all others are parsed record by record (`records.py`).
"""

import codecs
import csv
import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest.archives import MOST_RATIO, RATIO_FROM_BYTES
from pipeline.model.rule import RuleName

GZIP = b"\x1f\x8b"
BLOCK_BYTES = 1 << 18  # larger ones are new memory each time, which costs more than reading them
LONGEST_HEADER_BYTES = 1 << 16
LONGEST_LINE_CHARACTERS = 1 << 24
csv.field_size_limit(LONGEST_LINE_CHARACTERS)  # its own limit is a fault of ours, not of the file's
SEARCHED_ROWS = 30  # for headers that are not where they are declared
DELIMITERS = {";": ";", "\t": "a tab", "|": "|", ",": "a comma"}
AGAIN = "Put the file as it was delivered into the drop folder and run again, or restore it from a backup."
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))
NOT_SEEN = INVISIBLE | {0xA0: " "}  # of a value: characters that nobody sees, and the space that is none
_NOT_SEEN_BYTES = re.compile("|".join(map(re.escape, map(chr, NOT_SEEN))).encode())
SEARCHED_BYTES = 256  # for the zero bytes of UTF-16
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record refused: its physical line, the column where it is known, the rule and the reason."""

    line: int
    column: str
    rule: RuleName
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the physical lines of a text file went; `records` are lines of records."""

    physical: int
    preamble: int
    header: int
    blank: int
    records: int
    footer: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes of a text file say."""

    header: tuple[str, ...]
    header_lines: int
    newline: bytes
    compressed: bool
    first_rows: tuple[tuple[str, ...], ...] = ()  # to look for a header that is further down


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over a file found. Where `plain` holds, each line but the blank ones is one record.

    `lines` counts no line as blank: few files have any, and looking for them is a pass of its own.
    """

    lines: Lines
    plain: bool


def clean_header(text: str) -> str:
    """A header without invisible characters, line breaks and repeated or outer spaces."""
    return " ".join(text.translate(INVISIBLE).split())


def header_of(values: list[str], name: str) -> tuple[str, ...]:
    """Clean headers. Raises ExtractError where the line was plainly cut at the wrong character."""
    if len(values) == 1:
        likely = max(DELIMITERS, key=values[0].count)
        if likely in values[0]:
            raise ExtractError(
                f"{name}: its header is one column; it looks separated by {DELIMITERS[likely]}. "
                "Declare `delimiter:` for its source in config/sources.yaml."
            )
    return tuple(clean_header(value) for value in values)


def unpacked(path: Path, sha256: str | None) -> Iterator[bytes]:
    """The bytes of a received file, unpacked where they are gzip whatever the name says.

    Never more than a block at a time. Without a `sha256` they are not hashed. Raises ExtractError where
    the file is not the one received, ends before its end, or unpacks to more than `MOST_RATIO` times its
    size.
    """
    digest = hashlib.sha256()
    inflate = None
    room = max(RATIO_FROM_BYTES, MOST_RATIO * path.stat().st_size)
    with path.open("rb") as file:
        first = file.read(2)
        file.seek(0)
        packed = first == GZIP
        while block := file.read(BLOCK_BYTES):
            if sha256:
                digest.update(block)
            if not packed:
                yield block
                continue
            while block := block if inflate else block.lstrip(b"\0"):  # tapes pad with them
                inflate = inflate or zlib.decompressobj(31)
                try:
                    text = inflate.decompress(block, BLOCK_BYTES)
                except zlib.error:
                    raise _damaged(path) from None
                room -= len(text)
                if room < 0:
                    raise _swollen(path)
                yield text
                block = inflate.unconsumed_tail
                if inflate.eof:
                    block, inflate = inflate.unused_data, None
    if sha256 and digest.hexdigest() != sha256:
        raise ExtractError(
            f"{path}: the stored file is not the one that was received: "
            f"expected sha256 {sha256}, found {digest.hexdigest()}. {AGAIN}"
        )
    if inflate is not None:
        raise ExtractError(f"{path.name}: the compressed file is cut short; ask for it again")


def _damaged(path: Path) -> ExtractError:
    return ExtractError(f"{path.name}: its compression is damaged; ask the supplier for it again")


def _swollen(path: Path) -> ExtractError:
    return ExtractError(
        f"{path.name}: it unpacks to more than {MOST_RATIO} times its size, which no extract does. "
        "Nothing was loaded: ask the supplier what it is."
    )


def check_ratio(path: Path, sha256: str) -> None:
    """Go over a packed file that seems to swell beyond measure before the database reads any of it."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return
        file.seek(-4, os.SEEK_END)
        size_bytes = int.from_bytes(file.read(4), "little")  # as it says, of its last member
    if size_bytes > max(RATIO_FROM_BYTES, MOST_RATIO * path.stat().st_size):
        for _ in unpacked(path, sha256):
            pass


def empty(path: Path) -> ExtractError:
    """What is said of a file of no bytes."""
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
        raise empty(path)
    check_not_utf16(start, path.name)
    _check_utf8(start[: start.rfind(b"\n") + 1], 0, path.name)
    text = start.decode("utf-8-sig", errors="ignore")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        first = next(reader)
    except (csv.Error, StopIteration):
        raise ExtractError(f"{path.name}: its first line is not a line of headers") from None
    header = header_of(first, path.name)
    lines = text.splitlines()[:SEARCHED_ROWS]
    rows = tuple(tuple(row) for row in csv.reader(lines, delimiter=delimiter))
    return Head(header, reader.line_num, b"\r\n" if b"\r\n" in start else b"\n", compressed, rows)


def scan(path: Path, sha256: str | None, delimiter: str, head: Head) -> Scan:
    """Go over a UTF-8 text file in blocks of whole lines and count what is in it.

    Raises ExtractError where its hash is wrong, it is cut short or it is not UTF-8.
    """
    comma = delimiter.encode()
    no_values = comma * (len(head.header) - 1) + head.newline
    quoted_line = quoted_line_of(comma)
    newlines = returns = pairs = position = 0
    plain, begun = len(head.header) > 1 and len(comma) == 1, False
    last = b""
    for block in _whole_lines(unpacked(path, sha256)):
        _check_utf8(block, position, path.name)
        position += len(block)
        last = block[-1:]
        lines, shortest = _line_ends(block)
        newlines += lines
        if b"\r" in block:
            returns += block.count(b"\r")
            pairs += block.count(b"\r\n")
        if plain and (
            b"\0" in block
            or (shortest <= len(no_values) and (block.startswith(no_values) or b"\n" + no_values in block))
            or (not block.isascii() and _NOT_SEEN_BYTES.search(block, 0 if begun else len(codecs.BOM_UTF8)))
            or (b'"' in block and not all(map(quoted_line.fullmatch, _lines_with_quotes(block))))
            or _has_values_beyond(block, lines, comma, len(head.header))
        ):
            plain = False
        begun = True
    physical = newlines + (last not in (b"\n", b""))
    whole = returns == pairs == (newlines if head.newline == b"\r\n" else 0)
    counted = Lines(physical, 0, head.header_lines, 0, physical - head.header_lines)
    return Scan(counted, plain and whole)


def _line_ends(block: bytes) -> tuple[int, int]:
    """How many lines end in a block of whole lines, and the bytes of the shortest with its end.

    numpy finds them in a third of the time that counting them takes.
    """
    import numpy as np

    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    return len(ends), int(np.diff(ends, prepend=-1).min(initial=len(block)))


def _has_values_beyond(block: bytes, ends: int, comma: bytes, columns: int) -> bool:
    """Whether a line may have more values than there are columns, the last of them empty.

    `ends`: how many lines end in the block. The database forgives those, and with them a value that a
    stray comma moved by one column. It does refuse a line with too few values, so that none can make up for
    another in the count.
    """
    import numpy as np

    if not any(end in block for end in (comma + b"\n", comma + b"\r\n")) and not block.endswith(comma):
        return False
    lines = ends + (not block.endswith(b"\n"))
    commas = int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord(comma)))
    if b'"' in block:
        for line in _lines_with_quotes(block):
            lines -= 1
            commas -= line.count(comma)
            if line.endswith(comma):
                (values,) = csv.reader([line.decode()], delimiter=comma.decode())
                if len(values) > columns:
                    return True
    return commas != lines * (columns - 1)


def without_blank_lines(path: Path, sha256: str, lines: Lines) -> Lines:
    """The lines of a plain file with its blank ones counted apart from those of records."""
    blocks = _whole_lines(unpacked(path, sha256))
    blank = sum(not line.strip() for block in blocks for line in block.splitlines())
    return Lines(lines.physical, 0, lines.header, blank, lines.physical - lines.header - blank)


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if end:
            yield b"".join((rest, memoryview(block)[:end]))  # a slice would be one copy more
            rest = block[end:]
        else:
            rest += block
    if rest:
        yield rest


def _check_utf8(block: bytes, position: int, name: str) -> None:
    if block.isascii():
        return
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(name, position + error.start) from None


def check_not_utf16(start: bytes, name: str) -> None:
    """Raises ExtractError for a file that begins as UTF-16 or UTF-32 does, with a mark or without."""
    every_other = start[1:SEARCHED_BYTES:2]
    unmarked = len(every_other) > 1 and every_other.count(0) > len(every_other) // 2
    if start.startswith(UTF_32) or (unmarked and start[2:3] == b"\0"):
        raise ExtractError(f"{name}: it looks like UTF-32, which is not read; ask for it in UTF-8")
    if unmarked or start.startswith(UTF_16):
        raise ExtractError(
            f"{name}: it looks like UTF-16. Declare `encoding: utf-16` for its source in config/sources.yaml."
        )


def not_utf8(name: str, byte: int) -> ExtractError:
    """What is said of a file with a byte that is not UTF-8."""
    return ExtractError(
        f"{name}: byte {byte} is not UTF-8. If the file comes from Excel or "
        "an older system, say `encoding: cp1252` (or utf-16) for its source in config/sources.yaml."
    )


def _lines_with_quotes(block: bytes) -> Iterator[bytes]:
    return (line.rstrip(b"\r") for line in block.split(b"\n") if b'"' in line)


def quoted_line_of(comma: bytes) -> re.Pattern[bytes]:
    """A line whose quotation marks all stand where they may."""
    value = quoted_value_of(comma)
    return re.compile(value + rb"(?:" + re.escape(comma) + value + rb")*+")


def quoted_value_of(comma: bytes) -> bytes:
    """The expression of a value of such a line."""
    return rb'(?:"(?:[^"]|"")*+"|[^"' + re.escape(comma) + rb"]*+)"


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
