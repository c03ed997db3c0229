"""Figures published before, beside the figures computed now."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.assessment import Reconciliation
from pipeline.model.observation import ReleasedObservation
from pipeline.report import figures
from pipeline.report.document import Block, Cell, CellKind, Heading, Listing, Row, Section, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.numbers import MINUS
from pipeline.report.scorecard import answered
from pipeline.report.text import Origin, Quoted, Text, quoted, sentence_case, text

CAUSES = {
    "agrees": "Agrees",
    "truncation": "consistent with truncation",
    "unknowns_left_out": "left out of what was published",
    "other_window": "equals the figure of ",
    "other_vintage": "revised by the supplier since",
    "not_computed": "this edition has no such figure",
    "unexplained": "not explained: to be looked into",
}


def section(evidence: Evidence) -> Section | None:
    """The reconciliation, or None where nothing was published before."""
    rows = evidence.assessment.reconciliations
    if not rows:
        return None
    blocks: list[Block] = [_table(evidence, rows)]
    assumptions = list(dict.fromkeys((r.published_in, r.assumption) for r in rows if r.assumption))
    if assumptions:
        blocks.append(Heading(("What we assume, because the publication does not say",)))
        blocks.append(
            Listing(tuple(text(quoted(where), ": ", quoted(assumed)) for where, assumed in assumptions))
        )
    return Section(
        id="reconciliation",
        eyebrow=("Reconciliation with figures published before",),
        title=_title(rows),
        blocks=tuple(blocks),
        contents=("Reconciliation with published figures",),
    )


def _title(rows: Sequence[Reconciliation]) -> Text:
    published = [row for row in rows if row.published]
    agree = sum(row.cause == "agrees" for row in published)
    cut = sum(row.cause == "truncation" for row in published)
    total = figures.in_words(len(published), "published figures")
    same = figures.in_words(agree, "published figures that agree")
    if agree == len(published):
        return sentence_case(text("all ", total, " published figures are reproduced"))
    said = text(same, " of ", total, " published figures are reproduced")
    if cut:
        noun = "were" if cut > 1 else "was"
        said = text(
            said,
            "; ",
            figures.in_words(cut, "published figures cut off"),
            f" {noun} cut off instead of rounded",
        )
    return sentence_case(said)


def _table(evidence: Evidence, rows: Sequence[Reconciliation]) -> Table:
    columns = (
        TableColumn(("Figure",), CellKind.WORDS, 33),
        TableColumn(("Period",), CellKind.WORDS, 20),
        TableColumn(("Published",), CellKind.NUMBER, 9),
        TableColumn(("Computed",), CellKind.NUMBER, 9),
        TableColumn(("Finding",), CellKind.WORDS, 29),
    )
    where = list(dict.fromkeys(row.published_in for row in rows))
    note = text("Published in: ", quoted("; ".join(where)), ".")
    return Table(
        caption=("Published and computed",),
        columns=columns,
        rows=tuple(_row(evidence, r) for r in rows),
        note=note,
    )


def _row(evidence: Evidence, row: Reconciliation) -> Row:
    name = quoted(evidence.indicator(row.indicator).title)
    if row.category:
        printed = {k: v for cut in evidence.indicator(row.indicator).by for k, v in cut.printed_as.items()}
        name = text(name, ", ", quoted(printed.get(row.category, row.category)))
    if row.quantity != "value":
        name = text(
            name, ": ", {"change": "change, %", "average": "comparator", "rank": "rank"}[row.quantity]
        )
    elif not row.category:
        name = text(name, answered(evidence, _observed(evidence, row)))
    computed = row.computed.replace("-", MINUS)
    identity = f"reconciliation:{row.indicator}:{row.period_label}:{row.category}:{row.quantity}"
    return Row(
        (
            Cell(name),
            Cell((Quoted(row.period_label, Origin.PERIOD),)),
            Cell(quoted(row.published.replace("-", MINUS), Origin.PUBLISHED) or ("left out",)),
            Cell((figures.figure(computed, identity),) if computed else ("[x]",)),
            Cell(_finding(row)),
        )
    )


def _observed(evidence: Evidence, row: Reconciliation) -> ReleasedObservation | None:
    """The total that a published figure stands beside."""
    found = (o for o in evidence.results if o.indicator == row.indicator and o.area.code == evidence.own.code)
    return next((o for o in found if not o.breakdown and o.period.label == row.period_label), None)


def _finding(row: Reconciliation) -> Text:
    said = CAUSES[row.cause]
    if row.cause == "agrees":
        return (said,)
    if not row.published:
        return sentence_case((said,))
    other = Quoted(row.other_period, Origin.PERIOD) if row.other_period else ""
    return text("Published ", Quoted(row.published.replace("-", MINUS), Origin.PUBLISHED), f": {said}", other)
