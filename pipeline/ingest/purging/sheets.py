"""Redacting workbooks, XLSX and ODS: cells are emptied in their XML, and texts that nothing uses any more."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.sheets import column_number

SEARCHED_ROWS = 100  # for the header
SHARED = "xl/sharedStrings.xml"
XLSX_ROW = re.compile(r"<((?:\w+:)?row)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
XLSX_CELL = re.compile(r"<((?:\w+:)?c)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
ODS_ROW = re.compile(r"<(table:table-row)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
ODS_CELL = re.compile(r"<(table:table-cell|table:covered-table-cell)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
ODS_TABLE = re.compile(r"<(table:table)\b.*?</\1>", re.DOTALL)
STRING = re.compile(r"<((?:\w+:)?si)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
VALUE = re.compile(r"<(?:\w+:)?v\b[^>]*>(.*?)</", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
PHONETIC = re.compile(r"<((?:\w+:)?rPh)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: where it stands in the row's XML, its column, its text, the string it shares."""

    start: int
    end: int
    column: int
    repeated: int
    text: str
    string: int | None
    emptied: str  # its XML without a value


def redacted(content: bytes, keeping: Keeping, reference: Reference) -> tuple[bytes, int]:
    """A workbook with the values that go left empty, and how many rows had any."""
    with ZipFile(io.BytesIO(content)) as book:
        parts = {entry: book.read(entry) for entry in book.infolist()}
    texts = {entry.filename: part for entry, part in parts.items()}
    strings = [_plain(one.group(0)) for one in STRING.finditer(_read(texts.get(SHARED, b"")))]
    rows = 0
    used: set[int] = set()
    gone: set[int] = set()
    for name, part in texts.items():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            sheet, changed = _sheet(
                _read(part), XLSX_ROW, lambda row: _xlsx_cells(row, strings), keeping, reference
            )
            before, after = _strings_in(_read(part)), _strings_in(sheet)
            used |= after
            gone |= before - after
            rows += changed
            texts[name] = sheet.encode()
        elif name == "content.xml":
            document, changed = _ods(_read(part), keeping, reference)
            rows += changed
            texts[name] = document.encode()
    if gone - used:
        texts[SHARED] = _without_strings(_read(texts[SHARED]), gone - used).encode()
    beside = [name for name, part in texts.items() if _is_text(name) and reference.in_bytes.search(part)]
    for name in beside:  # comments, caches of pivot tables, names of sheets and of the workbook
        texts[name] = reference.pattern.sub("", _read(texts[name])).encode()
    if not rows and not beside:
        return content, 0
    new = io.BytesIO()
    with ZipFile(new, "w", ZIP_DEFLATED) as book:
        for entry in parts:
            book.writestr(entry, texts[entry.filename])
    return new.getvalue(), rows or 1


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml", ".txt", ".csv", ".json"))


def _read(part: bytes) -> str:
    return part.decode("utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _plain(xml: str) -> str:
    return unescape(TAG.sub("", PHONETIC.sub("", xml)))


def _sheet(
    xml: str,
    row_pattern: re.Pattern[str],
    cells_of: Callable[[str], list[Cell]],
    keeping: Keeping,
    reference: Reference,
) -> tuple[str, int]:
    """A sheet's XML with the cells that go emptied, and in how many rows."""
    found = list(row_pattern.finditer(xml))
    header = keeping.header_in([_cells(cells_of(row.group(0))) for row in found[:SEARCHED_ROWS]])
    pieces, at, changed = [], 0, 0
    for row in found:
        cells = cells_of(row.group(0))
        values = _cells(cells)
        if not any(map(reference.is_in, values)):
            continue
        kept = keeping.kept(header, values, reference)
        pieces += [xml[at : row.start()], _emptied(row.group(0), cells, kept)]
        at = row.end()
        changed += 1
    return "".join([*pieces, xml[at:]]), changed


def _cells(cells: list[Cell]) -> list[str]:
    """The texts of a row by column."""
    values = [""] * max((cell.column + cell.repeated - 1 for cell in cells if cell.text), default=0)
    for cell in cells:
        if cell.text:
            values[cell.column - 1 : cell.column - 1 + cell.repeated] = [cell.text] * cell.repeated
    return values


def _emptied(row: str, cells: list[Cell], kept: list[bool]) -> str:
    for cell in reversed(cells):
        places = range(cell.column - 1, min(cell.column - 1 + cell.repeated, len(kept)))
        if not all(kept[place] for place in places):
            row = row[: cell.start] + cell.emptied + row[cell.end :]
    return row


def _xlsx_cells(row: str, strings: list[str]) -> list[Cell]:
    cells: list[Cell] = []
    column = 0
    for found in XLSX_CELL.finditer(row):
        tag, attributes, inner = found.group(1), found.group(2), found.group(3) or ""
        place = re.search(r'\br="([A-Z]+)\d+"', attributes)
        column = column_number(place.group(1)) if place else column + 1
        value = VALUE.search(inner)
        is_shared = re.search(r'\bt="s"', attributes) is not None and value is not None
        string = int(value.group(1)) if is_shared and value else None
        text = strings[string] if string is not None else _plain(inner)
        bare = re.sub(r'\s+t="\w*"', "", attributes)
        cells.append(Cell(found.start(), found.end(), column, 1, text, string, f"<{tag}{bare}/>"))
    return cells


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


def _ods(xml: str, keeping: Keeping, reference: Reference) -> tuple[str, int]:
    pieces, at, changed = [], 0, 0
    for table in ODS_TABLE.finditer(xml):
        sheet, rows = _sheet(table.group(0), ODS_ROW, _ods_cells, keeping, reference)
        pieces += [xml[at : table.start()], sheet]
        at = table.end()
        changed += rows
    return "".join([*pieces, xml[at:]]), changed


def _ods_cells(row: str) -> list[Cell]:
    return list(_each_ods_cell(row))


def _each_ods_cell(row: str) -> Iterator[Cell]:
    column = 1
    for found in ODS_CELL.finditer(row):
        tag, attributes, inner = found.group(1), found.group(2), found.group(3) or ""
        times = re.search(r'table:number-columns-repeated="(\d+)"', attributes)
        repeated = int(times.group(1)) if times else 1
        value = re.search(r'office:(?:string-)?value="([^"]*)"', attributes)
        text = _plain(inner) or (unescape(value.group(1)) if value else "")
        kept = " ".join(re.findall(r'table:number-(?:columns|rows)-(?:repeated|spanned)="\d+"', attributes))
        yield Cell(
            found.start(), found.end(), column, repeated, text, None, f"<{tag}{' ' + kept if kept else ''}/>"
        )
        column += repeated
