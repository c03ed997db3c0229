"""Month by month: the line of an indicator with its usual range, or beside the same months a year before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.definitions.indicator import Break, Indicator
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import Mark, ReleasedObservation
from pipeline.model.period import MONTH_NAMES
from pipeline.report import figures, wording
from pipeline.report.chartvalues import (
    Level,
    LineChart,
    SeriesPoint,
)
from pipeline.report.document import Exhibit
from pipeline.report.evidence import Evidence
from pipeline.report.illustration import source_line
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text
from pipeline.statistics import ControlPoint, Signal, control_chart, seasonality

SHOWN_MONTHS = 48
FEWEST_MONTHS = 12


def line(evidence: Evidence, name: str, wide: bool = False) -> Exhibit | None:
    """The monthly line of an indicator with its usual range, or None where it has under a year of months.

    Where the month of the year matters, the same month of the year before is drawn behind it instead:
    a usual range of such a series would cry wolf every summer.
    """
    observations = evidence.monthly(name)[-SHOWN_MONTHS:]
    values = [o.value for o in observations]
    if sum(value is not None for value in values) < FEWEST_MONTHS:
        return None
    indicator = evidence.indicator(name)
    exhibit = _seasonal if seasonality(values).material else _ranged
    return exhibit(evidence, indicator, observations, wide)


def _points(observations: Sequence[ReleasedObservation]) -> tuple[SeriesPoint, ...]:
    return tuple(SeriesPoint(o.period.start, o.value, o.reason) for o in observations)


def _seasonal(
    evidence: Evidence,
    indicator: Indicator,
    observations: Sequence[ReleasedObservation],
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
    name = evidence.said(indicator.id)
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
    wide: bool,
) -> Exhibit:
    days = [day for b in breaks_of(evidence, indicator) for day in (b.date, b.end) if day is not None]
    values = [o.value for o in observations]
    chart = control_chart(values, rebase=days, start=observations[0].period.start)
    name = evidence.said(indicator.id)
    edges = [*chart.phases, len(observations)]
    levels = []
    for first, end in pairwise(edges):
        found = next((p for p in chart.points[first:end] if p.centre is not None), None)
        if found is not None and found.centre is not None:
            levels.append(Level(first, end - 1, found.centre, found.lower, found.upper))
    last = next(p for p in reversed(chart.points) if p.value is not None)
    year = evidence.change(indicator.id, evidence.own.code)
    if chart.has_limits:
        title = _range_title(name, last, observations, year)
        key = "Shaded: usual range; dashed: average. "
    else:
        title = _unlimited_title(name, observations, year)
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


def breaks_of(evidence: Evidence, indicator: Indicator) -> tuple[Break, ...]:
    """The declared breaks that touch an indicator: its own, and the partnership's in its scope."""
    scopes = {*indicator.sources, *indicator.over_sources, *indicator.tags}
    general = (b for b in evidence.definitions.partnership.breaks if not b.scope or scopes & set(b.scope))
    return (*indicator.breaks, *general)


def _range_title(
    name: Text, point: ControlPoint, observations: Sequence[ReleasedObservation], year: Judgement | None
) -> Text:
    """What the last month says against the usual range; where no month stands out, what the year says."""
    last = next(o for o in reversed(observations) if o.value is not None)
    side = "above" if point.high else "below"
    lead = sentence_case(name)
    if Signal.OUTSIDE in point.signals:
        when = Quoted(last.period.label, Origin.PERIOD)
        return text(lead, f" went {side} the usual range in ", when)
    if Signal.RUN in point.signals:
        return text(lead, f" stayed {side} the average for seven months or more")
    if Signal.TREND in point.signals:
        return text(lead, f" {'rose' if point.high else 'fell'} seven months running")
    if Signal.NEAR_LIMIT in point.signals:
        return text(lead, f" came near the {'top' if point.high else 'foot'} of the usual range lately")
    if year is not None and year.verdict in wording.MOVES:
        return text(
            wording.headline([wording.clause(name, year)]),
            " over the year, with no single month out of range",
        )
    return text("Month by month, ", name, " stayed within the usual range")


def _unlimited_title(name: Text, observations: Sequence[ReleasedObservation], year: Judgement | None) -> Text:
    """Where there is no usual range: what the year says, else between which months' figures it lay."""
    if year is not None and year.verdict in (*wording.MOVES, Verdict.NO_CLEAR_CHANGE):
        before = wording.against(year.comparison)
        said = text(wording.headline([wording.clause(name, year)]), " against ", before)
        return text(said, " [b]") if Mark.BREAK in year.marks else said
    known = sorted((o for o in observations if o.value is not None), key=lambda o: o.value or 0.0)
    ends = [figures.observed(o, marks=False) for o in (known[0], known[-1])]
    return text(sentence_case(name), " lay between ", ends[0], " and ", ends[1], " a month")


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
