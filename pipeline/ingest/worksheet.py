"""Worksheets: the table that a source declares on a sheet, told apart from all else that is there."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mapping_

from pipeline.definitions.source import Sheet
from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.sheets import ERRORS, column_name, shown
from pipeline.ingest.spreadsheet import Grid, has_lost_digits, is_day, texts_of
from pipeline.ingest.text import SEARCHED_ROWS, Refusal, clean_header
from pipeline.model.rule import RuleName

Row = tuple[list[str], int]


class Table:
    """The rows of a sheet below its declared header, blank ones left out, each with its number."""

    def __init__(self, mapping: Mapping, sheet: Sheet, grid: Grid, file_name: str) -> None:
        """Raises ExtractError where the header is not where it is declared, or a second table follows."""
        self._grid = grid
        self._where = f"{file_name}: sheet {grid.name.strip()}"
        if len(grid.cells) < sheet.header_row:
            raise ExtractError(
                f"{file_name}: sheet {sheet.sheet or 'number 1'} has {len(grid.cells)} rows, "
                f"so no header in row {sheet.header_row}"
            )
        self._header_row = sheet.header_row
        self._cells = grid.cells[: sheet.last_row]
        self.header = tuple(self._headers())
        first = (texts_of(cells, {}) for cells in grid.cells[:SEARCHED_ROWS])
        self._places = mapping.find(self.header, first, file_name)
        self._check_side_by_side(mapping)
        self._check_end(sheet, mapping)
        self._check_merged()
        self._formats = {
            place: form for name, place in self._places.items() if (form := mapping.format_of(name))
        }
        self._codes = {place for name, place in self._places.items() if name in mapping.codes}
        self._declared = {
            self._places[column.derived.from_]: {*column.derived.empty, *(column.derived.values or ())}
            for column in mapping.columns
            if column.derived.from_ in self._places
        }
        self.refusals: list[Refusal] = []
        self.notes = [*self._notes(), *self._percentages(mapping)]
        self.rows = list(self._rows(self._unvalued()))

    def _headers(self) -> Iterator[str]:
        """The header's cells. One merged with those above it has its text there."""
        row = self._header_row
        cells = texts_of(self._grid.cells[row - 1], {})
        for (top, left), (bottom, right) in self._grid.merged:
            if top <= row <= bottom and right > left:
                named = f"{column_name(left)}{top}:{column_name(right)}{bottom}"
                raise ExtractError(
                    f"{self._where}: the cells {named} of its header are merged, so that one name stands for "
                    f"{right - left + 1} columns. Say in which row each column has a name of its own "
                    "(`header_row:` in config/sources.yaml), or ask for a table without merged cells."
                )
            if top < row <= bottom:
                cells[left - 1] = texts_of(self._grid.cells[top - 1], {})[left - 1]
        return map(clean_header, cells)

    def _notes(self) -> Iterator[str]:
        name, findings = self._grid.name.strip(), self._grid.findings
        if self._grid.is_hidden:
            yield f"sheet {name} is hidden, and was read because it is declared"
        rows = [row for row in findings.hidden_rows if row > self._header_row and self._is_filled(row)]
        if rows:
            verb = "row is hidden and was" if len(rows) == 1 else "rows are hidden and were"
            yield f"sheet {name}: {len(rows):,} {verb} read like the others, the first is row {rows[0]}"
        columns = [column for column in findings.hidden_columns if column <= len(self.header)]
        if columns:
            verb = "is hidden" if len(columns) == 1 else "are hidden"
            yield f"sheet {name}: column {', '.join(map(column_name, columns))} {verb}"

    def _percentages(self, mapping: Mapping) -> Iterator[str]:
        """Columns of numbers with cells that are shown as percentages, and are fractions."""
        cells = [cell for cell in self._grid.findings.percentages if cell.row > self._header_row]
        for name, place in self._places.items():
            found = [cell.name for cell in cells if cell.column == place + 1 and name in mapping.numbers]
            if found:
                what = "cell is" if len(found) == 1 else "cells are"
                yield (
                    f"{name}: {len(found):,} {what} shown as a percentage, the first {found[0]}; numbers are "
                    "read as the workbook holds them: 12.5% is 0.125"
                )

    def _is_filled(self, row: int) -> bool:
        return row <= len(self._grid.cells) and any(cell != "" for cell in self._grid.cells[row - 1])

    def _unvalued(self) -> Mapping_[int, Refusal]:
        """Rows with a wanted cell whose value is not there, by row."""
        wanted = {place + 1: name for name, place in self._places.items()}
        found: dict[int, Refusal] = {}
        for cell, reason in self._grid.findings.without_value:
            if cell.column not in wanted or cell.row < self._header_row:
                continue
            if cell.row == self._header_row:
                raise ExtractError(f"{self._where}: cell {cell.name} of its header {reason}")
            advice = "; open the workbook, let it calculate, save it and send it again"
            refusal = Refusal(
                cell.row, wanted[cell.column], RuleName.FORMULA, f"cell {cell.name} {reason}{advice}"
            )
            found.setdefault(cell.row, refusal)
        return found

    def _rows(self, unvalued: Mapping_[int, Refusal]) -> Iterator[Row]:
        texts = set(self._places.values())
        zeros: dict[int, list[tuple[int, str]]] = {}
        for cell, digits in self._grid.findings.digits:
            if cell.column - 1 in texts:
                zeros.setdefault(cell.row, []).append((cell.column - 1, digits))
        width = len(self.header)
        after_blank = False
        for number, cells in enumerate(self._cells[self._header_row :], self._header_row + 1):
            if number in unvalued:
                self.refusals.append(unvalued[number])
                continue
            if all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells):
                after_blank = True
                continue
            if after_blank or number == self._header_row + 1:
                self._check_one_table(number, cells)
            after_blank = False
            refusals = (self._refusal(number, place, cells[place]) for place in sorted(texts))
            if refusal := next(filter(None, refusals), None):
                self.refusals.append(refusal)
                continue
            row = texts_of(cells, self._formats)[:width]
            for place, digits in zeros.get(number, ()):
                row[place] = shown(row[place], digits) if row[place].isdecimal() else row[place]
            yield row, number

    def _refusal(self, number: int, place: int, cell: object) -> Refusal | None:
        """What is said of a cell that does not hold what was typed into it."""
        named = f"cell {column_name(place + 1)}{number}"
        if has_lost_digits(cell):
            rule = RuleName.DIGITS
            reason = (
                f"{named} is a number of more than 15 digits, of which a spreadsheet loses the last; ask for "
                "the column as text"
            )
        elif cell in ERRORS and cell not in self._declared.get(place, ()):
            rule, reason = RuleName.FORMULA, f"{named} holds the text of an error, {cell}"
        elif place in self._codes and is_day(cell):
            rule = RuleName.DATE
            reason = (
                f"{named} is a date in a column of texts: spreadsheets make one of a code such as MAR1 or "
                "1-3; ask for the column as text"
            )
        else:
            return None
        return Refusal(number, self.header[place], rule, reason)

    def _check_side_by_side(self, mapping: Mapping) -> None:
        """A column without a header that has values is part of something else, or its header was cut."""
        if "" in mapping.source.ignored:
            return
        for place, name in enumerate(self.header):
            below = self._cells[self._header_row :]
            if not name and any(place < len(cells) and cells[place] != "" for cells in below):
                raise ExtractError(
                    f"{self._where}: column {column_name(place + 1)} has values and no header in row "
                    f'{self._header_row}. Ask which column it is; if it is not wanted, add "" to `ignored` '
                    "of its source in config/sources.yaml."
                )

    def _check_end(self, sheet: Sheet, mapping: Mapping) -> None:
        """A row right below the declared last one: the table has grown, and its end would be lost."""
        last, footer = sheet.last_row, mapping.source.footer
        if last is None or not (self._is_filled(last) and self._is_filled(last + 1)):
            return
        if footer is None or not footer.begins(texts_of(self._grid.cells[last], {})):
            raise ExtractError(
                f"{self._where}: row {last + 1}, right below the declared `last_row: {last}`, has values. If "
                "the table has grown, correct `last_row` of its source in config/sources.yaml; if it is a "
                "line of totals, declare `footer:` there."
            )

    def _check_merged(self) -> None:
        """Cells merged below each other: only the first has the value, the others would read as empty."""
        wanted = set(self._places.values())
        for (top, left), (bottom, right) in self._grid.merged:
            below = self._header_row < bottom <= len(self._cells) and bottom > top
            if below and wanted.intersection(range(left - 1, right)):
                named = f"{column_name(left)}{top}:{column_name(right)}{bottom}"
                raise ExtractError(
                    f"{self._where}: the cells {named} are merged, so that one value stands for "
                    f"{bottom - top + 1} rows and only the first has it. Unmerge them and fill the value "
                    "down, or ask for a table without merged cells."
                )

    def _check_one_table(self, number: int, cells: Sequence[object]) -> None:
        """A row that repeats the header, or has only texts where those above have numbers and dates."""
        filled = [(place, cell) for place, cell in enumerate(cells) if cell != ""]
        names = [clean_header(str(cell)).casefold() for _, cell in filled]
        repeated = len(names) > 1 and names == [name.casefold() for name in self.header if name][: len(names)]
        if not repeated and (len(filled) < 2 or not all(isinstance(cell, str) for _, cell in filled)):
            return
        above = self._grid.cells[self._header_row : number - 1]
        typed = [
            place
            for place, _ in filled
            if (values := [row[place] for row in above if row[place] != ""])
            and not any(isinstance(value, str) for value in values)
        ]
        if repeated or typed:
            raise ExtractError(
                f"{self._where}: row {number} looks like the header of a second table. If it is one, give it "
                "a sheet of its own, or declare both under `sheets:` with `header_row:` and `last_row:` in "
                "config/sources.yaml; if it is none, take out the blank row above it."
            )
