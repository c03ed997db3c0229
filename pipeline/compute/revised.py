"""Which figures a later delivery changed: those of its months, of its districts, made of what it changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from pipeline.definitions.indicator import DerivedMeasure, Indicator, Reported, Survey
from pipeline.definitions.resolved import Partnership
from pipeline.model.area import Area, AreaKind
from pipeline.model.observation import Mark, Observation
from pipeline.model.period import Period
from pipeline.model.revision import RevisedMonth
from pipeline.query import PLACE_COLUMNS, QUANTITY, columns_needed, cut_columns, over_columns_needed

ROWS_CAME_OR_WENT = ""


def with_revisions(
    found: Iterable[Observation],
    indicator: Indicator,
    partnership: Partnership,
    revised: Sequence[RevisedMonth],
) -> Iterable[Observation]:
    """The observations, those marked with a value that rests on rows which a later delivery changed.

    That is where rows of its months came or went, or a column was changed that the figure reads: outcomes
    that moved on leave counts as they were. A derived figure has the marks of its parts; a reported one
    says itself what it is, and so does its supplier; a wave of a survey has no months.
    """
    if isinstance(indicator.measure, Reported | DerivedMeasure | Survey):
        return found
    sources = {*indicator.sources, *indicator.over_sources}
    touching = [month for month in revised if month.source in sources]
    return _marked(found, indicator, partnership, touching) if touching else found


def _marked(
    found: Iterable[Observation],
    indicator: Indicator,
    partnership: Partnership,
    touching: Sequence[RevisedMonth],
) -> Iterator[Observation]:
    always = {ROWS_CAME_OR_WENT, "month", QUANTITY, *PLACE_COLUMNS}
    always |= {*columns_needed(indicator), *over_columns_needed(indicator)}
    cuts = cut_columns(indicator)

    @cache
    def is_revised(area: Area, period: Period, breakdown: str) -> bool:
        districts = _districts(area, partnership, period)
        columns = always | set(cuts.get(breakdown, ()))
        return any(
            period.start <= month.month < period.end
            and month.column in columns
            and (districts is None or month.district in districts)
            for month in touching
        )

    for o in found:
        revised = o.state.has_value and is_revised(o.area, o.period, o.breakdown)
        yield replace(o, marks=o.marks | {Mark.REVISED}) if revised else o


def _districts(area: Area, partnership: Partnership, period: Period) -> set[str] | None:
    """The districts that an area's rows lie in; None for the force, which has also those without a place."""
    force = partnership.force
    if area.kind is AreaKind.DISTRICT:
        return {area.code}
    if area.kind is not AreaKind.FORCE:
        return {partnership.area.code}
    if area.code == f"{force.code}-rest":
        return {district.code for district in force.districts} - {partnership.area.code}
    if area.code in partnership.area_sets:
        return set(partnership.area_sets[area.code].on(period.end - timedelta(days=1)))
    return None
