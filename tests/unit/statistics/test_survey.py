"""Survey proportions against statsmodels' cluster-robust variance and simulated samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import (
    SurveyProportion,
    compare_proportions,
    compare_survey_proportions,
    survey_proportion,
    wilson_interval,
)


def answers(yes: int, no: int) -> list[bool | None]:
    return [*[True] * yes, *[False] * no]


def variance(result: SurveyProportion) -> float:
    """Return the variance behind a result, from its design effect."""
    assert result.design_effect is not None
    assert result.proportion is not None
    return result.design_effect * result.proportion * (1 - result.proportion) / result.base


def test_a_simple_random_sample_has_wilsons_limits() -> None:
    result = survey_proportion(answers(1064, 1152))
    wilson = wilson_interval(1064, 2216)
    assert (result.lower, result.upper) == pytest.approx((wilson.lower, wilson.upper), abs=2e-4)
    assert (result.base, result.effective_n, result.degrees) == (2216, 2216, 2215)
    assert result.design_effect == pytest.approx(2216 / 2215)
    assert variance(result) == pytest.approx(0.48014 * 0.51986 / 2215, rel=1e-4)


def test_clustered_and_weighted_variance_agrees_with_statsmodels() -> None:
    draw = np.random.default_rng(4)
    clusters = np.repeat(np.arange(30), 12)
    weights = draw.uniform(0.3, 3.0, 360)
    truth = np.repeat(draw.beta(2, 3, 30), 12)
    values = draw.uniform(size=360) < truth
    result = survey_proportion(values.tolist(), weights.tolist(), clusters=clusters.tolist())
    fit = sm.WLS(values.astype(float), np.ones(360), weights).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}
    )
    assert result.proportion == pytest.approx(float(fit.params[0]))
    assert variance(result) == pytest.approx(float(fit.bse[0]) ** 2)
    assert result.degrees == 29
    kish = weights.sum() ** 2 / (weights**2).sum()
    assert result.effective_n == pytest.approx(kish)
    assert result.design_n is not None
    assert result.design_n < kish  # clusters cost more than weights


def test_stratified_variance_is_the_textbook_one() -> None:
    # two strata of 60 % and 40 % of the population, 30 and 50 respondents, shares 0.2 and 0.7
    values = [*answers(6, 24), *answers(35, 15)]
    strata = ["a"] * 30 + ["b"] * 50
    weights = [0.6 / 30] * 30 + [0.4 / 50] * 50
    result = survey_proportion(values, weights, strata)
    assert result.proportion == pytest.approx(0.6 * 0.2 + 0.4 * 0.7)
    expected = 0.6**2 * 0.2 * 0.8 / 29 + 0.4**2 * 0.7 * 0.3 / 49  # Cochran, theorem 5.3
    assert variance(result) == pytest.approx(expected)
    assert result.degrees == 78


def test_limits_cover_the_truth_as_often_as_they_say() -> None:
    draw = np.random.default_rng(8)
    clusters = np.repeat(np.arange(40), 8).tolist()
    held = 0
    for _ in range(250):
        truth = np.repeat(draw.beta(6, 14, 40), 8)
        values = (draw.uniform(size=320) < truth).tolist()
        result = survey_proportion(values, clusters=clusters)
        assert result.lower is not None
        assert result.upper is not None
        held += result.lower <= 0.3 <= result.upper
    assert 0.92 <= held / 250 <= 0.98


def test_a_self_selected_sample_gets_a_share_and_silence() -> None:
    result = survey_proportion(answers(48, 52), sample_design="self_selected")
    assert (result.proportion, result.base) == (0.48, 100)
    assert (result.lower, result.upper, result.effective_n) == (None, None, None)
    assert (result.design_effect, result.design_n, result.degrees) == (None, None, None)
    assert result.sample_design == "self_selected"


def test_those_who_did_not_answer_are_in_the_design_and_not_in_the_estimate() -> None:
    values = [*answers(20, 20), *[None] * 60]
    result = survey_proportion(values)
    assert (result.proportion, result.base, result.degrees) == (0.5, 40, 99)
    # variance of a share of a group of random size: 0.25 / 40 * 100 / 99
    assert variance(result) == pytest.approx(0.25 / 40 * 100 / 99)


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_no_answers_give_no_share(values: list[bool | None]) -> None:
    result = survey_proportion(values)
    assert (result.proportion, result.base, result.lower) == (None, 0, None)


def test_one_answer_or_one_cluster_gives_no_limits() -> None:
    assert survey_proportion([True]).lower is None
    assert survey_proportion([True, None]).lower is None
    one = survey_proportion(answers(5, 5), clusters=["street"] * 10)
    assert (one.proportion, one.lower, one.degrees) == (0.5, None, None)


def test_all_alike_have_limits_from_their_weights() -> None:
    result = survey_proportion(answers(20, 0))
    assert (result.proportion, result.upper) == (1, 1)
    assert result.lower == pytest.approx(1 / (1 + 2.093024**2 / 20))  # t of 19
    weighted = survey_proportion(answers(0, 20), [1.0] * 10 + [4.0] * 10)
    assert weighted.lower == 0
    assert weighted.upper is not None
    assert weighted.effective_n == pytest.approx(50**2 / 170)
    assert weighted.design_n == pytest.approx(50**2 / 170)


def test_a_cluster_alone_in_its_stratum_is_set_against_all() -> None:
    values = [*answers(8, 2), *answers(3, 7)]
    lonely = survey_proportion(values, strata=["a"] * 10 + ["b"] * 10, clusters=["x"] * 10 + ["y"] * 10)
    assert (lonely.lonely, lonely.degrees) == (2, 1)
    # parts 10 * (0.8 - 0.55) / 20 = 0.125 and the same below
    assert variance(lonely) == pytest.approx(2 * 0.125**2)
    assert survey_proportion(values).lonely == 0


def test_a_design_more_precise_than_chance_is_not_believed() -> None:
    # every cluster the same: no variance between them, so the weights are all there is
    same = survey_proportion([True, False] * 20, clusters=[i // 2 for i in range(40)])
    assert same.design_n == 40
    # strata that explain nearly everything: never more than the number of answers
    values = [*answers(19, 1), *answers(1, 19)]
    split = survey_proportion(values, strata=["a"] * 20 + ["b"] * 20)
    assert split.design_effect is not None
    assert split.design_effect < 0.3
    assert split.design_n == 40


@given(st.data())
def test_limits_hold_the_share(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 30))
    values = data.draw(st.lists(st.none() | st.booleans(), min_size=size, max_size=size))
    weights = data.draw(st.lists(st.floats(0.01, 50), min_size=size, max_size=size))
    strata = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    clusters = data.draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    result = survey_proportion(values, weights, strata, clusters)
    assert result.base == sum(value is not None for value in values)
    if result.proportion is None or result.lower is None or result.upper is None:
        assert result.degrees is None
        return
    assert 0 <= result.lower <= result.proportion <= result.upper <= 1
    assert result.effective_n is not None
    assert 0 < result.effective_n <= result.base
    assert result.design_n is not None
    assert 0 < result.design_n <= result.base
    again = survey_proportion(values, [3 * w for w in weights], strata, clusters)
    assert again.proportion == pytest.approx(result.proportion)


def test_waves_are_compared_at_their_design_sizes() -> None:
    before = survey_proportion(answers(1064, 1152))
    after = survey_proportion(answers(950, 1266))
    change = compare_survey_proportions(before, after)
    plain = compare_proportions(1064, 2216, 950, 2216)
    assert change.change_points == pytest.approx(plain.change_points)
    assert (change.lower, change.upper) == pytest.approx((plain.lower, plain.upper), abs=0.01)


def test_waves_without_limits_are_not_compared() -> None:
    good = survey_proportion(answers(30, 20))
    silent = survey_proportion(answers(30, 20), sample_design="self_selected")
    nobody = survey_proportion([])
    for before, after in ((good, silent), (silent, good), (good, nobody), (nobody, good)):
        change = compare_survey_proportions(before, after)
        assert (change.change_points, change.lower, change.p_value) == (None, None, None)


def test_unusable_weights_are_refused_with_their_number() -> None:
    for weights in ([1.0, 0.0], [1.0, -2.0], [1.0, None], [1.0, math.nan], [1.0, math.inf]):
        with pytest.raises(ValueError, match="1 of 2 weights are missing, 0, negative or infinite"):
            survey_proportion([True, False], weights)


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="1 weights do not go with 2 values"):
        survey_proportion([True, False], [1.0])
    with pytest.raises(ValueError, match="1 strata do not go with 2 values"):
        survey_proportion([True, False], strata=["a"])
    with pytest.raises(ValueError, match="3 clusters do not go with 2 values"):
        survey_proportion([True, False], clusters=[1, 2, 3])
    with pytest.raises(ValueError, match="sample_design must be"):
        survey_proportion([True], sample_design="open")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="level"):
        survey_proportion([True], level=95)
    with pytest.raises(ValueError, match="level"):
        compare_survey_proportions(survey_proportion([]), survey_proportion([]), level=95)


def test_two_answers_are_the_fewest_with_limits() -> None:
    assert survey_proportion([True, False]).lower is not None
    alone = survey_proportion([True, None])
    assert (alone.base, alone.lower, alone.lonely) == (1, None, 0)


def test_a_result_says_how_the_sample_was_drawn() -> None:
    for values in ([], [True], [True, False]):
        assert survey_proportion(values).sample_design == "probability"
        opted = survey_proportion(values, sample_design="self_selected")
        assert opted.sample_design == "self_selected"
        assert (opted.lower, opted.lonely) == (None, 0)


def test_answers_all_alike_are_within_0_and_1() -> None:
    for number in range(2, 400):
        every, none = survey_proportion([True] * number), survey_proportion([False] * number)
        assert (every.proportion, every.upper) == (1.0, 1.0)
        assert (none.proportion, none.lower) == (0.0, 0.0)


def test_a_wave_in_which_nobody_says_yes_is_a_wave() -> None:
    nobody, half = survey_proportion(answers(0, 50)), survey_proportion(answers(25, 25))
    found = compare_survey_proportions(nobody, half)
    assert found.change_points == pytest.approx(50.0)
    assert compare_survey_proportions(half, nobody).change_points == pytest.approx(-50.0)


def test_an_estimate_summed_elsewhere_is_the_same_estimate() -> None:
    from pipeline.statistics.survey import survey_estimate

    whole = survey_proportion(answers(30, 70))
    found = survey_estimate(0.3, 100, effective_n=100, variance=variance(whole), clusters=100, strata=1)
    assert found == whole
    for proportion, base, spread in ((1.5, 9, 0.0), (-0.1, 9, 0.0), (0.5, -1, 0.0), (0.5, 9, -0.1)):
        with pytest.raises(ValueError, match="not a proportion of a sample"):
            survey_estimate(proportion, base, effective_n=9, variance=spread, clusters=9, strata=1)
    assert survey_estimate(0.0, 0, effective_n=1, variance=0.0, clusters=0, strata=0).lower is None
    assert survey_estimate(0.0, 1, effective_n=1, variance=0.0, clusters=9, strata=1).lower is None
