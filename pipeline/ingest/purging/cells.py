"""Redacting workbooks, XLSX and ODS: cells are emptied in their XML, and texts that nothing uses any more.

A cell's text is the one that is read from it: of its runs put together, a number with the zeros that its
format shows.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import chain
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.ingest.purging.keeping import Redactor
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.sheets import column_number, shown
from pipeline.ingest.workbooks import number_formats

SEARCHED_ROWS = 100  # for the header
SHARED = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOK = "xl/workbook.xml"
CONTENT = "content.xml"  # of ODS
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
WHOLE = re.compile(r"-?[0-9]+(?:\.0*)?(?:[eE]\+?[0-9]+)?|-?[0-9]+\.[0-9]+[eE]\+?[0-9]+")
XLSX_ROW = re.compile(r"<((?:\w+:)?row)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
XLSX_CELL = re.compile(r"<((?:\w+:)?c)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
ODS_ROW = re.compile(r"<(table:table-row)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
ODS_CELL = re.compile(r"<(table:table-cell|table:covered-table-cell)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
ODS_TABLE = re.compile(r"<(table:table)\b.*?</\1>", re.DOTALL)
STRING = re.compile(r"<((?:\w+:)?si)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
VALUE = re.compile(r"<(?:\w+:)?v\b[^>]*>(.*?)</", re.DOTALL)
SHARING = re.compile(rb'(<(?:\w+:)?c\b[^>]*\bt="s"[^>]*>)\s*<(?:\w+:)?v>\d+</(?:\w+:)?v>')
PLACE = re.compile(rb'\s[\w:-]+="[\d.: ]*"')
TAG = re.compile(r"<[^>]*>")
NOTE = re.compile(r"<((?:\w+:)?(?:comment|threadedComment|annotation))\b[^>]*>.*?</\1>", re.DOTALL)
PHONETIC = re.compile(r"<((?:\w+:)?rPh)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a row: where it stands in the row's XML, its column, its text, the string it shares."""

    start: int
    end: int
    column: int
    repeated: int
    text: str
    string: int | None
    emptied: str  # its XML without a value


def redacted(content: bytes, redactor: Redactor) -> bytes:
    """A workbook with the values that go left empty."""
    reference = redactor.reference
    with ZipFile(io.BytesIO(content)) as book:
        parts = {entry: book.read(entry) for entry in book.infolist()}
    texts = {entry.filename: part for entry, part in parts.items()}
    cells_of = _cells_of(texts)
    used: set[int] = set()
    gone: set[int] = set()
    for name, part in texts.items():
        if SHEET.fullmatch(name):
            sheet = _sheet(_read(part), XLSX_ROW, cells_of, redactor)
            before, after = _strings_in(_read(part)), _strings_in(sheet)
            used |= after
            gone |= before - after
            texts[name] = sheet.encode()
        elif name == CONTENT:
            texts[name] = _without_notes(_ods(_read(part), redactor), reference).encode()
    strings = STRING.finditer(_read(texts.get(SHARED, b"")))
    gone |= {number for number, one in enumerate(strings) if reference.is_in(_plain(one.group(0)))}
    if gone - used:
        texts[SHARED] = _without_strings(_read(texts[SHARED]), gone - used).encode()
    beside = [name for name, part in texts.items() if _is_beside(name) and reference.found_in(part)]
    for name in beside:  # comments, caches of pivot tables, names of persons
        texts[name] = reference.pattern.sub("", _without_notes(_read(texts[name]), reference)).encode()
    if not redactor.records and not beside and not redactor.is_control:
        return content
    redactor.records = redactor.records or len(beside)
    new = io.BytesIO()
    with ZipFile(new, "w", ZIP_DEFLATED) as book:
        for entry in parts:
            book.writestr(entry, texts[entry.filename])
    return new.getvalue()


def _without_notes(xml: str, reference: Reference) -> str:
    """The XML with the notes on cells that name the person left empty: no mapping stores those."""

    def emptied(note: re.Match[str]) -> str:
        is_about = reference.is_in(_plain(note.group(0)))
        return re.sub(">[^<]+<", "><", note.group(0)) if is_about else note.group(0)

    return NOTE.sub(emptied, xml)


def hold(parts: Mapping[str, bytes], reference: Reference) -> bool:
    """Whether a cell of a workbook, by the bytes of its parts, holds the reference."""
    cells_of = _cells_of(parts)
    xlsx = (_read(part) for name, part in parts.items() if SHEET.fullmatch(name))
    found = (cell for xml in xlsx for row in XLSX_ROW.finditer(xml) for cell in cells_of(row.group(0)))
    ods = ODS_ROW.finditer(_read(parts.get(CONTENT, b"")))
    found_in_ods = (cell for row in ods for cell in _each_ods_cell(row.group(0)))
    return any(reference.is_in(cell.text) for cell in chain(found, found_in_ods))


def _cells_of(parts: Mapping[str, bytes]) -> Callable[[str], list[PlacedCell]]:
    """What finds the cells in a row of an XLSX workbook of these parts."""
    strings = [_plain(one.group(0)) for one in STRING.finditer(_read(parts.get(SHARED, b"")))]
    try:
        every = number_formats(parts.get(STYLES, b""))
    except ParseError:
        every = {}  # of a workbook that no source asks for
    formats = {number: code for number, code in every.items() if "%" not in code}
    return lambda row: _xlsx_cells(row, strings, formats)


def has_places(name: str) -> bool:
    """Whether a part of a workbook has cells, or what they are made of, and no value as an attribute."""
    return name in (SHARED, STYLES, CONTENT, WORKBOOK) or SHEET.fullmatch(name) is not None


def without_places(part: bytes) -> bytes:
    """Its XML without the numbers of rows, styles, sizes and shared texts, which are no values."""
    return PLACE.sub(b"", SHARING.sub(rb"\1", part))


def _is_beside(name: str) -> bool:
    """Whether a part has texts beside the cells, and not what holds the workbook together."""
    holding = name in (SHARED, STYLES, CONTENT, WORKBOOK, "[Content_Types].xml")
    texts = name.endswith((".xml", ".vml", ".txt", ".csv", ".json"))
    return texts and not holding and not SHEET.fullmatch(name)


def _read(part: bytes) -> str:
    return part.decode("utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _plain(xml: str) -> str:
    return unescape(TAG.sub("", PHONETIC.sub("", xml)))


def _sheet(
    xml: str,
    row_pattern: re.Pattern[str],
    cells_of: Callable[[str], list[PlacedCell]],
    redactor: Redactor,
) -> str:
    """A sheet's XML with the cells that go emptied."""
    found = list(row_pattern.finditer(xml))
    first = [_cells(cells_of(row.group(0))) for row in found[:SEARCHED_ROWS]]
    header = redactor.keeping.header_in(first)
    titles = first.index(list(header)) if header else 0
    pieces, at = [], 0
    for number, row in enumerate(found):
        cells = cells_of(row.group(0))
        values = _cells(cells)
        if not redactor.is_asked(values):
            redactor.left += number > titles and any(values)
            continue
        kept = redactor.kept(header if number >= titles else (), values)
        pieces += [xml[at : row.start()], _emptied(row.group(0), cells, kept)]
        at = row.end()
        redactor.left += any(value and stays for value, stays in zip(values, kept, strict=True))
    return "".join([*pieces, xml[at:]])


def _cells(cells: list[PlacedCell]) -> list[str]:
    """The texts of a row by column."""
    values = [""] * max((cell.column + cell.repeated - 1 for cell in cells if cell.text), default=0)
    for cell in cells:
        if cell.text:
            values[cell.column - 1 : cell.column - 1 + cell.repeated] = [cell.text] * cell.repeated
    return values


def _emptied(row: str, cells: list[PlacedCell], kept: list[bool]) -> str:
    for cell in reversed(cells):
        places = range(cell.column - 1, min(cell.column - 1 + cell.repeated, len(kept)))
        if not all(kept[place] for place in places):
            row = row[: cell.start] + cell.emptied + row[cell.end :]
    return row


def _xlsx_cells(row: str, strings: list[str], formats: Mapping[int, str]) -> list[PlacedCell]:
    cells: list[PlacedCell] = []
    column = 0
    for found in XLSX_CELL.finditer(row):
        tag, attributes, inner = found.group(1), found.group(2), found.group(3) or ""
        place = re.search(r'\br="([A-Z]+)\d+"', attributes)
        column = column_number(place.group(1)) if place else column + 1
        value = VALUE.search(inner)
        is_shared = re.search(r'\bt="s"', attributes) is not None and value is not None
        string = int(value.group(1)) if is_shared and value else None
        text = strings[string] if string is not None else _own_text(attributes, inner, formats)
        bare = re.sub(r'\s+t="\w*"', "", attributes)
        cells.append(PlacedCell(found.start(), found.end(), column, 1, text, string, f"<{tag}{bare}/>"))
    return cells


def _own_text(attributes: str, inner: str, formats: Mapping[int, str]) -> str:
    """The text of a cell that shares none: its value, whether typed or of a formula."""
    value = VALUE.search(inner)
    if value is None:
        return _plain(inner)
    text = unescape(value.group(1))
    if not re.search(r'\bt="(?:str|b|e)"', attributes) and WHOLE.fullmatch(text):
        style = re.search(r'\bs="(\d+)"', attributes)
        text = _whole(text)
        zeros = formats.get(int(style[1])) if style else None
        text = shown(text, zeros) if zeros and text.isdecimal() else text
    return text


def _whole(text: str) -> str:
    """A number as it is read: whole where it is, however it is written."""
    return str(int(float(text))) if WHOLE.fullmatch(text) and float(text).is_integer() else text


def _strings_in(xml: str) -> set[int]:
    return {
        int(value.group(1))
        for found in XLSX_CELL.finditer(xml)
        if re.search(r'\bt="s"', found.group(2)) and (value := VALUE.search(found.group(3) or ""))
    }


def _without_strings(xml: str, gone: set[int]) -> str:
    """The shared strings with those that no cell uses any more left empty, so that numbers stay."""
    number = iter(range(len(xml)))

    def emptied(found: re.Match[str]) -> str:
        tag = found.group(1)
        prefix = tag.removesuffix("si")
        return f"<{tag}><{prefix}t/></{tag}>" if next(number) in gone else found.group(0)

    return STRING.sub(emptied, xml)


def _ods(xml: str, redactor: Redactor) -> str:
    pieces, at = [], 0
    for table in ODS_TABLE.finditer(xml):
        pieces += [xml[at : table.start()], _sheet(table.group(0), ODS_ROW, _ods_cells, redactor)]
        at = table.end()
    return "".join([*pieces, xml[at:]])


def _ods_cells(row: str) -> list[PlacedCell]:
    return list(_each_ods_cell(row))


def _each_ods_cell(row: str) -> Iterator[PlacedCell]:
    column = 1
    for found in ODS_CELL.finditer(row):
        tag, attributes, inner = found.group(1), found.group(2), found.group(3) or ""
        times = re.search(r'table:number-columns-repeated="(\d+)"', attributes)
        repeated = int(times.group(1)) if times else 1
        value = re.search(r'office:(?:string-)?value="([^"]*)"', attributes)
        text = _plain(inner)
        if value and not (text.isdecimal() and text.startswith("0")):  # `1,234` is shown of 1234
            text = _whole(unescape(value.group(1)))
        kept = " ".join(re.findall(r'table:number-(?:columns|rows)-(?:repeated|spanned)="\d+"', attributes))
        yield PlacedCell(
            found.start(), found.end(), column, repeated, text, None, f"<{tag}{' ' + kept if kept else ''}/>"
        )
        column += repeated
