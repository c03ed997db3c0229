"""Workbooks as the archives that they are: refused before they are parsed, and searched for what they hide.

The spreadsheet library sees nothing of a workbook but the parts that were checked here. It does not
say which rows are hidden, and gives a formula without a value, or an error, as an empty cell: this does.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

from pipeline.errors import ExtractError
from pipeline.ingest import archives, opendocument
from pipeline.ingest.sheets import (
    ERROR,
    MOST_CELLS,
    NEVER_CALCULATED,
    Cell,
    Findings,
    column_name,
    column_number,
)

MOST_PARTS = 5_000
MOST_UNPACKED_BYTES = 1 << 29
PARTS_READ = (".xml", ".rels", "mimetype")
MACROS = ("/vbaproject.bin", "/basic/", "/scripts/", "/macrosheets/")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>/]*>')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>/]*>[^<]")
_ZEROS = re.compile(r"0[0 /.-]*0")
_STYLED = re.compile(rb'formatCode="(?:0[^"]*0|[^"]*%[^"]*)"|numFmtId="(?:9|10)"')
PERCENTAGES = {"9": "0%", "10": "0.00%"}  # built in: no workbook writes their codes
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")


class Package:
    """The checked parts of one workbook."""

    def __init__(self, path: Path) -> None:
        """Raises ExtractError where the workbook is damaged, too big, has a macro, or declares entities."""
        self._name = path.name
        self._parts: dict[str, bytes] = {}
        try:
            with archives.opened(path) as archive:
                self._check_size(archive)
                for entry in archive.infolist():
                    if any(mark in f"/{entry.filename.lower()}" for mark in MACROS):
                        raise self._refused("it holds a macro; save it as .xlsx, without macros")
                    if entry.filename.endswith(PARTS_READ):
                        self._parts[entry.filename] = self._checked(archive.read(entry))
        except ExtractError as error:
            if "archive is damaged" in str(error):
                raise self._refused("the workbook is damaged; ask the supplier for it again") from None
            raise
        if b"encryption-data" in self._parts.get("META-INF/manifest.xml", b""):
            raise self._refused("the workbook has a password; save it without one, or ask for it so")
        # The library reads all of an ODS file on opening it, and a sheet of an XLSX file when asked for it.
        content = self._parts.get("content.xml")
        self._open_document = opendocument.search(content, path.name) if content is not None else {}

    @property
    def is_open_document(self) -> bool:
        """Whether it is an ODS file; otherwise XLSX."""
        return "content.xml" in self._parts

    def repacked(self) -> IO[bytes]:
        """A workbook of the checked parts and nothing else."""
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_STORED) as archive:
            for name, content in self._parts.items():
                archive.writestr(name, content)
        packed.seek(0)
        return packed

    @property
    def epoch(self) -> int:
        """The year from which its serial dates count: 1900 or 1904."""
        properties = re.search(rb"<(?:\w+:)?workbookPr\b([^>]*)>", self._parts.get("xl/workbook.xml", b""))
        return 1904 if properties and _is_true(properties[1], b"date1904") else 1900

    def findings(self, sheet: str) -> Findings:
        """What a sheet hides. Raises ExtractError where its cells spread too far to be read."""
        if self.is_open_document:
            return self._open_document[sheet]
        part = self._parts.get(self._part_of(sheet), b"")
        self._check_spread(part, sheet)
        hidden = tuple(
            number
            for number, attributes in enumerate(_rows(part), 1)
            if attributes is not None and _is_true(attributes, b"hidden")
        )
        columns = tuple(
            number
            for attributes in _COLUMN.findall(part)
            if _is_true(attributes, b"hidden")
            for number in range(_number(attributes, b"min"), min(_number(attributes, b"max"), 16384) + 1)
        )
        formatted = list(self._formatted(part))
        return Findings(
            hidden,
            columns,
            tuple(_without_value(part)),
            tuple((cell, code) for cell, code in formatted if "%" not in code),
            tuple(cell for cell, code in formatted if "%" in code),
            is_filled=_VALUE.search(part) is not None,
        )

    def _formatted(self, part: bytes) -> Iterator[tuple[Cell, str]]:
        """Cells whose number format is nothing but zeros (references mostly), or a percentage."""
        try:
            wanted = number_formats(self._parts.get("xl/styles.xml", b""))
        except ElementTree.ParseError:
            raise self._refused("the workbook is damaged; ask the supplier for it again") from None
        for found in _CELL.finditer(part) if wanted else ():
            style, place = _number(found[1], b"s"), re.search(rb'\br="([A-Z]+)(\d+)"', found[1])
            if style in wanted and place and found[2]:
                yield Cell(int(place[2]), column_number(place[1].decode())), wanted[style]

    def _check_size(self, archive: ZipFile) -> None:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
            raise self._refused(
                f"the workbook would unpack to {unpacked:,} bytes in {len(entries):,} parts; at most "
                f"{MOST_UNPACKED_BYTES:,} in {MOST_PARTS:,} are read. Ask for it as a CSV file."
            )

    def _checked(self, part: bytes) -> bytes:
        if part.startswith((b"\xff\xfe", b"\xfe\xff")) or DECLARATION.search(part):
            raise self._refused(
                "it declares XML entities, which no spreadsheet program writes and which can be used to "
                "read files or to fill the memory. It is not opened: ask the supplier what it is."
            )
        return part

    def _check_spread(self, part: bytes, sheet: str) -> None:
        found = set(_FILLED.findall(part)) if len(part) < 1 << 20 else _corners(part)
        if found:
            rows = max(int(row) for _, row in found)
            columns = max(column_number(column.decode()) for column, _ in found)
            if rows * columns > MOST_CELLS:
                raise self._refused(
                    f"the cells of sheet {sheet} reach to {column_name(columns)}{rows}; a sheet of at most "
                    f"{MOST_CELLS:,} cells is read. Delete the stray cell, or ask for it as a CSV file."
                )

    def _part_of(self, sheet: str) -> str:
        """The part that holds a sheet, through the workbook's relationships."""
        try:
            book = ElementTree.fromstring(self._parts["xl/workbook.xml"])
            related = ElementTree.fromstring(self._parts["xl/_rels/workbook.xml.rels"])
        except (KeyError, ElementTree.ParseError):
            raise self._refused("the workbook is damaged; ask the supplier for it again") from None
        targets = {one.get("Id"): one.get("Target", "") for one in related}
        for one in book.iter():
            if one.tag.endswith("}sheet") and one.get("name") == sheet:
                ids = [value for key, value in one.attrib.items() if key.endswith("}id")]
                target = targets.get(ids[0], "") if ids else ""
                return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return ""

    def _refused(self, reason: str) -> ExtractError:
        return ExtractError(f"{self._name}: {reason}")


def number_formats(styles: bytes) -> dict[int, str]:
    """The number formats that are nothing but zeros, or a percentage, by the number of a cell's style."""
    if not _STYLED.search(styles):
        return {}
    root = ElementTree.fromstring(styles)
    codes = PERCENTAGES | {
        one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iter(f"{MAIN}numFmt")
    }
    formats = [codes.get(one.get("numFmtId", ""), "") for one in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    plain = [re.sub(r"[\\\"]", "", code) for code in formats]
    return {n: code for n, code in enumerate(plain) if _ZEROS.fullmatch(code) or "%" in code}


def _corners(part: bytes) -> set[tuple[bytes, bytes]]:
    """The highest row and column of a big sheet, without a list of all its cells."""
    columns: dict[bytes, None] = {}
    last = b"1"
    for found in _FILLED.finditer(part):
        columns[found[1]] = None
        last = max(last, found[2], key=int)
    return {(column, last) for column in columns}


def _rows(part: bytes) -> Iterator[bytes | None]:
    """The attributes of each row from the first on; None of a row that is not written."""
    at = 0
    for found in _ROW.finditer(part):
        number = _number(found[1], b"r") or at + 1
        for _ in range(at + 1, min(number, 1 << 20)):
            yield None
        at = max(at + 1, number)
        yield found[1]


def _without_value(part: bytes) -> Iterator[tuple[Cell, str]]:
    """Cells of formulas that were never calculated, and of errors."""
    if not (_FORMULA.search(part) or b't="e"' in part):
        return
    row = column = 0
    for found in re.finditer(rb"<(?:\w+:)?row\b[^>]*>|" + _CELL.pattern, part, re.DOTALL):
        cell = _CELL.fullmatch(found[0])
        if cell is None:
            row, column = _number(_ROW.match(found[0])[1], b"r") or row + 1, 0  # type: ignore[index]
            continue
        place = re.search(rb'\br="([A-Z]+)\d+"', cell[1])
        column = column_number(place[1].decode()) if place else column + 1
        content = cell[2] or b""
        if re.search(rb'\bt="e"', cell[1]):
            yield Cell(row, column), ERROR
        elif _FORMULA.search(content) and not _VALUE.search(content) and b't="str"' not in cell[1]:
            yield Cell(row, column), NEVER_CALCULATED


def _is_true(attributes: bytes, name: bytes) -> bool:
    return re.search(rb"\b" + name + rb'="(1|true)"', attributes) is not None


def _number(attributes: bytes, name: bytes) -> int:
    found = re.search(rb"\b" + name + rb'="(\d+)"', attributes)
    return int(found[1]) if found else 0
