"""Quantiles and tails of the standard distributions, from scipy.special.

`scipy.special` holds the functions on which `scipy.stats` is built and loads in a third of the
time, so each function imports it when first called and `import pipeline.statistics` stays cheap.
The normal distribution, which nearly every figure needs, is that of Python's own `statistics` and `math`,
which are there at once.
All arguments and results are plain floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist


def check_level(level: float) -> None:
    """Raise ValueError unless `level`, a coverage, is strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be between 0 and 1, got {level!r}")


@cache  # asked for every figure, and nearly always of one level
def two_sided_z(level: float) -> float:
    """Return the normal deviate of a two-sided interval: 1.959964 at level 0.95."""
    check_level(level)
    return -normal_quantile((1.0 - level) / 2.0)


def normal_quantile(probability: float) -> float:
    """Return z with P(Z <= z) = probability; 0 < probability < 1."""
    return NormalDist().inv_cdf(probability)


def normal_cdf(z: float) -> float:
    """Return P(Z <= z) of a standard normal Z, also far out in the lower tail."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def normal_density(z: float) -> float:
    """Return the density of a standard normal at z."""
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def two_sided_p(z: float) -> float:
    """Return P(|Z| >= |z|) of a standard normal Z."""
    return 2.0 * normal_cdf(-abs(z))


def chi_square_limits(tail: float, lower_degrees: float, upper_degrees: float) -> list[float]:
    """Return x with P(X <= x) = tail and y with P(Y >= y) = tail, X and Y chi-square.

    The degrees of freedom are those of X and of Y, above 0; 0 < tail < 1.
    """
    from scipy.special import gammainccinv, gammaincinv

    lower = 2.0 * gammaincinv(lower_degrees / 2.0, tail)
    return [float(lower), float(2.0 * gammainccinv(upper_degrees / 2.0, tail))]


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return x with P(X <= x) = probability for Beta(a, b), a > 0 and b > 0."""
    from scipy.special import betaincinv

    return float(betaincinv(a, b, probability))


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return P(X <= x) for Beta(a, b), a > 0 and b > 0."""
    from scipy.special import betainc

    return float(betainc(a, b, x))


def t_quantile(probability: float, degrees: float) -> float:
    """Return t with P(T <= t) = probability for Student's t of `degrees` > 0."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def t_tail(t: float, degrees: float) -> float:
    """Return P(T >= t) of Student's t with `degrees` > 0."""
    from scipy.special import stdtr

    return float(stdtr(degrees, -t))


def f_tail(x: float, numerator: float, denominator: float) -> float:
    """Return P(F >= x) for an F distribution; both degrees of freedom > 0 and x >= 0."""
    from scipy.special import fdtrc

    return float(fdtrc(numerator, denominator, x))


def poisson_cdf(count: int, mean: float) -> float:
    """Return P(X <= count) of a Poisson of `mean` >= 0; 0 for a negative count."""
    from scipy.special import pdtr

    return float(pdtr(count, mean)) if count >= 0 else 0.0


def poisson_quantile(probability: float, mean: float) -> int:
    """Return the smallest count with P(X <= count) >= probability."""
    from scipy.special import pdtrik

    if poisson_cdf(0, mean) >= probability:
        return 0
    return _smallest(float(pdtrik(probability, mean)), lambda k: poisson_cdf(k, mean), probability)


def binomial_cdf(count: int, trials: int, share: float) -> float:
    """Return P(X <= count) of a binomial; 0 for a negative count."""
    from scipy.special import bdtr

    return float(bdtr(count, trials, share)) if count >= 0 else 0.0


def binomial_quantile(probability: float, trials: int, share: float) -> int:
    """Return the smallest count with P(X <= count) >= probability; 0 < share < 1."""
    from scipy.special import bdtrik

    if binomial_cdf(0, trials, share) >= probability:
        return 0
    guess = float(bdtrik(probability, trials, share))
    return _smallest(guess, lambda k: binomial_cdf(k, trials, share), probability)


def _smallest(guess: float, cdf: Callable[[int], float], probability: float) -> int:
    """Return the smallest count from 1 on whose cdf reaches the probability, starting near."""
    count = max(1, math.ceil(guess) - 1)
    while cdf(count) < probability:
        count += 1
    return count
