"""What changed since the last edition: which headlines read differently, and why."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.edition import Change, ChangeCause
from pipeline.model.observation import SHORTHAND, State
from pipeline.report import figures, wording
from pipeline.report.cells import verdict_cell
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Text, joined, quoted, sentence_case, text

CAUSES = {
    ChangeCause.NEW_PERIOD: "A later period",
    ChangeCause.REVISED: "The same period, revised",
    ChangeCause.RETURNED: "A return arrived",
    ChangeCause.DEFINITION: "The definition changed",
    ChangeCause.NEW_INDICATOR: "New in this edition",
    ChangeCause.DROPPED: "No longer reported",
    ChangeCause.UNEXPLAINED: "Not explained",
}


def section(evidence: Evidence) -> Section:
    """The section, also where this is the first edition: then it says so."""
    edition, found = evidence.edition, evidence.changes
    if not edition.previous:
        title: Text = ("This is the first edition",)
        words = text(
            "From the next edition on, this section names every headline that reads differently, and "
            "why: a later period, a revision, a return that arrived, a changed definition."
        )
        return Section(
            id="changes",
            eyebrow=_EYEBROW,
            title=title,
            blocks=(Paragraph(words),),
            contents=_EYEBROW,
            new_page=False,
        )
    if not found:
        title = ("No headline figure or verdict differs from the last edition",)
        blocks: tuple[Paragraph | Table, ...] = (
            Paragraph(text("Compared with the edition ", quoted(edition.previous, Origin.EDITION), ".")),
        )
        return Section(id="changes", eyebrow=_EYEBROW, title=title, blocks=blocks, contents=_EYEBROW)
    return Section(
        id="changes",
        eyebrow=_EYEBROW,
        title=_title(found),
        blocks=blocks_of(evidence),
        contents=_EYEBROW,
    )


def blocks_of(evidence: Evidence, most: int | None = None) -> tuple[Block, ...]:
    """Changed verdicts first, then figures of the same period that differ, then what only moved on in time.

    `most` rows in each table, where a paper has little room.
    """
    turned = [change for change in evidence.changes if change.verdict_changed]
    same = [c for c in evidence.changes if not c.verdict_changed and c.cause is not ChangeCause.NEW_PERIOD]
    moved = [c for c in evidence.changes if not c.verdict_changed and c.cause is ChangeCause.NEW_PERIOD]
    blocks: list[Block] = []
    if turned:
        blocks.append(table(evidence, turned[:most], "Verdicts that changed"))
    if same:
        blocks.append(table(evidence, same[:most], "Figures that differ for another reason than time"))
    if moved and most is None:
        blocks.append(Heading(("Figures of a later period, with the same verdict",)))
        blocks.append(Paragraph(text(joined("; ", [_moved(change) for change in moved]), ".")))
    return tuple(blocks)


def _moved(change: Change) -> Text:
    """One figure that moved on: `neighbourhood crime 15.4, now 15.5`."""
    return text(quoted(change.title), " ", _before(change), ", now ", figures.observed(change.after))


_EYEBROW: Text = ("What changed since the last edition",)


def _title(found: tuple[Change, ...]) -> Text:
    turned = sum(change.verdict_changed for change in found)
    count = figures.in_words(len(found), "changes since the last edition")
    noun = "headline figures differ" if len(found) > 1 else "headline figure differs"
    if not turned:
        return text("No verdict changed; ", count, f" {noun} from the last edition")
    verdicts = sentence_case(figures.in_words(turned, "verdicts changed since the last edition"))
    verb = " verdicts changed; " if turned > 1 else " verdict changed; "
    return text(verdicts, verb, count, f" {noun} from the last edition")


def table(evidence: Evidence, found: Sequence[Change], caption: str) -> Table:
    """Before and after, verdict and cause."""
    columns = (
        TableColumn(("Indicator",), CellKind.WORDS, 30),
        TableColumn(("Last edition",), CellKind.NUMBER, 11),
        TableColumn(("This edition",), CellKind.NUMBER, 11),
        TableColumn(("Verdict then",), CellKind.VERDICT, 16),
        TableColumn(("Verdict now",), CellKind.VERDICT, 16),
        TableColumn(("Why it differs",), CellKind.WORDS, 16),
    )
    return Table(
        caption=(caption,),
        columns=columns,
        rows=tuple(_row(change) for change in found),
        note=text("Compared with the edition ", quoted(evidence.edition.previous, Origin.EDITION), "."),
    )


def _row(change: Change) -> Row:
    return Row(
        (
            Cell(text(quoted(change.title), _periods(change))),
            Cell(_before(change)),
            Cell(figures.observed(change.after)),
            verdict_cell(change.verdict_before),
            verdict_cell(change.verdict_after),
            Cell((CAUSES[change.cause],)),
        )
    )


def _periods(change: Change) -> Text:
    if change.period_before and change.period_before != change.period_after:
        return ()
    return text(" (", wording.period(change.after.period), ")") if change.after else ()


def _before(change: Change) -> Text:
    if change.value_before is None:
        return (SHORTHAND[State.NOT_SUPPLIED],)
    printed = figures.value(change.value_before, change.unit)
    return (
        figures.figure(printed, f"last edition|{change.indicator}:{change.area_code}:{change.period_before}"),
    )
