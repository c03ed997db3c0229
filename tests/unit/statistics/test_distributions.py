"""Quantiles of counts against scipy.stats, which the package does not load."""

from __future__ import annotations

import pytest
from scipy import stats

from pipeline.statistics._distributions import binomial_quantile, poisson_quantile

PROBABILITIES = (1e-9, 0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.999, 1 - 1e-9)


@pytest.mark.parametrize("probability", PROBABILITIES)
def test_the_poisson_quantile_is_the_smallest_count_that_reaches_it(probability: float) -> None:
    for mean in (0.001, 0.1, 0.6, 1.0, 1.7, 3.3, 12.0, 250.0, 40_000.0):
        assert poisson_quantile(probability, mean) == stats.poisson.ppf(probability, mean)


@pytest.mark.parametrize("probability", PROBABILITIES)
def test_the_binomial_quantile_is_the_smallest_count_that_reaches_it(probability: float) -> None:
    for trials in (1, 2, 7, 60, 5_000):
        for share in (0.001, 0.2, 0.45, 0.93, 0.9999):
            assert binomial_quantile(probability, trials, share) == stats.binom.ppf(
                probability, trials, share
            )


def test_a_probability_that_a_count_reaches_exactly_is_reached() -> None:
    # P(X <= 1) of two fair coins is 3/4 and P(X <= 0) is 1/4, without any rounding
    assert binomial_quantile(0.75, 2, 0.5) == 1
    assert binomial_quantile(0.25, 2, 0.5) == 0
