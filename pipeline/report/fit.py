"""How tall blocks will stand on an A4 page, estimated, so that a page can choose how much to say.

An estimate by letters and lines, generous by a few per cent: choosing by layout would need the layout
to be run for every choice. Sizes are those of `print.css`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from pipeline.report.chartvalues import AreaMap, BarChart, ChangeChart, Chart, LineChart, RankChart
from pipeline.report.document import (
    Block,
    Callout,
    Columns,
    Exhibit,
    Heading,
    Listing,
    Paragraph,
    Row,
    RowKind,
    Table,
    Tiles,
)
from pipeline.report.text import Text, plain

PAGE_MM = 256.5  # of 260
MANY_BARS = 8
FULL_LETTERS = 114  # of body text on a line of the full width
_LINE = 4.8  # mm, body
_SMALL = 4.0  # mm, notes and captions
_ROW = 3.78  # mm, a line in a table
_COLLAPSED = 5.0  # mm of margins between the blocks of a page that meet


def page_height(title: Text, blocks: Iterable[Block]) -> float:
    """The height of a section with its title, in mm."""
    heading = 5.5 + 7.4 * _lines(title, 60) + 3.5
    return heading + sum(height(block, FULL_LETTERS) for block in blocks) - _COLLAPSED


def height(block: Block, letters: int) -> float:
    """The height of a block set to that many letters a line, in mm."""
    match block:
        case Heading(words):
            return 6.4 if _lines(words, letters) == 1 else 11.0
        case Paragraph(words, quiet):
            return (_SMALL if quiet else _LINE) * _lines(words, int(letters * (1.15 if quiet else 1))) + 2
        case Listing(items):
            return sum(_LINE * _lines(item, letters - 3) + 0.7 for item in items)
        case Callout(paragraphs):
            return sum(_LINE * _lines(words, letters - 4) + 1.4 for words in paragraphs) + 4.0
        case Tiles():
            return 25.0
        case Table():
            return _table(block)
        case Exhibit():
            return _exhibit(block, letters)
        case Columns(columns):
            share = letters // len(columns) - 3
            return max(sum(height(inner, share) for inner in column) for column in columns) + 3


def _lines(words: Text, letters: int) -> int:
    return max(1, math.ceil(len(plain(words)) / max(letters, 1)))


def _table(table: Table) -> float:
    letters = [max(4, round(column.width * 1.18)) for column in table.columns]
    rows = sum(_row(row, letters) for row in table.rows)
    header = max(_lines(c.header, n) for c, n in zip(table.columns, letters, strict=True)) * 3.6 + 1.6
    caption = 0.0 if table.hidden_caption else 6.0
    note = _SMALL * _lines(table.note, 135) + 3.7 if table.note else 0.0
    return caption + header + rows + note + (0.0 if table.note else 4.0)


def _row(row: Row, letters: list[int]) -> float:
    if row.kind is RowKind.NOTE:
        return _ROW * _lines(row.cells[0].text, 125) + 0.9
    if row.kind is RowKind.GROUP:
        return _ROW * _lines(row.cells[0].text, sum(letters[:-1])) + 1.3
    lines = max(_lines(cell.text, n) for cell, n in zip(row.cells, letters, strict=True))
    return _ROW * lines + (0.7 if row.joined or row.kind is RowKind.CHILD else 1.2)


def _exhibit(exhibit: Exhibit, letters: int) -> float:
    picture = picture_height(exhibit.chart, exhibit.wide) * 0.2648
    caption = math.ceil((len(plain(exhibit.caption)) + 25) / (letters * 1.15))  # with its number and marking
    return 4.6 * _lines(exhibit.title, letters) + 1 + picture + _SMALL * caption + 1


def label_letters(chart: Chart, wide: bool) -> int:
    """After how many letters a label of a bar or a change goes on to another line."""
    many = isinstance(chart, BarChart) and len(chart.rows) > MANY_BARS
    return 44 if wide or many else 24


def bar_height(chart: BarChart, wide: bool) -> int:
    """The height of a bar with its gap, in pixels: room for the longest label."""
    if len(chart.rows) > MANY_BARS:
        return 16
    return max(
        22,
        10
        + 13
        * max((label_lines(plain(row.label), label_letters(chart, wide)) for row in chart.rows), default=1),
    )


def label_lines(label: str, letters: int) -> int:
    """How many lines a label takes."""
    return len(wrapped(label, letters))


def wrapped(label: str, letters: int) -> list[str]:
    """The label on lines of about so many letters."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def picture_height(chart: Chart, wide: bool) -> int:
    """The height of a chart in pixels."""
    match chart:
        case LineChart():
            return 132 if wide else 108
        case ChangeChart():
            lines = [label_lines(plain(row.label), label_letters(chart, wide)) for row in chart.rows]
            return 44 + max(27, 6 + 12 * max(lines, default=1)) * len(chart.rows)
        case RankChart():
            return 40 + 18 * len(chart.rows)
        case BarChart():
            return 42 + bar_height(chart, wide) * len(chart.rows)
        case AreaMap():
            return 500 if wide else 262
