"""What records with no category, or no place, could have done to a change.

Worst-case bounds: Manski, C.F. (2003) Partial Identification of Probability Distributions,
chapter 1 (no assumption about the missing). Pro rata: the unknown are shared out as the known
are, the assumption called missing at random (Little and Rubin 2002, Statistical Analysis with
Missing Data, section 1.3).

The interval of a pro-rata change is that of `compare_counts` on the shared-out counts, as if they
had been counted: variance dispersion * (1/before' + 1/after'). The variance by the delta method,
1/before - 1/known + 1/all for each period, is wider by some 1 % at 4 % unknown; neither holds the
doubt about the assumption itself, which is what the bounds are for.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.statistics.change import CountChange, compare_counts
from pipeline.statistics.intervals import check_count

MATERIAL_POINTS = 1.0
"""A share of unknowns that moves by more than this many points comes into the comparison."""


@dataclass(frozen=True, slots=True)
class ProRataChange:
    """Two counts with the unknown records shared out as the known ones are, and their change.

    `before`, `after` and `change` are None where a period has unknowns but nothing known to share
    them by. `unknown_share_before`, `unknown_share_after` and `moved_points` are the unknown in
    percent of all records and the difference; None where a period has no records at all.
    """

    before: float | None
    after: float | None
    change: CountChange | None
    unknown_share_before: float | None
    unknown_share_after: float | None
    moved_points: float | None

    @property
    def material(self) -> bool:
        """Return whether the share of unknowns moved by more than a point, either way."""
        return self.moved_points is not None and abs(self.moved_points) > MATERIAL_POINTS


@dataclass(frozen=True, slots=True)
class UnknownBounds:
    """A category's percent change under every, and under proportional, sharing of unknowns.

    `lower_percent` and `upper_percent` are bounds, not an interval: no sharing of the unknown
    gives less or more. A bound is None where nothing before leaves it without a base.
    """

    lower_percent: float | None
    upper_percent: float | None
    pro_rata: ProRataChange

    @property
    def cross_zero(self) -> bool:
        """Return whether some sharing leaves no change; a missing bound is taken as open."""
        below = self.lower_percent is None or self.lower_percent <= 0
        return below and (self.upper_percent is None or self.upper_percent >= 0)


def unknown_bounds(
    before: float,
    after: float,
    known_before: float,
    known_after: float,
    unknown_before: float,
    unknown_after: float,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> UnknownBounds:
    """Return bounds and pro-rata change of one category of a breakdown with unknowns.

    `before` and `after` are the category's recorded counts; `known_*` the counts of all recorded
    categories together, this one included; `unknown_*` the records with none. The lower bound
    gives the category all unknowns before and none after; the upper bound the reverse.
    Raises ValueError for negative counts or a category larger than all known.
    """
    return UnknownBounds(
        lower_percent=_change_percent(before + unknown_before, after),
        upper_percent=_change_percent(before, after + unknown_after),
        pro_rata=pro_rata_area(
            before,
            after,
            known_before,
            known_after,
            unknown_before,
            unknown_after,
            dispersion,
            level,
        ),
    )


def pro_rata_area(
    before: float,
    after: float,
    located_before: float,
    located_after: float,
    unlocated_before: float,
    unlocated_after: float,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> ProRataChange:
    """Return one district's change with the force's unlocated records shared out pro rata.

    Records with no location belong to the force, not to a district. `located_*` are the force's
    records located in any of its districts, this one included (rows outside the force's districts
    are in neither figure); each district's share of `unlocated_*` is its share of the located.
    There are no worst-case bounds: most of the unlocated belong to other districts.
    Raises ValueError for negative counts or a district larger than all located.
    """
    shared_before = _shared(before, located_before, unlocated_before)
    shared_after = _shared(after, located_after, unlocated_after)
    change = None
    if shared_before is not None and shared_after is not None:
        change = compare_counts(shared_before, shared_after, dispersion, level)
    share_before = _share_percent(unlocated_before, located_before)
    share_after = _share_percent(unlocated_after, located_after)
    moved = None
    if share_before is not None and share_after is not None:
        moved = share_after - share_before
    return ProRataChange(shared_before, shared_after, change, share_before, share_after, moved)


def _shared(count: float, known: float, unknown: float) -> float | None:
    """Return count * (known + unknown) / known; None with unknowns but nothing known."""
    check_count(count, "a count")
    check_count(known, "a known total")
    check_count(unknown, "an unknown count")
    if count > known:
        raise ValueError(f"a category ({count!r}) must not exceed all that is known ({known!r})")
    if known == 0:
        return None if unknown > 0 else 0.0
    return count * (known + unknown) / known


def _share_percent(unknown: float, known: float) -> float | None:
    """Return the unknown in percent of all records; None without records."""
    return 100.0 * unknown / (known + unknown) if known + unknown > 0 else None


def _change_percent(before: float, after: float) -> float | None:
    """Return the percent change; None with nothing before."""
    return 100.0 * (after / before - 1.0) if before > 0 else None
