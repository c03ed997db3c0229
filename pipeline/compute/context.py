"""What bears on a comparison besides its two figures: breaks, dispersion, what is not recorded."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.definitions.indicator import (
    Break,
    DerivedMeasure,
    Indicator,
    Reported,
)
from pipeline.definitions.resolved import Definitions, Partnership
from pipeline.model.area import AreaKind
from pipeline.model.observation import ReleasedObservation, Results
from pipeline.model.period import Period
from pipeline.statistics import (
    Dispersion,
    dispersion,
)
from pipeline.statistics.overdispersion import MINIMUM_MONTHS


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

    def dispersion(
        self, observation: ReleasedObservation, of: Literal["numerator", "denominator"] = "numerator"
    ) -> Dispersion:
        """The dispersion of the cell's monthly numerators (or denominators), months inside declared breaks
        left out.

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
        piece = max(pieces.values(), key=lambda p: sum(self._usable(point, of) is not None for point in p))
        start = piece[0].period.start.month if piece else 1
        return dispersion([self._usable(point, of) for point in piece], start_month=start)

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

    def _months_of(self, observation: ReleasedObservation) -> tuple[ReleasedObservation, ...]:
        cell = (observation.area.code, "month", observation.breakdown, observation.category)
        return self.results.series(self.indicator.id, *cell)

    def _usable(self, point: ReleasedObservation, of: Literal["numerator", "denominator"]) -> float | None:
        if any(overlaps(found, point.period) for found in self.breaks):
            return None
        return point.numerator if of == "numerator" else point.denominator


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
