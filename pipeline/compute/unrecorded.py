"""What is not recorded in two periods: how far its share moved, and what that could do to a change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.compute.context import Context
from pipeline.compute.figure import NO_ROWS
from pipeline.compute.standing import INSIDE, LOCATION
from pipeline.definitions.indicator import Count, DerivedMeasure, Proportion, Rate, Ratio, Share
from pipeline.model.observation import UNKNOWN, ReleasedObservation, State, is_unknown
from pipeline.statistics import (
    Part,
    ProRataChange,
    UnknownBounds,
    UnknownShareBounds,
    pro_rata_area,
    undecided_share_bounds,
    unknown_bounds,
    unknown_share_bounds,
)

PLACE = "place"
Size = Callable[[ReleasedObservation], float | None]
Pair = tuple[ReleasedObservation, ReleasedObservation]


@dataclass(frozen=True, slots=True)
class Moved:
    """An unknown share that moved by more than is allowed: of what, and in percent of all records."""

    of: str
    before: float
    after: float

    @property
    def note(self) -> str:
        """The same as the reason of a comparison says it."""
        what = {"": "", PLACE: "location "}.get(self.of, f"{self.of} ")
        return f"{what}not recorded: {self.before:.1f} % before, {self.after:.1f} % now"


@dataclass(frozen=True)
class Unrecorded:
    """What is not recorded behind two figures of one cell, the earlier one first.

    Three things can be missing of a row: its category, its place, and a value that the indicator's own
    filter asks for. Each is looked at apart; `of` is empty for the category, `place`, or names the column.
    """

    context: Context
    pair: Pair

    def moved(self) -> tuple[Moved, ...]:
        """Every unknown share that moved by more than the indicator allows, in the order above.

        Nothing is said of the category of unknowns itself.
        """
        if is_unknown(self.pair[1].category):
            return ()
        found = [*self._category_shares(), *self._place_shares(), *self._filter_shares()]
        allowed = self.context.indicator.unknown_shift_pp
        far = (Moved(of, *shares) for of, shares in found if abs(shares[1] - shares[0]) > allowed)
        return tuple({moved.of: moved for moved in reversed(tuple(far))}.values())[::-1]

    def of_counts(self, of: str, phi: float) -> tuple[ProRataChange, UnknownBounds | None] | None:
        """What the unknowns could do to a change of counts; None for other measures.

        There are no bounds for places, since most of what has none belongs to other areas.
        """
        if not isinstance(self.context.indicator.measure, Count | Rate):
            return None
        before, after = (o.numerator or 0.0 for o in self.pair)
        found = [self._known_and_unknown(of, o) for o in self.pair]
        if found[0] is None or found[1] is None:
            return None
        counts = (before, after, found[0][0], found[1][0], found[0][1], found[1][1])
        level = self.context.indicator.test.level
        if of == PLACE:
            return pro_rata_area(*counts, phi, level), None
        bounds = unknown_bounds(*counts, phi, level)
        return bounds.pro_rata, bounds

    def of_shares(self, of: str) -> UnknownShareBounds | None:
        """What the unknowns could do to a change of percentages; None where it cannot be worked out.

        It can for proportions and shares, whose rows are counted one by one, where the category or a value
        that `where` asks for is not recorded. Rows of which it is not known whether they belong to the base
        at all, or to the place, leave no bounds.
        """
        if not isinstance(self.context.indicator.measure, Proportion | Share) or of == PLACE:
            return None
        if of:
            return self._undecided(of)
        parts = [self._parts(o) for o in self.pair]
        if parts[0] is None or parts[1] is None:
            return None
        (before, known_before, none_before), (after, known_after, none_after) = parts[0], parts[1]
        level = self.context.indicator.test.level
        return unknown_share_bounds(before, after, known_before, known_after, none_before, none_after, level)

    # --- how far shares moved --------------------------------------------------------------------

    def _category_shares(self) -> Iterator[tuple[str, tuple[float, float]]]:
        if self.pair[1].breakdown:
            for size in self._sizes():
                yield from _shares("", [self._category_of(o, size) for o in self.pair])

    def _place_shares(self) -> Iterator[tuple[str, tuple[float, float]]]:
        measure = self.context.indicator.measure
        names = measure.parts if isinstance(measure, DerivedMeasure) else (self.context.indicator.id,)
        if not self.pair[1].breakdown:
            for name in names:
                yield from _shares(PLACE, [self._place_of(o, name) for o in self.pair])

    def _filter_shares(self) -> Iterator[tuple[str, tuple[float, float]]]:
        for name in dict.fromkeys(gap.column for o in self.pair for gap in o.gaps):
            yield from _shares(name, [_of_gaps(o, name) for o in self.pair])

    def _sizes(self) -> tuple[Size, ...]:
        """How many records a cell has, as the measure counts them; of a ratio above and below the line."""
        match self.context.indicator.measure:
            case Count() | Rate():
                return (_numerator,)
            case Ratio():
                return (_numerator, _denominator)
            case _:
                return (_denominator,)

    # --- how much is known, and how much is not --------------------------------------------------

    def _known_and_unknown(self, of: str, o: ReleasedObservation) -> tuple[float, float] | None:
        match of:
            case "":
                return self._category_of(o, _numerator)
            case "place":
                return self._place_of(o)
            case _:
                return _of_gaps(o, of)

    def _category_of(self, o: ReleasedObservation, size: Size) -> tuple[float, float] | None:
        """What is recorded of the breakdown, and what is not and could belong to the category.

        Of a crossed breakdown, what is recorded in one part could belong only to categories that share
        that part. Each such group is shared among those in proportion; the first figure is then the one
        in proportion to which the second, taken together, gives the category the same.
        """
        cut = next((cut for cut in self.context.indicator.by if cut.name == o.breakdown), None)
        beside = [
            cell
            for cell in self.context.results.of_period(o.indicator, o.period)
            if cell.area == o.area and cell.breakdown == o.breakdown
        ]
        cells = {cell.category: size(cell) for cell in beside}
        if cut is None or not cut.cross:
            if any(cell.state is State.SUPPRESSED for cell in beside):
                return None  # what is hidden is not worked out from the rest
            return self._uncrossed(o, size, cells)
        counts = {cut.parts(category): count for category, count in cells.items() if count is not None}
        if len(counts) < len(cells):
            return None
        known = {parts: count for parts, count in counts.items() if UNKNOWN not in parts}
        groups = [
            (sum(count for other, count in known.items() if _could_be(parts, other)), counts[parts])
            for parts in counts
            if UNKNOWN in parts and _could_be(parts, cut.parts(o.category))
        ]
        return _together(groups, sum(known.values()))

    def _uncrossed(
        self, o: ReleasedObservation, size: Size, cells: Mapping[str, float | None]
    ) -> tuple[float, float] | None:
        """What is recorded and what is not; where the unknown have no figure, they are what else is left."""
        whole = self.context.results.get(o.indicator, o.area.code, o.period)
        total = size(whole) if whole else None
        unknown = cells.get(UNKNOWN)
        known = [count for category, count in cells.items() if category != UNKNOWN]
        if total is not None and unknown is None and None not in known:
            unknown = max(0.0, total - sum(count or 0.0 for count in known))
        return None if total is None or unknown is None else (total - unknown, unknown)

    def _place_of(self, o: ReleasedObservation, name: str = "") -> tuple[float, float] | None:
        """The force's rows that are in one of its districts, and those that have no place.

        They are counted for counts and rates, and set beside the figure of a whole district.
        """
        force = self.context.definitions.partnership.force
        if o.area.code not in {district.code for district in force.districts}:
            return None
        cells = [
            self.context.results.get(name or o.indicator, force.code, o.period, LOCATION, category)
            for category in (INSIDE, UNKNOWN)
        ]
        located, unlocated = (cell.numerator if cell else None for cell in cells)
        return None if located is None or unlocated is None else (located, unlocated)

    def _parts(self, o: ReleasedObservation) -> tuple[Part, Part, Part] | None:
        """A category, all that is recorded and all that is not and could be its, as parts of their bases."""
        counted, others = self._category_of(o, _numerator), self._category_of(o, _others)
        if counted is None or others is None:
            return None
        own = Part(o.numerator or 0.0, o.denominator or 0.0)
        known, unknown = (Part(counted[n], counted[n] + others[n]) for n in (0, 1))
        return own, known, unknown

    def _undecided(self, of: str) -> UnknownShareBounds | None:
        """Of rows of the base of which it is not known whether the numerator counts them."""
        if any(gap.of_base for o in self.pair for gap in o.gaps if gap.column == of):
            return None
        found = [_of_gaps(o, of) for o in self.pair]
        (known_before, none_before), (known_after, none_after) = found
        before, after = (Part(o.numerator or 0.0, o.denominator or 0.0) for o in self.pair)
        level = self.context.indicator.test.level
        return undecided_share_bounds(
            before, after, known_before, known_after, none_before, none_after, level
        )


def _of_gaps(o: ReleasedObservation, column: str) -> tuple[float, float]:
    """The rows that a filter could decide on a column, and those that it could not."""
    gaps = [(gap.known, gap.unknown) for gap in o.gaps if gap.column == column]
    return _together(gaps, sum(known for known, _ in gaps))


def _numerator(o: ReleasedObservation) -> float | None:
    return 0.0 if o.reason == NO_ROWS else o.numerator


def _denominator(o: ReleasedObservation) -> float | None:
    return 0.0 if o.reason == NO_ROWS else o.denominator


def _others(o: ReleasedObservation) -> float | None:
    """The rows of the base that the numerator does not count."""
    counted, base = _numerator(o), _denominator(o)
    return None if counted is None or base is None else base - counted


def _together(groups: list[tuple[float, float]], known_in_all: float) -> tuple[float, float]:
    """Groups of unknowns, each shared in proportion to what is known beside it, as one.

    The first figure is the one in proportion to which the second gives the same; `known_in_all` where
    there is nothing to share, or nothing to share it by.
    """
    unknown = sum(count for _, count in groups)
    shared = sum(count / known for known, count in groups if known)
    return (unknown / shared if shared else known_in_all), unknown


def _shares(of: str, found: list[tuple[float, float] | None]) -> Iterator[tuple[str, tuple[float, float]]]:
    """The unknown in percent of all records in both periods; nothing where a period has no records."""
    shares = [100 * pair[1] / sum(pair) for pair in found if pair is not None and sum(pair) > 0]
    if len(shares) == len(found):
        yield of, (shares[0], shares[1])


def _could_be(unknown: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether rows of which a part is not recorded could belong to a category that is known whole."""
    return all(part in (UNKNOWN, other) for part, other in zip(unknown, known, strict=False))
