"""Observations reported ready-made by partners and publishers. What is missing is never a zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.compute.limits import limits
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
class Figure:
    """One reported figure: the days it covers (`end` is exclusive), its value (None: not available)."""

    start: date
    end: date
    value: float | None
    provisional: bool


Figures = Mapping[tuple[str, str], tuple[Figure, ...]]  # by item and area code, oldest first


@dataclass(frozen=True)
class Combined:
    """The figures of one window put together; `value` None where `missing` says why there is none."""

    value: float | None
    missing: str = ""
    provisional: bool = False


def observe_reported(
    store: Store, indicator: Indicator, definitions: Definitions, as_at: date
) -> list[Observation]:
    """The observations of one reported indicator, in no particular order.

    Its windows are the current one, those of its comparators, and every window of the same kind and
    length that the reports cover exactly. With `latest_complete` the current window is the last that is
    reported whole for the partnership's own area; where nothing is, the last one that is over.
    """
    measure = indicator.measure
    assert isinstance(measure, Reported)
    partnership = definitions.partnership
    areas = compared_areas(indicator, partnership)
    members = {area: _members(area, partnership) for area in areas}
    figures = _read(store, indicator, measure, [code for codes in members.values() for code in codes])
    current = _current(indicator, measure, figures, partnership.area.code, as_at)
    reported = _reported_windows(indicator, measure, figures)
    periods = dict.fromkeys((*windows(indicator, current), *reported))
    return [
        _observation(indicator, figures, area, members[area], period) for area in areas for period in periods
    ]


def _members(area: Area, partnership: Partnership) -> tuple[str, ...]:
    """The areas whose reports make an area's figure: itself, or those of a set together."""
    if area.code in partnership.area_sets:
        return tuple(member.code for member in partnership.area_set(area.code))
    return (area.code,)


def _read(store: Store, indicator: Indicator, measure: Reported, area_codes: Iterable[str]) -> Figures:
    found: dict[tuple[str, str], list[Figure]] = {}
    for source in indicator.sources:
        table = f"{source}_{measure.table}" if measure.table else source
        types = store.columns(table)
        if not types:
            continue
        query = compile_returns(table, measure, list(dict.fromkeys(area_codes)), "status" in types)
        for row in store.rows(query.sql, query.params):
            figure = Figure(
                row["period_start"], row["period_end"], row["value"], row["status"] == "provisional"
            )
            found.setdefault((row["item"], row["area_code"]), []).append(figure)
    return {place: tuple(rows) for place, rows in found.items()}


def _current(indicator: Indicator, measure: Reported, figures: Figures, own: str, as_at: date) -> Period:
    window = indicator.window
    if window.ending not in ("latest", "latest_complete"):
        return period_ending(window, parse_month(window.ending))
    reported = figures.get((measure.item, own), ())
    ends = sorted({add_months(figure.end, -1) for figure in reported}, reverse=True)
    ends = [month for month in ends if is_published(month, indicator.lag.publish, as_at)]
    for last in ends:
        period = period_ending(window, last)
        if combine(reported, period, measure.combine).value is not None:
            return period
    over = add_months(month_of(as_at + timedelta(days=1)), -1)
    return period_ending(window, over)


def _reported_windows(indicator: Indicator, measure: Reported, figures: Figures) -> Iterable[Period]:
    """The windows of the indicator's kind that single figures cover exactly."""
    for (item, _), reported in figures.items():
        for figure in reported:
            if item == measure.item and figure.value is not None and figure.end.day == 1:
                period = period_ending(indicator.window, add_months(figure.end, -1))
                if (period.start, period.end) == (figure.start, figure.end):
                    yield period


def combine(reported: Sequence[Figure], period: Period, how: str) -> Combined:
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
    if any(figure.value is None for figure in inside):
        named = ", ".join(_months(f.start, f.end) for f in inside if f.value is None)
        return Combined(None, f"reported as not available for {named}")
    provisional = any(figure.provisional for figure in inside)
    if how == "latest" or exact:
        return Combined(inside[-1].value, provisional=provisional)
    covered = [month for f in inside for month in period.months if f.start <= month < f.end]
    holes = [month for month in period.months if month not in covered]
    if holes:
        return Combined(None, f"not reported for {', '.join(map(format_month, holes))}")
    if len(covered) != len(set(covered)):
        return Combined(None, "reports overlap, so their sum would count months twice")
    return Combined(sum(f.value for f in inside if f.value is not None), provisional=provisional)


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
        return Combined(sum(values), provisional=any(each.provisional for each in found.values()))
    missing = {code: each.missing for code, each in found.items() if each.value is None}
    named = (text if len(found) == 1 else f"{code} {text}" for code, text in missing.items())
    return Combined(None, "; ".join(named))


def _observation(
    indicator: Indicator, figures: Figures, area: Area, members: Sequence[str], period: Period
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
        reason = f"{item}: {absent.missing if absent else part.missing}"
        return _without_value(indicator, area, period, State.NOT_SUPPLIED, reason)
    denominator = whole.value if whole is not None else None
    if denominator == 0:
        return _without_value(
            indicator, area, period, State.NOT_APPLICABLE, f"{measure.of} is 0: no percentage"
        )
    value = part.value if denominator is None else 100 * part.value / denominator
    interval = limits(measure, part.value, denominator)
    provisional = part.provisional or (whole is not None and whole.provisional)
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
        marks=frozenset({Mark.PROVISIONAL}) if provisional else frozenset(),
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
