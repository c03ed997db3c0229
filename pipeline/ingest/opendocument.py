"""ODS: what a sheet of an OpenDocument spreadsheet hides."""

from io import BytesIO
from xml.etree import ElementTree

from pipeline.errors import ExtractError
from pipeline.ingest.sheets import ERROR, MOST_CELLS, NEVER_CALCULATED, Cell, Findings

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
HIDDEN = ("collapse", "filter")
GROUP = f"{TABLE}table-row-group"  # of rows that can be folded away
ERROR_MARKS = ("#", "Err:")


def search(content: bytes, file_name: str) -> dict[str, Findings]:
    """What each sheet hides. Raises ExtractError where one spreads too far, or cannot be read."""
    found: dict[str, Findings] = {}
    sheet = _Search()
    try:
        for event, element in ElementTree.iterparse(BytesIO(content), ("start", "end")):
            if element.tag == f"{TABLE}table" and event == "start":
                sheet = _Search()
            elif element.tag == f"{TABLE}table":
                name = element.get(f"{TABLE}name", "")
                if sheet.cells > MOST_CELLS:
                    raise ExtractError(
                        f"{file_name}: sheet {name} repeats its cells {sheet.cells:,} times; a sheet of at "
                        f"most {MOST_CELLS:,} cells is read. Ask for it as a CSV file."
                    )
                found[name] = sheet.findings
            elif element.tag == GROUP:
                sheet.meet_group(element, event)
            elif event == "end":
                sheet.meet(element)
    except ElementTree.ParseError:
        raise ExtractError(f"{file_name}: the workbook is damaged; ask the supplier for it again") from None
    return found


class _Search:
    """Goes along the elements of one sheet. Rows and cells may stand for many that are alike."""

    def __init__(self) -> None:
        self._row = self._column = self._columns_declared = 0
        self._widest = self._lowest = 0
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[int] = []
        self._without_value: dict[Cell, str] = {}
        self._digits: list[tuple[Cell, str]] = []
        self._percentages: list[Cell] = []
        self._merged: list[tuple[Cell, Cell]] = []
        self._folded = 0  # groups about the row that are folded away

    @property
    def findings(self) -> Findings:
        """What was met so far."""
        return Findings(
            tuple(self._hidden_rows),
            tuple(self._hidden_columns),
            tuple(self._without_value.items()),
            tuple(self._digits),
            tuple(self._percentages),
            tuple(self._merged),
            is_filled=self.cells > 0,
        )

    @property
    def cells(self) -> int:
        """The cells of the rectangle that holds every filled one."""
        return self._widest * self._lowest

    def meet(self, element: ElementTree.Element) -> None:
        """Take in an element that is whole."""
        match element.tag.removeprefix(TABLE):
            case "table-column":
                self._meet_column(element)
            case "table-cell" | "covered-table-cell":
                self._meet_cell(element)
            case "table-row":
                self._meet_row(element)
                element.clear()

    def meet_group(self, element: ElementTree.Element, event: str) -> None:
        """Take in the start or the end of a group of rows."""
        if element.get(f"{TABLE}display") == "false":
            self._folded += 1 if event == "start" else -1

    def _meet_column(self, element: ElementTree.Element) -> None:
        for _ in range(_times(element, "columns")):
            self._columns_declared += 1
            if element.get(f"{TABLE}visibility") in HIDDEN:
                self._hidden_columns.append(self._columns_declared)

    def _meet_cell(self, element: ElementTree.Element) -> None:
        self._column += 1
        texts = ["".join(part.itertext()) for part in element.iter(f"{TEXT}p")]
        if element.get(f"{TABLE}formula") is not None:
            if element.get(f"{OFFICE}value-type") is None and not texts:
                self._without_value[Cell(self._row + 1, self._column)] = NEVER_CALCULATED
            elif texts and texts[0].startswith(ERROR_MARKS):
                self._without_value[Cell(self._row + 1, self._column)] = ERROR
        self._meet_value(element, "".join(texts))
        self._column += _times(element, "columns") - 1
        if texts or element.get(f"{OFFICE}value-type") is not None:
            self._widest = max(self._widest, self._column)
            self._lowest = max(self._lowest, self._row + 1)

    def _meet_value(self, element: ElementTree.Element, shown: str) -> None:
        cell = Cell(self._row + 1, self._column)
        rows, columns = _times(element, "rows", "spanned"), _times(element, "columns", "spanned")
        if rows > 1 or columns > 1:
            self._merged.append((cell, Cell(cell.row + rows - 1, cell.column + columns - 1)))
        kind = element.get(f"{OFFICE}value-type")
        if kind == "percentage":
            self._percentages.append(cell)
        elif kind == "float" and len(shown) > 1 and shown.isdecimal() and shown.startswith("0"):
            self._digits.append((cell, "0" * len(shown)))

    def _meet_row(self, element: ElementTree.Element) -> None:
        times = _times(element, "rows")
        if self._folded or element.get(f"{TABLE}visibility") in HIDDEN:
            self._hidden_rows += range(self._row + 1, self._row + times + 1)
        self._row += times
        if self._lowest == self._row - times + 1:
            self._lowest = self._row
        self._column = 0


def _times(element: ElementTree.Element, kind: str, how: str = "repeated") -> int:
    written = element.get(f"{TABLE}number-{kind}-{how}", "1")
    return max(1, min(int(written), 1 << 20)) if written.isdecimal() else 1
