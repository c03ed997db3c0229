"""The document model: what every writer (PDF, HTML, later a workbook) is given.

A document is sections of blocks; blocks hold texts and chart values. It knows nothing of layout but
what an author would say: this stands in two columns, this begins a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pipeline.report.chartvalues import (
    AreaMap,
    BarChart,
    ChangeChart,
    Chart,
    RankChart,
)
from pipeline.report.text import Figure, Quoted, Text, leaves


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section: level 2 or 3 (the section's title is level 1)."""

    text: Text
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `quiet` for notes below tables and charts."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered or not."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """What the reader should take away, set apart."""

    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with what it counts."""

    number: Text
    label: Text


@dataclass(frozen=True, slots=True)
class Tiles:
    """A row of numbers."""

    tiles: tuple[Tile, ...]


class CellKind(StrEnum):
    """What a cell holds; it decides how the cell is set."""

    WORDS = "words"
    NUMBER = "number"
    RANGE = "range"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its header, what its cells hold and its share of the width in hundredths."""

    header: Text
    kind: CellKind = CellKind.WORDS
    width: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `tone` names a verdict, which colour may support."""

    text: Text
    tone: str = ""


class RowKind(StrEnum):
    """A row; one indented under the row above; a total; a heading of the rows below; a remark.

    A heading has two cells, the first as wide as all columns but the last; a remark has one.
    """

    ROW = "row"
    CHILD = "child"
    TOTAL = "total"
    GROUP = "group"
    NOTE = "remark"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its first cell is its header. `joined`: it belongs to the row above, with no rule between."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.ROW
    joined: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption; `whole` keeps it on one page."""

    caption: Text
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    note: Text = ()
    whole: bool = False
    hidden_caption: bool = False

    @property
    def grouped(self) -> bool:
        """Whether rows stand under headings."""
        return any(row.kind is RowKind.GROUP for row in self.rows)

    def __post_init__(self) -> None:
        for row in self.rows:
            cells = {RowKind.GROUP: 2, RowKind.NOTE: 1}.get(row.kind, len(self.columns))
            if len(row.cells) != cells:
                raise ValueError(f"a row of {len(row.cells)} cells in a table of {len(self.columns)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A chart or map with its finding as title, its caption (period, source, marks) and its alt text.

    `number` is given by `numbered`, in reading order.
    """

    title: Text
    chart: Chart
    caption: Text
    alt: Text
    wide: bool = False
    number: int = 0

    @property
    def name(self) -> str:
        """What the text calls it: `FIG-3`."""
        return f"FIG-{self.number}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side."""

    columns: tuple[tuple[Block, ...], ...]


Block = Heading | Paragraph | Listing | Callout | Tiles | Table | Exhibit | Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document with a title of its own. `eyebrow` says where we are, `title` what was found.

    `contents` is its line in the table of contents, indented at `depth` 2; without one it is not listed.
    `new_page` is False for sections that may follow on the same page; `dense` ones are reference, set
    small and in two columns.
    """

    id: str
    eyebrow: Text
    title: Text
    blocks: tuple[Block, ...]
    contents: Text = ()
    depth: int = 1
    new_page: bool = True
    dense: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document. `control` are the lines of document control on the cover."""

    name: str  # assessment or board-paper
    title: Text
    partnership: Text
    area: Text
    subtitle: Text
    control: tuple[tuple[str, Text], ...]
    footer: Text
    demonstration: bool
    sections: tuple[Section, ...]
    cover: bool = True
    created: str = ""  # ISO date, the edition's
    attribution: tuple[Text, ...] = field(default=())


def numbered(document: Document) -> Document:
    """The document with its exhibits numbered from 1 in reading order."""
    count = 0

    def visit(block: Block) -> Block:
        nonlocal count
        if isinstance(block, Exhibit):
            count += 1
            return replace(block, number=count)
        if isinstance(block, Columns):
            return Columns(tuple(tuple(visit(inner) for inner in column) for column in block.columns))
        return block

    sections = tuple(
        replace(section, blocks=tuple(visit(block) for block in section.blocks))
        for section in document.sections
    )
    return replace(document, sections=sections)


def exhibits(document: Document) -> Iterator[Exhibit]:
    """Every exhibit, in reading order."""
    for section in document.sections:
        for block in flat(section.blocks):
            if isinstance(block, Exhibit):
                yield block


def flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks in reading order, those inside columns included."""
    for block in blocks:
        if isinstance(block, Columns):
            for column in block.columns:
                yield from flat(column)
        else:
            yield block


def texts(section: Section) -> Iterator[Text]:
    """Every text of a section in reading order, those in its charts and alt texts included."""
    yield section.eyebrow
    yield section.title
    for block in flat(section.blocks):
        yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[Text]:
    match block:
        case Heading(words) | Paragraph(words):
            yield words
        case Listing(items):
            yield from items
        case Callout(paragraphs):
            yield from paragraphs
        case Tiles(tiles):
            for tile in tiles:
                yield from (tile.number, tile.label)
        case Table():
            yield block.caption
            yield from (column.header for column in block.columns)
            yield from (cell.text for row in block.rows for cell in row.cells)
            yield block.note
        case Exhibit():
            yield from (block.title, *chart_texts(block.chart), block.caption, block.alt)


def chart_texts(chart: Chart) -> tuple[Text, ...]:
    """The texts that a drawing writes, other than its axis."""
    match chart:
        case ChangeChart():
            return tuple(words for row in chart.rows for words in (row.label, row.printed))
        case RankChart():
            return tuple(row.printed for row in chart.rows)
        case BarChart():
            return tuple(words for row in chart.rows for words in (row.label, row.printed))
        case AreaMap():
            return ()
        case _:
            return (chart.last_label,)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record: where a number stands, what it is and how it is printed."""

    section: str
    order: int
    result_id: str
    printed: str


def record(document: Document) -> tuple[Entry, ...]:
    """Every figure of the document in reading order: what may be printed, and where it comes from."""
    return tuple(
        Entry(section.id, order, run.result_id, run.text)
        for section in document.sections
        for order, run in enumerate(
            run for words in texts(section) for run in leaves(words) if isinstance(run, Figure)
        )
    )


def figures_in(exhibit: Exhibit) -> tuple[Figure, ...]:
    """The figures that an exhibit prints or says, each once, in reading order."""
    found = (run for words in _block_texts(exhibit) for run in leaves(words) if isinstance(run, Figure))
    return tuple(dict.fromkeys(found))


def quotations(document: Document) -> tuple[Quoted, ...]:
    """Every run of words fixed elsewhere, in reading order, the cover's and the footer's included."""
    front = (document.title, document.partnership, document.area, document.subtitle, document.footer)
    cover = (*front, *(words for _, words in document.control), *document.attribution)
    inside = (words for section in document.sections for words in texts(section))
    contents = (section.contents for section in document.sections)
    return tuple(
        run for words in (*cover, *contents, *inside) for run in leaves(words) if isinstance(run, Quoted)
    )
