"""The only owner of python-calamine: sheets of a workbook as rows of text."""

from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import python_calamine

from pipeline.errors import ExtractError

MOST_UNPACKED_BYTES = 1 << 29


def rows_of(path: Path, sheet: str | None) -> list[list[str]]:
    """Every row of one sheet from row 1 on, each cell as text; the first sheet where none is named.

    Whole numbers lose the `.0` that spreadsheets add; dates are ISO. Raises ExtractError where the
    workbook cannot be read or has no such sheet.
    """
    try:
        with ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except BadZipFile:
        raise ExtractError(f"{path.name}: the workbook is damaged or has a password") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise ExtractError(
            f"{path.name}: the workbook would unpack to {unpacked:,} bytes; "
            f"at most {MOST_UNPACKED_BYTES:,} are read"
        )
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        name = _named(sheet, workbook.sheet_names, path.name)
        cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise ExtractError(f"{path.name}: the workbook cannot be read ({type(error).__name__})") from None
    return [[_text(cell) for cell in row] for row in cells]


def _named(sheet: str | None, names: list[str], file_name: str) -> str:
    if sheet is None:
        return names[0]
    for name in names:
        if name.strip() == sheet.strip():
            return name
    raise ExtractError(f"{file_name}: there is no sheet {sheet!r}; it has: {', '.join(names)}")


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time | datetime):
        return cell.isoformat()
    return str(cell)
