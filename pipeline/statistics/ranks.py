"""Ranks of areas by rate, with ties, and the ranks each could have by chance.

An area's range comes from testing it against each other area, not from overlapping intervals: it
could be as good as 1 + the areas clearly better and as bad as all but those clearly worse (Klein,
Wright and Wieczorek 2020, "A joint confidence region for an overall ranking of populations", JRSS
C 69; Goldstein and Spiegelhalter 1996, JRSS A 159, on why ranks need ranges). Each test is at
`level`, uncorrected, as all declared measures are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.statistics._distributions import check_level
from pipeline.statistics.intervals import check_count
from pipeline.statistics.ratio import rate_ratio


@dataclass(frozen=True, slots=True)
class RankInterval:
    """An area's rank among `of` areas, 1 the best, and the best and worst it could be.

    Areas with the same rate share a rank and the next rank is skipped (1, 2, 2, 4); `tied` says
    so. An area with no count or no base is not ranked: rank, best and worst are None, and it is
    not among the `of`.
    """

    rank: int | None
    best: int | None
    worst: int | None
    tied: bool
    of: int


def rank_intervals(
    counts: Sequence[float | None],
    bases: Sequence[float | None],
    best: Literal["lowest", "highest"] = "lowest",
    dispersions: Sequence[float] | None = None,
    level: float = 0.95,
) -> tuple[RankInterval, ...]:
    """Return the rank of each area by count / base, in the order given.

    `counts` are events and `bases` populations or households, one pair per area; None (or a base
    of 0) is an area that cannot be ranked. `best` says which end is 1st. `dispersions` are 1 or
    more, one per area; left out, all are 1. Pairs are tested by `rate_ratio`: clearly different
    means p below 1 - level. Raises ValueError for sequences of different length, negative
    numbers, another word for `best` or a level outside (0, 1).
    """
    check_level(level)
    if best not in ("lowest", "highest"):
        raise ValueError(f"best must be 'lowest' or 'highest', got {best!r}")
    phis = [1.0] * len(counts) if dispersions is None else list(dispersions)
    if not len(counts) == len(bases) == len(phis):
        raise ValueError(
            f"counts, bases and dispersions must be of one length, "
            f"got {len(counts)}, {len(bases)} and {len(phis)}"
        )
    areas: dict[int, tuple[float, float, float]] = {}
    for position, (count, base, phi) in enumerate(zip(counts, bases, phis, strict=True)):
        for value, name in ((count, "a count"), (base, "a base")):
            if value is not None:
                check_count(value, name)
        if count is not None and base:
            areas[position] = (count, base, phi)
    unranked = RankInterval(None, None, None, False, len(areas))
    return tuple(
        _rank(position, areas, best, level) if position in areas else unranked
        for position in range(len(counts))
    )


def _rank(
    position: int,
    areas: dict[int, tuple[float, float, float]],
    best: Literal["lowest", "highest"],
    level: float,
) -> RankInterval:
    """Return the rank of one area against all others."""
    count, base, phi = areas[position]
    ahead = tied = clearly_ahead = clearly_behind = 0
    for other, (other_count, other_base, other_phi) in areas.items():
        if other == position:
            continue
        # Products, not quotients, so that equal rates of whole numbers are exactly equal.
        gap = other_count * base - count * other_base
        if best == "highest":
            gap = -gap
        ahead += gap < 0
        tied += gap == 0
        test = rate_ratio(
            other_count,
            other_base,
            count,
            base,
            dispersion_a=other_phi,
            dispersion_b=phi,
        )
        if test.p_value < 1.0 - level:
            clearly_ahead += gap < 0
            clearly_behind += gap > 0
    return RankInterval(
        rank=1 + ahead,
        best=1 + clearly_ahead,
        worst=len(areas) - clearly_behind,
        tied=tied > 0,
        of=len(areas),
    )
