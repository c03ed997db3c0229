"""Observations: every indicator for every area and period it needs, each with its state and reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pipeline.compute.context import breaks_of, overlaps
from pipeline.compute.counted import observe_counted
from pipeline.compute.plan import plan
from pipeline.compute.reported import observe_reported
from pipeline.compute.shared import ROWS, Sums, shared_sums
from pipeline.compute.standing import LOCATION, compared_areas
from pipeline.definitions.indicator import Break, Indicator, Reported
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.delivery import Deliveries
from pipeline.model.observation import UNKNOWN, Mark, Observation
from pipeline.model.period import Period
from pipeline.query import OTHER
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
    found: list[Observation] = []
    with shared_sums(store, definitions.indicators.values()) as sums:
        for indicator in definitions.indicators.values():
            found += observe_indicator(store, indicator, definitions, deliveries, as_at, sums)
    return tuple(found)


def observe_indicator(
    store: Store,
    indicator: Indicator,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: date,
    sums: Sums = ROWS,
) -> tuple[Observation, ...]:
    """The observations of one indicator, in their fixed order; from the rows, or from sums of them."""
    if isinstance(indicator.measure, Reported):
        found = observe_reported(store, indicator, definitions, as_at)
    else:
        found = observe_counted(store, plan(store, indicator, definitions, deliveries, as_at, sums))
    lasting = [b for b in breaks_of(indicator, definitions.partnership) if b.end is not None]
    return _in_order(_with_breaks(found, lasting), indicator, definitions.partnership)


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

    def place(o: Observation) -> tuple[object, ...]:
        last = (o.category == UNKNOWN, o.category == OTHER)
        declared = labels.index(o.category) if o.category in labels else len(labels)
        return (
            areas.index(o.area.code),
            breakdowns.index(o.breakdown),
            o.period.basis == "month",
            o.period,
            last,
            declared,
            o.category,
        )

    return tuple(sorted(found, key=place))


def _declared_labels(indicator: Indicator) -> Iterator[str]:
    for breakdown in indicator.by:
        yield from breakdown.bands or {}
        yield from breakdown.groups or {}
