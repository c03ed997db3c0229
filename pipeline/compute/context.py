"""What bears on a comparison besides its two figures: breaks, dispersion, what is not recorded."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.compute.standing import INSIDE, LOCATION
from pipeline.definitions.indicator import Break, Count, Indicator, Rate, Reported
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.area import AreaKind
from pipeline.model.observation import UNKNOWN, ReleasedObservation, Results
from pipeline.model.period import Period
from pipeline.statistics import (
    Dispersion,
    ProRataChange,
    UnknownBounds,
    dispersion,
    pro_rata_area,
    unknown_bounds,
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

        A break of one day divides the series, and the piece with most months is measured. With fewer
        than 36 months, and for areas that have no month points, 1 is taken and `measured` is False.
        """
        declared = self.indicator.test.dispersion
        if declared != "measured":
            return Dispersion(float(declared), False, 0)
        points = self._months_of(observation)
        cuts = [found.date for found in self.breaks if found.end is None]
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
        if isinstance(self.indicator.measure, Reported):
            return "dispersion not measured for reported figures, taken as 1"
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

    def _months_of(self, observation: ReleasedObservation) -> tuple[ReleasedObservation, ...]:
        cell = (observation.area.code, "month", observation.breakdown, observation.category)
        return self.results.series(self.indicator.id, *cell)

    def _usable(self, point: ReleasedObservation) -> float | None:
        return None if any(overlaps(b, point.period) for b in self.breaks) else point.numerator

    def _unknown_category(
        self, observation: ReleasedObservation, reference: ReleasedObservation, phi: float
    ) -> Unknowns | None:
        if observation.breakdown == LOCATION or observation.category == UNKNOWN:
            return None
        counts = []
        for o in (reference, observation):
            total = self._numerator(o.area.code, o.period)
            unknown = self._numerator(o.area.code, o.period, o.breakdown, UNKNOWN)
            if total is None or unknown is None or o.numerator is None:
                return None
            counts.append((o.numerator, total - unknown, unknown))
        (before, known_before, none_before), (after, known_after, none_after) = counts
        level = self.indicator.test.level
        bounds = unknown_bounds(before, after, known_before, known_after, none_before, none_after, phi, level)
        return Unknowns(bounds.pro_rata, bounds)

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


def breaks_of(indicator: Indicator, partnership: Partnership) -> tuple[Break, ...]:
    """The declared breaks that concern an indicator: by source, by tag, or because they touch everything."""
    names = {*indicator.sources, *indicator.tags}
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
