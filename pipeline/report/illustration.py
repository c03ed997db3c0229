"""Released figures -> exhibits: a chart's values, its finding as title, its caption and its alt text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.definitions.indicator import Break, Indicator
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN, Mark, ReleasedObservation
from pipeline.model.period import MONTH_NAMES, add_months
from pipeline.report import figures, numbers, wording
from pipeline.report.chartvalues import (
    BarChart,
    BarRow,
    ChangeChart,
    ChangeRow,
    Level,
    LineChart,
    RankChart,
    RankRow,
    SeriesPoint,
)
from pipeline.report.document import Exhibit
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, listed, quoted, sentence_case, text
from pipeline.statistics import Seasonality, Signal, control_chart, seasonality

SHOWN_MONTHS = 48
WHOLE: Text = ("All",)
"""The label of a total beside its parts."""
FEWEST_MONTHS = 12


def monthly(evidence: Evidence, name: str, wide: bool = False) -> Exhibit | None:
    """The monthly line of an indicator with its usual range, or None where it has under a year of months.

    Where the month of the year matters, the same month of the year before is drawn behind it instead:
    a usual range of such a series would cry wolf every summer.
    """
    observations = evidence.monthly(name)[-SHOWN_MONTHS:]
    values = [o.value for o in observations]
    if sum(value is not None for value in values) < FEWEST_MONTHS:
        return None
    indicator = evidence.indicator(name)
    season = seasonality(values)
    exhibit = _seasonal if season.material else _ranged
    return exhibit(evidence, indicator, observations, season, wide)


def _points(observations: Sequence[ReleasedObservation]) -> tuple[SeriesPoint, ...]:
    return tuple(SeriesPoint(o.period.start, o.value, o.reason) for o in observations)


def _seasonal(
    evidence: Evidence,
    indicator: Indicator,
    observations: Sequence[ReleasedObservation],
    season: Seasonality,
    wide: bool,
) -> Exhibit:
    recent = observations[-24:]
    pairs = list(zip(observations[-12:], observations[-24:-12], strict=True))
    known = [
        (now.value, before.value)
        for now, before in pairs
        if now.value is not None and before.value is not None
    ]
    lower = sum(now < before for now, before in known)
    below = lower * 2 >= len(known)
    told = lower if below else sum(now > before for now, before in known)
    name = wording.in_sentence(indicator.title)
    counted = figures.in_words(told, f"{indicator.id}:months")
    of = figures.in_words(len(known), f"{indicator.id}:months")
    title = text(
        f"{'Lower' if below else 'Higher'} than the year before in ",
        counted,
        " of the last ",
        of,
        " months: ",
        name,
    )
    earlier = _points(observations[-36:-12]) if len(observations) >= 36 else ()
    shown = recent if earlier else observations
    caption = text(
        _span(shown), ", ", quoted(_monthly_unit(shown)), ". ",
        "Grey line: a year before, as season matters. " if earlier else "",
        _gaps(shown), source_line(evidence, indicator),
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=LineChart(points=_points(shown), unit=_monthly_unit(shown), earlier=earlier),
        caption=caption,
        alt=text("Line chart. ", title, ". ", _range_of(shown)),
        wide=wide,
    )


def _ranged(
    evidence: Evidence,
    indicator: Indicator,
    observations: Sequence[ReleasedObservation],
    season: Seasonality,
    wide: bool,
) -> Exhibit:
    positions = _rebased(evidence, indicator, observations)
    chart = control_chart([o.value for o in observations], rebase=positions)
    name = wording.in_sentence(indicator.title)
    edges = [*chart.phases, len(observations)]
    levels = []
    for first, end in pairwise(edges):
        found = next((p for p in chart.points[first:end] if p.centre is not None), None)
        if found is not None and found.centre is not None:
            levels.append(Level(first, end - 1, found.centre, found.lower, found.upper))
    last = next(p for p in reversed(chart.points) if p.value is not None)
    if chart.has_limits:
        title = _range_title(name, last.signals, last.high, observations)
        key = "Shaded: usual range; dashed: average. "
    else:
        title = _year_apart(name, observations)
        key = "Dashed: average. " if levels else ""
    caption = text(
        _span(observations), ", ", quoted(_monthly_unit(observations)), ". ", key,
        _gaps(observations), source_line(evidence, indicator),
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=LineChart(points=_points(observations), levels=tuple(levels), unit=_monthly_unit(observations)),
        caption=caption,
        alt=text("Line chart. ", title, ". ", _range_of(observations)),
        wide=wide,
    )


def _rebased(
    evidence: Evidence, indicator: Indicator, observations: Sequence[ReleasedObservation]
) -> list[int]:
    """Positions at which a declared break starts or ends."""
    days = [day for b in breaks_of(evidence, indicator) for day in (b.date, b.end) if day is not None]
    found = {i for i, o in enumerate(observations) for day in days if o.period.contains(day)}
    return sorted(position for position in found if 0 < position < len(observations))


def breaks_of(evidence: Evidence, indicator: Indicator) -> tuple[Break, ...]:
    """The declared breaks that touch an indicator: its own, and the partnership's in its scope."""
    scopes = {*indicator.sources, *indicator.tags}
    general = (b for b in evidence.definitions.partnership.breaks if not b.scope or scopes & set(b.scope))
    return (*indicator.breaks, *general)


def _range_title(
    name: Text, signals: tuple[Signal, ...], high: bool | None, observations: Sequence[ReleasedObservation]
) -> Text:
    last = next(o for o in reversed(observations) if o.value is not None)
    side = "above" if high else "below"
    if Signal.OUTSIDE in signals:
        return text(
            sentence_case(name), f" was {side} its usual range in ", Quoted(last.period.label, Origin.PERIOD)
        )
    if Signal.RUN in signals:
        return text(sentence_case(name), f" has stayed {side} its average for seven months or more")
    if Signal.TREND in signals:
        return text(sentence_case(name), f" has {'risen' if high else 'fallen'} seven months running")
    if Signal.NEAR_LIMIT in signals:
        return text(
            sentence_case(name), f" has lately been near the {'top' if high else 'foot'} of its usual range"
        )
    return text("Monthly ", name, " stayed within its usual range")


def _year_apart(name: Text, observations: Sequence[ReleasedObservation]) -> Text:
    """The last month with a figure against the same month a year before, where that has one."""
    by_month = {o.period.start: o for o in observations if o.value is not None}
    last = by_month[max(by_month)]
    before = by_month.get(add_months(last.period.start, -12))
    said = text(
        sentence_case(name),
        ": ",
        figures.observed(last, marks=False),
        " in ",
        Quoted(last.period.label, Origin.PERIOD),
    )
    return (
        text(said, ", against ", figures.observed(before, marks=False), " a year before") if before else said
    )


def _span(observations: Sequence[ReleasedObservation]) -> Text:
    first, last = observations[0].period.label, observations[-1].period.label
    return text(Quoted(f"{_short(first)} to {_short(last)}", Origin.PERIOD))


def _short(label: str) -> str:
    """`September 2021` -> `Sep 2021`."""
    month, year = label.split()
    return f"{month[:3]} {year}"


def _monthly_unit(observations: Sequence[ReleasedObservation]) -> str:
    unit = observations[-1].unit
    return "% a month" if unit == "%" else f"{unit} a month"


def _gaps(observations: Sequence[ReleasedObservation]) -> Text:
    missing = [o for o in observations if o.value is None]
    if not missing:
        return ()
    if len(missing) > 6:
        count = figures.counted(len(missing), f"{observations[0].indicator}:missing months")
        return text("Grey: ", count, " months not delivered whole. ")
    months = [
        quoted(f"{MONTH_NAMES[o.period.start.month - 1][:3]} {o.period.start.year}", Origin.PERIOD)
        for o in missing
    ]
    return text("Grey: not delivered whole (", joined(", ", months), "). ")


def _range_of(observations: Sequence[ReleasedObservation]) -> Text:
    """Lowest and highest month in words, for the alt text."""
    known = [o for o in observations if o.value is not None]
    lowest = min(known, key=lambda o: o.value or 0.0)
    highest = max(known, key=lambda o: o.value or 0.0)
    return text(
        "Lowest ", figures.observed(lowest, marks=False), " in ", Quoted(lowest.period.label, Origin.PERIOD),
        ", highest "
        "", figures.observed(highest, marks=False), " in ", Quoted(highest.period.label, Origin.PERIOD), ".",
    )  # fmt: skip


def source_line(evidence: Evidence, indicator: Indicator, every: bool = False) -> Text:
    """Where figures come from: `Police recorded crime.`; of several sources the first, or `every` one."""
    named = indicator.sources if every else indicator.sources[:1]
    known = evidence.definitions.sources
    return text(quoted("; ".join(known[name].title if name in known else name for name in named)), ".")


def changes(
    evidence: Evidence, rows: Sequence[tuple[Text, Judgement]], sources: Text, wide: bool = False
) -> Exhibit | None:
    """Changes side by side with their intervals, or None where fewer than two can be drawn on one scale."""
    drawn: list[ChangeRow] = []
    told: list[tuple[Text, Judgement]] = []
    unit = ""
    bounded = False
    for label, judgement in rows:
        comparison = judgement.comparison
        measured = figures.size(comparison)
        if measured is None or not measured[1] or judgement.verdict in (Verdict.NOT_COMPARABLE, None):
            continue
        if comparison.observation.category == UNKNOWN or (unit and measured[1] != unit):
            continue
        unit = measured[1]
        bounded = bounded or comparison.bound_lower is not None
        printed = figures.figure(
            numbers.signed(measured[0]) + unit, figures.comparison_id(comparison, measured[2])
        )
        drawn.append(
            ChangeRow(
                label,
                measured[0],
                comparison.lower,
                comparison.upper,
                comparison.bound_lower,
                comparison.bound_upper,
                (printed,),
            )
        )
        told.append((label, judgement))
    if len(drawn) < 2:
        return None
    title = changes_title(told)
    reference = told[0][1].comparison
    caption = text(
        "Change on ", wording.against(reference), " and ", Quoted("95%", Origin.METHOD), " interval. ",
        "Shaded: where it could lie if the unknowns were known. " if bounded else "",
        sources,
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=ChangeChart(rows=tuple(drawn), unit="percentage points" if unit == " pp" else "%"),
        caption=caption,
        alt=text(
            "Dot chart of changes. ", joined("; ", [text(row.label, " ", row.printed) for row in drawn]), "."
        ),
        wide=wide,
    )


def changes_title(told: Sequence[tuple[Text, Judgement]]) -> Text:
    """The finding of several changes: which fell, which rose, or that none did."""
    moved = [
        (label, j)
        for label, j in told
        if j.verdict in (Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN)
    ]
    parts = [(label, j) for label, j in moved if label != WHOLE] or moved
    if not parts:
        return ("None of these changed clearly",)
    clauses: list[Text] = []
    for verb in dict.fromkeys(wording.went(judgement) for _, judgement in parts):
        names = [label for label, judgement in parts if wording.went(judgement) == verb]
        shown: list[Text] = names[:2]
        if len(names) > len(shown):
            shown = [*shown, text(figures.in_words(len(names) - len(shown), "further changes"), " more")]
        clauses.append(text(listed(shown), f" {verb}"))
    return wording.headline(clauses)


def ranking(evidence: Evidence, name: str, wide: bool = False) -> Exhibit | None:
    """The areas in order of an indicator, the partnership's own in orange; None with fewer than three."""
    peers = [o for o in evidence.peers(name) if o.value is not None]
    comparable = all(o.denominator for o in peers)  # counts of places of different size say nothing
    if len(peers) < 3 or not comparable or not any(o.area == evidence.own for o in peers):
        return None
    indicator = evidence.indicator(name)
    ordered = sorted(peers, key=lambda o: (o.value or 0.0, o.area.name))
    rank = evidence.rank(name)
    lowest_first = lowest_is_first(indicator)
    name_words = wording.in_sentence(indicator.title)
    if rank is not None and rank.comparison.reference_value is not None:
        stands = wording.position(round(rank.comparison.reference_value), len(peers), lowest_first)
        said = figures.figure(stands, figures.comparison_id(rank.comparison, "reference_value"))
        title = text(quoted(evidence.place), " was ", said, " for ", name_words)
    else:
        title = text(sentence_case(name_words), " in ", quoted(evidence.place), " beside other areas")
    rows = tuple(
        RankRow(
            o.area.name,
            o.value or 0.0,
            o.lower,
            o.upper,
            figures.observed(o, marks=False),
            o.area == evidence.own,
        )
        for o in ordered
    )
    base = next((o for o in ordered if o.denominator is not None), None)
    caption = text(
        sentence_case(quoted(ordered[0].unit)), " and ", Quoted("95%", Origin.METHOD), " interval, ",
        wording.period(ordered[0].period), ". ",
        "One population base for all areas. " if base is not None else "",
        source_line(evidence, indicator, every=True),
    )  # fmt: skip
    alt = text(
        "Dot chart. ", title, ". ", joined("; ", [text(quoted(r.label), " ", r.printed) for r in rows]), "."
    )
    return Exhibit(
        title=title, chart=RankChart(rows=rows, unit=ordered[0].unit), caption=caption, alt=alt, wide=wide
    )


def lowest_is_first(indicator: Indicator) -> bool:
    """Whether rank 1 is the lowest value."""
    ranks = [compare for compare in indicator.compare if compare.to == "rank"]
    return not ranks or ranks[0].best == "lowest"


def stages(evidence: Evidence, names: Sequence[str], wide: bool = False) -> Exhibit | None:
    """Counts that partners report, as bars from the most to the fewest; None with fewer than two."""
    found = [(name, evidence.latest(name, evidence.own.code)) for name in names]
    known = [(name, o) for name, o in found if o is not None and o.value is not None and o.unit != "%"]
    if len(known) < 2:
        return None
    before = {name: _reference_value(evidence.change(name, evidence.own.code)) for name, _ in known}
    rows = tuple(
        BarRow(quoted(evidence.indicator(name).title), o.value or 0.0, figures.observed(o), before[name])
        for name, o in known
    )
    last = known[0][1]
    marked = any(value is not None for value in before.values())
    told = [
        (wording.in_sentence(evidence.indicator(n).title), evidence.change(n, evidence.own.code))
        for n, _ in known
    ]
    title = changes_title([(label, j) for label, j in told if j is not None])
    caption = text(
        sentence_case(wording.period(last.period)), ". ", "Tick: the year before. " if marked else "",
        source_line(evidence, evidence.indicator(known[0][0])),
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=BarChart(rows=rows, unit=last.unit),
        caption=caption,
        alt=text("Bar chart. ", joined("; ", [text(row.label, " ", row.printed) for row in rows]), "."),
        wide=wide,
    )


def _reference_value(judgement: Judgement | None) -> float | None:
    reference = judgement.comparison.reference if judgement else None
    return reference.value if reference else None


def with_break(judgement: Judgement) -> bool:
    """Whether a declared break touches the comparison."""
    return Mark.BREAK in judgement.marks or Mark.BREAK in judgement.comparison.marks
