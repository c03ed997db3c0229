"""Funnel limits: how far from a common rate an area of a given size could be by chance.

Spiegelhalter, D.J. (2005) "Funnel plots for comparing institutional performance", Statistics in
Medicine 24, 1185-1202: exact limits are interpolated quantiles of the Poisson or binomial
distribution (see its appendix). Overdispersion is allowed for by dividing the information of each
area by it, the multiplicative adjustment described there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from pipeline.statistics._distributions import (
    binomial_cdf,
    binomial_quantile,
    check_level,
    poisson_cdf,
    poisson_quantile,
)
from pipeline.statistics.intervals import Interval, check_count
from pipeline.statistics.ratio import check_dispersion


def funnel_limits(
    bases: Sequence[float | None],
    centre: float,
    kind: Literal["rate", "proportion"] = "rate",
    per: float = 1.0,
    level: float = 0.95,
    dispersion: float = 1.0,
) -> tuple[Interval, ...]:
    """Return the limits at each base, in the unit of `centre`, an interval for each.

    `centre` is the common value: events per `per` of the base for a rate; a number from 0 to 1
    for a proportion (`per` left at 1). Draw them at 0.95 and 0.998. A base of None or 0 has no
    limits (both None). Bases of a proportion are numbers of trials; after dividing by
    `dispersion` they are rounded down to whole trials, and a base under one trial has no limits.
    A value on a limit is within it, and so is the centre. Raises ValueError for negative numbers,
    a proportion above 1 or with `per`, an unknown kind, dispersion under 1 or a level outside
    (0, 1).
    """
    check_level(level)
    check_dispersion(dispersion)
    check_count(centre, "centre")
    if kind not in ("rate", "proportion"):
        raise ValueError(f"kind must be 'rate' or 'proportion', got {kind!r}")
    if kind == "proportion" and (centre > 1 or per != 1):
        raise ValueError(f"a proportion lies from 0 to 1, got {centre!r} per {per!r}")
    if not per > 0:
        raise ValueError(f"per must be above 0, got {per!r}")
    limits: list[Interval] = []
    for base in bases:
        size = 0.0
        if base is not None:
            check_count(base, "a base")
            size = base / dispersion / per
        if kind == "proportion":
            size = float(math.floor(size))
        limits.append(_limits(size, centre, kind, level) if size > 0 else Interval(None, None))
    return tuple(limits)


def _limits(size: float, centre: float, kind: Literal["rate", "proportion"], level: float) -> Interval:
    """Return the limits at one effective base above 0."""
    if centre == 0 or (kind == "proportion" and centre == 1):
        return Interval(centre, centre)
    lower, upper = (_quantile(0.5 + side * level / 2.0, size, centre, kind) / size for side in (-1.0, 1.0))
    # Interpolated quantiles of very few expected events may miss the centre itself.
    return Interval(max(0.0, min(lower, centre)), max(upper, centre))


def _quantile(probability: float, size: float, centre: float, kind: Literal["rate", "proportion"]) -> float:
    """Return the interpolated quantile of the number of events.

    With r the smallest number such that P(X <= r) reaches the probability, it lies between r - 1
    and r as the probability lies between P(X <= r - 1) and P(X <= r).
    """
    if kind == "rate":
        r = poisson_quantile(probability, size * centre)
        at, below = (poisson_cdf(k, size * centre) for k in (r, r - 1))
    else:
        r = binomial_quantile(probability, int(size), centre)
        at, below = (binomial_cdf(k, int(size), centre) for k in (r, r - 1))
    return r - (at - probability) / (at - below)
