"""Differences of proportions against Newcombe's published table and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_effectsize

from pipeline.statistics import (
    ProportionChange,
    compare_proportions,
    compare_share_with_parent,
    smallest_detectable_difference,
)


def numbers(change: ProportionChange) -> tuple[float, float, float, float]:
    assert change.change_points is not None
    assert change.lower is not None
    assert change.upper is not None
    assert change.p_value is not None
    return change.change_points, change.lower, change.upper, change.p_value


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "lower", "upper"),
    [  # Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10 (p1 - p2)
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_limits_agree_with_newcombes_table(
    x1: int, n1: int, x2: int, n2: int, lower: float, upper: float
) -> None:
    # the table has the first less the second; ours is the second less the first
    _, low, high, _ = numbers(compare_proportions(x2, n2, x1, n1))
    assert (low / 100, high / 100) == pytest.approx((lower, upper), abs=5.1e-5)


@given(st.integers(0, 900), st.integers(1, 900), st.integers(0, 900), st.integers(1, 900))
def test_limits_and_p_agree_with_statsmodels(x1: int, n1: int, x2: int, n2: int) -> None:
    x1, x2 = min(x1, n1), min(x2, n2)
    change, lower, upper, p_value = numbers(compare_proportions(x1, n1, x2, n2))
    expected = confint_proportions_2indep(x2, n2, x1, n1, compare="diff", method="newcomb")
    assert (lower / 100, upper / 100) == pytest.approx(expected, abs=1e-9)
    assert -100 <= lower <= change <= upper <= 100
    assert 0 <= p_value <= 1
    if 1e-12 < p_value < 1:
        edge = confint_proportions_2indep(x2, n2, x1, n1, compare="diff", method="newcomb", alpha=p_value)
        assert min(abs(edge[0]), abs(edge[1])) == pytest.approx(0, abs=1e-6)
    if abs(p_value - 0.05) > 1e-6:
        assert (lower > 0 or upper < 0) == (p_value < 0.05)


def test_equal_proportions_differ_by_nothing() -> None:
    change, lower, upper, p_value = numbers(compare_proportions(10, 20, 20, 40))
    assert (change, p_value) == (0, 1)
    assert lower < 0 < upper


def test_a_difference_beyond_all_doubt_has_a_p_value_of_nearly_nothing() -> None:
    assert numbers(compare_proportions(0, 10**6, 10**6, 10**6))[3] < 1e-300
    assert numbers(compare_proportions(10**6, 10**6, 0, 10**6))[3] < 1e-300


def test_the_seeds_survey_needs_about_three_points() -> None:
    # domain.md D3: at 48 % of 2,216 in both waves a difference of 2.9 points is significant
    assert numbers(compare_proportions(1064, 2216, 1064 - 66, 2216))[3] < 0.05
    assert numbers(compare_proportions(1064, 2216, 1064 - 64, 2216))[3] > 0.05


def test_a_base_of_nobody_cannot_be_compared() -> None:
    for change in (compare_proportions(0, 0, 5, 10), compare_proportions(5, 10, 0, 0)):
        assert (change.change_points, change.lower, change.upper) == (None, None, None)
        assert (change.p_value, change.detectable_points) == (None, None)


def test_a_part_is_tested_against_the_rest_of_its_parent() -> None:
    # alcohol keyword: 11.6 % in the district, 10.6 % in the force that contains it
    part = compare_share_with_parent(3480, 30_000, 31_800, 300_000)
    rest = compare_proportions(28_320, 270_000, 3480, 30_000)
    assert part.change_points == pytest.approx(1.0)
    assert numbers(part)[:3] == pytest.approx([0.9 * value for value in numbers(rest)[:3]])
    assert part.p_value == rest.p_value
    assert rest.detectable_points is not None
    assert part.detectable_points == pytest.approx(0.9 * rest.detectable_points)


def test_a_part_against_its_parent_is_simulated_to_cover_the_truth() -> None:
    draw = np.random.default_rng(3)
    part, rest = draw.binomial(400, 0.3, 600), draw.binomial(600, 0.2, 600)
    truth = 100 * (0.3 - (0.4 * 0.3 + 0.6 * 0.2))
    held = 0
    for x, y in zip(part.tolist(), rest.tolist(), strict=True):
        _, lower, upper, _ = numbers(compare_share_with_parent(x, 400, x + y, 1000))
        held += lower <= truth <= upper
    assert 0.93 < held / 600 < 0.97


@given(st.integers(0, 80), st.integers(1, 80), st.integers(0, 80), st.integers(0, 80))
def test_a_parts_difference_is_its_share_less_its_parents(
    part: int, part_total: int, rest: int, rest_total: int
) -> None:
    part, rest = min(part, part_total), min(rest, rest_total)
    parent, parent_total = part + rest, part_total + rest_total
    change, lower, upper, _ = numbers(compare_share_with_parent(part, part_total, parent, parent_total))
    expected = 100 * (part / part_total - parent / parent_total)
    assert change == pytest.approx(expected, abs=1e-9)
    assert lower <= change <= upper


def test_a_part_that_is_the_whole_differs_by_exactly_nothing() -> None:
    change = compare_share_with_parent(5, 10, 5, 10)
    assert numbers(change) == (0, 0, 0, 1)
    assert change.detectable_points is None


def test_a_part_of_nothing_has_no_share() -> None:
    assert compare_share_with_parent(0, 0, 5, 10).change_points is None


def test_the_detectable_difference_is_cohens_h_of_statsmodels() -> None:
    # Cohen 1988: at h, n = 2 * (1.95996 + 0.84162)^2 / h^2 in each group has 80 % power
    detectable = smallest_detectable_difference(0.48, 2216, 2216)
    assert detectable.fall is not None
    assert detectable.rise is not None
    for share in (0.48 - detectable.fall / 100, 0.48 + detectable.rise / 100):
        h = abs(proportion_effectsize(0.48, share))
        assert 2 * (1.959964 + 0.841621) ** 2 / h**2 == pytest.approx(2216, rel=1e-4)
    assert detectable.fall == pytest.approx(4.2, abs=0.05)


def test_proportions_near_the_ends_leave_no_room() -> None:
    assert smallest_detectable_difference(0.0, 50, 50).fall is None
    assert smallest_detectable_difference(1.0, 50, 50).rise is None
    rise = smallest_detectable_difference(0.0, 50, 50).rise
    assert rise is not None
    assert 0 < rise < 20
    assert smallest_detectable_difference(0.5, 2, 2).rise is None
    assert smallest_detectable_difference(0.5, 9, 9, power=0.01, level=0.01).fall == (
        pytest.approx(0, abs=1e-9)
    )


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="x1"):
        compare_proportions(11, 10, 1, 10)
    with pytest.raises(ValueError, match="x2 must be 0 or more"):
        compare_proportions(1, 10, -1, 10)
    with pytest.raises(ValueError, match="level"):
        compare_proportions(1, 10, 1, 10, level=95)
    with pytest.raises(ValueError, match="does not fit in its parent"):
        compare_share_with_parent(5, 10, 4, 20)
    with pytest.raises(ValueError, match="does not fit in its parent"):
        compare_share_with_parent(1, 10, 9, 12)
    with pytest.raises(ValueError, match="part_count"):
        compare_share_with_parent(11, 10, 20, 40)
    with pytest.raises(ValueError, match="share must be from 0 to 1"):
        smallest_detectable_difference(48, 10, 10)
    with pytest.raises(ValueError, match="bases must be above 0"):
        smallest_detectable_difference(0.5, 0, 10)
    with pytest.raises(ValueError, match="level"):
        smallest_detectable_difference(0.5, 10, 10, power=math.nan)


def test_a_rise_may_take_a_proportion_to_the_top_third_of_its_range() -> None:
    found = smallest_detectable_difference(0.85, 2_000, 2_000)  # asin(sqrt(0.85)) is above pi / 3
    assert found.rise is not None
    effect = (1.959964 + 0.841621) * math.sqrt(2 / 2_000)
    assert proportion_effectsize(0.85 + found.rise / 100, 0.85) == pytest.approx(effect)
    assert smallest_detectable_difference(1.0, 2_000, 2_000).rise is None


def test_a_difference_of_everybody_is_a_hundred_points_and_no_more() -> None:
    for n in (1, 3, 7, 40, 1_000):
        found = compare_proportions(0, n, n, n)
        assert found.change_points == found.upper == 100.0
        assert compare_proportions(n, n, 0, n).lower == -100.0


def test_members_that_are_no_independent_sample_are_tested_as_fewer() -> None:
    found = compare_share_with_parent(30, 60, 90, 300, part_effective=0.5, rest_effective=0.25)
    fewer = compare_proportions(15, 60, 15, 30)
    assert fewer.change_points is not None
    assert fewer.lower is not None
    assert fewer.upper is not None
    assert found.change_points == pytest.approx(0.8 * fewer.change_points)
    assert [found.lower, found.upper] == pytest.approx([0.8 * fewer.lower, 0.8 * fewer.upper])
    for sizes in ({"part_effective": 0.0}, {"rest_effective": -1.0}):
        with pytest.raises(ValueError, match="must be above 0"):
            compare_share_with_parent(30, 60, 90, 300, **sizes)
