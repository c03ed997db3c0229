"""Observations derived from those of other indicators: (sum - less) / over, and nothing missing is zero.

The parts are the same definitions that stand on their own; here they are observed for the areas and windows
of the derived indicator, so that a figure and its reference are always made of the same parts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from pipeline.compute.limits import NO_LIMITS, counted_estimate
from pipeline.definitions.indicator import DerivedMeasure, Indicator, Measure
from pipeline.model.area import Area
from pipeline.model.observation import Observation, State
from pipeline.model.period import Period, format_month
from pipeline.statistics import Interval, combined, quotient_interval

WORST_FIRST = (
    State.NOT_SUPPLIED,
    State.NOT_COMPARABLE,
    State.SUPPRESSED,
    State.WITHHELD,
    State.NOT_APPLICABLE,
    State.IMMATURE,
)
"""The states that pass from a part to the whole, the worst first."""

NOTHING_KNOWN: Mapping[str, Measure] = MappingProxyType({})


def as_part(part: Indicator, whole: Indicator, wanted: Sequence[Period] = ()) -> Indicator:
    """The part as the derived indicator needs it: its totals, for the areas and windows of the whole.

    `wanted` are the windows, the current one first; without them, the window that the whole declares.
    """
    window = whole.window
    if wanted:
        months = [format_month(period.last_month) for period in wanted]
        window = window.model_copy(update={"ending": months[0], "also": tuple(months[1:])})
    told = {"areas": whole.areas, "compare": whole.compare, "window": window, "by": (), "published": ()}
    return part.model_copy(update=told)


def combine(
    indicator: Indicator,
    areas: Iterable[Area],
    wanted: Sequence[Period],
    observed: Mapping[str, Iterable[Observation]],
    measures: Mapping[str, Measure] = NOTHING_KNOWN,
) -> list[Observation]:
    """The derived totals, in no particular order: of the wanted windows for every area that a part is
    observed for, and of whatever other periods all parts have.

    `observed` are the observations of each part by its id, `measures` what each of them is:
    without, parts that were reported without limits have none. A wanted window that a part says nothing of is
    not supplied.
    """
    totals = {
        name: {(o.area, o.period): o for o in found if not o.breakdown} for name, found in observed.items()
    }
    everywhere = set.intersection(*(set(found) for found in totals.values()))
    somewhere = set(chain.from_iterable(totals.values()))
    cells = dict.fromkeys(
        (area, period) for area in areas for period in wanted if (area, period) in somewhere
    )
    cells |= dict.fromkeys(sorted(everywhere))
    return [
        _observation(
            indicator,
            area,
            period,
            {name: found.get((area, period)) for name, found in totals.items()},
            measures,
        )
        for area, period in cells
    ]


def _observation(
    indicator: Indicator,
    area: Area,
    period: Period,
    parts: Mapping[str, Observation | None],
    measures: Mapping[str, Measure],
) -> Observation:
    measure = indicator.measure
    assert isinstance(measure, DerivedMeasure)
    states = {o.state if o is not None else State.NOT_SUPPLIED for o in parts.values()}
    worst = next((state for state in WORST_FIRST if state in states), None)
    reason = "; ".join(_reasons(parts))
    there = {name: o for name, o in parts.items() if o is not None and o.value is not None}
    marks = frozenset(chain.from_iterable(o.marks for o in there.values()))
    if len(there) == len(parts):
        value, above, below = _value(measure, {name: o.value or 0.0 for name, o in there.items()})
        if value is None:
            worst, reason = State.WITHHELD, f"nothing to divide by: {' + '.join(measure.over)} is 0"
        else:
            interval = _limits(measure, there, measures)
            return Observation(
                indicator=indicator.id,
                area=area,
                period=period,
                numerator=above,
                denominator=below,
                value=value,
                lower=interval.lower,
                upper=interval.upper,
                unit=measure.unit,
                state=worst or (State.ZERO if value == 0 else State.VALUE),
                marks=marks,
                reason=reason,
                gaps=tuple(chain.from_iterable(o.gaps for o in there.values())),
            )
    assert worst is not None
    return Observation(
        indicator=indicator.id, area=area, period=period, unit=measure.unit, state=worst, reason=reason
    )


def _reasons(parts: Mapping[str, Observation | None]) -> Iterator[str]:
    """What each part says of its figure, under its id."""
    for name, o in parts.items():
        said = "no figure" if o is None else o.reason
        if said:
            yield said if said.startswith(f"{name}: ") else f"{name}: {said}"


def _value(measure: DerivedMeasure, values: Mapping[str, float]) -> tuple[float | None, float, float | None]:
    """The value, what stands above the line and what below (None: nothing); no value over a sum of 0."""
    above = sum(values[name] for name in measure.sum) - sum(values[name] for name in measure.less)
    if not measure.over:
        return measure.per * above, above, None
    below = sum(values[name] for name in measure.over)
    return (measure.per * above / below if below else None), above, below


def _limits(
    measure: DerivedMeasure, parts: Mapping[str, Observation], measures: Mapping[str, Measure]
) -> Interval:
    """Limits recovered from those of the parts, where all have them and are independent of each other."""
    found = {name: counted_estimate(measures.get(name), o) for name, o in parts.items()}
    estimates = {name: each for name, each in found.items() if each is not None}
    if not measure.independent or len(estimates) < len(parts):
        return NO_LIMITS
    above = combined([estimates[name] for name in measure.sum], [estimates[name] for name in measure.less])
    if measure.over:
        below = combined([estimates[name] for name in measure.over])
        return quotient_interval(above, below, measure.per) if below.value > 0 else NO_LIMITS
    return Interval(measure.per * above.lower, measure.per * above.upper)
