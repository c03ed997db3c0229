"""Comparisons: released observations against each comparator of their indicator. Pure functions."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from pipeline.compute.change import change
from pipeline.compute.context import Context
from pipeline.compute.paired import paired
from pipeline.compute.periods import (
    compared_periods,
    other_periods,
    reference_period,
    wave_periods,
)
from pipeline.compute.position import average, change_of, rank
from pipeline.compute.standing import LOCATION
from pipeline.compute.targets import targets
from pipeline.definitions.indicator import Compare, Indicator
from pipeline.definitions.resolved import Definitions
from pipeline.model.comparison import POSITIONS, Comparison
from pipeline.model.observation import ReleasedObservation, Results
from pipeline.model.period import Period

CHANGES = ("previous_year", "same_quarter_last_year", "period", "baseline", "previous_wave")


def compare(results: Results, definitions: Definitions) -> tuple[Comparison, ...]:
    """Every comparison of an edition: by indicator, comparator as written, area, then category.

    Changes are made for the indicator's own areas and every category; `average` for the partnership's own
    area and its categories; `rank`, `change_of`, `paired` and `target` for its total. Windows asked for
    besides the current one (`also`, or published before) get the positions only, unless their change was
    published; a pair is shown once. A target belongs to a use: it is compared where a use declares one,
    after all others unless the indicator writes `{to: target}` among them.
    """
    found: list[Comparison] = []
    for indicator in definitions.indicators.values():
        context = Context(indicator, definitions, results)
        current = _current(indicator, definitions, results)
        if current is None:
            continue
        changed = compared_periods(indicator, current)
        positioned = tuple(dict.fromkeys((current, *other_periods(indicator, current))))
        periods = dict.fromkeys(POSITIONS, positioned) | {"paired": (current,)}
        for comparator in _comparators(indicator):
            for period in periods.get(comparator.to, changed):
                found += _comparisons(context, comparator, period)
    return tuple(found)


def _comparators(indicator: Indicator) -> tuple[Compare, ...]:
    written = indicator.compare
    return written if any(c.to == "target" for c in written) else (*written, Compare(to="target"))


def _comparisons(context: Context, comparator: Compare, period: Period) -> Iterator[Comparison]:
    indicator, own = context.indicator, context.definitions.partnership.own_area
    if comparator.to in CHANGES:
        yield from _changes(context, comparator, period)
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
            before = reference_period(comparator, indicator.window, period)
            yield change_of(context, comparator, total, before)
        case "paired":
            yield paired(context, total, _change_of_pair(context, comparator))
        case _:
            yield from targets(context, total)


def _changes(context: Context, comparator: Compare, period: Period) -> Iterator[Comparison]:
    """Every area and category of the period against its own past."""
    indicator, known = context.indicator, context.definitions.sources
    waves = tuple(
        wave
        for source in indicator.sources
        if source in known
        for wave in wave_periods(known[source]).values()
    )
    before = reference_period(comparator, indicator.window, period, waves)
    label = _label(comparator, before)
    for observation in _subjects(context, period):
        reference = None
        if before is not None:
            cell = (observation.breakdown, observation.category)
            reference = context.results.get(indicator.id, observation.area.code, before, *cell)
        compared = change(context, comparator.to, observation, reference, label)
        if before is not None and before >= period:
            reason = f"{before.label} is not before {period.label}, so nothing can have changed since"
            compared = replace(compared, comparable=False, reason=reason)
        yield compared


def _change_of_pair(context: Context, comparator: Compare) -> Comparison | None:
    """How the other indicator of a pair changed: its first declared change that can be compared."""
    other = context.definitions.indicators.get(comparator.of or "")
    current = _current(other, context.definitions, context.results) if other else None
    if other is None or current is None:
        return None
    theirs = Context(other, context.definitions, context.results)
    own = context.definitions.partnership.own_area
    found = [
        comparison
        for declared in other.compare
        if declared.to in CHANGES
        for comparison in _changes(theirs, declared, current)
        if comparison.observation.area == own and not comparison.observation.breakdown
    ]
    return next(iter([*(c for c in found if c.comparable and c.reference), *found]), None)


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
    areas = [area.code for name in indicator.areas for area in definitions.partnership.area_set(name)]
    series = chain.from_iterable(results.series(indicator.id, code, window.basis) for code in areas)
    return window.current(observation.period for observation in series)


def _label(comparator: Compare, reference: Period | None) -> str:
    """What the reference is called: `year to September 2020`."""
    if reference is not None:
        return reference.label
    return "earlier wave" if comparator.to == "previous_wave" else "earlier period"
