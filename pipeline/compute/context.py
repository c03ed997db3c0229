"""What bears on a comparison besides its two figures: breaks, dispersion, what is not recorded."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.compute.standing import INSIDE, LOCATION
from pipeline.definitions.indicator import (
    Break,
    Count,
    DerivedMeasure,
    Indicator,
    Proportion,
    Rate,
    Reported,
    Share,
)
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.area import AreaKind
from pipeline.model.observation import UNKNOWN, ReleasedObservation, Results, is_unknown
from pipeline.model.period import Period
from pipeline.statistics import (
    Dispersion,
    Part,
    ProRataChange,
    UnknownBounds,
    UnknownShareBounds,
    dispersion,
    pro_rata_area,
    unknown_bounds,
    unknown_share_bounds,
)
from pipeline.statistics.overdispersion import MINIMUM_MONTHS


@dataclass(frozen=True)
class Unknowns:
    """What is not recorded in two periods, of a breakdown or of the location of the force's rows.

    `bounds` are worst-case bounds; None for locations, where most unknowns belong to other areas.
    """

    pro_rata: ProRataChange
    bounds: UnknownBounds | None = None


@dataclass(frozen=True)
class Context:
    """One indicator among the released results, as its comparisons need it."""

    indicator: Indicator
    definitions: Definitions
    results: Results

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """The declared breaks that concern it."""
        return breaks_of(self.indicator, self.definitions.partnership)

    def breaks_between(self, period: Period, reference: Period) -> tuple[Break, ...]:
        """The breaks that a comparison of two periods touches."""
        return tuple(found for found in self.breaks if touches(found, period, reference))

    def dispersion(self, observation: ReleasedObservation) -> Dispersion:
        """The dispersion of the cell's monthly numerators, months inside declared breaks left out.

        A break of one day, and a change of members in areas taken together, divides the series, and the
        piece with most months is measured. With fewer than 36 months, and for areas that have no month
        points, 1 is taken and `measured` is False.
        """
        declared = self.indicator.test.dispersion
        if declared != "measured":
            return Dispersion(float(declared), False, 0)
        points = self._months_of(observation)
        cuts = [found.date for found in self.breaks if found.end is None]
        together = self.definitions.partnership.area_sets.get(observation.area.code)
        cuts += [m.since for m in together.memberships if m.since is not None] if together else []
        pieces: dict[int, list[ReleasedObservation]] = {0: []}
        for point in points:
            pieces.setdefault(sum(cut <= point.period.start for cut in cuts), []).append(point)
        piece = max(pieces.values(), key=lambda p: sum(self._usable(point) is not None for point in p))
        start = piece[0].period.start.month if piece else 1
        return dispersion([self._usable(point) for point in piece], start_month=start)

    def dispersion_note(self, measured: Dispersion, observation: ReleasedObservation) -> str:
        """What a reader must know of a dispersion that was not measured; empty where it was."""
        if measured.measured:
            return ""
        if self.indicator.test.dispersion != "measured":
            return f"dispersion declared as {measured.value:g}"
        if measured.months >= MINIMUM_MONTHS:
            some = "too few" if any(point.numerator for point in self._months_of(observation)) else "no"
            return f"{some} events to measure dispersion from, taken as 1"
        if measured.months:
            return f"dispersion not measured ({measured.months} months outside breaks, 36 needed), taken as 1"
        if isinstance(self.indicator.measure, Reported | DerivedMeasure):
            return f"dispersion not measured for {self.indicator.measure.type} figures, taken as 1"
        if observation.area.kind is AreaKind.WARD:
            return "dispersion not measured for wards, taken as 1"
        return "dispersion not measured (there is no monthly series), taken as 1"

    def unknowns(
        self, observation: ReleasedObservation, reference: ReleasedObservation, phi: float
    ) -> Unknowns | None:
        """The unknowns beside a change of counts, where their share moved by more than is allowed.

        None for other measures, where nothing is known of them, and where their share hardly moved.
        """
        if not isinstance(self.indicator.measure, Count | Rate) or reference.numerator is None:
            return None
        if observation.breakdown:
            found = self._unknown_category(observation, reference, phi)
        else:
            found = self._unknown_location(observation, reference, phi)
        moved = found.pro_rata.moved_points if found else None
        return found if moved is not None and abs(moved) > self.indicator.unknown_shift_pp else None

    def unknown_shares(
        self, observation: ReleasedObservation, reference: ReleasedObservation
    ) -> UnknownShareBounds | None:
        """The unknowns beside a change of percentages, where their share of all records moved too far.

        Of proportions and shares, whose records are counted one by one, and of breakdowns by one column.
        None for other measures, where nothing is known of them, and where their share hardly moved.
        """
        cut = next((cut for cut in self.indicator.by if cut.name == observation.breakdown), None)
        whole = cut is not None and not cut.cross and not is_unknown(observation.category)
        if not whole or not isinstance(self.indicator.measure, Proportion | Share):
            return None
        found = [self._parts(o) for o in (reference, observation)]
        if found[0] is None or found[1] is None:
            return None
        (before, known_before, none_before), (after, known_after, none_after) = found[0], found[1]
        level = self.indicator.test.level
        bounds = unknown_share_bounds(
            before, after, known_before, known_after, none_before, none_after, level
        )
        moved = bounds.moved_points
        return bounds if moved is not None and abs(moved) > self.indicator.unknown_shift_pp else None

    def _parts(self, o: ReleasedObservation) -> tuple[Part, Part, Part] | None:
        """A category, all that is recorded of its breakdown, and all that is not, as parts of their bases."""
        cells = [
            self.results.get(self.indicator.id, o.area.code, o.period, *cell)
            for cell in (("", ""), (o.breakdown, UNKNOWN))
        ]
        counts = [(c.numerator, c.denominator) if c else (None, None) for c in (o, *cells)]
        if any(number is None for pair in counts for number in pair):
            return None
        own, total, unknown = (Part(x or 0.0, n or 0.0) for x, n in counts)
        known = Part(total.count - unknown.count, total.base - unknown.base)
        return own, known, unknown

    def _months_of(self, observation: ReleasedObservation) -> tuple[ReleasedObservation, ...]:
        cell = (observation.area.code, "month", observation.breakdown, observation.category)
        return self.results.series(self.indicator.id, *cell)

    def _usable(self, point: ReleasedObservation) -> float | None:
        return None if any(overlaps(b, point.period) for b in self.breaks) else point.numerator

    def _unknown_category(
        self, observation: ReleasedObservation, reference: ReleasedObservation, phi: float
    ) -> Unknowns | None:
        if observation.breakdown == LOCATION or is_unknown(observation.category):
            return None
        counts = []
        for o in (reference, observation):
            found = self._known_and_unknown(o)
            if found is None or o.numerator is None:
                return None
            counts.append((o.numerator, *found))
        (before, known_before, none_before), (after, known_after, none_after) = counts
        level = self.indicator.test.level
        bounds = unknown_bounds(before, after, known_before, known_after, none_before, none_after, phi, level)
        return Unknowns(bounds.pro_rata, bounds)

    def _known_and_unknown(self, o: ReleasedObservation) -> tuple[float, float] | None:
        """What is recorded of the breakdown, and what is not and could belong to the category.

        Of a crossed breakdown, what is recorded in one part could belong only to categories that share
        that part. Each such group is shared among those in proportion; the first figure is then the one
        in proportion to which the second, taken together, gives the category the same.
        """
        cut = next((cut for cut in self.indicator.by if cut.name == o.breakdown), None)
        if cut is None or not cut.cross:
            total = self._numerator(o.area.code, o.period)
            unknown = self._numerator(o.area.code, o.period, o.breakdown, UNKNOWN)
            return None if total is None or unknown is None else (total - unknown, unknown)
        cells = {
            cut.parts(cell.category): cell.numerator
            for cell in self.results.of_period(self.indicator.id, o.period)
            if cell.area == o.area and cell.breakdown == o.breakdown
        }
        if any(count is None for count in cells.values()):
            return None
        counts = {parts: count or 0.0 for parts, count in cells.items()}
        known = {parts: count for parts, count in counts.items() if UNKNOWN not in parts}
        mine = [p for p in counts if UNKNOWN in p and _could_be(p, cut.parts(o.category))]
        unknown = sum(counts[parts] for parts in mine)
        shared = 0.0
        for parts in mine:
            alike = sum(count for other, count in known.items() if _could_be(parts, other))
            shared += counts[parts] / alike if alike else 0.0
        return (unknown / shared if shared else sum(known.values())), unknown

    def _unknown_location(
        self, observation: ReleasedObservation, reference: ReleasedObservation, phi: float
    ) -> Unknowns | None:
        """A district's share of the force's rows that have no place."""
        partnership = self.definitions.partnership
        if observation.area.code not in {district.code for district in partnership.force.districts}:
            return None
        counts = []
        for o in (reference, observation):
            located = self._numerator(partnership.force.code, o.period, LOCATION, INSIDE)
            unlocated = self._numerator(partnership.force.code, o.period, LOCATION, UNKNOWN)
            if located is None or unlocated is None or o.numerator is None:
                return None
            counts.append((o.numerator, located, unlocated))
        (before, located_before, none_before), (after, located_after, none_after) = counts
        level = self.indicator.test.level
        change = pro_rata_area(
            before, after, located_before, located_after, none_before, none_after, phi, level
        )
        return Unknowns(change)

    def _numerator(
        self, area_code: str, period: Period, breakdown: str = "", category: str = ""
    ) -> float | None:
        found = self.results.get(self.indicator.id, area_code, period, breakdown, category)
        return found.numerator if found else None


def _could_be(unknown: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether rows of which a part is not recorded could belong to a category that is known whole."""
    return all(part in (UNKNOWN, other) for part, other in zip(unknown, known, strict=False))


def breaks_of(indicator: Indicator, partnership: Partnership) -> tuple[Break, ...]:
    """The declared breaks that concern an indicator: by source, by tag, or because they touch everything."""
    names = {*indicator.sources, *indicator.over_sources, *indicator.tags}
    every = (*partnership.breaks, *indicator.breaks)
    return tuple(found for found in every if not found.scope or names & set(found.scope))


def overlaps(found: Break, period: Period) -> bool:
    """Whether a break that lasts reaches into the period; a break of one day lasts in none."""
    return found.end is not None and found.date < period.end and period.start <= found.end


def touches(found: Break, period: Period, reference: Period) -> bool:
    """Whether a break comes between two periods, or reaches into one of them.

    A break that lasts touches a comparison where it overlaps either period; a break of one day where
    it falls after the earlier period has begun and before the later one has ended.
    """
    if found.end is None:
        first, last = min(period.start, reference.start), max(period.end, reference.end)
        return first < found.date < last
    return overlaps(found, period) or overlaps(found, reference)
