"""Coverage: which months each source has delivered, for which areas, and in which a column came empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pipeline.model.delivery import MonthCoverage, MonthState
from pipeline.model.period import MONTH_NAMES, add_months, format_months
from pipeline.report import figures
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Listing,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.sections import fields
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text


def section(evidence: Evidence, letter: str, *, whole: bool = False) -> Section:
    """Which months each source covers for the partnership, and which are missing or incomplete.

    Columns are told where they came empty in a month; with `whole` all of them, and the months that other
    areas lack.
    """
    own = [
        m
        for m in evidence.deliveries.coverage.months
        if m.area_code in (evidence.own.code, evidence.definitions.partnership.force.code)
    ]
    by_source: dict[str, list[MonthCoverage]] = defaultdict(list)
    for month in own:
        if month.area_code == evidence.own.code or not any(
            m.source == month.source and m.area_code == evidence.own.code for m in own
        ):
            by_source[month.source].append(month)
    rows = tuple(_coverage_row(evidence, name, months) for name, months in sorted(by_source.items()))
    gaps = sum(len(_gaps(months)) for months in by_source.values())
    if gaps:
        noun = "months were" if gaps > 1 else "month was"
        title = sentence_case(
            text(
                figures.in_words(gaps, "months not delivered whole"),
                f" {noun} not delivered whole; figures that need them are not comparable",
            )
        )
    else:
        title = ("Every month between the first and the last was delivered whole",)
    columns = (
        TableColumn(("Source",), CellKind.WORDS, 30),
        TableColumn(("From",), CellKind.WORDS, 14),
        TableColumn(("To",), CellKind.WORDS, 14),
        TableColumn(("Not delivered, or incomplete",), CellKind.WORDS, 42),
    )
    blocks: list[Block] = [
        Paragraph(
            (
                "A month that was not delivered is not a zero. A month with far fewer rows than its "
                "neighbours is held as incomplete, and no comparison crosses either silently. Surveys, "
                "returns and populations deliver no months.",
            )
        )
    ]
    if rows:
        blocks.append(
            Table(caption=text("Months delivered for ", quoted(evidence.place)), columns=columns, rows=rows)
        )
    blocks += _elsewhere(evidence) if whole else []
    blocks += fields.blocks(evidence, every=whole)
    blocks += _decided(evidence)
    return Section(
        id="coverage",
        eyebrow=text(f"Annex {letter} · Coverage"),
        title=title,
        blocks=tuple(blocks),
        contents=text(f"Annex {letter}: Coverage, which months are missing"),
        new_page=False,
    )


def _elsewhere(evidence: Evidence) -> list[Block]:
    """The months that other areas lack, a line for each source and area that lacks any."""
    own = evidence.own.code
    found: dict[tuple[str, str], dict[MonthState, list[date]]] = {}
    for month in evidence.deliveries.coverage.months:
        if month.state is not MonthState.DELIVERED and month.area_code != own:
            lacking = found.setdefault((month.source, month.area_code), {})
            lacking.setdefault(month.state, []).append(month.month)
    if not found:
        return []
    force = evidence.definitions.partnership.force
    names = {district.code: district.name for district in force.districts} | {force.code: force.name}
    sources = evidence.definitions.sources
    rows: list[Row] = []
    for source in dict.fromkeys(source for source, _ in found):
        title = quoted(sources[source].title if source in sources else source)
        rows.append(Row((Cell(title), Cell(())), RowKind.GROUP))
        for (own_source, area), lacking in found.items():
            if own_source == source:
                cells = (_months(lacking.get(state, ())) for state in _LACKING)
                rows.append(Row((Cell(quoted(names.get(area, area))), *cells)))
    columns = (
        TableColumn(("Area",), CellKind.WORDS, 24),
        TableColumn(("Not delivered",), CellKind.WORDS, 38),
        TableColumn(("Incomplete",), CellKind.WORDS, 38),
    )
    return [Table(caption=("Months that other areas lack",), columns=columns, rows=tuple(rows))]


_LACKING = (MonthState.NOT_DELIVERED, MonthState.INCOMPLETE)


def _months(months: Sequence[date]) -> Cell:
    return Cell((Quoted(format_months(months), Origin.PERIOD),) if months else ("–",))


def _gaps(months: list[MonthCoverage]) -> list[tuple[date, str]]:
    """Months between the first and last delivered ones that are missing or incomplete."""
    known = {m.month: m for m in months}
    seen = [m.month for m in months if m.rows]
    if not seen:
        return []
    found: list[tuple[date, str]] = []
    month = min(seen)
    while month <= max(seen):
        state = known[month].state if month in known else MonthState.NOT_DELIVERED
        if state is not MonthState.DELIVERED:
            found.append((month, state.words))
        month = add_months(month, 1)
    return found


def _named(month: date) -> str:
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def _coverage_row(evidence: Evidence, name: str, months: list[MonthCoverage]) -> Row:
    source = evidence.definitions.sources.get(name)
    seen = [m.month for m in months if m.rows]
    gaps = _gaps(months)
    words = joined(", ", [text(Quoted(_named(month), Origin.PERIOD), " ", state) for month, state in gaps])
    return Row(
        (
            Cell(quoted(source.title if source else name)),
            Cell((Quoted(_named(min(seen)), Origin.PERIOD),) if seen else ("–",)),
            Cell((Quoted(_named(max(seen)), Origin.PERIOD),) if seen else ("–",)),
            Cell(words or ("none",)),
        )
    )


def _decided(evidence: Evidence) -> list[Block]:
    months = _taken_as_whole(evidence)
    return [Heading(("Months taken as whole, on record",)), Listing(months)] if months else []


def _taken_as_whole(evidence: Evidence) -> tuple[Text, ...]:
    """The months that a person took as whole, once for all areas of one decision."""
    found: dict[tuple[str, date, str], None] = {}
    for month in evidence.deliveries.coverage.months:
        if month.state is MonthState.DELIVERED and month.note:
            found[month.source, month.month, month.note] = None
    sources = evidence.definitions.sources
    return tuple(
        text(
            quoted(sources[source].title if source in sources else source),
            ", ",
            Quoted(_named(month), Origin.PERIOD),
            ": ",
            quoted(note, Origin.DELIVERED),
            ".",
        )
        for source, month, note in found
    )
