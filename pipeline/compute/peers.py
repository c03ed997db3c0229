"""Sets of areas over time: who belongs to one in a period, and whether two periods have the same members.

The members of a period are those of its last day: a group that is redrawn in the year is, for that year,
the group it became.
"""

from datetime import date, timedelta

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.resolved import Membership, Partnership
from pipeline.model.area import Area
from pipeline.model.period import Period

OF_AREAS = ("average", "rank", "change_of")
"""Comparators whose `of` names areas."""


def members_in(partnership: Partnership, name: str, period: Period) -> tuple[Area, ...]:
    """The areas of `force` or a set in a period, in the order written; none before the first are known."""
    areas = partnership.area_set(name)
    if name not in partnership.area_sets:
        return areas
    codes = partnership.area_sets[name].on(last_day(period))
    return tuple(area for area in areas if area.code in codes)


def terms(area: Area, indicator: Indicator, partnership: Partnership) -> tuple[Membership, ...]:
    """When an area is compared with: the spans in which a comparator's set holds it (or, for the areas of
    a set together, those between two changes of its members). Empty where it always is.
    """
    own = [found for name in indicator.areas for found in partnership.area_set(name)]
    if area in own:
        return ()
    spans: list[Membership] = []
    for compare in indicator.compare:
        if compare.to in OF_AREAS and compare.of in partnership.area_sets:
            dated = partnership.area_sets[compare.of].memberships
            spans += [span for span in dated if area.code == compare.of or area.code in span.codes]
    always = any(span.since is None and span.until is None for span in spans)
    return () if always else tuple(dict.fromkeys(spans))


def changed_members(partnership: Partnership, name: str, period: Period, reference: Period) -> str:
    """How the members of a set changed between two periods, in words; empty where they did not."""
    if name not in partnership.area_sets:
        return ""
    now, then = members_in(partnership, name, period), members_in(partnership, name, reference)
    if now == then or not then:
        return ""
    joined = ", ".join(area.name for area in now if area not in then)
    left = ", ".join(area.name for area in then if area not in now)
    moves = [f"{who} {what}" for who, what in ((joined, "joined"), (left, "left")) if who]
    title = partnership.area_sets[name].title
    return f"{title} had other members in {reference.label}: {' and '.join(moves)} since"


def last_day(period: Period) -> date:
    """The last day of a period."""
    return period.end - timedelta(days=1)
