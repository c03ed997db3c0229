"""The table in a grid of texts: where its headers stand, where it ends, what stands around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from pipeline.ingest.proposing.personal import looks_personal
from pipeline.ingest.text import SEARCHED_ROWS, clean_header

Row = Sequence[str]

LONGEST_HEADER = 160
TOTALS = re.compile(
    r"(grand |sub-?)?totals?\b|sum\b|all\b|(number of )?(rows|records)\b|count\b", re.IGNORECASE
)
NUMBER = re.compile(r"[-+£]?\d[\d,]*(\.\d+)?%?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([ T]\d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}:\d{2}(:\d{2})?")


@dataclass(frozen=True, slots=True)
class Found:
    """A table. `header_row` and `last_row` count from 1; `last_row` is None where nothing follows it.

    `rows` are its records, without `footers`, which are totals, and without blank rows. `beside` are
    the places of columns that belong to another table on its right.
    """

    header_row: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    footers: tuple[Row, ...] = ()
    last_row: int | None = None
    second_row: int | None = None  # where another table begins
    beside: tuple[int, ...] = ()


def find(grid: Sequence[Row]) -> Found | None:
    """The first table of a grid; None where no row among the first looks like headers."""
    header_row = _header_row(grid)
    if header_row is None:
        return None
    header = tuple(clean_header(cell) for cell in grid[header_row])
    end, second = _end(grid, header_row)
    beside = _beside(header)
    rows = [row for row in grid[header_row + 1 : end] if _filled(row)]
    if beside:  # rows of the other table go on where this one has ended
        rows = [row for row in rows if any(cell.strip() for cell in row[: beside[0]])]
    footers: list[Row] = []
    while rows and TOTALS.match(_first(rows[-1])) and len(_filled(rows[-1])) < max(2, len(_filled(header))):
        footers.insert(0, rows.pop())
    last_row = None if second is None else end
    return Found(
        header_row + 1,
        header,
        tuple(rows),
        tuple(footers),
        last_row,
        None if second is None else second + 1,
        beside,
    )


@lru_cache(maxsize=1 << 16)
def is_name(cell: str) -> bool:
    """Whether a cell could be a header: no number, no date, nothing of a person's."""
    text = clean_header(cell)
    if not text or len(text) > LONGEST_HEADER:
        return False
    return not (NUMBER.fullmatch(text) or DATE.fullmatch(text) or looks_personal(text))


def _header_row(grid: Sequence[Row]) -> int | None:
    for number in range(min(SEARCHED_ROWS, len(grid))):
        below = [_filled(row) for row in grid[number + 1 : number + 2 + SEARCHED_ROWS] if _filled(row)]
        if not below:
            return number if _is_header(grid[number]) else None
        usual = median(map(len, below))
        if (
            len(_filled(grid[number])) >= max(2, 0.6 * usual)
            and _is_header(grid[number])
            and not _recurs(grid[number], grid[number + 1 : number + 1000])
        ):
            return number + _is_group(grid, number)
    return None


def _is_group(grid: Sequence[Row], number: int) -> bool:
    """Whether a row names groups of columns, whose own names stand in the next row."""
    below = grid[number + 1] if number + 1 < len(grid) else ()
    more = len(_filled(below)) > len(_filled(grid[number]))
    return more and _is_header(below) and not _recurs(below, grid[number + 2 : number + 1000])


def _is_header(row: Row) -> bool:
    """Whether the cells of a row, up to a gap, are names, each its own; years or ages may be among them."""
    filled = [place for place, cell in enumerate(row) if cell.strip()]
    gap = next((n for n, place in enumerate(filled) if n > 1 and place != filled[n - 1] + 1), len(filled))
    cells = [clean_header(row[place]).casefold() for place in filled[:gap]]
    names = [cell for cell in cells if is_name(cell)]
    if len(names) < 2 or len(set(cells)) < len(cells):
        return False
    numbers = [int(cell) if cell.isdecimal() else -1 for cell in cells if not is_name(cell)]
    return not numbers or (len(numbers) > 2 and numbers[0] >= 0 and numbers == sorted(numbers))


def _recurs(row: Row, below: Sequence[Row]) -> bool:
    """Whether most cells stand again in their own columns, as those of a record do and names do not."""
    places = [place for place, cell in enumerate(row) if cell.strip()]
    again = sum(
        any(place < len(other) and other[place].strip() == row[place].strip() for other in below)
        for place in places
    )
    return 2 * again >= len(places) and again > 1 and not _again(row, below)


def _again(row: Row, below: Sequence[Row]) -> bool:
    """Whether a whole row stands there a second time, as the headers of a second table may."""
    names = _filled(row)
    return any(_filled(other) == names for other in below)


def _end(grid: Sequence[Row], header_row: int) -> tuple[int, int | None]:
    """The row after the table's last one, and the row where another table begins, both from 0."""
    names = [clean_header(cell).casefold() for cell in _filled(grid[header_row])]
    last = header_row + 1
    after_blank = False
    typed: dict[int, int] = {}  # by place, how many numbers and dates less how many texts
    for number in range(header_row + 1, len(grid)):
        row = grid[number]
        filled = _filled(row)
        if not filled:
            after_blank = True
            continue
        if after_blank and len(filled) > 1 and _is_header(row):
            repeated = [clean_header(cell).casefold() for cell in filled] == names[: len(filled)]
            other = any(cell.strip() and typed.get(place, 0) > 0 for place, cell in enumerate(row))
            if repeated or other:
                return last, number
        after_blank = False
        for place, cell in enumerate(row):
            if cell.strip():
                typed[place] = typed.get(place, 0) + (-1 if is_name(cell) else 1)
        last = number + 1
    return len(grid), None


def _beside(header: Row) -> tuple[int, ...]:
    """The places of headers to the right of a column without one, where fewer stand than to its left."""
    gaps = [place for place, name in enumerate(header) if not name]
    for gap in gaps:
        left, right = _filled(header[:gap]), [p for p in range(gap, len(header)) if header[p]]
        if len(left) > 1 and right and len(right) < len(left):
            return tuple(right)
    return ()


def sums(found: Found) -> tuple[tuple[str, ...], str | None]:
    """The headers whose totals are the sums of their columns, and the one whose total counts the rows."""
    agree: list[str] = []
    counts = None
    for place, name in enumerate(found.header):
        said = [_number(row[place]) for row in found.footers if place < len(row) and row[place].strip()]
        if len(said) != 1 or said[0] is None or not name:
            continue
        values = [_number(row[place]) for row in found.rows if place < len(row) and row[place].strip()]
        if values and None not in values and abs(sum(v for v in values if v is not None) - said[0]) < 1e-9:
            agree.append(name)
        elif said[0] == len(found.rows):
            counts = name
    return tuple(agree), counts


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", ""))
    except ValueError:
        return None


def _filled(row: Row) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _first(row: Row) -> str:
    return next(iter(_filled(row)), "").strip()


def columns_of(found: Found) -> Iterator[tuple[int, str]]:
    """The places and headers of the table's own columns that have one."""
    for place, name in enumerate(found.header):
        if name and place not in found.beside:
            yield place, name
