"""Seasonal share against statsmodels' analysis of variance; months against earlier years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import SameMonth, Seasonality, compare_counts, same_months, seasonality


def seasonal(months: int, height: float, seed: int = 1) -> list[float | None]:
    draw = np.random.default_rng(seed)
    at = np.arange(months)
    return [float(n) for n in draw.poisson(200 + at + height * np.sin(2 * np.pi * at / 12))]


@pytest.mark.parametrize("months", [24, 36, 60])
@pytest.mark.parametrize("height", [0.0, 20.0, 60.0])
def test_share_and_test_agree_with_statsmodels(months: int, height: float) -> None:
    series = seasonal(months, height)
    result = seasonality(series)
    frame = pd.DataFrame({"n": series, "year": np.arange(months) // 12})
    frame["month"] = np.arange(months) % 12
    both = smf.ols("n ~ C(year) + C(month)", frame).fit()
    years = smf.ols("n ~ C(year)", frame).fit()
    table = sm.stats.anova_lm(both)
    assert result.p_value == pytest.approx(table.loc["C(month)", "PR(>F)"], rel=1e-6)
    assert result.share == pytest.approx(max(0, 1 - both.mse_resid / years.mse_resid), rel=1e-6)
    assert result.months == months


def test_a_strong_season_is_material_and_none_is_not() -> None:
    assert seasonality(seasonal(60, 60.0)).material
    assert not seasonality(seasonal(60, 0.0)).material


def test_a_step_between_years_is_not_season() -> None:
    series = [float(n) for n in np.repeat([100, 300, 200], 12) + np.tile([0, 1], 18)]
    result = seasonality(series)
    assert result.share == 1.0  # the alternation repeats every year: month explains what is left
    flat = seasonality([100.0] * 12 + [300.0] * 12)
    assert flat == Seasonality(0.0, 1.0, False, 24)


def test_only_whole_years_count() -> None:
    series = seasonal(60, 60.0)
    series[14] = None
    result = seasonality(series)
    assert result.months == 48
    assert result == seasonality([*series[:12], *series[24:]])
    assert seasonality(series[:35]) == Seasonality(None, None, False, 12)


@pytest.mark.parametrize("length", [0, 1, 23])
def test_under_two_years_there_is_no_answer(length: int) -> None:
    assert seasonality(seasonal(length, 60.0)).share is None


@pytest.mark.parametrize("value", [0.0, 0.1, 250.0])
def test_constant_series_have_no_season(value: float) -> None:
    assert seasonality([value] * 36) == Seasonality(0.0, 1.0, False, 36)


@given(st.lists(st.integers(0, 30), min_size=24, max_size=60))
def test_every_series_has_a_share(series: list[int]) -> None:
    result = seasonality(series)
    assert result.share is not None
    assert result.p_value is not None
    assert 0 <= result.share <= 1
    assert 0 <= result.p_value <= 1


def test_a_month_is_set_against_the_same_month_of_earlier_years() -> None:
    series = [float(n) for n in range(100, 160)]
    compared = same_months(series, years=3)
    assert compared[11] == SameMonth(111, (), None, None)
    assert compared[23].earlier == (111,)
    last = compared[59]
    assert (last.value, last.earlier, last.mean) == (159, (147, 135, 123), 135)
    assert last.change == compare_counts(405, 159, before_base=3)
    assert last.change is not None
    assert last.change.change_percent == pytest.approx(100 * (159 / 135 - 1))


def test_missing_months_are_left_out_of_the_comparison() -> None:
    series: list[float | None] = [float(n) for n in range(36)]
    series[3], series[35] = None, None
    compared = same_months(series)
    assert compared[27].earlier == (15,)
    assert compared[15] == SameMonth(15, (), None, None)
    assert compared[35].earlier == (23, 11)
    assert compared[35].change is None
    assert same_months([]) == ()


def test_looking_back_no_years_is_refused() -> None:
    with pytest.raises(ValueError, match="years must be 1 or more"):
        same_months([1.0], years=0)


def test_a_season_that_explains_all_there_is_leaves_nothing_to_chance() -> None:
    # a tenth is not exact in binary: what is left is rounding
    series = [n / 10 for n in (1, 3, 2, 7, 5, 9, 4, 8, 6, 12, 10, 11)]
    found = seasonality([*series, *(value + 0.7 for value in series), *(value + 1.1 for value in series)])
    assert found == Seasonality(1.0, 0.0, True, 36)
    large = [1234.567 * value for value in series]
    years = [*large, *(value + 0.7 for value in large), *(value + 1.1 for value in large)]
    assert seasonality(years) == Seasonality(1.0, 0.0, True, 36)


def test_a_season_is_material_only_where_it_is_both_large_and_beyond_chance() -> None:
    weak = seasonality(seasonal(120, 8.0, seed=3))
    assert weak.share is not None
    assert weak.p_value is not None
    assert weak.p_value < 0.05
    assert 0 < weak.share < 0.25
    assert not weak.material
    short = seasonality(seasonal(24, 6.0, seed=3))
    assert short.share is not None
    assert short.p_value is not None
    assert short.share > 0.25
    assert 0.05 < short.p_value < 1
    assert not short.material


def test_three_earlier_years_are_looked_back_on_and_the_first_month_is_one_of_them() -> None:
    series = [float(n) for n in range(1, 62)]
    assert [len(month.earlier) for month in same_months(series)][::12] == [0, 1, 2, 3, 3, 3]
    assert same_months(series)[12].earlier == (1.0,)
