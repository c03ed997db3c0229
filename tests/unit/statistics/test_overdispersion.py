"""Measured dispersion against the quasi-Poisson fit of statsmodels."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import Dispersion, dispersion


def fitted_by_statsmodels(series: list[float | None], start_month: int = 1) -> float:
    """Return Pearson chi-square over its degrees of freedom, floor 1, from statsmodels' GLM."""
    rows = [
        {"n": n, "year": (i + start_month - 1) // 12, "month": (i + start_month - 1) % 12}
        for i, n in enumerate(series)
        if n is not None
    ]
    fit = smf.glm("n ~ C(year) + C(month)", pd.DataFrame(rows), family=sm.families.Poisson()).fit()
    return max(1.0, float(fit.pearson_chi2 / fit.df_resid))


def simulated(months: int, phi: float, seed: int) -> list[float | None]:
    """Return monthly counts about 200 with trend, season and dispersion phi."""
    draw = np.random.default_rng(seed)
    at = np.arange(months)
    mean = 200 * np.exp(0.004 * at + 0.2 * np.sin(2 * np.pi * at / 12))
    if phi == 1:
        return [float(n) for n in draw.poisson(mean)]
    return [float(n) for n in draw.negative_binomial(mean / (phi - 1), 1 / phi)]


@pytest.mark.parametrize("start_month", [1, 4, 12])
@pytest.mark.parametrize("missing", [(), (0,), (3, 17, 18, 40), tuple(range(20, 30))])
def test_measured_dispersion_agrees_with_statsmodels(missing: tuple[int, ...], start_month: int) -> None:
    series = simulated(54, 3.0, seed=len(missing))
    for position in missing:
        series[position] = None
    result = dispersion(series, start_month=start_month)
    assert result.measured
    assert result.months == 54 - len(missing)
    assert result.value == pytest.approx(fitted_by_statsmodels(series, start_month), rel=1e-6)


def test_season_and_trend_are_not_noise() -> None:
    chance = [dispersion(simulated(60, 1.0, seed)).value for seed in range(40)]
    noisy = [dispersion(simulated(60, 4.0, seed)).value for seed in range(40)]
    assert np.mean(chance) == pytest.approx(1.1, abs=0.1)  # the floor lifts it above 1
    assert np.mean(noisy) == pytest.approx(4.0, abs=0.4)


def test_a_step_between_years_is_not_noise() -> None:
    series = [100.0 + month for month in range(12)] * 2 + [200.0 + 2 * m for m in range(12)]
    assert dispersion(series) == Dispersion(1.0, True, 36)


@pytest.mark.parametrize("months", [0, 1, 24, 35])
def test_fewer_than_36_months_use_what_was_declared(months: int) -> None:
    result = dispersion(simulated(months, 3.0, 1), declared=1.8)
    assert result == Dispersion(1.8, False, months)


def test_36_months_are_enough_and_missing_ones_do_not_count() -> None:
    assert dispersion(simulated(36, 3.0, 1)).measured
    series = simulated(40, 3.0, 1)
    series[5:10] = [None] * 5
    assert dispersion(series) == Dispersion(1.0, False, 35)


def test_constant_series_vary_less_than_chance_and_get_the_floor() -> None:
    assert dispersion([7] * 48) == Dispersion(1.0, True, 48)


def test_series_without_events_cannot_say() -> None:
    assert dispersion([0] * 48, declared=1.5) == Dispersion(1.5, False, 48)


def test_a_year_without_events_is_left_out() -> None:
    series = simulated(60, 3.0, 2)
    series[12:24] = [0.0] * 12
    rest = series[:12] + series[24:]
    assert dispersion(series).value == pytest.approx(dispersion(rest).value)
    assert dispersion(series).months == 60


def test_months_that_leave_no_freedom_cannot_say() -> None:
    # one month observed in each of 40 years: every fit is the count itself
    series: list[float | None] = [None] * 480
    series[0::12] = [float(n) for n in range(5, 45)]
    assert dispersion(series, declared=2.0) == Dispersion(2.0, False, 40)


def test_two_stretches_that_share_no_month_of_year_are_still_fitted() -> None:
    # Januaries to Junes of 6 years, Julys to Decembers of 6 others: two blocks, 20 + ... free
    draw = np.random.default_rng(5)
    series: list[float | None] = []
    for year in range(12):
        half = [float(n) for n in draw.poisson(60, 6) * 2]
        series += [*half, *[None] * 6] if year < 6 else [*[None] * 6, *half]
    blocks = [
        [n for n in series[:72] if n is not None],
        [n for n in series[72:] if n is not None],
    ]
    chi_square = 0.0
    for block in blocks:
        table = np.array(block).reshape(6, 6)
        expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
        chi_square += float(((table - expected) ** 2 / expected).sum())
    assert dispersion(series).value == pytest.approx(chi_square / 50)


def test_a_fit_that_does_not_settle_is_not_a_measurement() -> None:
    # the same two halves, held together by a single month with a single event
    draw = np.random.default_rng(1)
    series: list[float | None] = []
    for year in range(12):
        half = [float(n) for n in draw.poisson(6000, 6)]
        series += [*half, *[None] * 6] if year < 6 else [*[None] * 6, *half]
    series[72] = 1.0
    assert dispersion(series, declared=1.2) == Dispersion(1.2, False, 73)


@given(st.lists(st.none() | st.integers(0, 50), max_size=70), st.integers(1, 12))
def test_every_series_has_an_answer(series: list[int | None], start_month: int) -> None:
    result = dispersion(series, start_month=start_month)
    assert 1.0 <= result.value < 1e6
    assert result.months == sum(count is not None for count in series)
    assert not result.measured or result.months >= 36


def test_hundreds_of_series_take_a_moment() -> None:
    series = simulated(60, 2.0, 9)
    series[7] = None
    start = time.perf_counter()
    for _ in range(100):
        dispersion(series)
    assert time.perf_counter() - start < 2.0


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="a monthly count must be 0 or more"):
        dispersion([1, -2, 3])
    with pytest.raises(ValueError, match="dispersion must be 1 or more"):
        dispersion([1], declared=0.4)
    for month in (0, 13):
        with pytest.raises(ValueError, match="start_month must be from 1 to 12"):
            dispersion([1], start_month=month)


def test_a_single_degree_of_freedom_is_enough_to_measure() -> None:
    # 36 Januaries and a February in two of the years: 38 months, 36 + 2 - 1 effects, one degree left
    series: list[float | None] = []
    for year in range(36):
        series += [100.0 + year, 40.0 + 60.0 * year if year < 2 else None, *[None] * 10]
    found = dispersion(series)
    assert (found.measured, found.months) == (True, 38)
    # the two years with both months are a 2 x 2 table, all other Januaries fit exactly
    table = np.array([[100.0, 40.0], [101.0, 100.0]])
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    assert found.value == pytest.approx(((table - expected) ** 2 / expected).sum())


def test_a_month_of_the_year_with_one_event_in_all_years_is_a_month_with_events() -> None:
    series = simulated(60, 3.0, 4)
    for year in range(5):
        series[12 * year + 6] = 1.0 if year == 2 else 0.0
    assert dispersion(series).value == pytest.approx(fitted_by_statsmodels(series), rel=1e-6)


def test_a_year_with_one_event_is_a_year_with_events() -> None:
    series = simulated(60, 3.0, 4)
    series[24:36] = [*[0.0] * 5, 1.0, *[0.0] * 6]
    assert dispersion(series).value == pytest.approx(fitted_by_statsmodels(series), rel=1e-6)


def test_years_and_months_of_the_year_without_any_event_say_nothing() -> None:
    empty, missing = simulated(72, 3.0, 4), simulated(72, 3.0, 4)
    for position in (*range(24, 36), *range(7, 72, 12)):
        empty[position], missing[position] = 0.0, None
    assert dispersion(empty).value == pytest.approx(dispersion(missing).value)
