"""Observations counted from rows: every measure but the reported and the derived."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.compute.figure import figure, withheld
from pipeline.compute.gaps import gaps
from pipeline.compute.plan import Plan
from pipeline.compute.standing import Standing
from pipeline.definitions.indicator import Repeat
from pipeline.model.delivery import MonthState, name_gaps
from pipeline.model.observation import UNKNOWN, Mark, Observation, State
from pipeline.model.period import Period, add_months, format_month
from pipeline.query import compile_indicator
from pipeline.store import Store

_LOW, _UNMARKED = frozenset({Mark.LOW_RELIABILITY}), frozenset[Mark]()


@dataclass(frozen=True, slots=True)
class Spot:
    """One place in one period, and what its figures have in common whatever the category.

    `absence` says why it has none, `unripe` why they are not ripe (empty where they are), `note` what a
    reader must know beside each.
    """

    standing: Standing
    period: Period
    wanted: bool
    absence: tuple[State, str] | None
    unripe: str
    note: str


def observe_counted(store: Store, planned: Plan) -> list[Observation]:
    """The observations of one counted indicator, in no particular order.

    A breakdown whose column a source lacks is made for the partnership's own area only: for other areas
    that draw on the source it would be all absence.
    """
    request = planned.request
    by_place = {standing.place.key: standing for standing in planned.standings}
    by_span = {f"{p.basis}:{p.key}": p for p in planned.periods}
    own = planned.definitions.partnership.own_area
    spots: dict[tuple[str, str], Spot] = {}
    found = []
    if request.tables and request.places:
        windows = tuple(period for period in planned.periods if period.basis == planned.current.basis)
        undecided = gaps(store, planned.request_for(windows))
        query = compile_indicator(request)
        for row in store.rows(query.sql, query.params):
            key, breakdown = (row["place"], row["period"]), row["breakdown"]
            if key not in spots:
                spots[key] = _spot(planned, by_place[row["place"]], by_span[row["period"]])
            spot = spots[key]
            if not spot.wanted:
                continue
            if breakdown and spot.standing.area != own and _uncut(planned, spot.standing, breakdown):
                continue
            cell = (row["place"], row["period"], breakdown, row["category"])
            observation = _observation(planned, spot, row)
            found.append(replace(observation, gaps=undecided[cell]) if cell in undecided else observation)
    answered = (
        {standing.place.key for standing in planned.standings if not standing.blocked} if found else set()
    )
    for standing in planned.standings:
        if standing.place.key not in answered:
            found += _absent(planned, standing)
    return found


def _absent(planned: Plan, standing: Standing) -> list[Observation]:
    """The totals of a standing that cannot be computed, one for each window."""
    windows_only = [p for p in planned.periods if p.basis == planned.current.basis and standing.wanted_in(p)]
    reason = standing.blocked or "nothing was delivered"
    state = State.NOT_APPLICABLE if standing.outside else State.NOT_SUPPLIED
    breakdown, category = standing.cell
    return [
        Observation(
            indicator=planned.indicator.id,
            area=standing.area,
            period=period,
            breakdown=breakdown,
            category=category,
            unit=planned.indicator.measure.unit,
            state=state,
            reason=reason,
        )
        for period in windows_only
    ]


def _spot(planned: Plan, standing: Standing, period: Period) -> Spot:
    ripe_on, year = planned.ripe_on[period], planned.base_years.get(period)
    return Spot(
        standing,
        period,
        wanted=standing.wanted_in(period),
        absence=standing.absence(planned.coverage, period) or _unreached(planned, standing, period),
        unripe=f"outcomes are ripe on {ripe_on.isoformat()}" if ripe_on > planned.as_at else "",
        note=year.note if year is not None else "",
    )


def _observation(planned: Plan, spot: Spot, row: Mapping[str, object]) -> Observation:
    """One row of the query as an observation."""
    standing, indicator = spot.standing, planned.indicator
    breakdown, category = standing.cell if standing.cell[0] else (str(row["breakdown"]), str(row["category"]))
    absence = spot.absence or _uncut(planned, standing, breakdown)
    if absence is None and breakdown and category != UNKNOWN:
        absence = _hollow(planned, spot, breakdown)
    if absence is None and (why := withheld(planned, standing, row)):
        absence = (State.WITHHELD, why)
    if absence is not None:
        state, reason = absence
        return Observation(
            indicator=indicator.id,
            area=standing.area,
            period=spot.period,
            breakdown=breakdown,
            category=category,
            unit=indicator.measure.unit,
            state=state,
            reason=reason,
        )
    found = figure(planned, row)
    state, reason = State.ZERO if found.value == 0 else State.VALUE, spot.note or found.note
    if spot.unripe:
        state, reason = State.IMMATURE, spot.unripe
    return Observation(
        indicator=indicator.id,
        area=standing.area,
        period=spot.period,
        breakdown=breakdown,
        category=category,
        unit=indicator.measure.unit,
        numerator=found.numerator,
        denominator=found.denominator,
        effective_base=found.effective_base,
        deviation=found.deviation,
        value=found.value,
        lower=found.limits.lower,
        upper=found.limits.upper,
        state=state,
        marks=_LOW if found.low else _UNMARKED,
        reason=reason,
    )


def _unreached(planned: Plan, standing: Standing, period: Period) -> tuple[State, str] | None:
    """Where a look-back would look into months that did not come: no earlier row is no evidence there."""
    measure = planned.indicator.measure
    if not isinstance(measure, Repeat) or measure.report != "lookback":
        return None
    history = Period(add_months(period.start, -measure.lookback_months), period.start, period.basis)
    gaps = planned.coverage.gaps_of_all(standing.supply, history)
    if not gaps:
        return None
    named = name_gaps(gaps)
    if len(gaps) > 1 and all(gap.state is MonthState.NOT_DELIVERED for gap in gaps):
        named = f"{format_month(gaps[0].month)} to {format_month(gaps[-1].month)} not delivered"
    return State.NOT_COMPARABLE, f"it looks back {measure.lookback_months} months: {named}"


def _hollow(planned: Plan, spot: Spot, breakdown: str) -> tuple[State, str] | None:
    """Where the column that the breakdown cuts by is empty in a month: a category then lacks its rows."""
    coverage = planned.coverage.asking(planned.cuts.get(breakdown, ()))
    return None if coverage is planned.coverage else spot.standing.absence(coverage, spot.period)


def _uncut(planned: Plan, standing: Standing, breakdown: str) -> tuple[State, str] | None:
    """Where a source behind the area lacks the column that the breakdown cuts by."""
    reasons = planned.uncut.get(breakdown)
    if not reasons:
        return None
    sources = {source for source, _ in standing.supply} or set(planned.indicator.sources)
    found = [reason for source, reason in reasons.items() if source in sources]
    return (State.NOT_SUPPLIED, "; ".join(found)) if found else None
