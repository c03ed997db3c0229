"""Worked examples of definitions: rows through the real compiler, and the value they must give."""

from datetime import date
from typing import Any

import pytest

from pipeline.compute.examples import run_examples
from pipeline.errors import DefinitionError
from pipeline.model.issue import Issue
from tests.small_partnership import definitions, indicator, source

PERSON = {"offence": "1", "victim_ref": "p"}

GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "count", "unit": "crimes"}, {"rows": [], "expect": 0}),
    ({"type": "count", "unit": "crimes"}, {"rows": [{"quantity": 3}, {}], "expect": 4}),
    (
        {"type": "count", "unit": "crimes"},
        {"rows": [{"month": "2021-03"}, {"month": "2022-05"}], "expect": 2},
    ),
    ({"type": "count", "unit": "crimes"}, {"rows": [{}], "repeat": 7, "expect": 7}),
    (
        {"type": "rate", "unit": "crimes", "over": {"column": "residents"}},
        {"rows": [{}, {}], "over": [{"residents": 500}], "expect": 4},
    ),
    ({"type": "share", "where": {"offence": {"in": ["1"]}}}, {"rows": [], "expect": None}),
    (
        {"type": "share", "where": {"offence": {"in": ["1"]}}},
        {"rows": [PERSON, {"offence": "2"}, {}], "expect": 33.3},
    ),
    (
        {"type": "repeat", "entity": "victim_ref"},
        {"rows": [PERSON, PERSON, {"victim_ref": "q"}], "expect": 50},
    ),
    (
        {"type": "repeat", "entity": ["victim_ref", "category"], "report": "crimes"},
        {"rows": [PERSON, PERSON, {"category": "home"}, {"category": "home"}], "expect": 50},
    ),
    (
        {"type": "repeat", "entity": "victim_ref", "report": "lookback", "lookback_months": 2},
        {
            "rows": [
                {"victim_ref": "p", "recorded_on": "2022-05-31"},
                {"victim_ref": "p", "recorded_on": "2022-03-31"},
                {"victim_ref": "q", "recorded_on": "2022-05-31"},
                {"victim_ref": "q", "recorded_on": "2022-03-30"},
            ],
            "expect": 50,
        },
    ),
    (
        {"type": "proportion", "where": {"outcome": {"in": ["1"]}}, "within_days": 30},
        {
            "rows": [
                {"outcome": "1", "recorded_on": "2022-01-01", "outcome_on": date(2022, 1, 31)},
                {"outcome": "1", "recorded_on": "2022-01-01", "outcome_on": date(2022, 2, 1)},
            ],
            "expect": 50,
        },
    ),
]


RATIO = {"type": "ratio", "where": {"offence": {"in": ["1"]}}, "unit": "a for b", "per": 10}
MEAN = {"type": "mean", "column": "victim_age_years", "min_base": 2, "unit": "years"}
DERIVED = {"type": "derived", "sum": ["a"], "less": ["b"], "over": ["c"], "per": 100, "unit": "%"}


def parts(**values: float | None) -> list[dict[str, Any]]:
    return [{"indicator": name, "value": value} for name, value in values.items()]


GOOD += [
    (RATIO | {"over": {"where": {"offence": {"in": ["2"]}}}},
     {"rows": [PERSON, {"offence": "2"}], "over": [{"offence": "2"}], "expect": 5}),
    (RATIO | {"over": {"source": "asb"}},
     {"rows": [PERSON, {"offence": "2"}], "over": [{}] * 2, "expect": 5}),
    (RATIO | {"over": {"source": "asb"}}, {"rows": [PERSON], "expect": None}),
    (RATIO | {"over": {"source": "asb"}}, {"rows": [PERSON], "over": [{"month": "2022-02"}], "expect": 10}),
    (MEAN, {"rows": [{"victim_age_years": 20}, {"victim_age_years": 41}, {}], "expect": 30.5}),
    (MEAN, {"rows": [{"victim_age_years": 20}], "expect": None}),
    (MEAN, {"rows": [{"victim_age_years": 20}], "repeat": 2, "expect": 20}),
    (DERIVED, {"rows": parts(a=40, b=10, c=60), "expect": 50}),
    (DERIVED, {"rows": parts(a=40, b=10, c=0), "expect": None}),
    (DERIVED, {"rows": parts(a=40, b=None, c=60), "expect": None}),
    (DERIVED, {"rows": parts(a=40, c=60), "expect": None}),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "example"), GOOD)
def test_rows_that_give_what_is_expected(measure: dict[str, Any], example: dict[str, Any]) -> None:
    known = definitions(
        indicator(measure, examples=[example]), sources=(source(), source("asb", "incidents"))
    )
    assert run_examples(known) == 1


def test_a_survey_and_a_return() -> None:
    survey = indicator(
        {"type": "survey", "where": {"safe": {"in": ["no"]}}, "among": {"safe": {"answered": True}}},
        id="unsafe", source="survey", window={"kind": "wave"},
        examples=[
            {"rows": [{"safe": "no"}, {"safe": "yes"}, {"safe": None}], "repeat": 30, "expect": 50},
            {"rows": [{"safe": "no"}], "expect": None},
        ],
    )  # fmt: skip
    reported = indicator(
        {"type": "reported", "item": "a", "of": "b", "unit": "%"},
        id="reported", source="returns",
        examples=[
            {"rows": [{"item": "a", "value": 1}, {"item": "a", "value": 2}, {"item": "b", "value": 4},
                      {"item": "b", "value": 2}], "expect": 50},
            {"rows": [{"item": "a", "value": 1}], "expect": None},
        ],
    )  # fmt: skip
    known = definitions(
        survey, reported, sources=[source("survey", "responses"), source("returns", "returns")]
    )
    assert run_examples(known) == 4


def test_every_wrong_example_is_named() -> None:
    wrong = [{"rows": [{}], "expect": 2}, {"rows": [{}], "expect": 1}, {"rows": [{}], "expect": None}]
    known = definitions(indicator({"type": "count", "unit": "crimes"}, examples=wrong))
    with pytest.raises(DefinitionError) as failed:
        run_examples(known)
    assert [issue.message for issue in failed.value.issues if isinstance(issue, Issue)] == [
        "crime, example 1: the rows give 1, expected 2",
        "crime, example 3: the rows give 1, expected no value",
    ]
