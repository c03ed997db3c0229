"""The ratio of two rates, with its limits and test: the core of every comparison of counts.

Below 100 events in all the test is conditional and exact: given the total, one of the two counts
is binomial (Przyborowski and Wilenski 1940, Biometrika 31), and Clopper-Pearson limits of its
share (1934, Biometrika 26) become limits of the ratio. The p value is twice the smaller tail, so
it is below 1 - level exactly where the limits exclude 1 (Fay 2010, Biostatistics 11, 373-374).
From 100 events on, the logarithm of the ratio is taken as normal with variance
phi_a / a + phi_b / b (Breslow and Day 1987, vol. II; quasi-likelihood phi: McCullagh and Nelder
1989, section 6.2).

Where dispersion is above 1 the exact method works on counts divided by it, which is the same
correction as in the variance: a series that varies phi times as much as chance carries 1/phi of
its events' information.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.statistics._distributions import (
    beta_cdf,
    beta_quantile,
    check_level,
    two_sided_p,
    two_sided_z,
)
from pipeline.statistics.intervals import check_count

EXACT_BELOW_TOTAL = 100
"""Two counts that sum to less than this are compared exactly."""

EXACT = "exact conditional"
LOG_RATIO = "log rate ratio"

_SMALLEST = 2.0**-53
"""A share of the total closer to 0 or 1 than this is rounding, not evidence."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """Rate a over rate b, its limits and its two-sided p value.

    Where only b has no events, `ratio` and `upper` are None (no upper limit) and `lower` is still
    a number. All three are None, and p is 1, where neither has events or a base is 0.
    """

    ratio: float | None
    lower: float | None
    upper: float | None
    p_value: float
    method: str


def check_dispersion(dispersion: float) -> None:
    """Raise ValueError unless `dispersion` is a finite number of 1 or more."""
    if not math.isfinite(dispersion) or dispersion < 1.0:
        raise ValueError(f"dispersion must be 1 or more and finite, got {dispersion!r}")


def rate_ratio(
    count_a: float,
    base_a: float,
    count_b: float,
    base_b: float,
    level: float = 0.95,
    *,
    dispersion_a: float = 1.0,
    dispersion_b: float = 1.0,
) -> RateRatio:
    """Return (count_a / base_a) / (count_b / base_b) with limits and p value.

    Counts are events and may be fractional; bases are populations or lengths of time, above 0.
    With a base of 0 nothing can be said: ratio and limits None, p value 1. No events at all says
    the same. Raises ValueError for negative numbers, dispersion under 1 or a level outside (0, 1).
    """
    check_level(level)
    for name, value in (
        ("count_a", count_a),
        ("base_a", base_a),
        ("count_b", count_b),
        ("base_b", base_b),
    ):
        check_count(value, name)
    check_dispersion(dispersion_a)
    check_dispersion(dispersion_b)
    total = count_a + count_b
    exact = total < EXACT_BELOW_TOTAL or count_a == 0 or count_b == 0
    method = EXACT if exact else LOG_RATIO
    if base_a == 0 or base_b == 0 or total == 0:
        return RateRatio(None, None, None, 1.0, method)
    ratio = (count_a / base_a) / (count_b / base_b) if count_b > 0 else None
    if exact or ratio is None:
        # A base divided with its count leaves the rate alone and only sheds information.
        lower, upper, p_value = _exact_limits(
            count_a / dispersion_a,
            base_a / dispersion_a,
            count_b / dispersion_b,
            base_b / dispersion_b,
            level,
        )
        return RateRatio(ratio, lower, upper, p_value, method)
    spread = math.sqrt(dispersion_a / count_a + dispersion_b / count_b)
    reach = math.exp(two_sided_z(level) * spread)
    p_value = two_sided_p(math.log(ratio) / spread)
    return RateRatio(ratio, ratio / reach, ratio * reach, p_value, method)


def _exact_limits(
    a: float, base_a: float, b: float, base_b: float, level: float
) -> tuple[float, float | None, float]:
    """Return lower and upper limit of the rate ratio a over b, and the central p value.

    a + b is above 0. Where a is 0 the lower limit is 0; where b is 0 there is no upper limit.
    The tails of the binomial are written as beta integrals, which hold for fractional counts too.
    """
    tail = (1.0 - level) / 2.0
    lower, upper = 0.0, None
    at_most, at_least = 1.0, 1.0
    share_of_a = base_a / (base_a + base_b)
    if a > 0:
        share = beta_quantile(tail, a, b + 1.0)
        lower = share / max(1.0 - share, _SMALLEST) * base_b / base_a
        at_least = beta_cdf(share_of_a, a, b + 1.0)
    if b > 0:
        share = beta_quantile(tail, b, a + 1.0)
        upper = (1.0 - share) / max(share, _SMALLEST) * base_b / base_a
        at_most = beta_cdf(base_b / (base_a + base_b), b, a + 1.0)
    return lower, upper, min(1.0, 2.0 * min(at_most, at_least))
