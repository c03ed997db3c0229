"""Standardised rates, funnels and harm: weighted sums of counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import (
    StandardisedRate,
    directly_standardised_rate,
    harm_weighted,
    poisson_interval,
    rate_interval,
)


def test_a_two_stratum_rate_worked_by_hand() -> None:
    # young 20 of 10,000 and old 60 of 5,000 in a standard of 3 : 2
    result = directly_standardised_rate([20, 60], [10_000, 5_000], [3, 2], per=1000)
    assert result.rate == pytest.approx(0.6 * 2 + 0.4 * 12)
    # variance (0.6 / 10)^2 * 20 + (0.4 / 5)^2 * 60 = 0.456; Byar's limits of 80 are 63.43, 99.57
    scale = math.sqrt(0.456 / 80)
    assert result.lower == pytest.approx(6 + scale * (63.43 - 80), abs=1e-3)
    assert result.upper == pytest.approx(6 + scale * (99.57 - 80), abs=1e-3)
    assert (result.events, result.withheld) == (80, None)


def test_one_stratum_is_the_crude_rate() -> None:
    result = directly_standardised_rate([50], [20_000], [7], per=1000)
    crude = rate_interval(50, 20_000, per=1000)
    assert result.rate == pytest.approx(2.5)
    assert (result.lower, result.upper) == pytest.approx((crude.lower, crude.upper))


def test_a_standard_like_the_population_gives_the_crude_rate() -> None:
    result = directly_standardised_rate([5, 30, 12], [100, 400, 500], [1, 4, 5], per=1)
    assert result.rate == pytest.approx(47 / 1000)


@pytest.mark.parametrize(("events", "withheld"), [(9, "few_events"), (10, None)])
def test_under_ten_events_the_rate_is_withheld(events: int, withheld: str | None) -> None:
    result = directly_standardised_rate([events, 0], [100, 100], [1, 1])
    assert result.withheld == withheld
    assert (result.rate is None) == (withheld is not None)


def test_a_stratum_without_people_withholds_the_rate_only_if_it_counts() -> None:
    empty = directly_standardised_rate([20, 0], [100, 0], [1, 1])
    assert empty == StandardisedRate(None, None, None, 20, "no_population")
    assert directly_standardised_rate([20, 5], [100, 0], [1, 0], per=1).rate == pytest.approx(0.2)


def test_events_of_strata_outside_the_standard_do_not_save_a_rate() -> None:
    assert directly_standardised_rate([5, 20], [100, 100], [1, 0]).withheld == "few_events"


def test_the_limits_cover_the_truth_as_often_as_they_say() -> None:
    draw = np.random.default_rng(11)
    means, populations, weights = [4.0, 15.0, 6.0], [900.0, 2500.0, 400.0], [5.0, 3.0, 2.0]
    rates = [m / n * w for m, n, w in zip(means, populations, weights, strict=True)]
    truth = sum(rates) / 10
    held = 0
    for counts in draw.poisson(means, (500, 3)).tolist():
        result = directly_standardised_rate(counts, populations, weights, per=1)
        if result.lower is None or result.upper is None:
            continue
        held += result.lower <= truth <= result.upper
    assert 0.93 <= held / 500 <= 0.98


strata = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 5000), st.floats(0.1, 9)), min_size=1, max_size=6
)


@given(strata)
def test_limits_hold_the_rate(rows: list[tuple[int, int, float]]) -> None:
    counts, populations, weights = zip(*rows, strict=True)
    result = directly_standardised_rate(counts, populations, weights)
    if result.rate is None:
        assert sum(counts) < 10
        return
    assert result.lower is not None
    assert result.upper is not None
    assert 0 <= result.lower <= result.rate <= result.upper < math.inf


def test_impossible_standardisations_are_refused() -> None:
    with pytest.raises(ValueError, match="one length, got 1, 2 and 1"):
        directly_standardised_rate([1], [1, 2], [1])
    with pytest.raises(ValueError, match="one length, got 1, 1 and 2"):
        directly_standardised_rate([1], [1], [1, 2])
    with pytest.raises(ValueError, match="sum to 0"):
        directly_standardised_rate([1], [1], [0])
    with pytest.raises(ValueError, match="must be 0 or more"):
        directly_standardised_rate([1], [-1], [1])
    with pytest.raises(ValueError, match="per must be above 0"):
        directly_standardised_rate([1], [1], [1], per=0)
    with pytest.raises(ValueError, match="level"):
        directly_standardised_rate([1], [1], [1], level=95)


WEIGHTS = {"1": 7979.0, "2": 4663.0, "5D": 1965.0, "8N": 184.0, "92D": 3.0}


def test_harm_is_counts_times_weights_per_base() -> None:
    # ONS weights of domain.md D5: 1 homicide and 300 assaults
    result = harm_weighted({"1": 1, "8N": 300}, WEIGHTS, base=267_700, per=1000)
    assert result.score == pytest.approx((7979 + 300 * 184) / 267.7)
    assert (result.largest, result.events) == ("8N", 301)
    assert result.largest_share == pytest.approx(55_200 / 63_179)
    # Dobson: sqrt(7979^2 + 300 * 184^2) is the standard error of the sum
    error = math.sqrt(7979**2 + 300 * 184**2)
    byar = poisson_interval(301)
    assert byar.lower is not None
    lower = 63_179 + error / math.sqrt(301) * (byar.lower - 301)
    assert result.lower == pytest.approx(lower / 267.7)


def test_codes_without_a_weight_are_named_and_left_out() -> None:
    result = harm_weighted({"8N": 10, "99Z": 4, "28X": 3, "28Y": 0}, WEIGHTS)
    assert result.score == pytest.approx(1840)
    assert result.unweighted == ("28X", "99Z")
    assert (result.events, result.unweighted_events) == (10, 7)


@pytest.mark.parametrize("counts", [{}, {"8N": 0}, {"99Z": 3}])
def test_nothing_weighted_scores_nothing(counts: dict[str, int]) -> None:
    result = harm_weighted(counts, WEIGHTS)
    assert (result.score, result.lower, result.upper) == (0, None, None)
    assert (result.largest, result.largest_share) == (None, None)


def test_harm_without_a_base_to_divide_by_has_no_score() -> None:
    result = harm_weighted({"8N": 10}, WEIGHTS, base=0)
    assert (result.score, result.lower, result.upper) == (None, None, None)
    assert result.largest == "8N"


def test_offences_of_no_harm_score_exactly_nothing() -> None:
    result = harm_weighted({"x": 5}, {"x": 0.0})
    assert (result.score, result.lower, result.upper, result.largest) == (0, 0, 0, None)


def test_of_two_that_add_the_same_the_first_by_name_is_largest() -> None:
    assert harm_weighted({"b": 2, "a": 2}, {"a": 3.0, "b": 3.0}).largest == "a"


@given(st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.integers(0, 500), min_size=1))
def test_harm_limits_hold_the_score(counts: dict[str, int]) -> None:
    result = harm_weighted(counts, WEIGHTS)
    if result.lower is not None and result.upper is not None and result.score is not None:
        assert 0 <= result.lower <= result.score <= result.upper < math.inf


def test_impossible_harm_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 0 or more"):
        harm_weighted({"8N": -1}, WEIGHTS)
    with pytest.raises(ValueError, match="must be 0 or more"):
        harm_weighted({"8N": 1}, {"8N": math.nan})
    with pytest.raises(ValueError, match="per must be above 0"):
        harm_weighted({"8N": 1}, WEIGHTS, per=0)
    with pytest.raises(ValueError, match="level"):
        harm_weighted({"8N": 1}, WEIGHTS, level=95)


def test_harm_per_base_scales_the_score_and_both_limits() -> None:
    plain = harm_weighted({"1": 1, "8N": 30}, WEIGHTS)
    per_base = harm_weighted({"1": 1, "8N": 30}, WEIGHTS, base=0.5, per=0.25)
    for part in ("score", "lower", "upper"):
        assert getattr(per_base, part) == pytest.approx(getattr(plain, part) / 2)


def test_less_than_one_event_or_one_unit_of_harm_counts() -> None:
    small = harm_weighted({"a": 0.5, "b": 0.25}, {"a": 0.2}, base=None)
    assert small.score == pytest.approx(0.1)
    assert (small.largest, small.unweighted, small.unweighted_events) == ("a", ("b",), 0.25)
    assert small.upper is not None


def test_a_standard_population_that_is_nobody_has_no_rate() -> None:
    assert directly_standardised_rate([], [], []) == StandardisedRate(None, None, None, 0.0, "no_population")


def test_a_withheld_rate_says_how_few_events_it_has() -> None:
    few = directly_standardised_rate([4, 5], [100, 100], [1, 1])
    assert few == StandardisedRate(None, None, None, 9.0, "few_events")
