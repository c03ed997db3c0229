"""Limits of counts, rates and proportions against published tables and scipy.stats."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics import Interval, poisson_interval, rate_interval, wilson_interval

counts = st.integers(0, 200_000)
levels = st.sampled_from([0.5, 0.8, 0.95, 0.998])


def limits(interval: Interval) -> tuple[float, float]:
    assert interval.lower is not None
    assert interval.upper is not None
    return interval.lower, interval.upper


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [  # exact limits as tabulated since Garwood 1936
        (0, 0.0, 3.69),
        (1, 0.03, 5.57),
        (2, 0.24, 7.22),
        (5, 1.62, 11.67),
        (9, 4.12, 17.08),
        # Byar's, from the PHEindicatormethods formula, worked outside this code
        (10, 4.79, 18.39),
        (1011, 949.63, 1075.29),
        (2882, 2777.73, 2989.18),
        (3964, 3841.55, 4089.36),
    ],
)
def test_poisson_limits_agree_with_published_tables(count: int, lower: float, upper: float) -> None:
    assert limits(poisson_interval(count)) == pytest.approx((lower, upper), abs=0.0051)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.998])
@pytest.mark.parametrize("count", [1, 4, 9])
def test_poisson_limits_below_ten_are_exact(count: int, level: float) -> None:
    lower, upper = limits(poisson_interval(count, level))
    tail = (1 - level) / 2
    assert stats.poisson.sf(count - 1, lower) == pytest.approx(tail)
    assert stats.poisson.cdf(count, upper) == pytest.approx(tail)


def test_poisson_limits_change_method_at_ten_without_a_jump() -> None:
    just_below = limits(poisson_interval(9.999))
    at_ten = limits(poisson_interval(10))
    assert just_below == pytest.approx(at_ten, rel=0.002)
    exact_at_ten = (stats.chi2.ppf(0.025, 20) / 2, stats.chi2.ppf(0.975, 22) / 2)
    assert at_ten != pytest.approx(exact_at_ten, rel=1e-6)


@given(counts, levels)
def test_poisson_limits_hold_the_count(count: int, level: float) -> None:
    lower, upper = limits(poisson_interval(count, level))
    assert 0 <= lower <= count < upper < math.inf


@given(counts)
def test_a_higher_level_is_wider(count: int) -> None:
    narrow, wide = limits(poisson_interval(count, 0.95)), limits(poisson_interval(count, 0.998))
    assert wide[0] <= narrow[0]
    assert narrow[1] < wide[1]


def test_byars_lower_limit_stays_above_zero_at_the_highest_level_a_float_can_hold() -> None:
    lower, upper = limits(poisson_interval(10, 1 - 2**-53))
    assert 0 < lower < 0.1
    assert 60 < upper < 80


def test_rate_limits_are_those_of_the_count_per_base() -> None:
    # 27,222 crimes among 267,700 residents: 101.7 per 1,000
    lower, upper = limits(rate_interval(27_222, 267_700, per=1000))
    assert (lower, upper) == pytest.approx((100.484, 102.904), abs=0.001)


def test_a_rate_on_no_base_has_no_limits() -> None:
    assert rate_interval(5, 0, per=1000) == Interval(None, None)


@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [  # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_limits_agree_with_newcombe(successes: int, n: int, lower: float, upper: float) -> None:
    assert limits(wilson_interval(successes, n)) == pytest.approx((lower, upper), abs=5e-5)


def test_wilson_limits_of_the_seeds_survey() -> None:
    lower, upper = limits(wilson_interval(1064, 2216))
    assert (100 * lower, 100 * upper) == pytest.approx((45.9, 50.1), abs=0.06)


@given(st.integers(0, 5000), st.integers(1, 5000), levels)
def test_wilson_limits_hold_the_proportion(successes: int, n: int, level: float) -> None:
    successes = min(successes, n)
    lower, upper = limits(wilson_interval(successes, n, level))
    assert 0 <= lower <= successes / n <= upper <= 1
    expected = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
    assert (lower, upper) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_wilson_is_the_same_read_from_either_side(successes: int, n: int) -> None:
    successes = min(successes, n)
    lower, upper = limits(wilson_interval(successes, n))
    other_lower, other_upper = limits(wilson_interval(n - successes, n))
    assert (lower, upper) == pytest.approx((1 - other_upper, 1 - other_lower), abs=1e-12)


def test_wilson_takes_effective_sizes() -> None:
    whole = limits(wilson_interval(48, 100))
    halved = limits(wilson_interval(24, 50))
    between = limits(wilson_interval(0.48 * 66.7, 66.7))
    assert halved[0] < between[0] < whole[0] < whole[1] < between[1] < halved[1]


def test_a_proportion_of_nobody_has_no_limits() -> None:
    assert wilson_interval(0, 0) == Interval(None, None)


@pytest.mark.parametrize(
    ("interval", "value", "inside"),
    [
        (Interval(1.0, 2.0), 1.0, True),
        (Interval(1.0, 2.0), 2.0, True),
        (Interval(1.0, 2.0), 0.9, False),
        (Interval(1.0, 2.0), 2.1, False),
        (Interval(None, 2.0), -1e9, True),
        (Interval(1.0, None), 1e9, True),
        (Interval(1.0, None), 0.0, False),
    ],
)
def test_limits_are_inclusive_and_missing_ones_open(interval: Interval, value: float, inside: bool) -> None:
    assert interval.contains(value) is inside


@pytest.mark.parametrize("count", [-1, math.nan, math.inf])
def test_impossible_counts_are_refused(count: float) -> None:
    with pytest.raises(ValueError, match="count must be 0 or more"):
        poisson_interval(count)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.5, math.nan])
def test_impossible_levels_are_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        poisson_interval(5, level)
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        wilson_interval(5, 10, level)


def test_impossible_rates_and_proportions_are_refused() -> None:
    with pytest.raises(ValueError, match="denominator must be 0 or more"):
        rate_interval(1, -5)
    with pytest.raises(ValueError, match="per must be above 0"):
        rate_interval(1, 5, per=0)
    with pytest.raises(ValueError, match="must not exceed"):
        wilson_interval(6, 5)


def test_nobody_and_everybody_have_a_limit_of_exactly_0_and_1() -> None:
    for n in range(1, 2_000):
        none, every = wilson_interval(0, n), wilson_interval(n, n)
        assert (none.lower, every.upper) == (0.0, 1.0)
        assert none.upper is not None
        assert every.lower == pytest.approx(1 - none.upper)
