"""Observations counted from rows: counts, rates, proportions, shares, repeats and surveys."""

from collections.abc import Mapping

from pipeline.compute.limits import NO_LIMITS, limits
from pipeline.compute.plan import Plan
from pipeline.compute.standing import Standing
from pipeline.definitions.indicator import Rate, Repeat, Survey
from pipeline.model.observation import Observation, State
from pipeline.model.period import Period
from pipeline.query import compile_indicator
from pipeline.store import Store


def observe_counted(store: Store, planned: Plan) -> list[Observation]:
    """The observations of one counted indicator, in no particular order.

    A breakdown whose column a source lacks is made for the partnership's own area only: for other areas
    that draw on the source it would be all absence.
    """
    request = planned.request
    by_place = {standing.place.key: standing for standing in planned.standings}
    by_span = {f"{p.basis}:{p.key}": p for p in planned.periods}
    own = planned.definitions.partnership.own_area
    found = []
    if request.tables and request.places:
        query = compile_indicator(request)
        for row in store.rows(query.sql, query.params):
            standing, breakdown = by_place[row["place"]], row["breakdown"]
            if breakdown and standing.area != own and _uncut(planned, standing, breakdown):
                continue
            found.append(_observation(planned, standing, by_span[row["period"]], row))
    answered = (
        {standing.place.key for standing in planned.standings if not standing.blocked} if found else set()
    )
    for standing in planned.standings:
        if standing.place.key not in answered:
            found += _absent(planned, standing)
    return found


def _absent(planned: Plan, standing: Standing) -> list[Observation]:
    """The totals of a standing that cannot be computed, one for each window."""
    windows_only = [p for p in planned.periods if p.basis == planned.current.basis]
    reason = standing.blocked or "nothing was delivered"
    breakdown, category = standing.cell
    return [
        Observation(
            indicator=planned.indicator.id,
            area=standing.area,
            period=period,
            breakdown=breakdown,
            category=category,
            unit=planned.indicator.measure.unit,
            state=State.NOT_SUPPLIED,
            reason=reason,
        )
        for period in windows_only
    ]


def _observation(planned: Plan, standing: Standing, period: Period, row: Mapping[str, object]) -> Observation:
    """One row of the query as an observation."""
    breakdown, category = standing.cell if standing.cell[0] else (str(row["breakdown"]), str(row["category"]))
    common = {
        "indicator": planned.indicator.id,
        "area": standing.area,
        "period": period,
        "breakdown": breakdown,
        "category": category,
        "unit": planned.indicator.measure.unit,
    }
    absence = planned.absence(standing, period) or _uncut(planned, standing, breakdown)
    if absence is None:
        absence = _withheld(planned, standing, row)
    if absence is not None:
        state, reason = absence
        return Observation(**common, state=state, reason=reason)  # type: ignore[arg-type]
    numerator, denominator, value = _figures(planned, row)
    interval = NO_LIMITS
    if planned.with_limits:
        interval = limits(planned.indicator.measure, numerator, denominator, planned.sampled)
    state = State.ZERO if value == 0 else State.VALUE
    reason = _note(planned, period, row)
    ripe_on = planned.ripe_on[period]
    if ripe_on > planned.as_at:
        state, reason = State.IMMATURE, f"outcomes are ripe on {ripe_on.isoformat()}"
    return Observation(
        **common,  # type: ignore[arg-type]
        numerator=numerator,
        denominator=denominator,
        value=value,
        lower=interval.lower,
        upper=interval.upper,
        state=state,
        reason=reason,
    )


def _uncut(planned: Plan, standing: Standing, breakdown: str) -> tuple[State, str] | None:
    """Where a source behind the area lacks the column that the breakdown cuts by."""
    reasons = planned.uncut.get(breakdown)
    if not reasons:
        return None
    sources = {source for source, _ in standing.supply} or set(planned.indicator.sources)
    found = [reason for source, reason in reasons.items() if source in sources]
    return (State.NOT_SUPPLIED, "; ".join(found)) if found else None


def _withheld(planned: Plan, standing: Standing, row: Mapping[str, object]) -> tuple[State, str] | None:
    """Where rows were counted but give no figure that could be shown."""
    measure = planned.indicator.measure
    if isinstance(measure, Repeat):
        rows, without = _number(row["rows_in_all"]), _number(row["rows_without_entity"])
        allowed = planned.indicator.complete.entity_missing_max_pct
        if rows and 100 * without / rows > allowed:
            share = 100 * without / rows
            return (
                State.WITHHELD,
                f"{share:.1f} % of rows have no {measure.entity}; at most {allowed:g} % may",
            )
    if isinstance(measure, Survey):
        answers = int(_number(row["answers"]))
        if answers < measure.min_base:
            return State.WITHHELD, f"{answers} answered; at least {measure.min_base} are needed"
    if row["value"] is not None:
        return None
    if isinstance(measure, Rate):
        return (
            State.NOT_SUPPLIED,
            f"no {measure.over.column} for {standing.area.name} in {measure.over.table}",
        )
    return State.NOT_APPLICABLE, "no rows to take a percentage of"


def _figures(planned: Plan, row: Mapping[str, object]) -> tuple[float, float | None, float]:
    """Numerator, denominator and value; a weighted survey on its effective base (Kish 1965, section 11.7).

    With weights, the denominator is (sum w)^2 / sum w^2 and the numerator its share of it, so that the
    value is their ratio and limits and tests follow from the two as for an unweighted sample.
    """
    numerator, value = _number(row["numerator"]), _number(row["value"])
    denominator = None if row["denominator"] is None else _number(row["denominator"])
    if isinstance(planned.indicator.measure, Survey) and denominator:
        effective = denominator**2 / _number(row["weight_squares"])
        numerator, denominator = numerator / denominator * effective, effective
    return numerator, denominator, value


def _note(planned: Plan, period: Period, row: Mapping[str, object]) -> str:
    """What a reader must know beside a value."""
    year = planned.base_years.get(period)
    if year is not None:
        return year.note
    if isinstance(planned.indicator.measure, Survey) and row["weight_squares"] != row["answers"]:
        return f"{int(_number(row['answers']))} answered, weighted; the base shown is the effective one"
    return ""


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"a number was expected, not {value!r}")
    return float(value)
