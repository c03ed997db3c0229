"""The cells of a judgement, as every table of judgements has them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.assess.verdict import UNKNOWN_RULES
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN, Mark
from pipeline.report import figures, wording
from pipeline.report.document import Cell, Row, RowKind
from pipeline.report.text import Text

EMPTY = Cell(())
WOULD_SHOW: Text = (
    "Would show: the smallest change the wanted way that chance would probably not have hidden. ",
)


def judgement_cells(judgement: Judgement) -> tuple[Cell, ...]:
    """Value, reference, change, interval, what would have shown, bounds and verdict of one judgement."""
    comparison = judgement.comparison
    if comparison.observation.category == UNKNOWN:
        # How many lacked a category is told; that their number moved is no finding about crime.
        found = (figures.observed(comparison.observation), figures.reference(comparison))
        return (*(Cell(words) for words in found), *([EMPTY] * 5))
    shown = judgement.verdict not in (Verdict.NOT_COMPARABLE, Verdict.WITHHELD, Verdict.AWAITING_RETURN)
    # A break is said once a row: beside the verdict where there is one.
    told = frozenset({Mark.BREAK}) & (judgement.marks if judgement.verdict else comparison.observation.marks)
    return (
        Cell(figures.observed(comparison.observation, told=told if judgement.verdict else frozenset())),
        Cell(figures.reference(comparison, told)),
        Cell(figures.change(comparison) if shown else ()),
        Cell(figures.interval(comparison) if shown else ()),
        Cell(figures.detectable(judgement, " pp") if wording.by_chance(judgement) else ()),
        Cell(figures.bounds(comparison) if shown else ()),
        verdict_cell(judgement.verdict, told_marks(judgement)),
    )


def told_marks(judgement: Judgement) -> frozenset[Mark]:
    """The marks that qualify a verdict: gaps in recording only where they decided it."""
    holds = judgement.rule not in UNKNOWN_RULES
    return judgement.marks - {Mark.LOW_RELIABILITY} if holds else judgement.marks


def verdict_cell(verdict: Verdict | None, marks: frozenset[Mark] = frozenset()) -> Cell:
    """A verdict as a cell: shape, word and the tone that colour may support."""
    return EMPTY if verdict is None else Cell(wording.verdict(verdict, marks), verdict.value)


def optional_columns(judged: Sequence[Judgement]) -> tuple[bool, bool]:
    """Whether any of the judgements has a change that would have shown, and bounds, to print."""
    shown = any(wording.by_chance(j) and figures.detectable(j) for j in judged)
    return shown, any(figures.bounds(j.comparison) for j in judged)


def kept_cells(row: Row, sought: bool, bounded: bool) -> Row:
    """A row of judgement without the cells that its table has no column for."""
    if row.kind in (RowKind.GROUP, RowKind.NOTE):
        return row
    label, value, reference, change, interval, least, bounds, verdict = row.cells
    cells = (label, value, reference, change, interval, *([least] if sought else []))
    cells = (*cells, *([bounds] if bounded else []), verdict)
    return Row(cells, row.kind, row.joined, row.emphasis)
