"""What records without a category could make of a change: as recorded, shared out, and at the bounds."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.assessment import UseResult
from pipeline.model.comparison import Judgement
from pipeline.model.observation import UNKNOWN
from pipeline.report import figures, wording
from pipeline.report.cells import told_marks, verdict_cell
from pipeline.report.document import Block, Callout, Cell, CellKind, Row, RowKind, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text


def blocks(evidence: Evidence, uses: Sequence[UseResult]) -> list[Block]:
    """A table and its sentences for every breakdown whose unrecorded share moved; none for the others."""
    found: list[Block] = []
    for use in uses:
        cuts = dict.fromkeys(j.comparison.observation.breakdown for j in use.children)
        for cut in cuts:
            parts = [j for j in use.children if j.comparison.observation.breakdown == cut]
            doubted = [j for j in parts if figures.pro_rata(j.comparison)]
            if use.judgement is not None and doubted:
                found += [
                    _table(evidence, use, use.judgement, parts),
                    _said(evidence, use, use.judgement, doubted),
                ]
    return found


def _table(evidence: Evidence, use: UseResult, whole: Judgement, parts: Sequence[Judgement]) -> Table:
    """The total, its parts and what is not recorded, each change read three ways."""
    what = parts[0].comparison.observation.breakdown.replace("_", " ")
    rows = [_row(("All",), whole)]
    rows += [_row(evidence.category(j.comparison.observation), j) for j in parts]
    reference = whole.comparison.reference
    before = reference.period.label if reference else ""
    columns = (
        TableColumn((" ",), CellKind.WORDS, 16),
        TableColumn(quoted(whole.comparison.observation.period.label, Origin.PERIOD), CellKind.NUMBER, 8),
        TableColumn(quoted(before, Origin.PERIOD), CellKind.NUMBER, 8),
        TableColumn(("As recorded",), CellKind.RANGE, 18),
        TableColumn(("Shared out in proportion",), CellKind.RANGE, 18),
        TableColumn(("Whatever they were",), CellKind.RANGE, 13),
        TableColumn(("Verdict",), CellKind.VERDICT, 19),
    )
    note = text(
        "In brackets the ", Quoted("95%", Origin.METHOD), " interval of each change. "
        f"Shared out in proportion: records of no known {what} divided as the others are. "
        "Whatever they were: the smallest and the largest change that any division of them allows. "
        "A change stands only where all three agree; else [u].",
    )  # fmt: skip
    return Table(
        caption=text(quoted(use.title), f": what records of no known {what} could change"),
        columns=columns,
        rows=tuple(rows),
        note=note,
        whole=True,
    )


def _row(label: Text, judgement: Judgement) -> Row:
    comparison = judgement.comparison
    now, before = (
        Cell(figures.observed(comparison.observation, marks=False)),
        Cell(figures.reference(comparison)),
    )
    if comparison.observation.category == UNKNOWN:
        return Row((Cell(label), now, before, *([Cell(())] * 4)), RowKind.CHILD)
    recorded = _with_interval(figures.change(comparison), figures.interval(comparison))
    shared = _with_interval(figures.pro_rata(comparison), figures.pro_rata_interval(comparison))
    return Row(
        (
            Cell(label),
            now,
            before,
            Cell(recorded),
            Cell(shared),
            Cell(figures.bounds(comparison)),
            verdict_cell(judgement.verdict, told_marks(judgement)),
        ),
        joined=True,
    )


def _with_interval(change: Text, interval: Text) -> Text:
    return text(change, " (", interval, ")") if change and interval else change


def _said(evidence: Evidence, use: UseResult, whole: Judgement, parts: Sequence[Judgement]) -> Callout:
    """The same in sentences: the whole with how often chance makes such a difference, then each part."""
    chance = figures.chance(whole.comparison)
    paragraphs = [
        text(
            wording.sentences(evidence.said(use.indicator), whole),
            text(" Chance alone makes a difference of this size or more ", chance, ".") if chance else (),
        )
    ]
    for part in parts:
        cell = part.comparison.observation
        name = joined(", ", [evidence.said(use.indicator), evidence.category(cell)])
        paragraphs.append(wording.sentences(sentence_case(name), part, cell.breakdown.replace("_", " ")))
    return Callout(tuple(paragraphs))
