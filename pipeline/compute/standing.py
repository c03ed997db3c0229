"""Where an indicator is looked at: its areas, the rows that belong to each, and who delivers them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.compute.peers import OF_AREAS, last_day, terms
from pipeline.definitions.indicator import Count, Indicator, Rate, Survey
from pipeline.definitions.resolved import Definitions, Membership, Partnership
from pipeline.model.area import Area, AreaKind
from pipeline.model.delivery import Coverage, MonthState, name_gaps
from pipeline.model.observation import UNKNOWN, State
from pipeline.model.period import Period
from pipeline.query import PLACED_BY, Level, Place

LOCATION = "location"
"""The breakdown of the force's rows by whether they can be placed; it is there for every force."""
POOLED = ("average", "change_of")
"""Comparators whose areas are taken together."""
_LEVELS = {AreaKind.WARD: Level.WARDS, AreaKind.LSOA: Level.LSOAS}
INSIDE, OUTSIDE = "inside the force", "outside the force"


@dataclass(frozen=True)
class Standing:
    """One area with its place in the query and the deliveries its figures rest on.

    `cell` names a breakdown and category that the place itself stands for (the force's rows with no
    location); it is empty for an ordinary area. `supply` are the (source, district) pairs whose months
    must be there. `blocked` says why it cannot be computed at all, empty where it can; `outside`: because
    the source is about other places. `terms` are the spans in which it is wanted, one of which must hold
    the last day of a period; empty: always.
    """

    area: Area
    place: Place
    supply: tuple[tuple[str, str], ...] = ()
    cell: tuple[str, str] = ("", "")
    blocked: str = ""
    outside: bool = False
    terms: tuple[Membership, ...] = ()

    def wanted_in(self, period: Period) -> bool:
        """Whether the area is compared with in that period."""
        return not self.terms or any(term.holds(last_day(period)) for term in self.terms)

    def absence(self, coverage: Coverage, period: Period) -> tuple[State, str] | None:
        """The state and reason where the period has no figure here; None where it has one.

        Of a standing that is not blocked. A window with a hole is not comparable with whole ones; a month
        that did not come, or a window of which nothing came, was not supplied.
        """
        placed_by = PLACED_BY.get(self.place.level)
        gaps = coverage.asking((placed_by,) if placed_by else ()).gaps_of_all(self.supply, period)
        if not gaps:
            return None
        nothing = len(gaps) == period.length_months and all(g.state is MonthState.NOT_DELIVERED for g in gaps)
        return (State.NOT_SUPPLIED if nothing else State.NOT_COMPARABLE), name_gaps(gaps)


def rest_of_force(partnership: Partnership) -> Area:
    """The force without the partnership's own area: code `<force>-rest`."""
    force = partnership.force
    return Area(f"{force.code}-rest", f"Rest of {force.name}", AreaKind.FORCE)


def pooled_area(partnership: Partnership, name: str) -> Area:
    """What `of` names, as one area: a force as it is, a set with all its areas together (code: its id)."""
    if name == "rest_of_force":
        return rest_of_force(partnership)
    if name in partnership.area_sets:
        return Area(name, f"{partnership.area_sets[name].title} together", AreaKind.FORCE)
    return partnership.area_set(name)[0]


def compared_areas(indicator: Indicator, partnership: Partnership) -> tuple[Area, ...]:
    """Every area the indicator is computed for: its own areas, then those of its comparators."""
    areas = [area for name in indicator.areas for area in partnership.area_set(name)]
    for compare in indicator.compare:
        if compare.of is None or compare.to not in OF_AREAS:
            continue
        if compare.of != "rest_of_force":
            areas += partnership.area_set(compare.of)
        if compare.to in POOLED:
            areas.append(pooled_area(partnership, compare.of))
    return tuple(dict.fromkeys(areas))


def standings(
    indicator: Indicator, definitions: Definitions, coverage: Coverage, lacking: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Every place of the indicator, its own areas first, in the order written.

    `lacking` says, by source, why the indicator cannot be computed from it.
    """
    partnership = definitions.partnership
    supplies = _Supplies(indicator.sources, coverage, lacking)
    others = _Supplies(indicator.over_sources, coverage, lacking) if indicator.over_sources else None
    found = []
    for area in compared_areas(indicator, partnership):
        if isinstance(indicator.measure, Survey):
            found.append(_survey_standing(area, partnership, lacking))
            continue
        for standing, districts in _dated(area, terms(area, indicator, partnership), partnership):
            supplied = supplies.standing(standing, districts)
            found.append(_both(supplied, others.standing(standing, districts)) if others else supplied)
    has_district = any(standing.area.kind is AreaKind.DISTRICT for standing in found)
    if has_district and isinstance(indicator.measure, Count | Rate):
        found += _attribution(partnership, supplies)
    return tuple(found)


def _both(above: Standing, below: Standing) -> Standing:
    """A standing of a ratio: it rests on the deliveries of both counts."""
    supply = tuple(dict.fromkeys((*above.supply, *below.supply)))
    reasons = dict.fromkeys(reason for reason in (above.blocked, below.blocked) if reason)
    return replace(above, supply=supply, blocked="; ".join(reasons))


class _Supplies:
    """Which source delivers which district."""

    def __init__(self, sources: Sequence[str], coverage: Coverage, lacking: Mapping[str, str]) -> None:
        self._sources = sources
        self._undated = [source for source in self._sources if source in coverage.undated]
        self._lacking = lacking
        self._districts = {
            source: {m.area_code for m in coverage.months if m.source == source} for source in self._sources
        }

    def standing(self, standing: Standing, districts: Sequence[str]) -> Standing:
        """The standing with its supply, or with the reason why it has none."""
        supply = self._without_places(standing)
        missing = []
        for district in districts if not supply else ():
            pairs = [(source, district) for source in self._sources if district in self._districts[source]]
            supply += pairs
            if not pairs and not self._undated:
                missing.append(district)
        sources = dict.fromkeys([*(source for source, _ in supply), *self._undated])
        reasons = [self._lacking[source] for source in sources if source in self._lacking]
        if missing and not reasons:
            named = ", ".join(missing) if standing.area.code not in missing else standing.area.name
            reasons = [f"{' and '.join(self._sources)} delivered nothing for {named}"]
        return replace(standing, supply=tuple(supply), blocked="; ".join(reasons))

    def _without_places(self, standing: Standing) -> list[tuple[str, str]]:
        """Of the force: the sources none of whose rows says where it is, such as stop and search."""
        if standing.place.level is not Level.EVERYTHING:
            return []
        code = standing.area.code
        return [(source, code) for source in self._sources if self._districts[source] == {code}]


def _place(area: Area, partnership: Partnership) -> tuple[Place, tuple[str, ...]]:
    """The rows that belong to an area, and the districts whose deliveries they rest on."""
    own = partnership.area.code
    districts = tuple(district.code for district in partnership.force.districts) or (own,)
    if area == rest_of_force(partnership):
        others = tuple(code for code in districts if code != own)
        return Place(area.code, Level.DISTRICTS, others, 1, others), others
    if area.code in partnership.area_sets:
        members = tuple(member.code for member in partnership.area_set(area.code))
        level = _LEVELS.get(partnership.area_sets[area.code].kind, Level.DISTRICTS)
        return Place(area.code, level, members, 1, members), members if level is Level.DISTRICTS else (own,)
    match area.kind:
        case AreaKind.DISTRICT:
            detail = 2 if area.code == own else 1
            return Place(area.code, Level.DISTRICTS, (area.code,), detail, (area.code,)), (area.code,)
        case AreaKind.FORCE:
            return Place(area.code, Level.EVERYTHING, (), 1, districts), districts
        case AreaKind.WARD | AreaKind.LSOA:
            return Place(area.code, _LEVELS[area.kind], (area.code,), 0, (area.code,)), (own,)


def _dated(
    area: Area, spans: Sequence[Membership], partnership: Partnership
) -> Iterator[tuple[Standing, tuple[str, ...]]]:
    """An area with the districts it rests on; the areas of a set together, once for each membership."""
    place, districts = _place(area, partnership)
    if area.code not in partnership.area_sets or not spans:
        yield Standing(area, place, terms=tuple(spans)), districts
        return
    for span in spans:
        key = f"{area.code} since {span.since or 'ever'}"
        together = replace(place, key=key, members=span.codes, base_codes=span.codes)
        members = span.codes if place.level is Level.DISTRICTS else districts
        yield Standing(area, together, terms=(span,)), members


def _survey_standing(area: Area, partnership: Partnership, lacking: Mapping[str, str]) -> Standing:
    """A survey is the partnership's own: every respondent counts for it, wards by their ward."""
    blocked = "; ".join(lacking.values())
    if area == partnership.own_area:
        return Standing(area, Place(area.code, Level.EVERYTHING, (), 2), blocked=blocked)
    if area.kind is AreaKind.WARD:
        return Standing(area, Place(area.code, Level.WARDS, (area.code,)), blocked=blocked)
    place = Place(area.code, Level.DISTRICTS, (area.code,))
    if blocked:
        return Standing(area, place, blocked=blocked)
    return Standing(area, place, blocked=f"the survey does not cover {area.name}", outside=True)


def _attribution(partnership: Partnership, supplies: _Supplies) -> list[Standing]:
    """The force's rows by whether they can be placed, where every district of the force is delivered."""
    force = partnership.force_area
    districts = tuple(district.code for district in partnership.force.districts)
    cells = (
        (INSIDE, Level.DISTRICTS, districts),
        (OUTSIDE, Level.ELSEWHERE, districts),
        (UNKNOWN, Level.UNLOCATED, ()),
    )
    placed = (
        Standing(
            force,
            Place(f"{force.code}:{category}", level, members, 0, districts),
            cell=(LOCATION, category),
        )
        for category, level, members in cells
        if districts
    )
    found = (supplies.standing(standing, districts) for standing in placed)
    return [standing for standing in found if not standing.blocked]
