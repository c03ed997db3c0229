"""Redacting: the bytes of a received file without a person. The file itself is never edited."""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.purging import cells, columnar
from pipeline.ingest.purging.keeping import Keeping, Redactor
from pipeline.ingest.purging.scan import Search
from pipeline.ingest.tables import opened_text

GZIP = b"\x1f\x8b"
FILLER = "x"  # stands for what cannot be left empty


@dataclass(frozen=True, slots=True)
class Redacted:
    """A file's new bytes, and how many of its records were changed. None: nobody was found in it.

    `staying` and `in_free_text` are as with `Redactor`.
    """

    content: bytes | None
    records: int = 0
    staying: Mapping[str, int] = field(default_factory=dict)
    in_free_text: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, as its source declares; no mapping where no source asks for it."""

    name: str
    mapping: SourceMapping | None
    keeping: Keeping


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some lines of a text file: a record with its values, or, without any, what cannot be told apart."""

    text: str
    values: list[str] | None


def redacted(content: bytes, form: Form, search: Search) -> Redacted:
    """The file without what it holds of the person. Raises ExtractError where that cannot be done."""
    redactor = Redactor(form.keeping, search.reference)
    new = _redacted(content, form, search, redactor)
    control = Redactor(form.keeping, search.reference, is_control=True)
    if search.holds(_redacted(content, form, search, control)):
        raise ExtractError(
            f"{form.name}: the reference stands in a part of the file that cannot be redacted. "
            "Nothing was changed; purge the whole delivery with --delivery."
        )
    if redactor.emptied and not redactor.left and form.keeping.about:
        raise ExtractError(
            f"{form.name}: every record is of the person, so that none would be left. "
            "Nothing was changed; purge the whole delivery with --delivery."
        )
    return Redacted(
        new if redactor.records else None, redactor.records, redactor.staying, redactor.in_free_text
    )


def _redacted(content: bytes, form: Form, search: Search, redactor: Redactor) -> bytes:
    if content[:2] == GZIP:
        return gzip.compress(_text(gzip.decompress(content), form, search, redactor), mtime=0)
    if content.startswith(b"PK\x03\x04"):
        return cells.redacted(content, redactor)
    if content.startswith(b"PAR1"):
        return columnar.parquet(content, redactor)
    if content.startswith((b"$FL2", b"$FL3")):
        return columnar.spss(content, redactor, search.passing)
    return _text(content, form, search, redactor)


def _text(content: bytes, form: Form, search: Search, redactor: Redactor) -> bytes:
    """A text file: records without the reference stay byte for byte."""
    encoding = form.mapping.source.encoding if form.mapping else "utf-8"
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        encoding, mark, text = "latin-1", b"", content.decode("latin-1")  # no byte is lost on the way
    header, pieces = _pieces(text, form, search)
    kept = []
    for piece in pieces:
        kept.append(
            _without(piece, header, form, redactor) if redactor.is_asked([piece.text]) else piece.text
        )
        redactor.left += piece.values is not None and _holds_values(kept[-1], form)
    return mark + "".join(kept).encode(encoding)


def _pieces(text: str, form: Form, search: Search) -> tuple[tuple[str, ...], Iterator[_Piece]]:
    """The header, and the file cut into records as it is when it is read, with their line ends.

    Raises ExtractError where the reference is in the header.
    """
    lines = list(io.StringIO(text, newline=""))
    if form.mapping is None:
        return (), (_Piece(line, None) for line in lines)
    path = search.passing / Path(form.name).name
    path.write_text(text, encoding="utf-8", newline="")
    _, records = opened_text(form.mapping, path, None)
    cuts = list(records.cuts())
    path.unlink()
    above, header_lines = records.lines.preamble, records.lines.header
    if search.reference.is_in("".join(lines[above : above + header_lines])):
        raise ExtractError(
            f"{form.name}: the reference stands in the header of the file, which cannot be redacted. "
            "Nothing was changed; purge the whole delivery with --delivery."
        )

    def pieces() -> Iterator[_Piece]:
        yield from (_Piece(line, None) for line in lines[: above + header_lines])
        for values, first, taken in cuts:
            yield _Piece("".join(lines[first - 1 : first - 1 + taken]), values)

    return records.header, pieces()


def _without(piece: _Piece, header: tuple[str, ...], form: Form, redactor: Redactor) -> str:
    """A record with the values that go left empty; of what cannot be told apart its form stays."""
    body = piece.text.rstrip("\r\n")
    end = piece.text[len(body) :]
    if form.mapping is None or piece.values is None or len(piece.values) != len(header):
        if not redactor.reference.is_in(body):
            return piece.text
        redactor.records += 1
    if form.mapping is None:
        return end
    delimiter = form.mapping.source.delimiter
    if piece.values is None or len(piece.values) != len(header):
        # A title, or a record that is refused: what follows it is cut as it was.
        return re.sub(rf'[^"{re.escape(delimiter)}]+', FILLER, body) + end
    kept = redactor.kept(header, piece.values)
    if all(kept):
        return piece.text
    values = [value if stays else "" for value, stays in zip(piece.values, kept, strict=True)]
    if not any(values):
        return delimiter * (len(values) - 1) + end
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(values)  # so that either is quoted
    return line.getvalue()[:-2] + end


def _holds_values(record: str, form: Form) -> bool:
    return bool(record.strip(f'"\r\n {form.mapping.source.delimiter if form.mapping else ""}'))
