"""Fields: how far the columns of each source are filled, and the months in which one came empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from pipeline.model.delivery import FieldCoverage
from pipeline.model.period import format_months
from pipeline.report import figures, numbers
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text


def blocks(evidence: Evidence, *, every: bool) -> list[Block]:
    """The columns that came empty, or far emptier than otherwise, in a month; with `every` all columns.

    Nothing where there is none.
    """
    found = [one for one in evidence.deliveries.coverage.fields if every or one.empty or one.low]
    if not found:
        return []
    return [
        Heading(("Columns, and the months in which one came empty",)),
        Paragraph(
            (
                "A row counts as filled where the column has a value. A month is called empty where no row "
                "has one although in the months about it many do: a figure that asks for the column does "
                "not have that month, and does not count it as zero. It is called low where far fewer rows "
                "have one than in the months about it.",
            )
        ),
        _table(evidence, found),
    ]


def _table(evidence: Evidence, found: Sequence[FieldCoverage]) -> Table:
    rows: list[Row] = []
    for source, own in groupby(found, key=lambda one: one.source):
        declared = evidence.definitions.sources.get(source)
        rows.append(Row((Cell(quoted(declared.title if declared else source)), Cell(())), RowKind.GROUP))
        rows += [_row(evidence, one) for one in own]
    return Table(
        caption=("Rows with a value, by column",),
        columns=(
            TableColumn(("Column",), CellKind.WORDS, 28),
            TableColumn(("Filled",), CellKind.NUMBER, 12),
            TableColumn(("Empty in",), CellKind.WORDS, 30),
            TableColumn(("Low in",), CellKind.WORDS, 30),
        ),
        rows=tuple(rows),
    )


def _row(evidence: Evidence, one: FieldCoverage) -> Row:
    share = numbers.number(100 * one.filled / one.rows if one.rows else 0.0, 1) + "%"
    name = sentence_case(quoted(one.field.replace("_", " "), Origin.CODE))
    return Row(
        (
            Cell(name),
            Cell((figures.figure(share, f"filled:{one.source}:{one.field}"),)),
            Cell(_places(evidence, one.empty)),
            Cell(_places(evidence, one.low)),
        )
    )


def _places(evidence: Evidence, places: Sequence[tuple[str, date]]) -> Text:
    """The months of each area; the partnership's own area goes without its name."""
    partnership = evidence.definitions.partnership
    names = {district.code: district.name for district in partnership.force.districts}
    told: list[Text] = []
    for area, own in groupby(places, key=lambda place: place[0]):
        months = Quoted(format_months(month for _, month in own), Origin.PERIOD)
        named = () if area == partnership.area.code else text(quoted(names.get(area, area)), ": ")
        told.append(text(named, months))
    return joined("; ", told) or ("–",)
