"""Changes of counts against the seed's table, scipy's exact test and simulation of power."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics import (
    ChangeBeside,
    compare_changes,
    compare_counts,
    rate_ratio,
    smallest_detectable_change,
)

counts = st.integers(0, 5000)


@pytest.mark.parametrize(
    ("before", "after", "change", "lower", "upper", "p_value"),
    [  # domain.md section G, worked from the counts of the seed
        (3964, 3950, -0.4, -4.6, 4.1, 0.87),
        (1119, 1011, -9.7, -17.0, -1.6, 0.019),
        (2690, 2882, 7.1, 1.7, 12.9, 0.010),
        # rolling years of other partnerships, domain.md section G
        (32_538, 29_941, -8.0, None, None, None),
        (2419, 1424, -41.1, None, None, None),
        (269_988, 361_649, 33.95, None, None, None),
    ],
)
def test_changes_of_published_counts(
    before: int,
    after: int,
    change: float,
    lower: float | None,
    upper: float | None,
    p_value: float | None,
) -> None:
    result = compare_counts(before, after)
    assert result.method == "log rate ratio"
    assert result.change == after - before
    assert result.change_percent == pytest.approx(change, abs=0.06)
    if lower is not None:
        assert (result.lower, result.upper) == pytest.approx((lower, upper), abs=0.051)
        assert result.p_value == pytest.approx(p_value, abs=0.0051)


def test_dispersion_of_two_takes_both_age_groups_back_to_no_clear_change() -> None:
    for before, after in ((1119, 1011), (2690, 2882)):
        result = compare_counts(before, after, dispersion=2.0)
        assert result.dispersion == 2.0
        assert result.p_value > 0.05
        assert result.lower is not None
        assert result.upper is not None
        assert result.lower < 0 < result.upper


@given(st.integers(0, 99), st.integers(0, 99), st.floats(0.2, 5.0))
def test_below_a_hundred_the_test_is_the_exact_binomial(before: int, after: int, base_ratio: float) -> None:
    total = before + after
    if not 0 < total < 100:
        return
    result = compare_counts(before, after, before_base=1.0, after_base=base_ratio)
    assert result.method == "exact conditional"
    share = stats.binomtest(after, total).proportion_ci(0.95, method="exact")
    lower = 100 * (share.low / (1 - share.low) / base_ratio - 1) if after else -100.0
    assert result.lower == pytest.approx(lower)
    if before:
        assert result.upper == pytest.approx(100 * (share.high / (1 - share.high) / base_ratio - 1))
    else:
        assert result.upper is None
    null = base_ratio / (1 + base_ratio)
    tails = stats.binom.cdf(after, total, null), stats.binom.sf(after - 1, total, null)
    assert result.p_value == pytest.approx(min(1.0, 2 * min(tails)), abs=1e-12)


@pytest.mark.parametrize(("before", "after"), [(49, 50), (50, 50)])
def test_the_method_changes_at_a_hundred_events(before: int, after: int) -> None:
    expected = "exact conditional" if before + after < 100 else "log rate ratio"
    assert compare_counts(before, after).method == expected


@given(counts, counts, st.floats(1.0, 20.0), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_hold_the_change_and_agree_with_the_test(
    before: int, after: int, dispersion: float, level: float
) -> None:
    result = compare_counts(before, after, dispersion, level)
    assert 0 <= result.p_value <= 1
    lower = -math.inf if result.lower is None else result.lower
    upper = math.inf if result.upper is None else result.upper
    if result.change_percent is not None:
        assert lower <= result.change_percent + 1e-9
        assert result.change_percent <= upper + 1e-9
    if abs(result.p_value - (1 - level)) > 1e-6:
        assert (lower > 0 or upper < 0) == (result.p_value < 1 - level)


@given(st.integers(1, 5000), st.integers(1, 5000), st.floats(1.0, 9.0))
def test_more_dispersion_is_wider(before: int, after: int, dispersion: float) -> None:
    chance = compare_counts(before, after)
    more = compare_counts(before, after, dispersion)
    assert chance.lower is not None
    assert chance.upper is not None
    assert more.lower is not None
    assert more.upper is not None
    assert more.lower <= chance.lower + 1e-9
    assert chance.upper <= more.upper + 1e-9


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_ratio_read_backwards_is_the_reciprocal(a: int, b: int) -> None:
    there, back = rate_ratio(a, 10, b, 7), rate_ratio(b, 7, a, 10)
    assert there.ratio is not None
    assert back.ratio is not None
    assert there.lower is not None
    assert back.upper is not None
    assert there.ratio * back.ratio == pytest.approx(1)
    assert there.lower * back.upper == pytest.approx(1)
    assert there.p_value == pytest.approx(back.p_value)


def test_nothing_before_has_no_percentage_but_a_lower_limit() -> None:
    result = compare_counts(0, 6)
    assert (result.change, result.change_percent, result.upper) == (6, None, None)
    assert result.p_value == pytest.approx(2 * 0.5**6)
    assert result.lower == pytest.approx(100 * (0.025 ** (1 / 6) / (1 - 0.025 ** (1 / 6)) - 1))
    assert (result.detectable_percent, result.detectable_rise_percent) == (None, None)


def test_nothing_before_stays_exact_however_much_comes_after() -> None:
    result = compare_counts(0, 500)
    assert result.method == "exact conditional"
    assert result.change_percent is None
    assert result.p_value < 1e-12


def test_nothing_after_is_a_fall_of_all() -> None:
    result = compare_counts(5, 0)
    assert (result.change_percent, result.lower) == (-100.0, -100.0)
    # with 5 of 5 events before, the limit r solves (1 / (1 + r)) ** 5 = 0.025
    assert result.upper == pytest.approx(100 * (0.025 ** (-1 / 5) - 2))
    assert result.p_value == pytest.approx(2 * 0.5**5)


def test_nothing_at_all_says_nothing() -> None:
    result = compare_counts(0, 0)
    assert (result.change, result.p_value) == (0, 1.0)
    assert (result.change_percent, result.lower, result.upper) == (None, None, None)


def test_without_a_base_there_is_no_comparison() -> None:
    result = compare_counts(20, 30, after_base=0.0)
    assert (result.change, result.p_value) == (10, 1.0)
    assert (result.change_percent, result.lower, result.upper) == (None, None, None)
    assert (result.detectable_percent, result.detectable_rise_percent) == (None, None)


def test_rates_are_compared_on_their_bases() -> None:
    # Gu, Ng, Tang and Schucany 2008, Biometrical Journal 50: breast cancer, 2.11 times
    result = rate_ratio(60, 51_477.5, 30, 54_308.7)
    assert result.ratio == pytest.approx(2.11, abs=0.005)
    assert result.method == "exact conditional"
    assert result.p_value < 0.001
    large = rate_ratio(600, 51_477.5, 300, 54_308.7)
    spread = 1.959964 * math.sqrt(1 / 600 + 1 / 300)
    assert large.lower == pytest.approx(2.10997 * math.exp(-spread), rel=1e-4)
    assert large.upper == pytest.approx(2.10997 * math.exp(spread), rel=1e-4)


def test_each_side_may_have_its_own_dispersion() -> None:
    result = rate_ratio(400, 1, 500, 1, dispersion_a=2.0, dispersion_b=3.0)
    spread = math.sqrt(2 / 400 + 3 / 500)
    assert result.p_value == pytest.approx(2 * stats.norm.sf(math.log(500 / 400) / spread))
    small = rate_ratio(20, 1, 30, 1, dispersion_a=2.0, dispersion_b=3.0)
    assert small.ratio == pytest.approx(2 / 3)
    # counts 10 and 10 on bases 1/2 and 1/3
    assert small.p_value == pytest.approx(2 * stats.binom.cdf(10, 20, 0.6))


def test_enormous_dispersion_says_almost_nothing_and_is_still_finite() -> None:
    result = compare_counts(1, 2, dispersion=1e6)
    assert result.p_value > 0.99
    assert result.lower == pytest.approx(-100)
    assert result.upper is not None
    assert math.isfinite(result.upper)


def test_the_smallest_fall_of_the_seeds_total_is_about_six_percent() -> None:
    detectable = smallest_detectable_change(3964)
    assert detectable.fall == pytest.approx(6.2, abs=0.05)
    assert detectable.rise == pytest.approx(6.4, abs=0.05)
    assert compare_counts(3964, 3950).detectable_percent == detectable.fall
    assert compare_counts(3964, 3950).detectable_rise_percent == detectable.rise


@pytest.mark.parametrize("before", [30, 200, 3964])
@pytest.mark.parametrize("falling", [True, False])
def test_the_smallest_detectable_change_is_found_four_times_in_five(before: int, falling: bool) -> None:
    detectable = smallest_detectable_change(before)
    assert detectable.fall is not None
    assert detectable.rise is not None
    factor = 1 - detectable.fall / 100 if falling else 1 + detectable.rise / 100
    draw = np.random.default_rng(7)
    first, second = draw.poisson(before, 800), draw.poisson(before * factor, 800)
    found = sum(
        compare_counts(a, b).p_value < 0.05 and (b < a) == falling
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    )
    # exact tests of few events are a little cautious
    assert 0.70 < found / 800 < 0.85


@given(st.integers(1, 100_000), st.floats(1, 10))
def test_more_events_show_smaller_changes(before: int, dispersion: float) -> None:
    few, many = (smallest_detectable_change(n, dispersion) for n in (before, 2 * before))
    assert few.rise is not None
    assert many.rise is not None
    assert 0 < many.rise < few.rise
    if few.fall is not None:
        assert many.fall is not None
        assert 0 < many.fall < few.fall <= 100 + 1e-9


def test_three_events_cannot_fall_far_enough_to_show() -> None:
    assert smallest_detectable_change(3).fall is None
    assert smallest_detectable_change(4).fall == pytest.approx(100, abs=0.1)
    assert smallest_detectable_change(0).rise is None


def test_a_longer_later_period_shows_smaller_changes() -> None:
    even, longer = smallest_detectable_change(400), smallest_detectable_change(400, base_ratio=3)
    assert even.fall is not None
    assert longer.fall is not None
    assert longer.fall < even.fall


def test_no_demand_is_met_by_any_change() -> None:
    assert smallest_detectable_change(100, power=0.01, level=0.01).fall == 0.0


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="count_b must be 0 or more"):
        compare_counts(-1, 3)
    with pytest.raises(ValueError, match="base_b must be 0 or more"):
        compare_counts(1, 3, before_base=-1)
    for dispersion in (0.5, math.nan):
        with pytest.raises(ValueError, match="dispersion must be 1 or more"):
            compare_counts(1, 3, dispersion=dispersion)
    with pytest.raises(ValueError, match="level must be between"):
        compare_counts(1, 3, level=95)
    with pytest.raises(ValueError, match="before must be 0 or more"):
        smallest_detectable_change(-1)
    with pytest.raises(ValueError, match="level must be between"):
        smallest_detectable_change(9, power=80)
    with pytest.raises(ValueError, match="base_ratio must be above 0"):
        smallest_detectable_change(9, base_ratio=0)


def test_a_change_beside_another_worked_by_hand() -> None:
    """120 to 90 beside 200 to 220: 0.75 / 1.1, variance 1/120 + 1/90 + 1/200 + 1/220 = 0.0289899."""
    found = compare_changes(120, 90, 200, 220)
    assert found.points == pytest.approx(-35)
    assert found.percent == pytest.approx(100 * (0.75 / 1.1 - 1))
    assert found.lower == pytest.approx(-51.164, abs=0.001)
    assert found.upper == pytest.approx(-4.809, abs=0.001)
    assert found.p_value == pytest.approx(0.02449, abs=0.00005)


def test_dispersion_and_bases_of_a_change_beside_another() -> None:
    """Variance 2 * (1/120 + 1/90) + 3 * (1/200 + 1/220); a base that grows by half takes 3/2 off a ratio."""
    found = compare_changes(120, 90, 200, 220, 2.0, 3.0, base_ratio=1.5, other_base_ratio=2.0)
    ratio = (0.75 / 1.5) / (1.1 / 2.0)
    spread = math.sqrt(2 * (1 / 120 + 1 / 90) + 3 * (1 / 200 + 1 / 220))
    assert found.points == pytest.approx(100 * (0.5 - 0.55))
    assert found.percent == pytest.approx(100 * (ratio - 1))
    assert found.lower == pytest.approx(100 * (ratio * math.exp(-1.959964 * spread) - 1), abs=1e-4)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(math.log(ratio)) / spread))


def test_beside_a_count_that_never_moves_the_change_is_tested_as_itself() -> None:
    """Beside very many events that stay, the second change adds nothing to the variance."""
    beside, alone = compare_changes(1000, 900, 10**12, 10**12), compare_counts(1000, 900)
    assert beside.lower == pytest.approx(alone.lower, abs=1e-3)
    assert beside.p_value == pytest.approx(alone.p_value, abs=1e-5)


def test_what_cannot_be_set_beside_another() -> None:
    nothing = compare_changes(0, 5, 10, 10)
    assert (nothing.points, nothing.percent, nothing.lower, nothing.p_value) == (None, None, None, None)
    beside_nothing = compare_changes(5, 5, 10, 0)
    assert (beside_nothing.points, beside_nothing.percent, beside_nothing.p_value) == (100, None, None)
    to_nothing = compare_changes(5, 0, 10, 10)
    assert (to_nothing.points, to_nothing.percent, to_nothing.p_value) == (-100, -100, None)
    with pytest.raises(ValueError, match="base ratio"):
        compare_changes(1, 1, 1, 1, base_ratio=0)


def test_a_change_beside_places_with_a_single_event_has_a_ratio() -> None:
    assert compare_changes(10, 20, 1, 2).percent == pytest.approx(0)
    assert compare_changes(5, 5, 0, 3) == ChangeBeside(None, None, None, None, None)
