"""Means, ratios and derived figures in print: changes in their own unit, small ratios with two decimals."""

from dataclasses import replace

import pytest

from pipeline.assess import judge
from pipeline.model.comparison import Comparison, Want
from pipeline.model.observation import ReleasedObservation
from pipeline.report import figures, numbers, wording
from pipeline.report.sections.sheets import counted
from pipeline.report.text import plain
from tests.small_partnership import indicator
from tests.unit.report import factory


def mean(value: float, numerator: float) -> ReleasedObservation:
    o = factory.observed("age", value, factory.LATER, numerator=numerator, denominator=12.0, unit="years")
    return replace(o, lower=value - 2, upper=value + 2, deviation=3.0)


OLDER = Comparison(
    observation=mean(30.0, 360.0),
    reference=mean(32.5, 390.0),
    comparator="previous_year",
    reference_label="the year before",
    reference_value=32.5,
    change=-2.5,
    lower=-5.25,
    upper=0.25,
    p_value=0.07,
    detectable_percent=3.91,
    detectable_rise_percent=3.91,
)


def test_a_change_of_a_mean_is_told_in_its_unit() -> None:
    assert plain(figures.amount(OLDER)) == "2.5 years"
    assert plain(figures.interval(OLDER)) == "−5.3 to +0.3"
    assert wording.unit_of_change(OLDER) == " years"


def test_a_table_leaves_the_unit_to_its_row() -> None:
    assert plain(figures.change(OLDER)) == "↓ 2.5"
    assert plain(figures.distance(OLDER)) == "−2.5"


def test_the_smallest_change_that_would_have_shown_is_in_the_unit_and_rounded_up() -> None:
    judgement = judge(OLDER, Want.DOWN)
    assert plain(figures.detectable(judgement)) == "4.0 years"
    assert plain(figures.detectable(judgement, " pp")) == "4.0"


def test_a_mean_over_few_is_no_small_count() -> None:
    few = replace(OLDER, observation=mean(3.0, 36.0), reference=mean(3.5, 42.0), change=-0.5)
    assert not figures.small(few)
    assert plain(figures.amount(few)) == "0.5 years"


def test_a_count_that_came_from_nothing_keeps_its_count() -> None:
    some = factory.observed("x", 12.0, factory.LATER, numerator=12.0, unit="crimes")
    none = factory.observed("x", 0.0, factory.EARLIER, numerator=0.0, unit="crimes")
    risen = replace(
        OLDER, observation=some, reference=none, change=12.0, lower=200.0, upper=None, reference_value=0.0
    )
    assert not figures.in_own_unit(risen)
    assert figures.small(risen)
    assert plain(figures.amount(risen)) == "12"


def test_small_ratios_whose_bases_differ_are_apart_by_the_ratios() -> None:
    now = factory.observed("x", 2.0, factory.LATER, numerator=12.0, denominator=6.0, unit="a for each b")
    then = replace(now, value=0.5, numerator=10.0, denominator=20.0)
    apart = replace(OLDER, observation=now, reference=then, change=1.5, change_percent=300.0, upper=900.0)
    assert plain(figures.amount(apart)) == "1.5"
    alike = replace(apart, reference=replace(then, denominator=6.1))
    assert plain(figures.amount(alike)) == "2"


@pytest.mark.parametrize(
    ("unit", "value", "places"),
    [("a per b", 0.04, 2), ("a per b", 0.0, 1), ("a per b", 8.0, 1), ("crimes", 8.0, 0), ("crimes", 0.0, 0),
     ("a for each b", 0.25, 2), ("a for each b", 1.25, 1), ("%", 0.4, 1), ("%", 0.0, 1)],
)  # fmt: skip
def test_what_is_less_than_one_has_two_decimals(unit: str, value: float, places: int) -> None:
    assert numbers.places_of(unit, value) == places


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (
            {"type": "ratio", "over": {"source": "asb", "where": {"alcohol": {"is": True}}}, "per": 100,
             "unit": "a per b"},
            "rows where every row counts, for every 100 of the rows of asb where alcohol flagged",
        ),
        (
            {"type": "ratio", "table": "victims", "over": {"table": "suspects"}, "unit": "a per b"},
            "rows where every row counts, for the rows of crimes (suspects) where every row counts",
        ),
        (
            {"type": "mean", "column": "victim_age_years", "unit": "years"},
            "the mean of victim age years over rows where every row counts and it is recorded",
        ),
        (
            {"type": "derived", "sum": ["a", "b"], "less": ["c"], "over": ["d", "e"], "per": 10, "unit": "x"},
            "a plus b less c, divided by d plus e, times 10",
        ),
        ({"type": "derived", "sum": ["a"], "over": ["b"], "unit": "x"}, "a, divided by b"),
        ({"type": "derived", "sum": ["a"], "unit": "x"}, "a"),
    ],
)  # fmt: skip
def test_the_sheet_of_an_indicator_says_what_is_counted(measure: dict[str, object], words: str) -> None:
    assert counted(indicator(measure)) == words
