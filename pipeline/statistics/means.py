"""Means of a measured quantity: limits, and the difference of two.

Sources: Student (1908) "The probable error of a mean", Biometrika 6, 1-25; Welch, B.L. (1947) "The
generalization of 'Student's' problem when several different population variances are involved",
Biometrika 34, 28-35, with Satterthwaite's degrees of freedom (1946, Biometrics Bulletin 2, 110-114).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level, t_quantile, t_tail
from pipeline.statistics.intervals import Interval, check_count

WELCH = "Welch"
SAME_VALUE = 1e-12
"""A variance smaller than this part of the mean square is rounding of equal values, and is 0."""


@dataclass(frozen=True, slots=True)
class MeanChange:
    """The difference of two means, in their own unit: the second less the first.

    Limits, p value and the smallest changes are None where either mean rests on fewer than two
    values, or where neither series varies but their means differ: then nothing tells what chance
    could have made. `detectable` is the size of a true change, up or down, that would have shown
    with 80 % power.
    """

    change: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    detectable: float | None
    method: str = WELCH


def deviation_from_sums(total: float, squares: float, n: float) -> float | None:
    """Return the standard deviation of n values from their sum and the sum of their squares.

    Divides by n - 1; None for fewer than two values. Raises ValueError for a negative n or sum of squares.
    """
    check_count(n, "n")
    check_count(squares, "squares")
    if n < 2:
        return None
    spread = squares - total * total / n
    return math.sqrt(spread / (n - 1.0)) if spread > SAME_VALUE * squares else 0.0


def mean_interval(mean: float, deviation: float, n: float, level: float = 0.95) -> Interval:
    """Return Student's limits of a mean of n values with that standard deviation, in their unit.

    Fewer than two values have no limits; values that are all the same have the mean as both.
    Raises ValueError for a negative deviation or n, or a level outside (0, 1).
    """
    check_level(level)
    check_count(deviation, "deviation")
    check_count(n, "n")
    if n < 2:
        return Interval(None, None)
    reach = -t_quantile((1.0 - level) / 2.0, n - 1.0) * deviation / math.sqrt(n)
    return Interval(mean - reach, mean + reach)


def compare_means(
    mean1: float,
    deviation1: float,
    n1: float,
    mean2: float,
    deviation2: float,
    n2: float,
    level: float = 0.95,
    power: float = 0.8,
) -> MeanChange:
    """Return mean2 less mean1 with Welch's limits; the variances need not be equal.

    The values must be independent of each other. The smallest detectable change is
    (t_level + t_power) standard errors. Two series that do not vary and have the same mean did not
    change: both limits are 0 and p is 1. Raises ValueError for negative deviations or numbers, or a
    level or power outside (0, 1).
    """
    check_level(level)
    check_level(power)
    for value, name in ((deviation1, "deviation1"), (deviation2, "deviation2"), (n1, "n1"), (n2, "n2")):
        check_count(value, name)
    if n1 == 0 or n2 == 0:
        return MeanChange(None, None, None, None, None)
    change = mean2 - mean1
    if n1 < 2 or n2 < 2:
        return MeanChange(change, None, None, None, None)
    v1, v2 = deviation1**2 / n1, deviation2**2 / n2
    if v1 + v2 == 0:
        if change == 0:
            return MeanChange(change, 0.0, 0.0, 1.0, None)
        return MeanChange(change, None, None, None, None)
    part1, part2 = v1 / (v1 + v2), v2 / (v1 + v2)  # as shares, so that no square of a variance vanishes
    degrees = 1.0 / (part1**2 / (n1 - 1.0) + part2**2 / (n2 - 1.0))
    error = math.sqrt(v1 + v2)
    quantile = -t_quantile((1.0 - level) / 2.0, degrees)
    detectable = max(0.0, quantile + t_quantile(power, degrees)) * error
    reach = quantile * error
    p_value = 2.0 * t_tail(abs(change) / error, degrees)
    return MeanChange(change, change - reach, change + reach, p_value, detectable)
