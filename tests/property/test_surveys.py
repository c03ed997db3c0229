"""Surveys: the engine, the oracle and the statistic agree on random samples, however they were drawn."""

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.observation import UNKNOWN, Mark, Observation, State
from pipeline.statistics import survey_proportion
from tests import oracle
from tests.small_partnership import definitions, delivered, indicator, observed, source

WAVES = {
    "w1": {"start": "2022-01-05", "end": "2022-01-31"},
    "w2": {"start": "2023-01-05", "end": "2023-02-28"},
}
MEASURE = {
    "type": "survey",
    "where": {"safe": {"in": ["no"]}},
    "among": {"safe": {"answered": True}},
    "min_base": 1,
    "low_base": 0,
    "bad_weights": "leave_out",
}
TEXTS = ("wave", "ward_code", "stratum", "cluster", "gender", "safe")
weights = st.sampled_from([0.5, 1.0, 1.0, 2.25, 7.0])
bad_weights = st.sampled_from([0.0, -1.0, None, math.inf, math.nan])


def respondents(weight: st.SearchStrategy[Any]) -> st.SearchStrategy[list[oracle.Row]]:
    answers = {
        "wave": st.sampled_from(["w1", "w2"]),
        "ward_code": st.sampled_from(["A1", "A2", None]),
        "stratum": st.sampled_from(["n", "s", None]),
        "cluster": st.sampled_from(["1", "2", "3", None]),
        "gender": st.sampled_from(["Woman", "Man", None]),
        "safe": st.sampled_from(["yes", "no", "no", None]),
        "weight": weight,
    }
    return st.lists(st.fixed_dictionaries(answers), max_size=40)


def engine(rows: list[oracle.Row], left_out: tuple[str, ...] = (), **more: Any) -> list[Observation]:
    columns = {n: pa.array([row[n] for row in rows], pa.string()) for n in TEXTS if n not in left_out}
    if "weight" not in left_out:
        columns["weight"] = pa.array([row["weight"] for row in rows], pa.float64())
    asked = indicator(
        MEASURE | more,
        source="survey",
        window={"kind": "wave", "ending": "latest"},
        by=[{"name": "gender", "column": "gender"}],
        areas=["partnership", "wards"],
    )
    survey = source("survey", "responses", sample_design="probability", waves=WAVES)
    known = definitions(asked, sources=[survey])
    return list(observed(known, {"survey": pa.table(columns)}, delivered(undated=["survey"])))


def said(row: oracle.Row, o: Observation) -> bool | None:
    """Whether a respondent counts in a cell; None where they are not in it or did not answer."""
    in_area = o.area.code == "A" or row["ward_code"] == o.area.code
    in_cell = not o.breakdown or (row["gender"] or UNKNOWN) == o.category
    return row["safe"] == "no" if in_area and in_cell and row["safe"] is not None else None


def wave_of(rows: list[oracle.Row], o: Observation) -> list[oracle.Row]:
    return [row for row in rows if row["wave"] == ("w1" if o.period.start.year == 2022 else "w2")]


@given(rows=respondents(weights | bad_weights))
def test_every_share_is_what_the_oracle_and_the_statistic_make_of_it(rows: list[oracle.Row]) -> None:
    for o in engine(rows):
        asked = [(row, said(row, o)) for row in wave_of(rows, o)]
        answers, bad, share, variance = oracle.survey(asked)
        if share is None or variance is None:
            assert (o.state, o.value) == (State.WITHHELD, None)
            continue
        assert o.denominator == answers
        assert o.value == pytest.approx(100 * share)
        assert o.numerator == pytest.approx(share * answers)
        assert (Mark.LOW_RELIABILITY in o.marks) == (bad > 0)
        usable = [(row, value) for row, value in asked if oracle.survey([(row, True)])[0]]
        known = survey_proportion(
            [value for _, value in usable],
            [row["weight"] for row, _ in usable],
            [row["stratum"] or "" for row, _ in usable],
            [row["cluster"] if row["cluster"] else number for number, (row, _) in enumerate(usable)],
        )
        if known.design_n is None:
            assert (o.effective_base, o.lower, o.upper) == (None, None, None)
            continue
        assert known.lower is not None
        assert known.upper is not None
        assert o.effective_base == pytest.approx(known.design_n, rel=1e-6)
        assert (o.lower, o.upper) == pytest.approx((100 * known.lower, 100 * known.upper), rel=1e-6)
        simple = share * (1 - share) / answers
        if variance > 1e-9 * simple > 0:
            assert o.effective_base == pytest.approx(min(answers, share * (1 - share) / variance), rel=1e-6)


@settings(max_examples=20)
@given(rows=respondents(weights | bad_weights))
def test_a_weight_that_cannot_be_used_withholds_what_it_would_weigh(rows: list[oracle.Row]) -> None:
    for o in engine(rows, bad_weights="refuse"):
        _, bad, share, _ = oracle.survey([(row, said(row, o)) for row in wave_of(rows, o)])
        assert (o.state is State.WITHHELD) == (bad > 0 or share is None)
        if bad:
            assert "have a weight that is missing, 0 or negative" in o.reason


@settings(max_examples=20)
@given(rows=respondents(weights), left_out=st.sets(st.sampled_from(["weight", "stratum", "cluster"])))
def test_what_a_survey_does_not_say_of_its_design_is_told_without(
    rows: list[oracle.Row], left_out: set[str]
) -> None:
    plain = [
        row | dict.fromkeys(left_out) | ({"weight": 1.0} if "weight" in left_out else {}) for row in rows
    ]
    for o in engine(rows, tuple(left_out)):
        answers, _, share, variance = oracle.survey([(row, said(row, o)) for row in wave_of(plain, o)])
        if share is not None and variance is not None:
            assert o.value == pytest.approx(100 * share)
            simple = share * (1 - share) / answers
            if o.effective_base is not None and variance > 1e-9 * simple > 0:
                effective = min(answers, share * (1 - share) / variance)
                assert o.effective_base == pytest.approx(effective, rel=1e-6)
