"""What residents told us: every answer with how it was asked, of whom, and how many answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.definitions.source import Source
from pipeline.model.observation import SHORTHAND, Mark, ReleasedObservation
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
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

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
    told = next(((name, o) for name, o in answered.items() if o.value is not None), None)
    if told is None:
        return None
    blocks: list[Block] = []
    for source in dict.fromkeys(evidence.indicator(name).sources[0] for name in answered):
        names = [name for name in answered if evidence.indicator(name).sources[0] == source]
        blocks += _of_source(evidence, evidence.definitions.sources[source], names, answered)
    return Section(
        id="residents",
        eyebrow=("What residents told us",),
        title=_title(evidence, told),
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
    totals = [answered[name] for name in names]
    rows = [_row(quoted(evidence.indicator(o.indicator).title), o) for o in totals]
    limited = any(figures.limits(answered[name]) for name in names)
    blocks.append(replace(_table(("What they answered",), rows, limited, totals), hidden_caption=True))
    for name in names:
        cells = _cells(evidence, answered[name])
        if cells:
            caption = text("By group: ", quoted(evidence.indicator(name).title))
            blocks.append(_table(caption, _parts(evidence, cells), limited, cells))
    return blocks


def _cells(evidence: Evidence, total: ReleasedObservation) -> list[ReleasedObservation]:
    """The groups among those who answered, in the order of the breakdowns."""
    cuts = [cut.name for cut in evidence.indicator(total.indicator).by]
    of_it = evidence.results.of_period(total.indicator, total.period)
    return [o for cut in cuts for o in of_it if o.area == total.area and o.breakdown == cut]


def _parts(evidence: Evidence, cells: Sequence[ReleasedObservation]) -> list[Row]:
    """A line for each group, under a heading for each breakdown."""
    rows: list[Row] = []
    for name in dict.fromkeys(cell.breakdown for cell in cells):
        rows.append(Row((Cell(sentence_case((name.replace("_", " "),))), Cell(())), RowKind.GROUP))
        rows += [_row(evidence.category(cell), cell) for cell in cells if cell.breakdown == name]
    return rows


def _row(label: Text, found: ReleasedObservation) -> Row:
    return Row(
        (
            Cell(label),
            Cell(figures.denominator(found) or figures.observed(found)),
            Cell(figures.observed(found)),
            Cell(figures.limits(found)),
        ),
        joined=True,
    )


def _table(caption: Text, rows: Sequence[Row], limited: bool, found: Sequence[ReleasedObservation]) -> Table:
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
    return Table(
        caption=caption,
        columns=tuple(columns[: 4 if limited else 3]),
        rows=tuple(kept),
        note=_reasons(found),
    )


def _reasons(found: Sequence[ReleasedObservation]) -> Text:
    """What the signs in a table mean: of a figure that is not there the reason of its own, each once."""
    said: dict[str, Text] = {}
    for o in found:
        if o.value is None:
            sign, reason = SHORTHAND[o.state], quoted(o.reason or o.state.value.replace("_", " "))
        elif Mark.LOW_RELIABILITY in o.marks:
            sign, reason = SHORTHAND[Mark.LOW_RELIABILITY], ("too few answered for a reliable figure",)
        else:
            continue
        note = text(f"{sign} ", reason, ". ")
        said[plain(note)] = note
    return joined("", list(said.values()))
