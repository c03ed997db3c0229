"""Shares whose rows are not independent: what a survey or a person's crimes are worth, from sums alone."""

import statistics
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import crimes_effective_base, survey_estimate, survey_proportion

BEYOND_THE_FIRST = st.lists(st.integers(1, 6), min_size=2, max_size=30)


def crimes_of(times: list[int]) -> tuple[list[bool], list[int]]:
    """For each crime whether it is beyond the first of its person, and whose it is."""
    beyond = [n > 0 for some in times for n in range(some)]
    return beyond, [who for who, some in enumerate(times) for _ in range(some)]


@given(times=BEYOND_THE_FIRST)
def test_people_are_the_clusters_of_their_crimes(times: list[int]) -> None:
    base = crimes_effective_base(len(times), sum(times), sum(n * n for n in times))
    beyond, whose = crimes_of(times)
    drawn = survey_proportion(beyond, clusters=whose)
    if statistics.pvariance(times) == 0:
        assert base == len(times)
    else:
        assert base == pytest.approx(drawn.design_n, rel=1e-6)


def test_the_variance_is_statsmodels_cluster_robust_one() -> None:
    times = [1, 1, 1, 1, 2, 1, 1, 9, 1, 12]
    beyond, whose = crimes_of(times)
    fit = sm.OLS(np.array(beyond, float), np.ones(len(beyond))).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(whose), "use_correction": False}
    )
    people, crimes = len(times), len(beyond)
    share = 1 - people / crimes
    expected = share * (1 - share) / (float(fit.bse[0]) ** 2 * people / (people - 1))
    found = crimes_effective_base(people, crimes, sum(n * n for n in times))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("people", "crimes", "squares", "base"),
    [(0, 0, 0, None), (1, 4, 16, None), (5, 5, 5, 5), (3, 6, 12, 3)],  # the last two: everybody alike
)
def test_sums_that_show_no_spread(people: int, crimes: int, squares: int, base: float | None) -> None:
    assert crimes_effective_base(people, crimes, squares) == base


@pytest.mark.parametrize(("people", "crimes", "squares"), [(5, 4, 20), (-1, 4, 4), (2, 4, 3)])
def test_sums_that_no_people_could_give_are_refused(people: int, crimes: int, squares: int) -> None:
    with pytest.raises(ValueError, match="do not go together"):
        crimes_effective_base(people, crimes, squares)


def estimate(**more: Any) -> Any:
    asked: dict[str, Any] = {
        "proportion": 0.4,
        "base": 100,
        "effective_n": 80.0,
        "variance": 0.004,
        "clusters": 20,
        "strata": 4,
    }
    return survey_estimate(**(asked | more))


def test_an_estimate_from_sums() -> None:
    found = estimate()
    assert found.design_effect == pytest.approx(0.004 / (0.4 * 0.6 / 100))
    assert found.design_n == pytest.approx(60)
    assert (found.effective_n, found.degrees, found.lonely) == (80, 16, 0)
    assert found.lower < 0.4 < found.upper


def test_with_a_cluster_in_each_stratum_they_are_taken_as_one_stratum() -> None:
    assert estimate(clusters=4, strata=4).degrees == 3


@pytest.mark.parametrize("more", [{"base": 1}, {"base": 0}, {"clusters": 1, "strata": 1}])
def test_too_few_to_tell_their_spread_have_no_limits(more: dict[str, int]) -> None:
    found = estimate(**more)
    assert (found.proportion, found.lower, found.design_n) == (0.4, None, None)


@pytest.mark.parametrize("variance", [0.0, 1e-20])
def test_without_variance_the_weights_are_all_there_is(variance: float) -> None:
    assert estimate(variance=variance).design_n == pytest.approx(80)
    assert estimate(variance=variance, proportion=1.0).design_n == pytest.approx(80)


@pytest.mark.parametrize(
    "more", [{"proportion": 1.1}, {"proportion": -0.1}, {"base": -1}, {"variance": -1.0}]
)
def test_what_is_no_proportion_of_a_sample_is_refused(more: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not a proportion of a sample"):
        estimate(**more)


def test_a_million_people_who_are_all_alike_are_told_from_rounding() -> None:
    for times in (3, 7, 11):
        for people in (999_999, 1_000_003):
            assert crimes_effective_base(people, people * times, people * times * times) == people
