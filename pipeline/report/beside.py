"""What stands beside an indicator in a table of judgements: its target, and what it is paired with."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.assessment import UseResult
from pipeline.model.comparison import Judgement
from pipeline.report import figures, numbers, wording
from pipeline.report.cells import EMPTY, judgement_cells
from pipeline.report.document import Cell, Row, RowKind
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text

REST = "the rest of the force (its other districts; records with no place left out)"


def rows(evidence: Evidence, use: UseResult) -> list[Row]:
    """A line for each target of a use and for each indicator it is paired with, targets first."""
    found = [j for j in (use.judgement, *use.others) if j is not None]
    targets = [target_row(j) for j in found if j.comparison.comparator == "target"]
    return targets + [paired_row(evidence, j) for j in found if j.comparison.comparator == "paired"]


def elsewhere(evidence: Evidence, name: str) -> Text:
    """How an indicator moved in the rest of the force, `+0.9%`; nothing where that is not known."""
    found = evidence.judgements(name, evidence.own.code)
    comparison = next((j.comparison for j in found if j.comparison.comparator == "change_of"), None)
    if comparison is None or comparison.reference_value is None:
        return ()
    moved = numbers.signed(comparison.reference_value) + wording.unit_of_change(comparison)
    return (figures.figure(moved, figures.comparison_id(comparison, "reference_value")),)


def elsewhere_note(evidence: Evidence, uses: Sequence[UseResult]) -> Text:
    """How each of the indicators moved in the rest of the force; nothing where none is known."""
    titles = {use.indicator: quoted(use.title) for use in uses}
    known = [(title, elsewhere(evidence, name)) for name, title in titles.items()]
    said = [text(title, " ", moved) for title, moved in known if moved]
    return text(f"Change in {REST}: ", joined("; ", said), ". ") if said else ()


def note(uses: Sequence[UseResult]) -> Text:
    """What the columns hold on the line of a target; nothing where there is none."""
    found = (j for use in uses for j in (use.judgement, *use.others) if j is not None)
    if not any(j.comparison.comparator == "target" for j in found):
        return ()
    return ("On the line of a target: how far the figure, and its interval, are from what is asked by now. ",)


def target_row(judgement: Judgement) -> Row:
    """What is asked by now, how far the figure is from it, and whether its interval holds it."""
    comparison = judgement.comparison
    name = sentence_case(quoted(comparison.reference_label))
    asked = figures.asked(comparison)
    if comparison.reference_label.startswith("path") and asked:
        name = text(name, ": ", asked, " by now")
    tone = wording.ON_TARGET.get(judgement.rule)
    told = Cell(wording.on_target(judgement), tone[0].value if tone else "")
    cells = (figures.distance(comparison), figures.interval(comparison))
    return Row((Cell(name), EMPTY, EMPTY, *map(Cell, cells), EMPTY, EMPTY, told), RowKind.CHILD)


def paired_row(evidence: Evidence, judgement: Judgement) -> Row:
    """The other indicator of a pair: its own figures and verdict, and its period where that is another."""
    comparison = judgement.comparison
    name = text("Paired with: ", quoted(comparison.reference_label))
    pair = comparison.reference
    if pair is not None and pair.period != comparison.observation.period:
        name = text(name, " (", Quoted(pair.period.label, Origin.PERIOD), ")")
    own = evidence.change(pair.indicator, pair.area.code) if pair is not None else None
    if own is None:
        return Row((Cell(name), Cell(("[x]",)), *([EMPTY] * 6)), RowKind.CHILD)
    return Row((Cell(name), *judgement_cells(own)), RowKind.CHILD)
