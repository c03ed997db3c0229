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
    """The headline of every measure: value, change and verdict; the page where `pages`."""
    rows: list[Row] = []
    for group, chosen in evidence.definitions.priorities.items():
        page: Text = (PageReference(priority.anchor(group)),) if pages else ()
        rows.append(Row((Cell(quoted(chosen.title)), Cell(page)), RowKind.GROUP))
        rows += [_row(measure) for measure in evidence.measures_of.get(group, ())]
    columns = (
        TableColumn(("Success measure",), CellKind.WORDS, 41),
        TableColumn(("Headline indicator",), CellKind.WORDS, 28),
        TableColumn(("Now",), CellKind.NUMBER, 7),
        TableColumn(("Change",), CellKind.NUMBER, 9),
        TableColumn(("Verdict",), CellKind.VERDICT, 15),
    )
    note = (
        "Change: against the period before, in per cent, percentage points (pp) or numbers. In part: "
        "the other half of the measure is awaited. [x] not supplied or not comparable.",
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


def headline(measure: MeasureResult) -> UseResult | None:
    """The indicator that stands for a measure: its first headline with a figure, else its first."""
    uses = [use for use in measure.uses if use.headline] or list(measure.uses)
    return next((use for use in uses if use.observation is not None), uses[0] if uses else None)


def _row(measure: MeasureResult) -> Row:
    use = headline(measure)
    verdict = measure_cell(measure)
    if use is None:
        owner = text("Awaited from ", quoted(measure.awaiting[0].owner)) if measure.awaiting else ()
        return Row(
            (Cell(quoted(measure.title)), Cell(owner), Cell(("[x]",)), EMPTY, verdict),
            joined=True,
        )
    judgement = use.judgement
    told = judgement is not None and judgement.verdict not in (Verdict.NOT_COMPARABLE, None)
    change = figures.change(judgement.comparison) if judgement is not None and told else ()
    return Row(
        (
            Cell(quoted(measure.title)),
            Cell(quoted(use.title)),
            Cell(figures.observed(use.observation)),
            Cell(change),
            verdict,
        ),
        joined=True,
    )
