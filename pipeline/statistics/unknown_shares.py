"""What records with no category could have done to a change of percentages.

The same two answers as for counts (`unknowns.py`): worst-case bounds (Manski 2003, Partial
Identification of Probability Distributions, chapter 1) and sharing out in proportion (missing at
random: Little and Rubin 2002, section 1.3). A record of no category that counts would raise the
percentage of the category it belongs to, and one that does not would lower it, so the two kinds are
shared out, and bounded, apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.statistics.intervals import check_count
from pipeline.statistics.proportions import ProportionChange, compare_proportions


@dataclass(frozen=True, slots=True)
class Part:
    """`count` of `base` records of one category, or of all that have none."""

    count: float
    base: float

    def __post_init__(self) -> None:
        check_count(self.count, "a count")
        check_count(self.base, "a base")
        if self.count > self.base:
            raise ValueError(f"a part ({self.count!r}) must not exceed its base ({self.base!r})")


@dataclass(frozen=True, slots=True)
class UnknownShareBounds:
    """A category's change in percentage points under every, and under proportional, sharing of unknowns.

    `lower_points` and `upper_points` are bounds, not an interval. They are None where a period has no
    record that could be the category's. `pro_rata` is None where a period has unknowns and nothing known
    to share them by. `moved_points` is how far the unknown share of all records moved; None without
    records.
    """

    lower_points: float | None
    upper_points: float | None
    pro_rata: ProportionChange | None
    unknown_share_before: float | None
    unknown_share_after: float | None

    @property
    def moved_points(self) -> float | None:
        """How far the unknown in percent of all records moved."""
        if self.unknown_share_before is None or self.unknown_share_after is None:
            return None
        return self.unknown_share_after - self.unknown_share_before


def unknown_share_bounds(
    before: Part,
    after: Part,
    known_before: Part,
    known_after: Part,
    unknown_before: Part,
    unknown_after: Part,
    level: float = 0.95,
) -> UnknownShareBounds:
    """Return bounds and pro-rata change of one category's percentage.

    `before` and `after` are the category as recorded; `known_*` all recorded categories together, this
    one included; `unknown_*` the records with none. A period's percentage is greatest where every
    unknown record that counts is the category's and no other is, and least the other way about.
    Raises ValueError for negative counts, a part above its base or a category above all known.
    """
    low_before, high_before = _range(before, unknown_before)
    low_after, high_after = _range(after, unknown_after)
    first = _shared(before, known_before, unknown_before)
    second = _shared(after, known_after, unknown_after)
    pro_rata = None
    if first is not None and second is not None:
        pro_rata = compare_proportions(first.count, first.base, second.count, second.base, level)
    return UnknownShareBounds(
        lower_points=None if low_after is None or high_before is None else low_after - high_before,
        upper_points=None if high_after is None or low_before is None else high_after - low_before,
        pro_rata=pro_rata,
        unknown_share_before=_share(unknown_before, known_before),
        unknown_share_after=_share(unknown_after, known_after),
    )


def undecided_share_bounds(
    before: Part,
    after: Part,
    known_before: float,
    known_after: float,
    unknown_before: float,
    unknown_after: float,
    level: float = 0.95,
) -> UnknownShareBounds:
    """Return bounds and pro-rata change where it is not known of some records of the base whether they count.

    `before` and `after` are the parts as counted, with none of the unknown in `count` and all of them in
    `base`; `known_*` the records of the base that could be decided, and in proportion to which the unknown
    are shared out. Raises ValueError for negative counts, more unknown than the base holds beside the
    counted, and more counted than known.
    """
    greatest = [
        Part(part.count + u, part.base) for part, u in ((before, unknown_before), (after, unknown_after))
    ]
    shared = [
        _grown(before.count, known_before, unknown_before),
        _grown(after.count, known_after, unknown_after),
    ]
    pro_rata = None
    if shared[0] is not None and shared[1] is not None:
        pro_rata = compare_proportions(shared[0], before.base, shared[1], after.base, level)
    (low_before, high_before), (low_after, high_after) = (
        [100.0 * part.count / part.base if part.base > 0 else None for part in ends]
        for ends in zip((before, after), greatest, strict=True)
    )
    return UnknownShareBounds(
        lower_points=None if low_after is None or high_before is None else low_after - high_before,
        upper_points=None if high_after is None or low_before is None else high_after - low_before,
        pro_rata=pro_rata,
        unknown_share_before=_share(Part(0.0, unknown_before), Part(0.0, known_before)),
        unknown_share_after=_share(Part(0.0, unknown_after), Part(0.0, known_after)),
    )


def _range(part: Part, unknown: Part) -> tuple[float | None, float | None]:
    """Return the least and the greatest percentage that a period could have."""
    others = unknown.base - unknown.count
    lowest, highest = part.base + others, part.base + unknown.count
    least = 100.0 * part.count / lowest if lowest > 0 else None
    greatest = 100.0 * (part.count + unknown.count) / highest if highest > 0 else None
    # With nothing recorded, one kind of unknown alone could make the percentage 0 or 100.
    return (least if least is not None else greatest, greatest if greatest is not None else least)


def _shared(part: Part, known: Part, unknown: Part) -> Part | None:
    """Return the category with its part of the unknown, those that count and those that do not apart."""
    counted = _grown(part.count, known.count, unknown.count)
    others = _grown(part.base - part.count, known.base - known.count, unknown.base - unknown.count)
    return None if counted is None or others is None else Part(counted, counted + others)


def _grown(part: float, known: float, unknown: float) -> float | None:
    """Return part * (known + unknown) / known; None with unknowns but nothing known."""
    if part > known:
        raise ValueError(f"a category ({part!r}) must not exceed all that is known ({known!r})")
    if known == 0:
        return None if unknown > 0 else 0.0
    return part * (known + unknown) / known


def _share(unknown: Part, known: Part) -> float | None:
    """Return the unknown in percent of all records; None without records."""
    every = known.base + unknown.base
    return 100.0 * unknown.base / every if every > 0 else None
