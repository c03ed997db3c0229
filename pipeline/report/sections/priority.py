"""One page for a priority: why, what is wanted, how it is going, what cannot be said, what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.definitions.strategy import Priority
from pipeline.model.assessment import MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.report import figures, illustration, monthly, wording
from pipeline.report.chartvalues import ChangeChart
from pipeline.report.document import (
    Block,
    Callout,
    Columns,
    Exhibit,
    Heading,
    Listing,
    Paragraph,
    Section,
)
from pipeline.report.evidence import Evidence
from pipeline.report.fit import FULL_LETTERS, PAGE_MM, height, page_height
from pipeline.report.scorecard import Depth, awaited, scorecard
from pipeline.report.sections.telling import headlines, leading, what_it_says
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

LONGEST_TITLE = 96
MOST_BARS = 5
HALF = FULL_LETTERS // 2 - 3


def anchor(group: str) -> str:
    """The id of a priority's page, for references to it."""
    return f"priority-{group.replace('_', '-')}"


def section(evidence: Evidence, group: str, number: int) -> Section:
    """The page of a priority. `number` is its place in the strategy.

    It says as much as fits on one page: first the categories go, then indicators beside the headlines,
    then sentences. What goes is on the detail pages.
    """
    priority = evidence.definitions.priorities[group]
    measures = evidence.measures_of.get(group, ())
    said = title(evidence, measures)
    charts = exhibits(evidence, priority, measures)
    doubted = any(_bounded(chart) for chart in charts)
    for choice in (*_PARTS_FIRST, *_CHOICES) if doubted else _CHOICES:
        blocks = _blocks(evidence, priority, measures, charts, choice)
        if page_height(said, blocks) <= PAGE_MM:
            break
    return Section(
        id=anchor(group),
        eyebrow=text("Priority ", Quoted(str(number), Origin.DEFINITION), " · ", quoted(priority.title)),
        title=said,
        blocks=tuple(blocks),
        contents=text("Priority ", Quoted(str(number), Origin.DEFINITION), ": ", quoted(priority.title)),
        new_page=any(measure.uses for measure in measures),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """How much a page says."""

    depth: Depth
    sentences: int
    reasons: int  # of why it matters, and of what is wanted
    gaps: int
    charts: int = 2


# Where unknowns could explain a change of the parts, the parts are the point of the page.
_PARTS_FIRST = (
    _Choice(Depth.CHARTED_PARTS, 4, 4, 2),
    _Choice(Depth.CHARTED_PARTS, 3, 2, 2),
    _Choice(Depth.CHARTED_PARTS, 2, 2, 1),
    _Choice(Depth.CHARTED_PARTS, 1, 4, 2, charts=1),
    _Choice(Depth.CHARTED_PARTS, 1, 3, 2, charts=1),
    _Choice(Depth.CHARTED_PARTS, 1, 2, 2, charts=1),
    _Choice(Depth.CHARTED_PARTS, 1, 2, 1, charts=1),
    _Choice(Depth.CHARTED_PARTS, 1, 1, 1, charts=1),
)
_CHOICES = (
    _Choice(Depth.EVERYTHING, 4, 6, 4),
    _Choice(Depth.INDICATORS, 4, 6, 4),
    _Choice(Depth.CHARTED_PARTS, 4, 6, 3),
    _Choice(Depth.CHARTED_PARTS, 4, 4, 2),
    _Choice(Depth.CHARTED_PARTS, 3, 4, 2),
    _Choice(Depth.CHARTED_PARTS, 3, 2, 2),
    _Choice(Depth.CHARTED_PARTS, 2, 2, 1),
    _Choice(Depth.CHARTED, 3, 6, 3),
    _Choice(Depth.CHARTED, 2, 6, 3),
    _Choice(Depth.CHARTED, 2, 4, 2),
    _Choice(Depth.HEADLINES, 2, 4, 2),
    _Choice(Depth.HEADLINES, 1, 4, 2),
    _Choice(Depth.HEADLINES, 1, 2, 2),
    _Choice(Depth.HEADLINES, 1, 2, 1),
    _Choice(Depth.HEADLINES, 2, 6, 3, charts=1),
    _Choice(Depth.HEADLINES, 2, 4, 2, charts=1),
    _Choice(Depth.HEADLINES, 1, 3, 2, charts=1),
    _Choice(Depth.HEADLINES, 1, 2, 1, charts=1),
    _Choice(Depth.HEADLINES, 1, 1, 1, charts=1),
    _Choice(Depth.HEADLINES, 1, 1, 1, charts=0),
)


def _blocks(
    evidence: Evidence,
    priority: Priority,
    measures: Sequence[MeasureResult],
    charts: Sequence[Exhibit],
    choice: _Choice,
) -> list[Block]:
    card = scorecard(evidence, measures, "How we measure success", choice.depth, priority.chart)
    blocks: list[Block] = [*_purpose(priority, choice.reasons)]
    if not any(measure.uses for measure in measures):
        waits = [text(quoted(m.title), ". ", joined(" ", [awaited(a) for a in m.awaiting])) for m in measures]
        return [
            *blocks,
            Heading(("How we measure success",)),
            Listing(tuple(waits)),
            *_asked(priority, measures, evidence),
        ]
    blocks.append(card)
    said = what_it_says(evidence, measures, choice.sentences, priority.chart)
    told: list[Block] = [Callout(said)] if said else []
    if min(choice.charts, len(charts)) == 1:
        chart = next((chart for chart in charts if _bounded(chart)), charts[0])
        beside = _beside(chart, what_it_says(evidence, measures, 4, priority.chart), len(said))
        blocks.append(Columns(((chart,), beside)))
    else:
        blocks += [Columns(tuple((chart,) for chart in charts))] if charts and choice.charts else []
        blocks += told
    blocks.append(_gaps_and_question(priority, measures, evidence, choice.gaps))
    return blocks


def _bounded(exhibit: Exhibit) -> bool:
    """Whether a chart shows changes that unknowns could explain."""
    chart = exhibit.chart
    return isinstance(chart, ChangeChart) and any(row.bound_lower is not None for row in chart.rows)


def _beside(chart: Exhibit, said: Sequence[Text], fewest: int) -> tuple[Block, ...]:
    """As many sentences as stand beside a chart, `fewest` at least."""
    count = fewest
    while count < len(said) and height(Callout(tuple(said[: count + 1])), HALF) <= height(chart, HALF):
        count += 1
    return (Callout(tuple(said[:count])),) if said else ()


def _purpose(priority: Priority, most: int) -> tuple[Block, ...]:
    """Why it matters beside what is wanted; nothing where the strategy says neither."""
    columns: list[tuple[Block, ...]] = []
    if priority.why:
        columns.append((Heading(("Why it matters",)), Paragraph(quoted(" ".join(priority.why[:most])))))
    if priority.aims:
        aims = Listing(tuple(quoted(aim.rstrip(".;")) for aim in priority.aims[:most]))
        columns.append((Heading(("What we want to achieve",)), aims))
    return (Columns(tuple(columns)),) if columns else ()


def title(evidence: Evidence, measures: Sequence[MeasureResult]) -> Text:
    """The page's finding: what worsened, what improved, else the first measure; then what is missing."""
    waiting = [m for m in measures if m.verdict is Verdict.AWAITING_RETURN]
    if measures and len(waiting) == len(measures):
        return ("Nothing can be said yet: every measure awaits data",)
    clauses = [
        wording.clause(evidence.said(u.indicator), u.judgement) for u in leading(measures) if u.judgement
    ]
    shortened = clauses[:1]
    for clause in clauses[1:2]:
        if sum(len(plain(c)) for c in (*shortened, clause)) <= LONGEST_TITLE:
            shortened.append(clause)
    if waiting:
        count = figures.in_words(len(waiting), "measures awaiting data")
        of = figures.in_words(len(measures), "measures")
        shortened.append(
            text(count, " of ", of, " measures await data" if len(waiting) > 1 else " measures awaits data")
        )
    return (
        wording.headline(shortened)
        if shortened
        else ("First figures, with nothing yet to compare them with",)
    )


def exhibits(evidence: Evidence, priority: Priority, measures: Sequence[MeasureResult]) -> list[Exhibit]:
    """At most two charts: how the first indicator runs by month, and how its parts or the headlines moved."""
    uses = {use.indicator: use for measure in measures for use in measure.uses}
    named = [name for name in priority.chart if name in uses] or [
        use.indicator for use in headlines(measures)
    ]
    drawn: list[Exhibit] = []
    for name in [*named, *named]:
        if len(drawn) == 2:
            return drawn
        exhibit = first_of(evidence, name, uses[name], after=drawn)
        if exhibit is not None and exhibit not in drawn:
            drawn.append(exhibit)
    if len(drawn) < 2 and named:
        rows = [
            (quoted(use.title), use.judgement) for use in headlines(measures)[:MOST_BARS] if use.judgement
        ]
        sources = illustration.source_line(evidence, evidence.indicator(named[0]))
        moved = illustration.changes(rows, sources)
        drawn += [moved] if moved else []
    return drawn


def first_of(evidence: Evidence, name: str, use: UseResult, after: Sequence[Exhibit] = ()) -> Exhibit | None:
    """The most telling chart of an indicator; a second chart is of another kind where one can be drawn."""
    sources = illustration.source_line(evidence, evidence.indicator(name))
    label = (illustration.WHOLE, use.judgement) if use.judgement else None
    parts = first_cut(evidence, use)
    candidates = [
        monthly.line(evidence, name),
        illustration.changes([*([label] if label else []), *parts], sources, evidence.said(name)),
        illustration.ranking(evidence, name),
    ]
    possible = [exhibit for exhibit in candidates if exhibit is not None]
    kinds = {type(exhibit.chart) for exhibit in after}
    fresh = [exhibit for exhibit in possible if type(exhibit.chart) not in kinds]
    return next(iter(fresh or possible), None)


def first_cut(evidence: Evidence, use: UseResult) -> list[tuple[Text, Judgement]]:
    """The categories of an indicator's first breakdown with their labels: parts of one whole, not of two."""
    cuts = [j.comparison.observation.breakdown for j in use.children]
    return [
        (evidence.category(j.comparison.observation), j)
        for j in use.children
        if j.comparison.observation.breakdown == cuts[0]
    ]


def _gaps_and_question(
    priority: Priority, measures: Sequence[MeasureResult], evidence: Evidence, most: int
) -> Columns:
    return Columns(
        (
            (Heading(("What we cannot say yet",)), *cannot_say(priority, measures, evidence, most)),
            (Heading(("Question for the board",)), Paragraph(question(priority, measures, evidence))),
        )
    )


def _asked(priority: Priority, measures: Sequence[MeasureResult], evidence: Evidence) -> tuple[Block, ...]:
    return (Heading(("Question for the board",)), Paragraph(question(priority, measures, evidence)))


def cannot_say(
    priority: Priority, measures: Sequence[MeasureResult], evidence: Evidence, most: int
) -> tuple[Block, ...]:
    """What the definitions say is missing, what stands in for what, and who owes what."""
    items: list[Text] = [sentence_case(quoted(sentence)) for sentence in priority.cannot_say]
    for use in headlines(measures):
        stands = evidence.indicator(use.indicator).stands_for
        if stands:
            items.append(text(quoted(use.title), " stands in for ", wording.in_sentence(stands), "."))
    waiting = [m for m in measures if m.verdict is Verdict.AWAITING_RETURN]
    if waiting and not priority.cannot_say:
        items += [awaited(a) for m in waiting for a in m.awaiting[:1]]
    if not items:
        return (Paragraph(("Every measure has a figure.",)),)
    return (Listing(tuple(items[:most])),) if len(items) > 1 else (Paragraph(items[0]),)


def question(priority: Priority, measures: Sequence[MeasureResult], evidence: Evidence) -> Text:
    """What the board is asked: the definitions' own question, else the one the evidence raises."""
    asked = priority.question or next(
        (measure.question for measure in priority.measures.values() if measure.question), ""
    )
    if asked:
        return quoted(asked)
    owners = list(dict.fromkeys(a.owner.replace("_", " ") for m in measures for a in m.awaiting))
    if owners:
        return text("By when will the returns still awaited be sent, and who on the board answers for them?")
    worse = [
        use for use in headlines(measures) if use.judgement and use.judgement.verdict is Verdict.WORSENED
    ]
    if worse:
        return text("What will partners do differently about ", evidence.said(worse[0].indicator), "?")
    return ("Are these still the right measures of this priority?",)
