"""Means and their differences against scipy's t tests and statsmodels' power."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from pipeline.statistics import Interval, MeanChange, compare_means, deviation_from_sums, mean_interval

AGES = [[21.0, 34.0, 28.0, 45.0, 19.0, 52.0, 37.0], [24.0, 41.0, 39.0, 60.0, 44.0]]


def summary(values: list[float]) -> tuple[float, float, float]:
    return float(np.mean(values)), float(np.std(values, ddof=1)), float(len(values))


def test_limits_are_students() -> None:
    mean, deviation, n = summary(AGES[0])
    for level in (0.8, 0.95, 0.998):
        expected = stats.t.interval(level, n - 1, mean, deviation / math.sqrt(n))
        found = mean_interval(mean, deviation, n, level)
        assert (found.lower, found.upper) == pytest.approx(expected)
    assert mean_interval(mean, deviation, n) == mean_interval(mean, deviation, n, 0.95)


def test_two_values_are_the_fewest_with_limits() -> None:
    assert mean_interval(30.0, 5.0, 1) == Interval(None, None)
    assert mean_interval(30.0, 5.0, 0) == Interval(None, None)
    found = mean_interval(30.0, 5.0, 2)
    assert found.lower == pytest.approx(30 - 12.7062 * 5 / math.sqrt(2), abs=1e-3)
    assert mean_interval(30.0, 0.0, 9) == Interval(30.0, 30.0)


def test_a_deviation_comes_from_two_sums() -> None:
    for values in (*AGES, [0.1, 0.1, 0.4]):
        total, squares = sum(values), sum(value * value for value in values)
        assert deviation_from_sums(total, squares, len(values)) == pytest.approx(summary(values)[1])
    assert deviation_from_sums(30.0, 900.0, 1) is None
    assert deviation_from_sums(30.0, 450.0, 2) == 0.0


@given(st.floats(0.01, 1e6), st.integers(2, 500))
def test_values_all_alike_do_not_deviate(value: float, n: int) -> None:
    assert deviation_from_sums(value * n, value * value * n, n) == 0.0


def test_the_difference_is_welchs() -> None:
    for level in (0.8, 0.95):
        expected = stats.ttest_ind(AGES[1], AGES[0], equal_var=False)
        interval = expected.confidence_interval(level)
        found = compare_means(*summary(AGES[0]), *summary(AGES[1]), level=level)
        assert found.change == pytest.approx(np.mean(AGES[1]) - np.mean(AGES[0]))
        assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high))
        assert found.p_value == pytest.approx(expected.pvalue)
        assert found.method == "Welch"
    assert compare_means(*summary(AGES[0]), *summary(AGES[1])) == compare_means(
        *summary(AGES[0]), *summary(AGES[1]), level=0.95, power=0.8
    )


def test_what_would_have_shown_is_that_of_statsmodels_in_large_samples() -> None:
    found = compare_means(30, 10, 400, 31, 10, 400, power=0.9)
    effect = TTestIndPower().solve_power(nobs1=400, alpha=0.05, power=0.9)
    assert found.detectable == pytest.approx(10 * effect, rel=0.002)
    assert compare_means(30, 10, 400, 31, 10, 400, level=0.5, power=0.01).detectable == 0.0


def test_too_few_values_leave_the_difference_alone() -> None:
    assert compare_means(30, 5, 0, 31, 5, 9) == MeanChange(None, None, None, None, None)
    assert compare_means(30, 5, 9, 31, 5, 0) == MeanChange(None, None, None, None, None)
    assert compare_means(30, 0, 1, 31, 5, 9) == MeanChange(1, None, None, None, None)
    assert compare_means(30, 5, 9, 31, 0, 1) == MeanChange(1, None, None, None, None)
    assert compare_means(30, 5, 2, 31, 5, 2).lower is not None


def test_values_that_never_vary_tell_nothing_of_chance() -> None:
    assert compare_means(30, 0, 5, 31, 0, 5) == MeanChange(1, None, None, None, None)
    assert compare_means(30, 0, 5, 30, 0, 5) == MeanChange(0, 0.0, 0.0, 1.0, None)
    one_sided = compare_means(30, 0, 5, 31, 2, 5)  # one that varies is enough
    assert one_sided.p_value == pytest.approx(stats.ttest_ind_from_stats(31, 2, 5, 30, 0, 5, False).pvalue)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=20), st.lists(st.floats(-50, 50), min_size=2))
def test_limits_leave_zero_out_exactly_where_p_is_small(first: list[float], second: list[float]) -> None:
    found = compare_means(*summary(first), *summary(second))
    if found.p_value is not None and found.lower is not None and found.upper is not None:
        assert 0 <= found.p_value <= 1
        if abs(found.p_value - 0.05) > 1e-9:
            assert (found.p_value < 0.05) == (found.lower > 0 or found.upper < 0)


def test_impossible_means_are_refused() -> None:
    for position, name in ((1, "deviation1"), (2, "n1"), (4, "deviation2"), (5, "n2")):
        arguments = [30.0, 5.0, 9.0, 31.0, 5.0, 9.0]
        arguments[position] = -1.0
        with pytest.raises(ValueError, match=rf"^{name} must be 0 or more"):
            compare_means(*arguments)
    for level, power in ((95, 0.8), (0.95, 80)):
        with pytest.raises(ValueError, match="level must be between 0 and 1"):
            compare_means(30, 5, 9, 31, 5, 9, level, power)
    with pytest.raises(ValueError, match=r"^deviation must be 0 or more"):
        mean_interval(30, -5, 9)
    with pytest.raises(ValueError, match=r"^n must be 0 or more"):
        mean_interval(30, 5, -9)
    with pytest.raises(ValueError, match="level must be"):
        mean_interval(30, 5, 9, 95)
    with pytest.raises(ValueError, match=r"^n must be 0 or more"):
        deviation_from_sums(30, 5, -9)
    with pytest.raises(ValueError, match=r"^squares must be 0 or more"):
        deviation_from_sums(30, -5, 9)
