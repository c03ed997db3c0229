"""The area in context: how many people live there and in its wards, and what the report is built on."""

from __future__ import annotations

from datetime import date

from pipeline.model.delivery import Extract
from pipeline.model.observation import ReleasedObservation
from pipeline.model.period import add_months, format_month
from pipeline.report import figures
from pipeline.report.chartvalues import BarChart, BarRow
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Columns,
    Exhibit,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, quoted, text


def section(evidence: Evidence) -> Section:
    """Population where a rate brings one, and the sources of the report."""
    blocks: list[Block] = []
    own = _resident_base(evidence)
    title: Text = text("What this assessment of ", quoted(evidence.place), " is built on")
    if own is not None:
        wards = _ward_bases(evidence)
        title = text(quoted(evidence.place), " has ", figures.denominator(own), " residents")
        if wards:
            title = text(title, " in ", figures.in_words(len(wards), "wards"), " wards")
        blocks += _people(evidence, own, wards)
    blocks.append(sources(evidence))
    return Section(
        id="context",
        eyebrow=("The area in context",),
        title=title,
        blocks=tuple(blocks),
        contents=("The area in context",),
    )


def _resident_base(evidence: Evidence) -> ReleasedObservation | None:
    """A latest rate of the partnership on residents: its denominator is the population."""
    for name, indicator in evidence.definitions.indicators.items():
        measure = indicator.measure
        if measure.type == "rate" and measure.over.column == "residents":
            found = evidence.latest(name, evidence.own.code)
            if found is not None and found.denominator:
                return found
    return None


def _ward_bases(evidence: Evidence) -> tuple[ReleasedObservation, ...]:
    for name in evidence.ward_indicators:
        rows = tuple(o for o in evidence.wards(name) if o.denominator)
        if rows:
            return rows
    return ()


def _people(
    evidence: Evidence, own: ReleasedObservation, wards: tuple[ReleasedObservation, ...]
) -> list[Block]:
    peers = [o for o in evidence.peers(own.indicator) if o.denominator]
    charts: list[tuple[Block, ...]] = []
    if len(peers) > 2:
        charts.append((_bars(sorted(peers, key=lambda o: -(o.denominator or 0)), "districts"),))
    if len(wards) > 2:
        charts.append((_bars(sorted(wards, key=lambda o: -(o.denominator or 0)), "wards"),))
    words = Paragraph(
        (
            "Rates in this report divide by the people who live in a place. Where many more come to "
            "work, study, shop or go out, as in a city centre, a rate for every resident overstates the "
            "risk to each of them.",
        )
    )
    if not charts:
        return [words]
    if len(charts) == 1:
        return [Columns((charts[0], (Heading(("What rates divide by",)), words)))]
    return [Columns(((*charts[0], words), charts[1]))]  # the shorter chart leaves room for the words


def _bars(rows: list[ReleasedObservation], kind: str) -> Exhibit:
    most, least = rows[0], rows[-1]
    title = text(
        quoted(most.area.name),
        " has the most residents of the ",
        kind,
        ", ",
        quoted(least.area.name),
        " the fewest",
    )
    bars = tuple(BarRow(quoted(o.area.name), o.denominator or 0.0, figures.denominator(o)) for o in rows)
    return Exhibit(
        title=title,
        chart=BarChart(rows=bars, unit="residents"),
        caption=text("Residents, the base of the rates in this report."),
        alt=text(
            "Bar chart. ", title, ": ", figures.denominator(most), " and ", figures.denominator(least), "."
        ),
    )


def sources(evidence: Evidence) -> Table:
    """Every source that delivered: who, what span, how many files, received when."""
    found: dict[str, list[Extract]] = {}
    for extract in evidence.deliveries.extracts:
        found.setdefault(extract.source, []).append(extract)
    order = [
        *(name for name in evidence.definitions.sources if name in found),
        *(n for n in found if n not in evidence.definitions.sources),
    ]
    rows = tuple(_source_row(evidence, name, found[name]) for name in order)
    columns = (
        TableColumn(("Source",), CellKind.WORDS, 38),
        TableColumn(("Supplier",), CellKind.WORDS, 27),
        TableColumn(("Covers",), CellKind.WORDS, 16),
        TableColumn(("Files",), CellKind.NUMBER, 6),
        TableColumn(("Last received",), CellKind.WORDS, 13),
    )
    return Table(caption=("What this report is built on",), columns=columns, rows=rows)


def _periods(evidence: Evidence, source: str) -> list[tuple[date, date]]:
    """First and last month of the periods that a source without months gives figures for."""
    used = {name for name, i in evidence.definitions.indicators.items() if i.sources == (source,)}
    known = [o.period for o in evidence.results if o.indicator in used and o.value is not None]
    return [(period.start, add_months(period.end, -1)) for period in known]


def _source_row(evidence: Evidence, name: str, extracts: list[Extract]) -> Row:
    source = evidence.definitions.sources.get(name)
    months = [m for e in extracts for m in (e.first_month, e.last_month) if m is not None]
    months += [m for period in _periods(evidence, name) if not months for m in period]
    span = f"{format_month(min(months))} to {format_month(max(months))}" if months else "not by month"
    received = max(extract.received for extract in extracts).date().isoformat()
    supplier = source.supplier if source else extracts[0].supplier
    return Row(
        (
            Cell(quoted(source.title if source else name)),
            Cell(quoted(supplier)),
            Cell((Quoted(span, Origin.PERIOD),)),
            Cell(figures.counted(len(extracts), f"files of {name}")),
            Cell((Quoted(received, Origin.DATE),)),
        )
    )
