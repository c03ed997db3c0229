"""Comparisons: released observations against each comparator of their indicator. Pure functions."""

from collections.abc import Iterator

from pipeline.compute.change import change
from pipeline.compute.context import Context
from pipeline.compute.periods import (
    POSITIONS,
    basis_of,
    compared_periods,
    other_periods,
    period_ending,
    reference_period,
    wave_periods,
)
from pipeline.compute.position import average, change_of, rank, targets
from pipeline.compute.standing import LOCATION
from pipeline.definitions.indicator import Compare, Indicator
from pipeline.definitions.resolved import Definitions
from pipeline.model.comparison import Comparison
from pipeline.model.observation import ReleasedObservation, Results
from pipeline.model.period import Period, parse_month

CHANGES = ("previous_year", "same_quarter_last_year", "period", "baseline", "previous_wave")


def compare(results: Results, definitions: Definitions) -> tuple[Comparison, ...]:
    """Every comparison of an edition: by indicator, comparator as written, area, then category.

    Changes are made for the indicator's own areas and every category; `average` for the partnership's own
    area and its categories; `rank`, `change_of` and `target` for its total. Windows asked for besides the
    current one (`also`, or published before) get the positions only, unless their change was published.
    """
    found: list[Comparison] = []
    for indicator in definitions.indicators.values():
        context = Context(indicator, definitions, results)
        current = _current(indicator, definitions, results)
        if current is None:
            continue
        changed = compared_periods(indicator, current)
        positioned = tuple(dict.fromkeys((current, *other_periods(indicator, current))))
        for comparator in indicator.compare:
            periods = positioned if comparator.to in POSITIONS else changed
            for period in periods:
                found += _comparisons(context, comparator, period)
    return tuple(found)


def _comparisons(context: Context, comparator: Compare, period: Period) -> Iterator[Comparison]:
    indicator, own = context.indicator, context.definitions.partnership.own_area
    if comparator.to in CHANGES:
        waves = tuple(
            wave
            for source in indicator.sources
            if source in context.definitions.sources
            for wave in wave_periods(context.definitions.sources[source]).values()
        )
        before = reference_period(comparator, indicator.window, period, waves)
        for observation in _subjects(context, period):
            reference = None
            if before is not None:
                cell = (observation.breakdown, observation.category)
                reference = context.results.get(indicator.id, observation.area.code, before, *cell)
            label = _label(comparator, before)
            yield change(context, comparator.to, observation, reference, label)
        return
    total = context.results.get(indicator.id, own.code, period)
    if total is None:
        return
    match comparator.to:
        case "average":
            for observation in _subjects(context, period):
                if observation.area == own:
                    yield average(context, comparator, observation)
        case "rank":
            yield rank(context, comparator, total)
        case "change_of":
            yield change_of(
                context, comparator, total, reference_period(comparator, indicator.window, period)
            )
        case "target":
            yield from targets(context, total)


def _subjects(context: Context, period: Period) -> Iterator[ReleasedObservation]:
    """The observations of the period that are compared: the indicator's own areas, all their categories."""
    partnership = context.definitions.partnership
    areas = {area.code for name in context.indicator.areas for area in partnership.area_set(name)}
    for observation in context.results.of_period(context.indicator.id, period):
        if observation.area.code in areas and observation.breakdown != LOCATION:
            yield observation


def _current(indicator: Indicator, definitions: Definitions, results: Results) -> Period | None:
    """The indicator's current window: the one it names, else the latest that was computed."""
    window = indicator.window
    if window.ending not in ("latest", "latest_complete"):
        return period_ending(window, parse_month(window.ending))
    areas = [area.code for name in indicator.areas for area in definitions.partnership.area_set(name)]
    latest = (results.series(indicator.id, code, basis_of(window))[-1:] for code in areas)
    return max((found[0].period for found in latest if found), default=None)


def _label(comparator: Compare, reference: Period | None) -> str:
    """What the reference is called: `year to September 2020`."""
    if reference is not None:
        return reference.label
    return "earlier wave" if comparator.to == "previous_wave" else "earlier period"
