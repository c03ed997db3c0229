"""Ratios of two counts against scipy's conditional odds ratio and exact test, and hand-worked logs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio

from pipeline.statistics import (
    DetectableChange,
    Interval,
    RatioChange,
    compare_ratios,
    rate_ratio,
    ratio_interval,
    smallest_detectable_ratio_change,
)

counts = st.integers(0, 400)


@pytest.mark.parametrize(("above", "below"), [(7, 12), (70, 120), (0, 9), (3, 400)])
def test_limits_are_those_of_the_ratio_of_two_rates(above: int, below: int) -> None:
    for level in (0.8, 0.95):
        expected = rate_ratio(above, 1, below, 1, level)
        assert expected.lower is not None
        assert expected.upper is not None
        found = ratio_interval(above, below, 100, level)
        assert (found.lower, found.upper) == pytest.approx((100 * expected.lower, 100 * expected.upper))
    assert ratio_interval(above, below) == ratio_interval(above, below, 1.0, 0.95)


def test_over_nothing_there_is_no_ratio() -> None:
    assert ratio_interval(5, 0) == Interval(None, None)
    assert ratio_interval(0, 0) == Interval(None, None)


def test_large_counts_have_the_log_of_a_ratio_of_ratios() -> None:
    found = compare_ratios(400, 1_000, 500, 1_100, dispersion=2.0)
    ratio = 500 / 1_100 / (400 / 1_000)
    spread = math.sqrt(2 * (1 / 400 + 1 / 500) + 1 / 1_000 + 1 / 1_100)
    assert found.change_percent == pytest.approx(100 * (ratio - 1))
    assert found.lower == pytest.approx(100 * (ratio / math.exp(1.959964 * spread) - 1))
    assert found.upper == pytest.approx(100 * (ratio * math.exp(1.959964 * spread) - 1))
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(math.log(ratio)) / spread))
    assert (found.dispersion, found.method) == (2.0, "log ratio of ratios")
    narrow = compare_ratios(400, 1_000, 500, 1_100, 2.0, level=0.8)
    assert narrow.upper == pytest.approx(100 * (ratio * math.exp(1.281552 * spread) - 1))
    assert compare_ratios(400, 1_000, 500, 1_100) == compare_ratios(400, 1_000, 500, 1_100, 1.0, 0.95)


@pytest.mark.parametrize("table", [(12, 40, 25, 50), (0, 40, 9, 50), (9, 40, 0, 50), (3, 3, 3, 3)])
def test_small_counts_have_the_limits_of_the_conditional_odds_ratio(table: tuple[int, int, int, int]) -> None:
    above, below, later, later_below = table
    found = compare_ratios(*table)
    assert found.method == "exact conditional odds ratio"
    for level, change in ((0.95, found), (0.8, compare_ratios(*table, level=0.8))):
        interval = odds_ratio([[later, later_below], [above, below]]).confidence_interval(level)
        assert change.lower == pytest.approx(100 * (interval.low - 1))
        assert change.upper == (pytest.approx(100 * (interval.high - 1)) if above else None)
    tails = [
        stats.fisher_exact(np.array([[later, later_below], [above, below]]), alternative=side).pvalue
        for side in ("less", "greater")
    ]
    assert found.p_value == pytest.approx(min(1.0, 2 * min(tails)))


def test_the_exact_test_ends_at_100_in_all_and_where_there_is_dispersion() -> None:
    assert compare_ratios(50, 500, 49, 500).method == "exact conditional odds ratio"
    assert compare_ratios(50, 500, 50, 500).method == "log ratio of ratios"
    assert compare_ratios(50, 500, 49, 500, dispersion=1.5).method == "log ratio of ratios"
    assert compare_ratios(500, 500, 0, 500, dispersion=1.5).method == "exact conditional odds ratio"


def test_dispersion_sheds_what_the_numerators_say() -> None:
    plain, spread = compare_ratios(0, 50, 10, 50), compare_ratios(0, 50, 40, 50, dispersion=4.0)
    assert (spread.lower, spread.upper, spread.p_value) == (plain.lower, plain.upper, plain.p_value)
    plain, spread = compare_ratios(10, 50, 0, 50), compare_ratios(40, 50, 0, 50, dispersion=4.0)
    assert (spread.lower, spread.upper, spread.p_value) == (plain.lower, plain.upper, plain.p_value)


def test_halves_of_an_event_are_rounded_up_for_the_exact_test() -> None:
    assert compare_ratios(2.5, 10, 4, 10).lower == compare_ratios(3, 10, 4, 10).lower


@pytest.mark.parametrize("table", [(5, 0, 5, 9), (5, 9, 5, 0), (0, 9, 0, 9), (0, 0, 0, 0)])
def test_nothing_to_compare_with_is_no_change_and_p_1(table: tuple[int, int, int, int]) -> None:
    assert compare_ratios(*table, dispersion=1.5) == RatioChange(
        None, None, None, 1.0, 1.5, None, None, "exact conditional odds ratio"
    )


def test_from_a_ratio_of_nothing_there_is_only_a_lower_limit() -> None:
    found = compare_ratios(0, 40, 9, 50)
    assert (found.change_percent, found.upper, found.detectable_percent) == (None, None, None)
    assert found.lower is not None
    assert found.lower > 0
    assert compare_ratios(1, 40, 9, 50).change_percent == pytest.approx(100 * (9 / 50 * 40 - 1))


@pytest.mark.parametrize(
    ("above", "below", "later_below", "phi", "other_phi"),
    [(200, 200, 200, 1, 1), (400, 100, 100, 1, 1), (50, 500, 700, 1, 1), (400, 400, 300, 3, 2)],
)
@pytest.mark.parametrize(("power", "level"), [(0.8, 0.95), (0.9, 0.8)])
def test_a_change_that_would_have_shown_does_so_with_that_power(
    above: int, below: int, later_below: int, phi: float, other_phi: float, power: float, level: float
) -> None:
    least = smallest_detectable_ratio_change(
        above, below, later_below, phi, power, level, denominator_dispersion=other_phi
    )
    assert least.fall is not None
    assert least.rise is not None
    for ratio in (1 - least.fall / 100, 1 + least.rise / 100):
        later = above / below * ratio * later_below
        spread = math.sqrt(phi * (1 / above + 1 / later) + other_phi * (1 / below + 1 / later_below))
        shows = stats.norm.cdf(abs(math.log(ratio)) / spread - stats.norm.isf((1 - level) / 2))
        assert shows == pytest.approx(power, abs=1e-9)


def test_what_would_have_shown_is_told_with_the_change() -> None:
    least = smallest_detectable_ratio_change(400, 1_000, 1_100, 2.0, level=0.9, denominator_dispersion=1.5)
    found = compare_ratios(400, 1_000, 500, 1_100, 2.0, level=0.9, denominator_dispersion=1.5)
    assert (found.detectable_percent, found.detectable_rise_percent) == (least.fall, least.rise)
    assert smallest_detectable_ratio_change(400, 1_000, 1_100) == smallest_detectable_ratio_change(
        400, 1_000, 1_100, 1.0, 0.8, 0.95, denominator_dispersion=1.0
    )


def test_few_events_have_no_fall_that_would_show_and_none_have_no_change() -> None:
    assert smallest_detectable_ratio_change(3, 500, 500, 3.061).fall is None  # nearly flat at the start
    few = smallest_detectable_ratio_change(3, 40, 40)
    assert few.fall is None
    assert few.rise is not None
    assert smallest_detectable_ratio_change(0, 40, 40) == DetectableChange(None, None)
    assert smallest_detectable_ratio_change(50, 40, 40, power=0.01) == DetectableChange(0.0, 0.0)
    with pytest.raises(ValueError, match="dispersion must be 1 or more"):
        smallest_detectable_ratio_change(5, 9, 9, denominator_dispersion=0.5)


def test_overdispersed_denominators_widen_the_test() -> None:
    spread = math.sqrt(2 * (1 / 400 + 1 / 500) + 3 * (1 / 1_000 + 1 / 1_100))
    ratio = 500 / 1_100 / (400 / 1_000)
    found = compare_ratios(400, 1_000, 500, 1_100, 2.0, denominator_dispersion=3.0)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(math.log(ratio)) / spread))
    assert compare_ratios(9, 40, 3, 41, denominator_dispersion=1.5).method == "log ratio of ratios"
    shed, plain = compare_ratios(0, 80, 10, 80, denominator_dispersion=4.0), compare_ratios(0, 20, 10, 20)
    assert (shed.lower, shed.p_value) == (plain.lower, plain.p_value)
    with pytest.raises(ValueError, match="dispersion must be 1 or more"):
        compare_ratios(5, 9, 5, 9, denominator_dispersion=0.5)


def test_no_change_of_two_overdispersed_counts_is_rarely_clear() -> None:
    drawn = np.random.default_rng(1)
    four = drawn.negative_binomial(400 / 2, 1 / 3, size=(1500, 4)).astype(float)  # mean 400, dispersion 3
    found = [compare_ratios(a, b, c, d, 3.0, denominator_dispersion=3.0) for a, b, c, d in four]
    clear = [(tested.p_value or 0.0) < 0.05 for tested in found]
    assert 0.035 < np.mean(clear) < 0.065


@given(counts, counts, counts, counts, st.sampled_from([1.0, 2.5]))
def test_limits_leave_no_change_out_exactly_where_p_is_small(
    above: int, below: int, later: int, later_below: int, dispersion: float
) -> None:
    found = compare_ratios(above, below, later, later_below, dispersion)
    assert 0 <= found.p_value <= 1
    clear = (found.lower is not None and found.lower > 0) or (found.upper is not None and found.upper < 0)
    if abs(found.p_value - 0.05) > 1e-6:
        assert clear == (found.p_value < 0.05)


def test_impossible_ratios_are_refused() -> None:
    for position in range(4):
        table = [5.0, 9.0, 5.0, 9.0]
        table[position] = -1.0
        with pytest.raises(ValueError, match=r"^a count must be 0 or more"):
            compare_ratios(*table)
    with pytest.raises(ValueError, match="dispersion must be 1 or more"):
        compare_ratios(5, 9, 5, 9, dispersion=0.5)
    with pytest.raises(ValueError, match="level must be"):
        compare_ratios(5, 9, 5, 9, level=95)
    for per in (0, -1):
        with pytest.raises(ValueError, match="per must be above 0"):
            ratio_interval(5, 9, per)
    assert ratio_interval(5, 9, 0.5).lower is not None
