"""Tables of judgements: one line an indicator with value, reference, change, interval and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from pipeline.model.assessment import Awaiting, MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import MILESTONE, SHORTHAND, ReleasedObservation, State
from pipeline.report import beside, figures, wording
from pipeline.report.cells import (
    EMPTY,
    WOULD_SHOW,
    judgement_cells,
    kept_cells,
    optional_columns,
    verdict_cell,
)
from pipeline.report.document import Cell, CellKind, Row, RowKind, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.illustration import source_line
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

Pair = tuple[str, str]  # a period and the one it is compared with, by their labels

LONGEST_PERIOD = 18  # letters that a column of numbers can be named by


class Depth(IntEnum):
    """How much of a measure a scorecard shows."""

    HEADLINES = 0
    CHARTED = 1  # and the charted indicators
    CHARTED_PARTS = 2  # and their categories
    INDICATORS = 3  # every indicator, with the charted ones' categories
    EVERYTHING = 4


def scorecard(
    evidence: Evidence,
    measures: Sequence[MeasureResult],
    caption: str,
    depth: Depth = Depth.EVERYTHING,
    charted: Sequence[str] = (),
    hidden_caption: bool = False,
) -> Table:
    """The measures of a priority or duty: each with its verdict, its indicators and their categories."""
    shown = [use for measure in measures for use in shown_uses(measure, depth, charted)]
    usual = _usual_periods(shown)
    rows: list[Row] = []
    judged: list[Judgement] = []
    for measure in measures:
        rows.append(_measure_row(measure, depth, charted))
        for use in shown_uses(measure, depth, charted):
            parts = shown_children(use, depth, charted)
            rows += _use_rows(evidence, use, usual, parts)
            rows += beside.rows(evidence, use)
            judged += [j for j in (use.judgement, *parts) if j is not None]
        rows += _awaiting_rows(measure)
    sought, bounded = optional_columns(judged)
    # Both would leave the names no room; the detail pages have both.
    optional = sought and not bounded, bounded
    rows = [kept_cells(row, *optional) for row in rows]
    return Table(
        caption=(caption,),
        columns=_columns(*usual, *optional),
        rows=tuple(rows),
        note=text(
            _legend(rows),
            WOULD_SHOW if optional[0] else (),
            beside.note(shown),
            beside.elsewhere_note(evidence, [use for use in shown if use.headline]),
            _sources(evidence, measures),
        ),
        hidden_caption=hidden_caption,
    )


def shown_uses(measure: MeasureResult, depth: Depth, charted: Sequence[str]) -> tuple[UseResult, ...]:
    """The indicators of a measure that a scorecard of that depth shows; what worsened is never left out."""
    if depth >= Depth.INDICATORS:
        return measure.uses
    kept = tuple(
        u
        for u in measure.uses
        if u.headline or _worsened(u) or (depth >= Depth.CHARTED and u.indicator in charted)
    )
    return kept or measure.uses[:1]


def _worsened(use: UseResult) -> bool:
    return use.judgement is not None and use.judgement.verdict is Verdict.WORSENED


def shown_children(use: UseResult, depth: Depth, charted: Sequence[str]) -> tuple[Judgement, ...]:
    """The categories of an indicator that a scorecard of that depth shows."""
    everything = depth is Depth.EVERYTHING
    return use.children if everything or (depth >= Depth.CHARTED_PARTS and use.indicator in charted) else ()


def _columns(now: str, before: str, sought: bool, bounded: bool) -> tuple[TableColumn, ...]:
    later = quoted(now, Origin.PERIOD) if now else ("Latest",)
    earlier = quoted(before, Origin.PERIOD) if before else ("Before",)
    widths = [8, 8, 8, 13, *([7] if sought else []), *([13] if bounded else []), 17]
    kinds: list[tuple[str | Text, CellKind]] = [
        ("Measure and indicator", CellKind.WORDS),
        (later, CellKind.NUMBER),
        (earlier, CellKind.NUMBER),
        ("Change", CellKind.NUMBER),
        (text(Quoted("95%", Origin.METHOD), " interval of change"), CellKind.RANGE),
        *([("Would show", CellKind.RANGE)] if sought else []),
        *([("If unknowns were known", CellKind.RANGE)] if bounded else []),
        ("Verdict", CellKind.VERDICT),
    ]
    return tuple(
        TableColumn((header,) if isinstance(header, str) else header, kind, width)
        for (header, kind), width in zip(kinds, (100 - sum(widths), *widths), strict=True)
    )


def _usual_periods(uses: Sequence[UseResult]) -> Pair:
    """The periods that all rows share, which the columns are named after; none: every row says its own."""
    pairs = {_pair(use) for use in uses if use.observation and use.observation.value is not None}
    return next(iter(pairs)) if len(pairs) == 1 and max(map(len, *pairs)) <= LONGEST_PERIOD else ("", "")


def _pair(use: UseResult) -> Pair:
    """The periods of a use's value and of what it is compared with; empty where there is none."""
    reference = use.judgement.comparison.reference if use.judgement else None
    now = use.observation.period.label if use.observation else ""
    return now, reference.period.label if reference else ""


def _measure_row(measure: MeasureResult, depth: Depth, charted: Sequence[str]) -> Row:
    """The measure's own line; with one indicator the verdict stands on the indicator's."""
    uses = shown_uses(measure, depth, charted)
    alone = len(uses) == 1 and uses[0].judgement is not None and uses[0].judgement.verdict is measure.verdict
    return Row((Cell(quoted(measure.title)), EMPTY if alone else measure_cell(measure)), RowKind.GROUP)


def measure_cell(measure: MeasureResult) -> Cell:
    """The verdict on a measure as a cell; of milestones, whether all are in place."""
    milestones = [use.observation for use in measure.uses if is_milestone(use)]
    if measure.uses and len(milestones) == len(measure.uses):
        return milestone_cell(min(milestones, key=lambda o: o.value or 0.0 if o else 0.0))
    return Cell(wording.measure_verdict(measure), measure.verdict.value)


def is_milestone(use: UseResult) -> bool:
    """Whether a use tells of something that is in place or not."""
    return use.observation is not None and use.observation.unit == MILESTONE


def milestone_cell(observation: ReleasedObservation | None) -> Cell:
    """`✓ In place` or `! Not in place`; the verdict of a missing figure where it was not reported."""
    if observation is None or observation.value is None:
        return verdict_cell(Verdict.AWAITING_RETURN)
    there = bool(observation.value)
    tone = Verdict.IMPROVED if there else Verdict.WORSENED
    words = sentence_case(figures.observed(observation, marks=False))
    return Cell(text(f"{wording.SYMBOLS[tone]} ", words), tone.value)


def _use_rows(evidence: Evidence, use: UseResult, usual: Pair, parts: Sequence[Judgement]) -> list[Row]:
    if use.observation is None:
        missing = Cell((SHORTHAND[State.NOT_SUPPLIED],))
        cells = (
            Cell(quoted(use.title)),
            missing,
            missing,
            *([EMPTY] * 4),
            verdict_cell(Verdict.AWAITING_RETURN),
        )
        return [Row(cells, joined=True)]
    name = text(_named(use, usual), answered(evidence, use.observation))
    if is_milestone(use):
        told = milestone_cell(use.observation)
        return [Row((Cell(name), *([EMPTY] * 6), told), joined=True)]
    if use.judgement is None:
        cells = (Cell(name), Cell(figures.observed(use.observation)), *([EMPTY] * 6))
        return [Row(cells, joined=True)]
    rows = [Row((Cell(name), *judgement_cells(use.judgement)), joined=True)]
    return rows + [
        Row((Cell(evidence.category(part.comparison.observation)), *judgement_cells(part)), RowKind.CHILD)
        for part in parts
    ]


def answered(evidence: Evidence, observation: ReleasedObservation | None) -> Text:
    """The base of a survey's question, after its name: `, of 2,216 who answered`; nothing for the rest."""
    if observation is None or evidence.indicator(observation.indicator).measure.type != "survey":
        return ()
    base = figures.denominator(observation)
    return text(", of ", base, " who answered") if base else ()


def _named(use: UseResult, usual: Pair) -> Text:
    """An indicator's name, with its period where it is not the usual one, and an unusual reference."""
    title, (now, before) = quoted(use.title), _pair(use)
    if (now, before) == usual or not now:
        return title
    said = text(title, " (", Quoted(now, Origin.PERIOD))
    if use.judgement is not None and use.judgement.comparison.comparator in ("period", "baseline"):
        said = text(said, ", against ", Quoted(before, Origin.PERIOD))
    return text(said, ")")


def _awaiting_rows(measure: MeasureResult) -> list[Row]:
    return [Row((Cell(awaited(item)),), RowKind.NOTE) for item in measure.awaiting]


def awaited(item: Awaiting) -> Text:
    """Who owes what, and since when: `Awaited: Reports by third parties, from ..., since 31 May 2023.`"""
    what = quoted(item.item) or ("a return",)
    said = text("Awaited: ", what, ", from ", quoted(item.owner))
    if item.due is not None:
        return text(said, ", due ", wording.day(item.due), ".")
    if item.since is not None:
        return text(said, ", since ", wording.day(item.since), ".")
    return text(said, ". ", sentence_case(quoted(item.reason.rstrip("."))), ".")


def _legend(rows: Sequence[Row]) -> Text:
    """What the signs in the table mean: only those that are there."""
    printed = " ".join(plain(cell.text) for row in rows for cell in row.cells)
    known = [
        ("[x]", "not supplied, or not comparable"),
        ("[c]", "confidential"),
        ("[z]", "not applicable"),
        ("[b]", "break in the series"),
        ("[p]", "provisional"),
        ("[r]", "revised"),
        ("[u]", "low reliability: gaps in recording could explain it"),
    ]
    signs = [f"{sign} {meaning}" for sign, meaning in known if sign in printed]
    lead = "Arrow: direction of the number; word: our judgement."
    return (f"{lead} {'; '.join(signs)}. " if signs else f"{lead} ",)


def _sources(evidence: Evidence, measures: Sequence[MeasureResult]) -> Text:
    lines: dict[str, Text] = {}
    for measure in measures:
        for use in measure.uses:
            line = source_line(evidence, evidence.indicator(use.indicator))
            lines.setdefault(plain(line), line)
    if not lines:
        return ()
    return text("Sources: ", joined(" ", [sentence_case(line) for line in lines.values()]))
