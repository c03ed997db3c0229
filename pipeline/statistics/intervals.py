"""Confidence limits of one count, one rate and one proportion.

Sources: Garwood, F. (1936) "Fiducial limits for the Poisson distribution", Biometrika 28;
Breslow, N.E. and Day, N.E. (1987) Statistical Methods in Cancer Research II, IARC, p. 69 (Byar);
Wilson, E.B. (1927) "Probable inference, the law of succession", JASA 22. The switch from exact to
Byar's at 10 events is that of Public Health England's PHEindicatormethods.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level, chi_square_limits, two_sided_z

EXACT_BELOW = 10
"""Counts under this get exact Poisson limits; from it on, Byar's."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Two limits, both inclusive, in the unit of the value they belong to.

    A limit is None only where the function that made the interval says so.
    """

    lower: float | None
    upper: float | None

    def contains(self, value: float) -> bool:
        """Return whether `value` lies within the limits; a missing limit excludes nothing."""
        above = self.lower is None or self.lower <= value
        return above and (self.upper is None or value <= self.upper)


def check_count(value: float, name: str) -> None:
    """Raise ValueError unless `value` is a finite number of 0 or more."""
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be 0 or more and finite, got {value!r}")


def poisson_interval(count: float, level: float = 0.95) -> Interval:
    """Return the limits of the expected number of events, given `count` observed.

    Exact (chi-square) below 10 events, Byar's approximation from 10. Both limits are always
    numbers; the lower limit of 0 events is 0. `count` may be fractional (counts shared pro rata).
    Raises ValueError for a count below 0 or a level outside (0, 1).
    """
    return Interval(*poisson_limits(count, level))


def poisson_limits(count: float, level: float) -> tuple[float, float]:
    """Return the two numbers of `poisson_interval`."""
    check_count(count, "count")
    check_level(level)
    if count < EXACT_BELOW:
        tail = (1.0 - level) / 2.0
        lower, upper = chi_square_limits(tail, 2.0 * count or 1.0, 2.0 * count + 2.0)
        return lower / 2.0 if count > 0 else 0.0, upper / 2.0
    z = two_sided_z(level)
    above = count + 1.0
    lower = count * (1.0 - 1.0 / (9.0 * count) - z / (3.0 * math.sqrt(count))) ** 3
    upper = above * (1.0 - 1.0 / (9.0 * above) + z / (3.0 * math.sqrt(above))) ** 3
    return lower, upper


def rate_interval(count: float, denominator: float, per: float = 1.0, level: float = 0.95) -> Interval:
    """Return the limits of `per * count / denominator`, the denominator taken as known.

    Limits are those of `poisson_interval`, in events per `per` units of the denominator. With a
    denominator of 0 there is no rate: both limits are None. Raises ValueError for a negative
    count or denominator, or `per` not above 0.
    """
    check_count(denominator, "denominator")
    if not per > 0:
        raise ValueError(f"per must be above 0, got {per!r}")
    lower, upper = poisson_limits(count, level)
    if denominator == 0:
        return Interval(None, None)
    return Interval(per * lower / denominator, per * upper / denominator)


def wilson_interval(successes: float, n: float, level: float = 0.95) -> Interval:
    """Return Wilson's score limits of the proportion `successes / n`, as numbers from 0 to 1.

    Both arguments may be fractional (an effective sample size). With n = 0 there is no
    proportion: both limits are None. Raises ValueError unless 0 <= successes <= n.
    """
    check_count(successes, "successes")
    check_count(n, "n")
    if successes > n:
        raise ValueError(f"successes ({successes!r}) must not exceed n ({n!r})")
    z = two_sided_z(level)
    if n == 0:
        return Interval(None, None)
    return Interval(*score_limits(successes / n, n, z))


def score_limits(share: float, n: float, deviate: float) -> tuple[float, float]:
    """Return Wilson's limits of a share of n > 0 at a normal (or Student's) deviate.

    They never leave 0 to 1 and always hold the share, whatever the rounding.
    """
    centre = share + deviate * deviate / (2.0 * n)
    spread = deviate * math.sqrt(share * (1.0 - share) / n + deviate * deviate / (4.0 * n * n))
    scale = 1.0 + deviate * deviate / n
    lower, upper = (centre - spread) / scale, (centre + spread) / scale
    return max(0.0, min(lower, share)), min(1.0, max(upper, share))
