"""Limits recovered from the limits of the parts, against published and hand-worked values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import (
    Estimate,
    combined,
    compare_estimates,
    compare_proportions,
    poisson_interval,
    quotient_interval,
    wilson_interval,
)
from pipeline.statistics.combinations import RECOVERED


def counted(count: float) -> Estimate:
    limits = poisson_interval(count)
    assert limits.lower is not None
    assert limits.upper is not None
    return Estimate(count, limits.lower, limits.upper)


def normal(value: float, error: float) -> Estimate:
    reach = 1.959963984540054 * error
    return Estimate(value, value - reach, value + reach)


def share(successes: float, n: float) -> Estimate:
    limits = wilson_interval(successes, n)
    assert limits.lower is not None
    assert limits.upper is not None
    return Estimate(successes / n, limits.lower, limits.upper)


def test_a_difference_of_shares_recovers_newcombes_limits() -> None:
    # Newcombe 1998, table II: 56/70 less 48/80 has the limits 0.0524 and 0.3339 by method 10.
    found = combined([share(56, 70)], [share(48, 80)])
    assert found.value == pytest.approx(0.2)
    assert found.lower == pytest.approx(0.0524, abs=5e-5)
    assert found.upper == pytest.approx(0.3339, abs=5e-5)


def test_a_sum_of_normal_estimates_has_the_root_of_the_summed_variances() -> None:
    found = combined([normal(10, 3), normal(5, 4)])
    assert found.value == 15
    assert found.lower == pytest.approx(15 - 1.959964 * 5)
    assert found.upper == pytest.approx(15 + 1.959964 * 5)


def test_a_sum_less_others_uses_the_limits_that_matter() -> None:
    # 140 (117.769 to 165.207) less 50 (37.108 to 65.920): 90 - hypot(22.231, 15.920) and
    # 90 + hypot(25.207, 12.892).
    found = combined([counted(140)], [counted(50)])
    assert found.lower == pytest.approx(62.656, abs=0.001)
    assert found.upper == pytest.approx(118.312, abs=0.001)


def test_nothing_adds_up_to_nothing() -> None:
    assert combined([]) == Estimate(0, 0, 0)


def test_a_quotient_solves_the_quadratics_of_donner_and_zou() -> None:
    # The limit L is where the lower limit of numerator - L x denominator is 0, and so for the upper.
    top, bottom = counted(30), counted(120)
    found = quotient_interval(top, bottom, per=100)
    assert found.lower is not None
    assert found.upper is not None
    low, high = found.lower / 100, found.upper / 100
    assert top.value - low * bottom.value == pytest.approx(
        math.hypot(top.value - top.lower, low * (bottom.upper - bottom.value))
    )
    assert high * bottom.value - top.value == pytest.approx(
        math.hypot(top.upper - top.value, high * (bottom.value - bottom.lower))
    )
    # The log ratio of the same two counts, another approximation, gives 16.757 to 37.298.
    assert found.lower == pytest.approx(16.757, rel=0.04)
    assert found.upper == pytest.approx(37.298, rel=0.04)


def test_a_quotient_of_normal_estimates_is_fiellers() -> None:
    # Fieller 1954 for 10 (error 2) over 5 (error 1), no covariance: the roots of
    # (25 - 3.8415) r^2 - 100 r + (100 - 15.366) = 0 are 1.1046 and 3.6216.
    found = quotient_interval(normal(10, 2), normal(5, 1))
    a, b, c = 25 - 1.959964**2, -100.0, 100 - 4 * 1.959964**2
    roots = [(-b - math.sqrt(b * b - 4 * a * c)) / (2 * a), (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)]
    assert found.lower == pytest.approx(roots[0], abs=1e-5)
    assert found.upper == pytest.approx(roots[1], abs=1e-5)


def test_a_numerator_below_nothing_turns_the_limits_round() -> None:
    above, below = (
        quotient_interval(normal(10, 2), normal(5, 1)),
        quotient_interval(normal(-10, 2), normal(5, 1)),
    )
    assert above.lower is not None
    assert above.upper is not None
    assert below.lower == pytest.approx(-above.upper)
    assert below.upper == pytest.approx(-above.lower)


def test_a_numerator_that_may_be_either_side_of_nothing() -> None:
    found = quotient_interval(normal(1, 2), normal(5, 1))
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < 0 < 0.2 < found.upper


def test_a_denominator_that_may_be_nothing_leaves_the_far_side_open() -> None:
    open_above = quotient_interval(normal(10, 2), Estimate(2, 0, 4))
    assert open_above.lower is not None
    assert open_above.upper is None
    open_below = quotient_interval(normal(-10, 2), Estimate(2, 0, 4))
    assert open_below.lower is None
    assert open_below.upper is not None


def test_a_denominator_twice_its_value_at_most_still_has_a_limit() -> None:
    found = quotient_interval(counted(9), Estimate(2, 0.5, 6))
    assert found.lower is not None
    assert 0 < found.lower < 4.5


def test_a_numerator_of_nothing() -> None:
    found = quotient_interval(Estimate(0, 0, 0), counted(20))
    assert (found.lower, found.upper) == (0, 0)


def test_a_change_recovers_newcombes_limits_and_their_p_value() -> None:
    found, expected = compare_estimates(share(48, 80), share(56, 70)), compare_proportions(48, 80, 56, 70)
    assert expected.lower is not None
    assert expected.upper is not None
    assert 100 * found.change == pytest.approx(expected.change_points)
    assert 100 * found.lower == pytest.approx(expected.lower)
    assert 100 * found.upper == pytest.approx(expected.upper)
    assert found.p_value < 0.05
    assert found.method == RECOVERED


def test_dispersion_and_level_widen_the_limits() -> None:
    plain = compare_estimates(normal(10, 3), normal(20, 4))
    assert plain.lower == pytest.approx(10 - 1.959964 * 5)
    assert plain.p_value == pytest.approx(0.0455, abs=1e-4)  # 2 standard errors
    wide = compare_estimates(normal(10, 3), normal(20, 4), dispersion=4)
    assert wide.lower == pytest.approx(10 - 1.959964 * 10)
    strict = compare_estimates(normal(10, 3), normal(20, 4), level=0.99)
    assert strict.upper == pytest.approx(10 + 2.575829 * 5)


def test_the_smallest_detectable_changes_are_those_of_a_normal_test() -> None:
    found = compare_estimates(normal(10, 3), normal(10, 4))
    assert found.detectable_fall == pytest.approx((1.959964 + 0.841621) * 5, rel=1e-5)
    assert found.detectable_rise == pytest.approx(found.detectable_fall)
    assert compare_estimates(normal(10, 3), normal(10, 4), power=1e-9).detectable_fall == 0


def test_estimates_without_width() -> None:
    same = compare_estimates(Estimate(2, 2, 2), Estimate(2, 2, 2))
    assert (same.change, same.lower, same.upper, same.p_value) == (0, 0, 0, 1)
    other = compare_estimates(Estimate(2, 2, 2), Estimate(3, 3, 3))
    assert (other.change, other.lower, other.upper, other.p_value) == (1, 1, 1, 0)


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_p_value_belongs_to_the_limits(before: int, after: int, level: float) -> None:
    found = compare_estimates(counted(before), counted(after), level=level)
    if abs(found.p_value - (1 - level)) > 1e-9:
        assert (found.p_value < 1 - level) == (found.lower > 0 or found.upper < 0)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 300))
def test_limits_of_a_quotient_hold_its_value(added: int, taken: int, below: int) -> None:
    top = combined([counted(added)], [counted(taken)])
    found = quotient_interval(top, counted(below))
    value = top.value / below
    assert found.lower is None or found.lower <= value + 1e-9
    assert found.upper is None or found.upper >= value - 1e-9


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="does not lie between"):
        Estimate(5, 6, 7)
    with pytest.raises(ValueError, match="does not lie between"):
        Estimate(8, 6, 7)
    with pytest.raises(ValueError, match="denominator must be above 0"):
        quotient_interval(counted(5), Estimate(0, 0, 1))
    with pytest.raises(ValueError, match="dispersion"):
        compare_estimates(counted(5), counted(5), dispersion=0.9)
    with pytest.raises(ValueError, match="level"):
        compare_estimates(counted(5), counted(5), power=1)


def in_thousands(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value / 1_000, estimate.lower / 1_000, estimate.upper / 1_000)


def test_neither_a_ratio_nor_a_test_depends_on_the_unit() -> None:
    for top, bottom in (
        (Estimate(3, 1, 7), Estimate(20, 12, 31)),
        (Estimate(3, -1, 7), Estimate(20, 12, 31)),
        (Estimate(9, 0, 20), Estimate(2, 0.5, 6)),
    ):
        large, small = (
            quotient_interval(top, bottom),
            quotient_interval(in_thousands(top), in_thousands(bottom)),
        )
        assert small.lower == pytest.approx(large.lower)
        assert small.upper == pytest.approx(large.upper)
    before, after = Estimate(3, 1, 4), Estimate(9, 8, 19)
    found = compare_estimates(in_thousands(before), in_thousands(after))
    assert found.p_value == pytest.approx(compare_estimates(before, after).p_value)


def test_a_rise_and_a_fall_are_tested_against_the_limit_that_is_nearer_to_none() -> None:
    low, high = Estimate(3, 2.9, 9), Estimate(9, 8.9, 19)  # limits far above, near below
    rise, fall = compare_estimates(low, high), compare_estimates(high, low)
    for found in (rise, fall):
        assert (found.p_value < 0.05) == (found.lower > 0 or found.upper < 0)
    assert rise.p_value == pytest.approx(fall.p_value)
    reach = rise.change - rise.lower
    assert rise.p_value == pytest.approx(math.erfc(1.959964 * rise.change / reach / math.sqrt(2)))


def test_power_below_that_of_chance_needs_no_change_at_all() -> None:
    found = compare_estimates(Estimate(3, 1, 4), Estimate(9, 8, 19), level=0.5, power=0.01)
    assert (found.detectable_fall, found.detectable_rise) == (0.0, 0.0)


def test_a_numerator_and_a_denominator_that_may_both_be_nothing() -> None:
    found = quotient_interval(Estimate(3, 0, 7), Estimate(2, 0, 4))
    assert (found.lower, found.upper) == (0.0, None)
