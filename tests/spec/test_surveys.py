"""Surveys as small tables: bases, weights that cannot be used, and samples drawn in strata and clusters."""

from typing import Any

import pyarrow as pa
import pytest

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.observation import Mark, Observation, State
from pipeline.statistics import compare_survey_proportions, survey_proportion
from tests.small_partnership import cell, definitions, delivered, indicator, observed, source

WAVES = {
    "w1": {"start": "2022-01-05", "end": "2022-01-31"},
    "w2": {"start": "2023-01-05", "end": "2023-01-31"},
}
MEASURE = {"type": "survey", "where": {"safe": {"in": ["no"]}}, "among": {"safe": {"answered": True}}}
NOW, BEFORE = "2023-01/2023-01", "2022-01/2022-01"


def asked(answers: dict[str, Any], design: str = "probability", **more: Any) -> tuple[Any, Any]:
    """What is known and observed of the answers; `more` is said of the measure."""
    survey = indicator(
        MEASURE | more,
        source="survey",
        window={"kind": "wave", "ending": "latest"},
        areas=["partnership", "all"],
        compare=[{"to": "previous_wave"}],
    )
    known = definitions(survey, sources=[source("survey", "responses", sample_design=design, waves=WAVES)])
    return known, observed(known, {"survey": pa.table(answers)}, delivered(undated=["survey"]))


def of(n: int, no: int, wave: str = "w2", **columns: list[Any]) -> dict[str, Any]:
    """Answers of one wave: `no` of `n` feel unsafe."""
    return {"wave": [wave] * n, "safe": ["no"] * no + ["yes"] * (n - no), **columns}


def now(answers: dict[str, Any], **more: Any) -> Observation:
    return cell(asked(answers, **more)[1], period=NOW)


@pytest.mark.parametrize(
    ("answered", "state", "marks", "reason"),
    [
        (49, State.WITHHELD, frozenset(), "49 answered; at least 50 are needed"),
        (50, State.VALUE, {Mark.LOW_RELIABILITY}, "50 answered, fewer than 100"),
        (99, State.VALUE, {Mark.LOW_RELIABILITY}, "99 answered, fewer than 100"),
        (100, State.VALUE, frozenset(), ""),
    ],
)
def test_a_small_base_is_withheld_and_a_low_one_is_flagged(
    answered: int, state: State, marks: frozenset[Mark], reason: str
) -> None:
    found = now(of(answered, 20))
    assert (found.state, found.marks, found.reason) == (state, marks, reason)


def test_the_bases_are_as_declared() -> None:
    assert now(of(30, 20), min_base=30, low_base=30).marks == frozenset()
    assert now(of(30, 20), min_base=31).reason == "30 answered; at least 31 are needed"


@pytest.mark.parametrize("weight", [0.0, -2.0, None, float("inf"), float("nan")])
def test_a_weight_that_cannot_be_used_is_refused_or_left_out_as_declared(weight: float | None) -> None:
    answers = of(120, 60, weight=[weight, *[1.0] * 119])
    refused = now(answers)
    assert (refused.state, refused.value) == (State.WITHHELD, None)
    assert refused.reason == "1 of 120 answers have a weight that is missing, 0 or negative"
    found = now(answers, bad_weights="leave_out")
    assert (found.numerator, found.denominator) == (59, 119)
    assert found.marks == {Mark.LOW_RELIABILITY}
    assert found.reason == "1 answers left out whose weight is missing, 0 or negative"


def test_nobody_with_a_usable_weight_leaves_no_figure() -> None:
    found = now(of(60, 30, weight=[0.0] * 60), bad_weights="leave_out")
    assert (found.state, found.reason) == (State.WITHHELD, "0 answered; at least 50 are needed")


def test_answers_of_one_cluster_are_alike_and_say_less() -> None:
    """Ten streets of twenty, in two strata; in each street nearly everybody answers the same."""
    street = [str(n // 20) for n in range(200)]
    strata = ["north" if n < 100 else "south" for n in range(200)]
    safe = ["no" if (int(s) % 3 == 0) != (n % 20 == 0) else "yes" for n, s in enumerate(street)]
    answers = {"wave": ["w2"] * 200, "safe": safe, "cluster": street, "stratum": strata}
    found = now(answers)
    known = survey_proportion([a == "no" for a in safe], strata=strata, clusters=street)
    assert known.design_n is not None
    assert known.lower is not None
    assert known.design_n < 15
    assert found.denominator == 200
    assert found.effective_base == pytest.approx(known.design_n)
    assert found.lower == pytest.approx(100 * known.lower)
    assert found.reason == f"200 answered, worth {known.design_n:.0f} of a simple random sample"
    alone = now({name: column for name, column in answers.items() if name in ("wave", "safe")})
    assert alone.effective_base == pytest.approx(199)  # n - 1: each respondent is a cluster
    assert alone.reason == ""


def test_waves_are_compared_at_the_size_of_their_designs() -> None:
    weights = [1.0, 3.0] * 100
    before, after = [n % 5 < 2 for n in range(200)], [n % 5 < 1 for n in range(200)]
    answers = {
        "wave": ["w1"] * 200 + ["w2"] * 200,
        "safe": ["no" if said else "yes" for said in before + after],
        "weight": weights * 2,
    }
    known, found = asked(answers)
    (compared,) = compare(release([o for o in found if o.area.code == "A"], known), known)
    tested = compare_survey_proportions(survey_proportion(before, weights), survey_proportion(after, weights))
    assert compared.change == pytest.approx(tested.change_points)
    assert (compared.lower, compared.upper) == pytest.approx((tested.lower, tested.upper))
    assert compared.p_value == pytest.approx(tested.p_value)


def test_whoever_could_answer_has_no_margin_and_no_comparison() -> None:
    answers = of(200, 96, weight=[1.0, 3.0] * 100)
    both = {name: column + column for name, column in answers.items()} | {"wave": ["w1"] * 200 + ["w2"] * 200}
    known, found = asked(both, design="self_selected")
    own = cell(found, period=NOW)
    assert (own.denominator, own.lower, own.upper, own.effective_base) == (200, None, None, None)
    compared = compare(release([o for o in found if o.area.code == "A"], known), known)
    assert [(c.comparable, c.reason) for c in compared] == [(False, "self-selected sample")]


def test_a_sample_in_one_cluster_has_a_share_and_no_margin() -> None:
    answers = of(100, 40, cluster=["1"] * 100)
    both = {name: column + column for name, column in answers.items()} | {"wave": ["w1"] * 100 + ["w2"] * 100}
    known, found = asked(both)
    own = cell(found, period=NOW)
    assert (own.value, own.lower, own.effective_base) == (40, None, None)
    (compared,) = compare(release([o for o in found if o.area.code == "A"], known), known)
    assert (compared.change, compared.lower, compared.p_value) == (0, None, None)


def test_another_district_is_not_asked() -> None:
    found = asked(of(200, 96))[1]
    beta = cell(found, "B", NOW)
    assert (beta.state, beta.reason) == (State.NOT_APPLICABLE, "the survey does not cover Beta")
