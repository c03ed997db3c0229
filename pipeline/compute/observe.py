"""Observations: every indicator for every area and period it needs, each with its state and reason."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain

from pipeline.compute.context import breaks_of, overlaps
from pipeline.compute.counted import observe_counted
from pipeline.compute.derived import as_part, combine
from pipeline.compute.periods import windows
from pipeline.compute.plan import current_window, plan
from pipeline.compute.reported import observe_reported, reported_window
from pipeline.compute.revised import with_revisions
from pipeline.compute.shared import ROWS, Sums, shared_sums
from pipeline.compute.standing import LOCATION, compared_areas
from pipeline.definitions.indicator import Break, DerivedMeasure, Indicator, Reported
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.delivery import Deliveries
from pipeline.model.observation import OTHER, UNKNOWN, Mark, Observation
from pipeline.model.period import Period
from pipeline.store import Store


def observe(
    store: Store, definitions: Definitions, deliveries: Deliveries, as_at: date
) -> tuple[Observation, ...]:
    """Every observation of an edition, in a fixed order: by indicator, area, breakdown, period, category.

    For each indicator: its current window, the reference period of each comparator, windows asked for or
    published, for its own areas and those it is compared with; and the months one by one (basis `month`,
    at most the last 60). `as_at` is the whole day up to which periods count as over. Nothing missing
    becomes a zero: where a month or column was not delivered the state and the reason say so.
    Raises ComputationError where a figure cannot be asked for at all.
    """
    wanted = definitions.indicators.values()
    with shared_sums(store, wanted) as sums, ThreadPoolExecutor(2) as pool:
        # While the database answers for one indicator, the rows of another become observations.
        found = pool.map(lambda i: observe_indicator(store, i, definitions, deliveries, as_at, sums), wanted)
        return tuple(chain.from_iterable(found))


def observe_indicator(
    store: Store,
    indicator: Indicator,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: date,
    sums: Sums = ROWS,
) -> tuple[Observation, ...]:
    """The observations of one indicator, in their fixed order; from the rows, or from sums of them."""
    found: Iterable[Observation]
    match indicator.measure:
        case Reported():
            found = observe_reported(store, indicator, definitions, as_at)
        case DerivedMeasure():
            found = _observe_derived(store, indicator, definitions, deliveries, as_at, sums)
        case _:
            found = observe_counted(store, plan(store, indicator, definitions, deliveries, as_at, sums))
    lasting = [b for b in breaks_of(indicator, definitions.partnership) if b.end is not None]
    marked = with_revisions(found, indicator, definitions.partnership, deliveries.revised_months)
    marked = _with_breaks(marked, lasting) if lasting else marked
    return _in_order(marked, indicator, definitions.partnership)


def _observe_derived(
    store: Store,
    indicator: Indicator,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: date,
    sums: Sums,
) -> list[Observation]:
    """The observations of a derived indicator: those of its parts, asked for where it needs them."""
    current = current_period(store, indicator, definitions, deliveries, as_at)
    observed = observed_parts(store, indicator, definitions, deliveries, as_at, current, sums)
    areas = compared_areas(indicator, definitions.partnership)
    measures = {name: definitions.indicators[name].measure for name in observed}
    return combine(indicator, areas, windows(indicator, current), observed, measures)


def observed_parts(
    store: Store,
    indicator: Indicator,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: date,
    current: Period,
    sums: Sums = ROWS,
) -> dict[str, tuple[Observation, ...]]:
    """The observations of each part of a derived indicator, whose current window is known, by its id."""
    measure = indicator.measure
    assert isinstance(measure, DerivedMeasure)
    wanted = windows(indicator, current)
    parts = {name: as_part(definitions.indicators[name], indicator, wanted) for name in measure.parts}
    return {
        name: observe_indicator(store, part, definitions, deliveries, as_at, sums)
        for name, part in parts.items()
    }


def current_period(
    store: Store, indicator: Indicator, definitions: Definitions, deliveries: Deliveries, as_at: date
) -> Period:
    """The indicator's current window; a derived one is as late as all its parts can be."""
    match indicator.measure:
        case DerivedMeasure() if indicator.window.named_month is None:
            parts = (as_part(definitions.indicators[name], indicator) for name in indicator.measure.parts)
            return min(current_period(store, part, definitions, deliveries, as_at) for part in parts)
        case DerivedMeasure():
            return current_window(indicator, as_at, as_at)
        case Reported():
            return reported_window(store, indicator, definitions, as_at)
        case _:
            return plan(store, indicator, definitions, deliveries, as_at).current


def _with_breaks(found: Iterable[Observation], lasting: Sequence[Break]) -> Iterator[Observation]:
    """The observations, those with a value whose period a lasting break reaches into marked with it."""
    periods: dict[Period, bool] = {}
    for o in found:
        if o.period not in periods:
            periods[o.period] = any(overlaps(b, o.period) for b in lasting)
        broken = periods[o.period] and o.state.has_value
        yield replace(o, marks=o.marks | {Mark.BREAK}) if broken else o


def _in_order(
    found: Iterable[Observation], indicator: Indicator, partnership: Partnership
) -> tuple[Observation, ...]:
    every = (*compared_areas(indicator, partnership), partnership.force_area)
    areas = list(dict.fromkeys(area.code for area in every))
    breakdowns = ["", *(breakdown.name for breakdown in indicator.by), LOCATION]
    labels = list(_declared_labels(indicator))
    cuts = {breakdown.name: breakdown for breakdown in indicator.by}

    def in_cut(category: str) -> tuple[bool, bool, int, str]:
        declared = labels.index(category) if category in labels else len(labels)
        return category == UNKNOWN, category == OTHER, declared, category

    @cache
    def category_place(breakdown: str, category: str) -> tuple[tuple[bool, bool, int, str], ...]:
        cut = cuts.get(breakdown)
        return tuple(in_cut(part) for part in (cut.parts(category) if cut else (category,)))

    def place(o: Observation) -> tuple[object, ...]:
        return (
            areas.index(o.area.code),
            breakdowns.index(o.breakdown),
            o.period.basis == "month",
            o.period.start,
            o.period.end,
            o.period.basis,
            category_place(o.breakdown, o.category),
        )

    return tuple(sorted(found, key=place))


def _declared_labels(indicator: Indicator) -> Iterator[str]:
    for breakdown in indicator.by:
        yield from breakdown.bands or {}
        yield from breakdown.groups or {}
