"""Behind a priority: every comparison of every indicator, more charts, and what to mind in reading them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.compute.peers import OF_AREAS, changed_members
from pipeline.compute.standing import LOCATION, rest_of_force
from pipeline.definitions.indicator import Reported
from pipeline.model.assessment import MeasureResult, UseResult
from pipeline.model.comparison import Comparison, Judgement, Verdict
from pipeline.model.observation import SHORTHAND, UNKNOWN, Mark
from pipeline.report import beside, figures, illustration, monthly, numbers, wording
from pipeline.report.cells import EMPTY, WOULD_SHOW, judgement_cells, kept_cells, optional_columns
from pipeline.report.chartvalues import LineChart
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Columns,
    Exhibit,
    Heading,
    Listing,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.fit import FULL_LETTERS, PAGE_MM, height, page_height
from pipeline.report.sections import priority, telling, unrecorded
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

MOST_CHARTS = 4
UNUSED_MM = 15.0  # what a page break leaves empty, where a group of rows or a chart goes on to the next page


def section(evidence: Evidence, group: str, number: int) -> Section:
    """The detail pages of a priority."""
    chosen = evidence.definitions.priorities[group]
    measures = evidence.measures_of.get(group, ())
    uses = list({use.indicator: use for measure in measures for use in measure.uses}.values())
    blocks: list[Block] = [_comparisons(evidence, uses), *unrecorded.blocks(evidence, uses)]
    charts = _charts(evidence, group, uses, measures)
    if charts:
        blocks.append(Heading(("More of the picture",)))
        blocks += [
            Columns(tuple((exhibit,) for exhibit in charts[at : at + 2])) for at in range(0, len(charts), 2)
        ]
    said = _title(evidence, uses, {use.indicator for use in telling.leading(measures)})
    notes = _notes(evidence, uses)
    used = page_height(said, blocks)
    room = PAGE_MM - used % PAGE_MM - UNUSED_MM * (used // PAGE_MM)
    if sum(height(note, FULL_LETTERS) for note in notes) <= room:
        blocks += notes  # on a page of their own they would only repeat the annex
    return Section(
        id=f"detail-{group.replace('_', '-')}",
        eyebrow=text(
            "Priority ", Quoted(str(number), Origin.DEFINITION), " · ", quoted(chosen.title), " · detail"
        ),
        title=said,
        blocks=tuple(blocks),
        contents=text(quoted(chosen.title), ": the detail"),
        depth=2,
    )


def _title(evidence: Evidence, uses: Sequence[UseResult], told: set[str]) -> Text:
    """What moved beside the title of the priority's page, the unwelcome first."""
    judged = [(use, use.judgement) for use in uses if use.judgement is not None and use.judgement.verdict]
    if not judged:
        return ("No figure has been delivered yet",)
    changed = [(u, j) for u, j in judged if j.verdict in telling.MOVED]
    if not changed:
        return telling.changed_clearly(0, len(judged), "indicators")
    moved = [(u, j) for u, j in changed if u.indicator not in told]
    if not moved:
        of = figures.in_words(len(judged), "indicators")
        clauses = [wording.clause(evidence.said(u.indicator), j) for u, j in changed]
        if len(judged) > len(changed):
            clauses = [*clauses[:2], text("nothing else among ", of, " indicators changed clearly")]
        return wording.headline(clauses)
    moved.sort(key=lambda pair: telling.MOVED.index(pair[1].verdict or Verdict.DOWN))
    clauses = [wording.clause(evidence.said(u.indicator), j) for u, j in moved]
    shown = clauses[:1]
    if len(clauses) > 1 and len(plain(clauses[0])) + len(plain(clauses[1])) <= priority.LONGEST_TITLE:
        shown = clauses[:2]
    rest = len(clauses) - len(shown)
    if rest:
        of = text(" of ", figures.in_words(len(judged), "indicators"), " indicators")
        shown.append(
            text(figures.in_words(rest, "further indicators that changed"), " more", of, " changed clearly")
        )
    return wording.headline(shown)


def _comparisons(evidence: Evidence, uses: Sequence[UseResult]) -> Table:
    """All comparators of all indicators, a heading for each indicator."""
    rows = [row for use in uses for row in _indicator_rows(evidence, use)]
    judged = [j for use in uses for j in (use.judgement, *use.others, *use.children) if j is not None]
    sought, bounded = optional_columns(judged)
    rows = [kept_cells(row, sought, bounded) for row in rows]
    widths = [8, 9, 8, 13, *([7] if sought else []), *([12] if bounded else []), 17]
    headers: list[tuple[Text, CellKind]] = [
        (("Indicator and comparison",), CellKind.WORDS),
        (("Now",), CellKind.NUMBER),
        (("Reference",), CellKind.NUMBER),
        (("Change",), CellKind.NUMBER),
        (text(Quoted("95%", Origin.METHOD), " interval of change"), CellKind.RANGE),
        *([(("Would show",), CellKind.RANGE)] if sought else []),
        *([(("If unknowns were known",), CellKind.RANGE)] if bounded else []),
        (("Verdict",), CellKind.VERDICT),
    ]
    columns = tuple(
        TableColumn(words, kind, width)
        for (words, kind), width in zip(headers, (100 - sum(widths), *widths), strict=True)
    )
    return Table(
        caption=("Every indicator and every comparison",),
        columns=columns,
        rows=tuple(rows),
        note=text(
            _NOTE,
            WOULD_SHOW if sought else (),
            _redrawn(evidence, uses),
            _dispersions(uses),
            _populations(evidence, uses),
            _placeless(evidence, uses),
        ),
    )


def _redrawn(evidence: Evidence, uses: Sequence[UseResult]) -> Text:
    """Which sets of areas had other members a year before: what [b] means beside a position."""
    said: dict[str, Text] = {}
    for use in uses:
        period = use.observation.period if use.observation else None
        named = [c.of for c in evidence.indicator(use.indicator).compare if c.to in OF_AREAS and c.of]
        for name in named if period else ():
            partnership = evidence.definitions.partnership
            note = changed_members(partnership, name, period, period.shifted(-12)) if period else ""
            said |= {note: text("[b] ", sentence_case(quoted(note)), ". ")} if note else {}
    return joined("", list(said.values()))


def _dispersions(uses: Sequence[UseResult]) -> Text:
    """By how much more than chance each series varies, which its intervals allow for: measured or taken."""
    measured: list[Text] = []
    taken: list[Text] = []
    for use in uses:
        c = use.judgement.comparison if use.judgement is not None else None
        if c is None or c.dispersion is None or c.lower is None:
            continue
        if "dispersion" in c.reason and "taken as" in c.reason:
            taken.append(quoted(use.title))
            continue
        value = figures.figure(numbers.number(c.dispersion, 2), figures.comparison_id(c, "dispersion"))
        measured.append(text(quoted(use.title), " ", value))
    said: list[Text] = []
    if measured:
        lead = "Dispersion (pure chance is one), which intervals allow for: "
        said.append(text(lead, joined("; ", measured), ". "))
    if taken:
        said.append(text("Dispersion not measured, taken as one: ", joined("; ", taken), ". "))
    return joined("", said)


def _populations(evidence: Evidence, uses: Sequence[UseResult]) -> Text:
    """The years of the populations that rates are divided by, each once."""
    known = [(evidence.indicator(use.indicator), use.observation) for use in uses]
    found = [illustration.population(indicator, o) for indicator, o in known if o is not None]
    said = {plain(words): words for words in found if words}
    return text(*said.values())


def _placeless(evidence: Evidence, uses: Sequence[UseResult]) -> Text:
    """What the rest of the force is, and how many records of the force have no place and so are not in it."""
    force = evidence.definitions.partnership.force
    counts: list[Text] = []
    compared = [use for use in uses if beside.elsewhere(evidence, use.indicator)]
    for use in compared:
        period = use.observation.period if use.observation else None
        found = period and evidence.results.get(use.indicator, force.code, period, LOCATION, UNKNOWN)
        if found and found.numerator is not None:
            counts.append(text(quoted(use.title), " ", figures.numerator(found)))
    if not compared:
        return ()
    without = text(", left out: ", joined("; ", counts)) if counts else (" are left out",)
    name = sentence_case(quoted(rest_of_force(evidence.definitions.partnership).name))
    return text(name, ": its other districts. Records of the force with no place", without, ". ")


def _broken(comparison: Comparison) -> Text:
    """The mark of a break that is not one of the figure itself, after the name of a comparison."""
    own = comparison.observation.marks
    return (f" {SHORTHAND[Mark.BREAK]}",) if Mark.BREAK in comparison.marks - own else ()


def _indicator_rows(evidence: Evidence, use: UseResult) -> list[Row]:
    """One line where there is one comparison, else a heading with a line for each."""
    head = text(quoted(use.title), _when(use))
    found = [j for j in (use.judgement, *use.others) if j is not None]
    if not found:
        return [Row((Cell(head), Cell(figures.observed(use.observation)), *([EMPTY] * 6)))]
    if len(found) == 1 and not use.children and found[0].comparison.comparator != "rank":
        return [Row((Cell(head), *judgement_cells(found[0])))]
    parts = [
        Row((Cell(evidence.category(j.comparison.observation)), *judgement_cells(j)), RowKind.CHILD)
        for j in use.children
    ]
    return [Row((Cell(head), EMPTY), RowKind.GROUP), *(_row(evidence, j) for j in found), *parts]


_NOTE: Text = (
    "Where nothing else is said, the reference is the same period a year before. Indented: categories, "
    "against the first comparison. A position beside other areas carries no verdict. ",
)


def _when(use: UseResult) -> Text:
    return text(", ", wording.period(use.observation.period)) if use.observation else ()


def _row(evidence: Evidence, judgement: Judgement) -> Row:
    comparison = judgement.comparison
    if comparison.comparator == "rank":
        return _rank_row(evidence, comparison)
    if comparison.comparator == "change_of":
        return _elsewhere_row(comparison)
    if comparison.comparator == "target":
        return replace(beside.target_row(judgement), kind=RowKind.ROW, joined=True)
    if comparison.comparator == "paired":
        return replace(beside.paired_row(evidence, judgement), kind=RowKind.ROW, joined=True)
    label = sentence_case(wording.against(comparison))
    cells = judgement_cells(judgement)
    if comparison.comparator == "average":
        label = text(label, _broken(comparison))
    if comparison.comparator == "average" and cells[2].text:
        # A distance from other areas is no movement, so it has a sign and no arrow.
        cells = (*cells[:2], Cell(figures.distance(comparison)), *cells[3:])
    return Row((Cell(label), *cells), joined=True)


def _rank_row(evidence: Evidence, comparison: Comparison) -> Row:
    among = quoted(comparison.reference_label.removeprefix("among "))
    indicator = evidence.indicator(comparison.observation.indicator)
    end = "lowest" if illustration.lowest_is_first(indicator) else "highest"
    label = text("Rank among ", among, f", {end} first", _broken(comparison))
    value = Cell(figures.observed(comparison.observation))
    if comparison.reference_value is None:
        return Row((Cell(label), value, Cell(("[x]",)), *([EMPTY] * 5)), joined=True)
    of = len(evidence.peers(comparison.observation.indicator))
    rank = round(comparison.reference_value)
    place = figures.figure(f"{rank} of {of}", figures.comparison_id(comparison, "reference_value"))
    could: Text = ()
    if comparison.lower is not None and comparison.upper is not None:
        best, worst = round(comparison.lower), round(comparison.upper)
        words = f"could be {best} to {worst}" if best != worst else f"clearly {best}"
        could = sentence_case((figures.figure(words, figures.comparison_id(comparison, "lower,upper")),))
    return Row((Cell(label), value, Cell((place,)), *([EMPTY] * 4), Cell(could)), joined=True)


def _elsewhere_row(comparison: Comparison) -> Row:
    """The change elsewhere, in the column of changes."""
    name = sentence_case(quoted(comparison.reference_label))
    label = text(name, ", its change", _broken(comparison))
    if comparison.reference_value is None:
        return Row((Cell(label), EMPTY, EMPTY, Cell(("[x]",)), *([EMPTY] * 4)), joined=True)
    unit = " pp" if comparison.observation.unit == "%" else wording.unit_of_change(comparison)
    moved = comparison.reference_value
    there = figures.figure(
        numbers.number(abs(moved), 1) + unit, figures.comparison_id(comparison, "reference_value")
    )
    cell = Cell((f"{numbers.direction(moved)} ", there))
    return Row((Cell(label), EMPTY, EMPTY, cell, *([EMPTY] * 4)), joined=True)


def _charts(
    evidence: Evidence, group: str, uses: Sequence[UseResult], measures: Sequence[MeasureResult]
) -> list[Exhibit]:
    """Charts that the priority's page does not show: lines, ranks, parts, then stages of returns."""
    shown = {e.title for e in priority.exhibits(evidence, evidence.definitions.priorities[group], measures)}
    found: list[Exhibit | None] = []
    for use in uses:
        parts = priority.first_cut(evidence, use)
        sources = illustration.source_line(evidence, evidence.indicator(use.indicator))
        found += [
            illustration.ranking(evidence, use.indicator),
            monthly.line(evidence, use.indicator),
            illustration.changes(parts, sources, evidence.said(use.indicator)) if len(parts) > 2 else None,
        ]
    for measure in measures:
        by_unit: dict[str, list[str]] = {}  # the stages of one way through are counted in one unit
        for use in measure.uses:
            counted = evidence.indicator(use.indicator).measure
            if isinstance(counted, Reported):
                by_unit.setdefault(counted.unit, []).append(use.indicator)
        found += [illustration.stages(evidence, names) for names in by_unit.values()]
    drawn = {e.title: e for e in found if e is not None and e.title not in shown}
    ordered = sorted(drawn.values(), key=lambda e: isinstance(e.chart, LineChart))
    return ordered[:MOST_CHARTS]


def _notes(evidence: Evidence, uses: Sequence[UseResult]) -> list[Block]:
    items: list[Text] = []
    for use in uses:
        indicator = evidence.indicator(use.indicator)
        items += [text(quoted(use.title), ": ", quoted(caveat)) for caveat in indicator.caveats[:1]]
    return [Heading(("Mind in reading these",)), Listing(tuple(items[:6]))] if items else []
