"""What changed since the last edition: which headlines read differently, and why."""

from __future__ import annotations

from pipeline.model.edition import Change, ChangeCause
from pipeline.model.observation import SHORTHAND, State
from pipeline.report import figures, wording
from pipeline.report.document import Cell, CellKind, Paragraph, Row, Section, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import verdict_cell
from pipeline.report.text import Origin, Text, quoted, sentence_case, text

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
        id="changes", eyebrow=_EYEBROW, title=_title(found), blocks=(table(evidence),), contents=_EYEBROW
    )


_EYEBROW: Text = ("What changed since the last edition",)


def _title(found: tuple[Change, ...]) -> Text:
    turned = [change for change in found if change.verdict_changed]
    count = figures.in_words(len(found), "changes since the last edition")
    noun = "headline figures differ" if len(found) > 1 else "headline figure differs"
    if not turned:
        return text(sentence_case(count), f" {noun} from the last edition; no verdict changed")
    verdicts = figures.in_words(len(turned), "verdicts changed since the last edition")
    return text(
        sentence_case(count),
        f" {noun} from the last edition; ",
        verdicts,
        " verdicts changed" if len(turned) > 1 else " verdict changed",
    )


def table(evidence: Evidence, most: int | None = None) -> Table:
    """Before and after, verdict and cause; changed verdicts first."""
    ordered = sorted(evidence.changes, key=lambda change: not change.verdict_changed)
    columns = (
        TableColumn(("Indicator",), CellKind.WORDS, 30),
        TableColumn(("Last edition",), CellKind.NUMBER, 11),
        TableColumn(("This edition",), CellKind.NUMBER, 11),
        TableColumn(("Verdict then",), CellKind.VERDICT, 16),
        TableColumn(("Verdict now",), CellKind.VERDICT, 16),
        TableColumn(("Why it differs",), CellKind.WORDS, 16),
    )
    return Table(
        caption=("Headlines that read differently",),
        columns=columns,
        rows=tuple(_row(change) for change in ordered[:most]),
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
