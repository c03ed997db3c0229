"""Progress on every success measure, one line each, with the page that holds the rest."""

from __future__ import annotations

from collections import Counter

from pipeline.model.assessment import MeasureResult, UseResult
from pipeline.model.comparison import Verdict
from pipeline.report import figures, wording
from pipeline.report.cells import EMPTY
from pipeline.report.document import Cell, CellKind, Row, RowKind, Section, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import measure_cell
from pipeline.report.sections import findings, priority
from pipeline.report.sections.telling import MOVED
from pipeline.report.text import PageReference, Text, plain, quoted, text


def section(evidence: Evidence) -> Section:
    """All success measures of all priorities."""
    return Section(
        id="progress",
        eyebrow=("Progress on the strategy",),
        title=_title(evidence),
        blocks=(table(evidence), *_owed(evidence)),
        contents=("Progress on every success measure",),
    )


def _title(evidence: Evidence) -> Text:
    measures = evidence.success_measures
    counts = Counter(measure.verdict for measure in measures)
    of = figures.in_words(len(measures), "measures")
    improved = figures.in_words(counts[Verdict.IMPROVED], "measures improved")
    worsened = figures.in_words(counts[Verdict.WORSENED], "measures worsened")
    said = text("Of ", of, " success measures, ", worsened, " worsened and ", improved, " improved")
    beside = findings.adverse(evidence)
    return text(said, "; beside them ", beside) if beside else said


def table(evidence: Evidence, pages: bool = True) -> Table:
    """Every measure with the page that holds the rest, a line for each headline; without `pages`, a line
    for the measure, by the headline that moved.
    """
    rows: list[Row] = []
    for group, chosen in evidence.definitions.priorities.items():
        page: Text = (PageReference(priority.anchor(group)),) if pages else ()
        rows.append(Row((Cell(quoted(chosen.title)), Cell(page)), RowKind.GROUP))
        rows += [row for measure in evidence.measures_of.get(group, ()) for row in _rows(measure, pages)]
    columns = (
        TableColumn(("Success measure",), CellKind.WORDS, 41),
        TableColumn(("Headline indicator",), CellKind.WORDS, 28),
        TableColumn(("Now",), CellKind.NUMBER, 7),
        TableColumn(("Change",), CellKind.NUMBER, 9),
        TableColumn(("Verdict",), CellKind.VERDICT, 15),
    )
    note = (
        "Change: against the period before, in per cent, percentage points (pp) or numbers. In part: "
        "the other half of the measure is awaited. [x] not supplied or not comparable. The sign before a "
        "headline is its own verdict, where a measure has several.",
    )
    return Table(caption=("Every success measure",), columns=columns, rows=tuple(rows), note=note)


def _owed(evidence: Evidence) -> tuple[Table, ...]:
    """Every return still awaited: what, from whom, why, since when."""
    rows: dict[str, Row] = {}
    for measure in evidence.assessment.measures:
        for item in measure.awaiting:
            what = quoted(item.item or measure.title)
            when: Text = ()
            if item.due is not None:
                when = text("due ", wording.day(item.due))
            elif item.since is not None:
                when = text("since ", wording.day(item.since))
            owner = quoted(item.owner)
            cells = (Cell(what), Cell(owner), Cell(quoted(item.reason)), Cell(when))
            rows.setdefault(f"{item.owner}:{plain(what)}", Row(cells))
    if not rows:
        return ()
    columns = (
        TableColumn(("Awaited",), CellKind.WORDS, 30),
        TableColumn(("From",), CellKind.WORDS, 20),
        TableColumn(("Why it is not here",), CellKind.WORDS, 33),
        TableColumn(("When",), CellKind.WORDS, 17),
    )
    return (
        Table(caption=("Returns and answers still awaited",), columns=columns, rows=tuple(rows.values())),
    )


def headlines(measure: MeasureResult) -> list[UseResult]:
    """The indicators that stand for a measure: its headlines with a figure, else the first there is."""
    uses = [use for use in measure.uses if use.headline] or list(measure.uses[:1])
    return [use for use in uses if use.observation is not None] or uses[:1]


def leading(measure: MeasureResult) -> list[UseResult]:
    """The headline that a measure is told by where one line must do: the first that moved, else the first."""
    uses = headlines(measure)
    moved = [use for use in uses if use.judgement is not None and use.judgement.verdict in MOVED]
    return [*moved, *uses][:1]


def _rows(measure: MeasureResult, every: bool) -> list[Row]:
    """A line for each headline, or for one; the title and the verdict of the measure stand on the first."""
    uses = headlines(measure)
    verdict = measure_cell(measure)
    if not uses:
        owner = text("Awaited from ", quoted(measure.awaiting[0].owner)) if measure.awaiting else ()
        return [Row((Cell(quoted(measure.title)), Cell(owner), Cell(("[x]",)), EMPTY, verdict), joined=True)]
    of = text(" (one of ", figures.in_words(len(uses), f"headlines of {measure.measure}"), ")")
    if not every and len(uses) > 1:
        name, *cells = _row(leading(measure)[0], alone=True)
        told = (Cell(text(name.text, of)), *cells)
        return [Row((Cell(quoted(measure.title)), *told, verdict), joined=True)]
    first, *others = (_row(use, alone=len(uses) == 1) for use in uses)
    named = Row((Cell(quoted(measure.title)), *first, verdict), joined=True)
    return [named, *(Row((EMPTY, *cells, EMPTY), joined=True) for cells in others)]


def _row(use: UseResult, alone: bool) -> tuple[Cell, Cell, Cell]:
    """A headline with its value and change; the sign of its own verdict, unless it is `alone`."""
    judgement = use.judgement
    told = judgement is not None and judgement.verdict not in (Verdict.NOT_COMPARABLE, None)
    change = figures.change(judgement.comparison) if judgement is not None and told else ()
    own = judgement.verdict if judgement is not None and not alone else None
    sign = (f"{wording.SYMBOLS[own]} ",) if own is not None else ()
    return Cell(text(sign, quoted(use.title))), Cell(figures.observed(use.observation)), Cell(change)
