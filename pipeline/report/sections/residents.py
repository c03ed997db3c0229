"""What residents told us: every answer with how it was asked, of whom, and how many answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.definitions.source import Source
from pipeline.model.observation import ReleasedObservation
from pipeline.report import figures, wording
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, plain, quoted, sentence_case, text

TAG = "residents"
ASKED: dict[str | None, str] = {
    "self_selected": (
        "Anyone could answer. The figures are of those who chose to: they have no margin of error, and they "
        "do not say what residents think as a whole."
    ),
    "probability": (
        "A sample of residents drawn at random, weighted to the city. The interval says how far a figure may "
        "lie from that of all residents because only some were asked."
    ),
    None: "How those who answered came to be asked is not recorded, so the figures have no margin of error.",
}


def section(evidence: Evidence) -> Section | None:
    """The indicators tagged `residents`, a heading for each source, or None where none has a figure."""
    tagged = [n for n, indicator in evidence.definitions.indicators.items() if TAG in indicator.tags]
    found = {name: evidence.latest(name, evidence.own.code) for name in tagged}
    answered = {name: o for name, o in found.items() if o is not None}
    if not answered:
        return None
    blocks: list[Block] = []
    for source in dict.fromkeys(evidence.indicator(name).sources[0] for name in answered):
        names = [name for name in answered if evidence.indicator(name).sources[0] == source]
        blocks += _of_source(evidence, evidence.definitions.sources[source], names, answered)
    return Section(
        id="residents",
        eyebrow=("What residents told us",),
        title=_title(evidence, next(iter(answered.items()))),
        blocks=tuple(blocks),
        contents=("What residents told us",),
        new_page=not evidence.actions,
    )


def _title(evidence: Evidence, first: tuple[str, ReleasedObservation]) -> Text:
    """The first answer with the number of those who gave one."""
    name, found = first
    base = figures.denominator(found)
    of = text(", of ", base, " who answered") if base else ()
    return text(sentence_case(evidence.said(name)), " was ", figures.observed(found, marks=False), of)


def _of_source(
    evidence: Evidence, source: Source, names: Sequence[str], answered: dict[str, ReleasedObservation]
) -> list[Block]:
    """One survey or consultation: how it was asked, its answers, and who gave them."""
    latest = answered[names[0]]
    when = text(sentence_case(wording.period(latest.period)), ". ", ASKED[source.sample_design])
    blocks: list[Block] = [Heading(quoted(source.title)), Paragraph(when)]
    rows = [_row(quoted(evidence.indicator(name).title), answered[name]) for name in names]
    limited = any(figures.limits(answered[name]) for name in names)
    blocks.append(replace(_table(("What they answered",), rows, limited), hidden_caption=True))
    for name in names:
        parts = _parts(evidence, answered[name])
        if parts:
            blocks.append(_table(text("By group: ", quoted(evidence.indicator(name).title)), parts, limited))
    return blocks


def _parts(evidence: Evidence, total: ReleasedObservation) -> list[Row]:
    """The groups among those who answered, a heading for each breakdown."""
    rows: list[Row] = []
    for cut in evidence.indicator(total.indicator).by:
        cells = [
            o
            for o in evidence.results
            if o.indicator == total.indicator
            and o.area == total.area
            and o.period == total.period
            and o.breakdown == cut.name
        ]
        title = sentence_case((cut.name.replace("_", " "),))
        rows += [Row((Cell(title), Cell(())), RowKind.GROUP)] if cells else []
        rows += [_row(evidence.category(cell), cell) for cell in cells]
    return rows


def _row(label: Text, found: ReleasedObservation) -> Row:
    return Row(
        (
            Cell(label),
            Cell(figures.denominator(found) or ("[u]",)),
            Cell(figures.observed(found)),
            Cell(figures.limits(found)),
        ),
        joined=True,
    )


def _table(caption: Text, rows: Sequence[Row], limited: bool) -> Table:
    """Answers or groups; `limited`: with the intervals that only a sample drawn at random has."""
    columns = [
        TableColumn(("Answer or group",), CellKind.WORDS, 49 if limited else 64),
        TableColumn(("Answered",), CellKind.NUMBER, 14),
        TableColumn(("Of those who answered",), CellKind.NUMBER, 22),
        TableColumn(text(Quoted("95%", Origin.METHOD), " interval"), CellKind.RANGE, 15),
    ]
    kept = (
        rows
        if limited
        else [row if len(row.cells) < 4 else replace(row, cells=row.cells[:3]) for row in rows]
    )
    scarce = any("[u]" in plain(cell.text) for row in kept for cell in row.cells)
    note: Text = ("[u]: too few answered for a figure, or for a reliable one.",) if scarce else ()
    return Table(caption=caption, columns=tuple(columns[: 4 if limited else 3]), rows=tuple(kept), note=note)
