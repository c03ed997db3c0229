"""Tables of judgements: one line an indicator with value, reference, change, interval and verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum

from pipeline.model.assessment import Awaiting, MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import SHORTHAND, UNKNOWN, Mark, State
from pipeline.report import figures, wording
from pipeline.report.document import Cell, CellKind, Row, RowKind, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.illustration import source_line
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

EMPTY = Cell(())
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
    now, before = _periods(measures)
    rows: list[Row] = []
    judged: list[Judgement] = []
    for measure in measures:
        rows.append(_measure_row(measure, depth, charted))
        for use in shown_uses(measure, depth, charted):
            parts = shown_children(use, depth, charted)
            rows += _use_rows(use, now, before, parts)
            judged += [j for j in (use.judgement, *parts) if j is not None]
        rows += _awaiting_rows(measure)
    bounded = any(figures.bounds(judgement.comparison) for judgement in judged)
    if not bounded:
        rows = [without_bounds(row) for row in rows]
    return Table(
        caption=(caption,),
        columns=_columns(now, before, bounded),
        rows=tuple(rows),
        note=text(_legend(rows), _sources(evidence, measures)),
        hidden_caption=hidden_caption,
    )


def shown_uses(measure: MeasureResult, depth: Depth, charted: Sequence[str]) -> tuple[UseResult, ...]:
    """The indicators of a measure that a scorecard of that depth shows."""
    if depth >= Depth.INDICATORS:
        return measure.uses
    kept = tuple(u for u in measure.uses if u.headline or (depth >= Depth.CHARTED and u.indicator in charted))
    return kept or measure.uses[:1]


def shown_children(use: UseResult, depth: Depth, charted: Sequence[str]) -> tuple[Judgement, ...]:
    """The categories of an indicator that a scorecard of that depth shows."""
    everything = depth is Depth.EVERYTHING
    return use.children if everything or (depth >= Depth.CHARTED_PARTS and use.indicator in charted) else ()


def _columns(now: str, before: str, bounded: bool) -> tuple[TableColumn, ...]:
    later = quoted(now, Origin.PERIOD) if now else ("Latest",)
    earlier = quoted(before, Origin.PERIOD) if before else ("Before",)
    widths = (30, 9, 9, 9, 14, 12, 17) if bounded else (41, 9, 9, 9, 14, 18)
    kinds: list[tuple[str | Text, CellKind]] = [
        ("Measure and indicator", CellKind.WORDS),
        (later, CellKind.NUMBER),
        (earlier, CellKind.NUMBER),
        ("Change", CellKind.NUMBER),
        (text(Quoted("95%", Origin.METHOD), " interval of change"), CellKind.RANGE),
        *([("If unknowns were known", CellKind.RANGE)] if bounded else []),
        ("Verdict", CellKind.VERDICT),
    ]
    return tuple(
        TableColumn((header,) if isinstance(header, str) else header, kind, width)
        for (header, kind), width in zip(kinds, widths, strict=True)
    )


def without_bounds(row: Row) -> Row:
    """A row of judgement without its cell of bounds, for tables that have none."""
    if row.kind in (RowKind.GROUP, RowKind.NOTE):
        return row
    return Row((*row.cells[:5], row.cells[6]), row.kind, row.joined, row.emphasis)


def _periods(measures: Sequence[MeasureResult]) -> tuple[str, str]:
    """The commonest pair of periods, which the columns are named after."""
    pairs = Counter(
        (use.observation.period.label, use.judgement.comparison.reference.period.label)
        for measure in measures
        for use in measure.uses
        if use.observation and use.judgement and use.judgement.comparison.reference
    )
    now, before = pairs.most_common(1)[0][0] if pairs else ("", "")
    return (now, before) if max(len(now), len(before)) <= LONGEST_PERIOD else ("", "")


def _measure_row(measure: MeasureResult, depth: Depth, charted: Sequence[str]) -> Row:
    """The measure's own line; with one indicator the verdict stands on the indicator's."""
    uses = shown_uses(measure, depth, charted)
    alone = len(uses) == 1 and uses[0].judgement is not None and uses[0].judgement.verdict is measure.verdict
    return Row(
        (Cell(quoted(measure.title)), EMPTY if alone else verdict_cell(measure.verdict)), RowKind.GROUP
    )


def verdict_cell(verdict: Verdict | None, marks: frozenset[Mark] = frozenset()) -> Cell:
    """A verdict as a cell: shape, word and the tone that colour may support."""
    return EMPTY if verdict is None else Cell(wording.verdict(verdict, marks), verdict.value)


def _use_rows(use: UseResult, now: str, before: str, parts: Sequence[Judgement]) -> list[Row]:
    if use.observation is None:
        missing = Cell((SHORTHAND[State.NOT_SUPPLIED],))
        cells = (
            Cell(quoted(use.title)),
            missing,
            missing,
            EMPTY,
            EMPTY,
            EMPTY,
            verdict_cell(Verdict.AWAITING_RETURN),
        )
        return [Row(cells, joined=True)]
    if use.judgement is None:
        name = _named(use.title, use.observation.period.label, now)
        cells = (Cell(name), Cell(figures.observed(use.observation)), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY)
        return [Row(cells, joined=True)]
    own = use.judgement.comparison.observation
    name = _named(use.title, own.period.label, now)
    rows = [Row((Cell(name), *judgement_cells(use.judgement)), joined=True)]
    return rows + [
        Row((Cell(wording.category(part.comparison.observation)), *judgement_cells(part)), RowKind.CHILD)
        for part in parts
    ]


def _named(title: str, period: str, shown: str) -> Text:
    """An indicator's name, with its period where it is not the column's."""
    return quoted(title) if period == shown else text(quoted(title), " (", Quoted(period, Origin.PERIOD), ")")


def judgement_cells(judgement: Judgement) -> tuple[Cell, ...]:
    """Value, reference, change, interval, bounds and verdict of one judgement."""
    comparison = judgement.comparison
    if comparison.observation.category == UNKNOWN:
        # How many lacked a category is told; that their number moved is no finding about crime.
        found = (figures.observed(comparison.observation), figures.reference(comparison))
        return (*(Cell(words) for words in found), EMPTY, EMPTY, EMPTY, EMPTY)
    shown = judgement.verdict not in (Verdict.NOT_COMPARABLE, Verdict.WITHHELD, Verdict.AWAITING_RETURN)
    return (
        Cell(figures.observed(comparison.observation)),
        Cell(figures.reference(comparison)),
        Cell(figures.change(comparison) if shown else ()),
        Cell(figures.interval(comparison) if shown else ()),
        Cell(figures.bounds(comparison) if shown else ()),
        verdict_cell(judgement.verdict, told_marks(judgement)),
    )


def told_marks(judgement: Judgement) -> frozenset[Mark]:
    """The marks that qualify a verdict: gaps in recording only where they decided it."""
    holds = judgement.rule != "unknowns_undo_it"
    return judgement.marks - {Mark.LOW_RELIABILITY} if holds else judgement.marks


def _awaiting_rows(measure: MeasureResult) -> list[Row]:
    return [Row((Cell(awaited(item)),), RowKind.NOTE) for item in measure.awaiting]


def awaited(item: Awaiting) -> Text:
    """Who owes what, and since when: `Awaiting reports through third parties, from ..., due 31 May 2023`."""
    what = wording.in_sentence(item.item) if item.item else ("a return",)
    said = text("Awaiting ", what, ", from ", wording.owner(item.owner))
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
