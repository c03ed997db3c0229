"""Progress on last year's plan: every action with its owner, the day it was due, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.model.action import Action, ActionStatus
from pipeline.model.comparison import Verdict
from pipeline.model.period import add_months
from pipeline.report import figures, wording
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Text, joined, quoted, sentence_case, text

TAG = "plan"
APRIL = 4
REPORTED = {
    ActionStatus.NOT_STARTED: "not started",
    ActionStatus.ON_TRACK: "on track",
    ActionStatus.DELAYED: "delayed",
    ActionStatus.COMPLETE: "complete",
    ActionStatus.STOPPED: "stopped",
}


def section(evidence: Evidence) -> Section | None:
    """The plan's actions, or None where no source delivers any."""
    as_at = evidence.edition.as_at
    shown = [a for a in evidence.actions if a.due >= _last_year(as_at) or a.is_open]
    if not shown:
        return None
    due = [action for action in shown if action.due < as_at]
    later = [action for action in shown if action.due >= as_at]
    blocks: list[Block] = [Paragraph(words) for words in _measured(evidence)]
    if due:
        note = text("Status as the owner reports it; overdue: still open on ", wording.day(as_at), ".")
        blocks.append(_table(evidence, due, "Actions that were due", as_at, note))
    if later:
        blocks.append(_table(evidence, later, "Actions still to come", as_at, whole=True))
    return Section(
        id="actions",
        eyebrow=("Progress on last year's plan",),
        title=_title(due, as_at),
        blocks=tuple(blocks),
        contents=("Progress on last year's plan",),
    )


def _last_year(as_at: date) -> date:
    """The first day of the last whole financial year."""
    years_back = 1 if as_at.month >= APRIL else 2
    return add_months(date(as_at.year, APRIL, 1), -12 * years_back)


def _title(due: Sequence[Action], as_at: date) -> Text:
    """How many of the actions that were due are done, and how many are overdue."""
    if not due:
        return ("No action has been due yet",)
    done = sum(action.status is ActionStatus.COMPLETE for action in due)
    overdue = sum(action.is_overdue(as_at) for action in due)
    of = figures.in_words(len(due), "actions that were due")
    noun = "actions that were" if len(due) > 1 else "action that was"
    return text(
        "Of ", of, f" {noun} due, ", _some(done, "complete"), " and ", _some(overdue, "overdue")
    )  # fmt: skip


def _some(count: int, what: str) -> Text:
    """`one is overdue`, `six are overdue`."""
    verb = "is" if count == 1 else "are"
    return text(figures.in_words(count, f"actions that are {what}"), f" {verb} {what}")


def _measured(evidence: Evidence) -> list[Text]:
    """The indicators made of the plan, one sentence each."""
    said: list[Text] = []
    for name, indicator in evidence.definitions.indicators.items():
        found = evidence.latest(name, evidence.own.code) if TAG in indicator.tags else None
        if found is not None and found.value is not None:
            value = text(figures.observed(found), wording.unit(found), wording.base(found))
            said.append(
                text(
                    sentence_case(evidence.said(name)), ": ", value, " in ", wording.period(found.period),
                    ". ", joined(" ", [quoted(caveat) for caveat in indicator.caveats[:1]]),
                )
            )  # fmt: skip
    return said


def _table(
    evidence: Evidence,
    actions: Sequence[Action],
    caption: str,
    as_at: date,
    note: Text = (),
    whole: bool = False,
) -> Table:
    groups = evidence.groups
    rows: list[Row] = []
    for name in (*groups, None):
        chosen = [a for a in actions if (a.serves == name if name else a.serves not in groups)]
        if chosen:
            title = quoted(groups[name].title) if name else ("Across the strategy",)
            rows.append(Row((Cell(title), Cell(())), RowKind.GROUP))
            rows += [_row(action, as_at) for action in chosen]
    columns = (
        TableColumn(("Action",), CellKind.WORDS, 44),
        TableColumn(("Owner",), CellKind.WORDS, 22),
        TableColumn(("Due",), CellKind.WORDS, 16),
        TableColumn(("Status",), CellKind.VERDICT, 18),
    )
    return Table(caption=(caption,), columns=columns, rows=tuple(rows), note=note, whole=whole)


def _row(action: Action, as_at: date) -> Row:
    return Row(
        (
            Cell(quoted(action.words, Origin.DELIVERED)),
            Cell(quoted(action.owner, Origin.DELIVERED)),
            Cell(wording.day(action.due)),
            _status(action, as_at),
        ),
        joined=True,
    )


def _status(action: Action, as_at: date) -> Cell:
    """`✓ Complete`, `✓ Complete, late`, `! Overdue, reported as delayed`, `… On track`, `– Stopped`."""
    reported = REPORTED[action.status] if action.status else "not reported"
    if action.status is ActionStatus.COMPLETE:
        return Cell(("✓ Complete, late" if action.was_late else "✓ Complete",), Verdict.IMPROVED.value)
    if action.is_overdue(as_at):
        said = f"! Overdue, reported as {reported}" if action.status else "! Overdue, not reported on"
        return Cell((said,), Verdict.WORSENED.value)
    shape = "–" if action.status is ActionStatus.STOPPED else "…"
    return Cell((f"{shape} {reported[:1].upper()}{reported[1:]}",))
