"""Observations reported ready-made by partners and publishers. What is missing is never a zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.compute.limits import NO_LIMITS, limits
from pipeline.compute.peers import last_day, members_in, terms
from pipeline.compute.periods import is_published, period_ending, windows
from pipeline.compute.standing import compared_areas
from pipeline.definitions.indicator import Indicator, Reported
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.area import Area
from pipeline.model.observation import Mark, Observation, State
from pipeline.model.period import Period, add_months, format_month, month_of, parse_month
from pipeline.query import compile_returns
from pipeline.store import Store


@dataclass(frozen=True)
class ReportedFigure:
    """One reported figure: the days it covers (`end` is exclusive), its value (None: not available, or
    suppressed where its status says so), and its status: final, provisional, revised or suppressed."""

    start: date
    end: date
    value: float | None
    status: str = "final"


Figures = Mapping[tuple[str, str], tuple[ReportedFigure, ...]]  # by item and area code, oldest first


@dataclass(frozen=True)
class Combined:
    """The figures of one window put together; `value` None where `missing` says why there is none."""

    value: float | None
    missing: str = ""
    marks: frozenset[Mark] = frozenset()
    state: State = State.NOT_SUPPLIED  # where there is no value


_MARKS = {"provisional": Mark.PROVISIONAL, "revised": Mark.REVISED}


def observe_reported(
    store: Store, indicator: Indicator, definitions: Definitions, as_at: date, with_limits: bool = True
) -> list[Observation]:
    """The observations of one reported indicator, in no particular order.

    Its windows are the current one, those of its comparators, and every window of the same kind and
    length that the reports cover exactly. With `latest_complete` the current window is the last that is
    reported whole for the partnership's own area; where nothing is, the last one that is over.
    Without limits nothing slow to load is needed.
    """
    measure = indicator.measure
    assert isinstance(measure, Reported)
    partnership = definitions.partnership
    areas = compared_areas(indicator, partnership)
    codes = [code for area in areas for code in _members(area, partnership)]
    figures = _read(store, indicator, measure, codes)
    current = _current(indicator, measure, figures, partnership.area.code, as_at)
    # What is reported but not yet published, or not ripe where that is waited for, is not told.
    told = (
        period
        for period in _reported_windows(indicator, measure, figures)
        # Of rare deaths, a second span that overlaps the first would give single years away.
        if not indicator.only_multi_year
        if period.end <= current.end or indicator.window.named_month is not None
    )
    periods = dict.fromkeys((*windows(indicator, current), *told))
    dated = {area: terms(area, indicator, partnership) for area in areas}
    return [
        _observation(indicator, figures, area, _members(area, partnership, period), period, with_limits)
        for area in areas
        for period in periods
        if not dated[area] or any(term.holds(last_day(period)) for term in dated[area])
    ]


def reported_window(store: Store, indicator: Indicator, definitions: Definitions, as_at: date) -> Period:
    """The current window of a reported indicator."""
    measure, own = indicator.measure, definitions.partnership.area.code
    assert isinstance(measure, Reported)
    return _current(indicator, measure, _read(store, indicator, measure, [own]), own, as_at)


def _members(area: Area, partnership: Partnership, period: Period | None = None) -> tuple[str, ...]:
    """The areas whose reports make an area's figure: itself, or those of a set together.

    Of a set whose members change: those of the period, or without one whoever was ever a member.
    """
    if area.code not in partnership.area_sets:
        return (area.code,)
    known = partnership.area_set(area.code) if period is None else members_in(partnership, area.code, period)
    return tuple(member.code for member in known)


def _read(store: Store, indicator: Indicator, measure: Reported, area_codes: Iterable[str]) -> Figures:
    found: dict[tuple[str, str], list[ReportedFigure]] = {}
    for source in indicator.sources:
        table = f"{source}_{measure.table}" if measure.table else source
        types = store.columns(table)
        if not types:
            continue
        query = compile_returns(table, measure, list(dict.fromkeys(area_codes)), "status" in types)
        for row in store.rows(query.sql, query.params):
            status = row["status"] or "final"
            # What is suppressed has no value here, whatever the return holds beside the word.
            value = None if status == "suppressed" else row["value"]
            figure = ReportedFigure(row["period_start"], row["period_end"], value, status)
            found.setdefault((row["item"], row["area_code"]), []).append(figure)
    return {place: tuple(rows) for place, rows in found.items()}


def _current(indicator: Indicator, measure: Reported, figures: Figures, own: str, as_at: date) -> Period:
    window = indicator.window
    if window.named_month is not None:
        return period_ending(window, parse_month(window.named_month))
    reported = figures.get((measure.item, own), ())
    ends = sorted({add_months(figure.end, -1) for figure in reported}, reverse=True)
    ends = [month for month in ends if is_published(month, indicator.lag.publish, as_at)]
    if window.ending == "latest_ripe":
        ends = [month for month in ends if is_published(month, indicator.lag.mature, as_at)]
    for last in ends:
        period = period_ending(window, last)
        found = combine(reported, period, measure.combine)
        if found.value is not None or found.state is State.SUPPRESSED:
            return period
    over = add_months(month_of(as_at + timedelta(days=1)), -1)
    return period_ending(window, over)


def _reported_windows(indicator: Indicator, measure: Reported, figures: Figures) -> Iterable[Period]:
    """The windows of the indicator's kind that single figures cover exactly."""
    for (item, _), reported in figures.items():
        for figure in reported:
            known = figure.value is not None or figure.status == "suppressed"
            if item == measure.item and known and figure.end.day == 1:
                period = period_ending(indicator.window, add_months(figure.end, -1))
                if (period.start, period.end) == (figure.start, figure.end):
                    yield period


def combine(reported: Sequence[ReportedFigure], period: Period, how: str) -> Combined:
    """The value of a period from the figures inside it.

    A figure for exactly the period is taken as it is. Otherwise `sum` needs figures that fill the period
    month by month without overlap, and `latest` takes the last figure that ends inside it. The reason of
    a gap names its months.
    """
    exact = [f for f in reported if (f.start, f.end) == (period.start, period.end)]
    inside = exact[-1:] or [f for f in reported if period.start <= f.start and f.end <= period.end]
    if how == "latest" and not exact:
        inside = sorted((f for f in reported if period.start < f.end <= period.end), key=lambda f: f.end)[-1:]
    if not inside:
        return Combined(None, "not reported")
    hidden = [figure for figure in inside if figure.status == "suppressed"]
    if hidden:
        named = ", ".join(_months(f.start, f.end) for f in hidden)
        return Combined(None, f"suppressed by its supplier for {named}", state=State.SUPPRESSED)
    if any(figure.value is None for figure in inside):
        named = ", ".join(_months(f.start, f.end) for f in inside if f.value is None)
        return Combined(None, f"reported as not available for {named}")
    marks = frozenset(_MARKS[figure.status] for figure in inside if figure.status in _MARKS)
    if how == "latest" or exact:
        return Combined(inside[-1].value, marks=marks)
    covered = [month for f in inside for month in period.months if f.start <= month < f.end]
    holes = [month for month in period.months if month not in covered]
    if holes:
        return Combined(None, f"not reported for {', '.join(map(format_month, holes))}")
    if len(covered) != len(set(covered)):
        return Combined(None, "reports overlap, so their sum would count months twice")
    return Combined(sum(f.value for f in inside if f.value is not None), marks=marks)


def _months(start: date, end: date) -> str:
    first, last = (
        format_month(start),
        format_month(add_months(month_of(end), -1) if end.day == 1 else month_of(end)),
    )
    return first if first == last else f"{first} to {last}"


def _together(
    figures: Figures, item: str, members: Sequence[str], period: Period, measure: Reported
) -> Combined:
    """An item over the areas together: their sum, or the reasons of those that did not report."""
    found = {code: combine(figures.get((item, code), ()), period, measure.combine) for code in members}
    values = [each.value for each in found.values() if each.value is not None]
    if len(values) == len(found):
        return Combined(sum(values), marks=frozenset().union(*(each.marks for each in found.values())))
    missing = {code: each.missing for code, each in found.items() if each.value is None}
    named = (text if len(found) == 1 else f"{code} {text}" for code, text in missing.items())
    hidden = any(each.state is State.SUPPRESSED for each in found.values() if each.value is None)
    return Combined(None, "; ".join(named), state=State.SUPPRESSED if hidden else State.NOT_SUPPLIED)


def _observation(
    indicator: Indicator,
    figures: Figures,
    area: Area,
    members: Sequence[str],
    period: Period,
    with_limits: bool,
) -> Observation:
    measure = indicator.measure
    assert isinstance(measure, Reported)
    part = _together(figures, measure.item, members, period, measure)
    whole = None
    if measure.of is not None:
        whole = _together(figures, measure.of, members, period, measure)
    absent = next((c for c in (part, whole) if c is not None and c.value is None), None)
    if absent is not None or part.value is None:
        item = measure.item if absent is part or measure.of is None else measure.of
        lacking = absent or part
        return _without_value(indicator, area, period, lacking.state, f"{item}: {lacking.missing}")
    denominator = whole.value if whole is not None else None
    if denominator == 0:
        return _without_value(indicator, area, period, State.WITHHELD, f"{measure.of} is 0: no percentage")
    value = part.value if denominator is None else 100 * part.value / denominator
    interval = limits(measure, part.value, denominator) if with_limits else NO_LIMITS
    return Observation(
        indicator=indicator.id,
        area=area,
        period=period,
        numerator=part.value,
        denominator=denominator,
        value=value,
        lower=interval.lower,
        upper=interval.upper,
        unit=measure.unit if measure.of is None or measure.unit != "cases" else "%",
        state=State.ZERO if value == 0 else State.VALUE,
        marks=part.marks | (whole.marks if whole is not None else frozenset()),
    )


def _without_value(
    indicator: Indicator, area: Area, period: Period, state: State, reason: str
) -> Observation:
    return Observation(
        indicator=indicator.id,
        area=area,
        period=period,
        unit=indicator.measure.unit,
        state=state,
        reason=reason,
    )
