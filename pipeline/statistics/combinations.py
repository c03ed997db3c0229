"""Sums, differences and ratios of estimates that are independent of each other, from their own limits.

The variance of each estimate is recovered from the distance to its limit on the side that matters (MOVER),
so that the limits of the combination are as lopsided as those they are made of. Sources: Zou, G.Y. and
Donner, A. (2008) "Construction of confidence limits about effect measures: a general approach", Statistics
in Medicine 27, 1693-1702; for ratios Donner, A. and Zou, G.Y. (2012) "Closed-form confidence intervals for
functions of the normal mean and standard deviation", Statistical Methods in Medical Research 21, 347-359.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level, normal_quantile, two_sided_p, two_sided_z
from pipeline.statistics.intervals import Interval
from pipeline.statistics.ratio import check_dispersion

RECOVERED = "variances recovered from limits"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its limits, lower <= value <= upper."""

    value: float
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not self.lower <= self.value <= self.upper:
            raise ValueError(f"{self.value!r} does not lie between {self.lower!r} and {self.upper!r}")


@dataclass(frozen=True, slots=True)
class EstimateChange:
    """The difference of two independent estimates, in their unit: the second less the first.

    `detectable_fall` and `detectable_rise` are the smallest true changes that would have shown with
    80 % power, taken as normal; positive.
    """

    change: float
    lower: float
    upper: float
    p_value: float
    detectable_fall: float
    detectable_rise: float
    method: str = RECOVERED


def combined(added: Sequence[Estimate], taken: Sequence[Estimate] = ()) -> Estimate:
    """Return the sum of independent estimates less the sum of others; 0 where there is none."""
    value = math.fsum(e.value for e in added) - math.fsum(e.value for e in taken)
    below = [e.value - e.lower for e in added] + [e.upper - e.value for e in taken]
    above = [e.upper - e.value for e in added] + [e.value - e.lower for e in taken]
    return Estimate(value, value - math.hypot(*below), value + math.hypot(*above))


def quotient_interval(numerator: Estimate, denominator: Estimate, per: float = 1.0) -> Interval:
    """Return the limits of `per * numerator / denominator`, independent of each other.

    A limit that goes towards a denominator of 0 is None where the denominator's own limit reaches 0: the
    ratio is then unbounded on that side. Raises ValueError for a denominator not above 0.
    """
    if not denominator.value > 0:
        raise ValueError(f"the denominator must be above 0, got {denominator.value!r}")
    lower = _lower_quotient(numerator, denominator)
    # The upper limit is the lower one of the ratio turned about 0.
    turned = Estimate(-numerator.value, -numerator.upper, -numerator.lower)
    upper = _lower_quotient(turned, denominator)
    return Interval(
        None if lower is None else per * lower, None if upper is None else -per * upper if upper else 0.0
    )


def _lower_quotient(numerator: Estimate, denominator: Estimate) -> float | None:
    """Return the smaller root of the limit's quadratic; None where the ratio has no lower bound."""
    product = numerator.value * denominator.value
    constant = numerator.lower * (2.0 * numerator.value - numerator.lower)
    if numerator.lower >= 0:  # least where the denominator is greatest
        square = denominator.upper * (2.0 * denominator.value - denominator.upper)
        root = product + math.sqrt(max(0.0, product * product - square * constant))
        return constant / root if root > 0 else 0.0
    if denominator.lower <= 0:
        return None
    square = denominator.lower * (2.0 * denominator.value - denominator.lower)
    return (product - math.sqrt(max(0.0, product * product - square * constant))) / square


def compare_estimates(
    before: Estimate,
    after: Estimate,
    dispersion: float = 1.0,
    level: float = 0.95,
    of_level: float = 0.95,
    power: float = 0.8,
) -> EstimateChange:
    """Return after less before, two independent estimates whose limits have the level `of_level`.

    Distances to limits widen with the root of `dispersion`, and with the normal deviates of the two levels.
    The p value is below 1 - level exactly where the limits exclude 0; estimates without width that differ
    have p 0, and equal ones p 1. Raises ValueError for dispersion under 1 or a level outside (0, 1).
    """
    check_dispersion(dispersion)
    check_level(power)
    deviate = two_sided_z(level)
    error = math.sqrt(dispersion) / two_sided_z(of_level)
    below = error * math.hypot(after.value - after.lower, before.upper - before.value)
    above = error * math.hypot(after.upper - after.value, before.value - before.lower)
    change = after.value - before.value
    towards_none = below if change > 0 else above
    p_value = 1.0 if change == 0 else two_sided_p(change / towards_none) if towards_none else 0.0
    reach = deviate + normal_quantile(power)
    return EstimateChange(
        change=change,
        lower=change - deviate * below,
        upper=change + deviate * above,
        p_value=p_value,
        detectable_fall=max(0.0, reach) * above,
        detectable_rise=max(0.0, reach) * below,
    )
