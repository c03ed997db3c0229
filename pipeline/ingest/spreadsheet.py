"""The only owner of python-calamine: sheets of a workbook as rows of texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import python_calamine

from pipeline.errors import ExtractError
from pipeline.ingest.sheets import Findings
from pipeline.ingest.workbooks import Package

DIGITS_KEPT = 15  # a spreadsheet's numbers have no more


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its cells row by row from row 1 and column 1 on, and what it hides.

    `merged` are ranges of cells that are one, as ((first row, first column), (last row, last column)),
    all counted from 1; only the first of them has the value.
    """

    name: str
    is_hidden: bool
    cells: Sequence[Sequence[object]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    findings: Findings


class Workbook:
    """A workbook that has passed the checks of `workbooks`."""

    def __init__(self, path: Path) -> None:
        """Raises ExtractError where it is damaged, or must not be opened."""
        self._path = path
        package = Package(path)
        self._package = package
        self.epoch = package.epoch
        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(package.repacked())
        except python_calamine.CalamineError as error:
            raise self._unreadable(error) from None

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""
        return tuple(self._book.sheet_names)

    @property
    def hidden_sheets(self) -> tuple[str, ...]:
        """The names of the sheets that are not shown."""
        visible = python_calamine.SheetVisibleEnum.Visible
        return tuple(sheet.name for sheet in self._book.sheets_metadata if sheet.visible is not visible)

    @property
    def filled_sheets(self) -> tuple[str, ...]:
        """The names of the sheets that have cells with values, in order."""
        return tuple(name for name in self._book.sheet_names if self._package.findings(name).is_filled)

    def grid(self, wanted: str | None) -> Grid:
        """One sheet; where none is named, the only one shown that has cells.

        Raises ExtractError where there is no such sheet, or several could be meant.
        """
        name = self._named(wanted) if wanted is not None else self._only()
        findings = self._package.findings(name)
        try:
            sheet = self._book.get_sheet_by_name(name)
            cells = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except python_calamine.CalamineError as error:
            raise self._unreadable(error) from None
        ranges = (
            *(((r1 + 1, c1 + 1), (r2 + 1, c2 + 1)) for (r1, c1), (r2, c2) in merged),
            *(((one.row, one.column), (last.row, last.column)) for one, last in findings.merged),
        )
        return Grid(name, name in self.hidden_sheets, cells, ranges, findings)

    def _named(self, wanted: str) -> str:
        for name in self._book.sheet_names:
            if name.strip() == wanted.strip():
                return name
        names = ", ".join(self._book.sheet_names)
        raise ExtractError(f"{self._path.name}: there is no sheet {wanted!r}; it has: {names}")

    def _only(self) -> str:
        shown = [name for name in self._book.sheet_names if name not in self.hidden_sheets]
        filled = [name for name in shown if self._package.findings(name).is_filled]
        if len(filled) > 1:
            raise ExtractError(
                f"{self._path.name}: it has {len(filled)} sheets: {', '.join(filled)}. Say which one is "
                f"meant, `sheets: [{{sheet: {filled[0]}}}]`, in its source in config/sources.yaml."
            )
        return (filled or shown or self._book.sheet_names)[0]

    def _unreadable(self, error: Exception) -> ExtractError:
        return ExtractError(f"{self._path.name}: the workbook cannot be read ({type(error).__name__})")


def texts_of(cells: Sequence[object], formats: Mapping[int, str]) -> list[str]:
    """The texts of one row. `formats` are how dates and times are written, by column from 0.

    Whole numbers lose the `.0` that spreadsheets add; dates are ISO where no format is given.
    """
    return [_text(cell, formats.get(place, "")) for place, cell in enumerate(cells)]


def has_lost_digits(cell: object) -> bool:
    """Whether a cell is a number longer than a spreadsheet keeps: the end of a reference is gone."""
    return isinstance(cell, float) and abs(cell) >= 10**DIGITS_KEPT


def is_day(cell: object) -> bool:
    """Whether a cell is a date as such, and no text of one."""
    return isinstance(cell, date)


def _text(cell: object, form: str) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | time | datetime):
        if form:
            return cell.strftime(form)
        if isinstance(cell, datetime) and cell.time() == time():
            return cell.date().isoformat()
        return cell.isoformat()
    return str(cell)
