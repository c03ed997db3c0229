"""Comparisons made from released observations of small tables."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.model.delivery import Coverage, Deliveries, MonthCoverage, MonthState
from pipeline.model.observation import Mark
from pipeline.statistics import Part, compare_counts, compare_proportions, unknown_share_bounds
from pipeline.statistics import dispersion as measured
from tests.small_partnership import (
    COUNT,
    YEAR_BEFORE,
    cell,
    compared,
    crimes,
    definitions,
    delivered,
    indicator,
    months,
    observed,
    rows,
    source,
)


def test_a_change_of_counts() -> None:
    (found,) = compared(rows(90, 120))
    expected = compare_counts(120, 90, 1.0)
    assert (found.comparator, found.reference_label) == ("previous_year", "year to December 2021")
    assert (found.reference_value, found.change) == (120, -30)
    assert found.change_percent == -25
    assert (found.lower, found.upper, found.p_value) == (expected.lower, expected.upper, expected.p_value)
    assert found.detectable_percent == expected.detectable_percent
    assert (found.dispersion, found.comparable, found.marks) == (1.0, True, frozenset())
    assert found.reason == "dispersion not measured (24 months outside breaks, 36 needed), taken as 1"


def test_a_declared_dispersion_is_used_and_said() -> None:
    (found,) = compared(rows(900, 1200), test={"dispersion": 2.5})
    assert found.dispersion == 2.5
    assert found.lower == compare_counts(1200, 900, 2.5).lower
    assert found.reason == "dispersion declared as 2.5"


def test_a_change_of_rates_is_in_the_unit_of_the_rate_and_in_percent() -> None:
    rate = {"type": "rate", "unit": "crimes per 1,000", "over": {"column": "residents"}}
    (found,) = compared(rows(90, 120), rate, population={"A": 1000.0})
    assert found.change == -30
    assert found.change_percent == pytest.approx(-25)


def test_a_change_of_shares_is_in_points() -> None:
    table = [*rows(30, 20, offence="1"), *rows(70, 80, offence="2")]
    (found,) = compared(table, {"type": "share", "where": {"offence": {"in": ["1"]}}})
    expected = compare_proportions(20, 100, 30, 100)
    assert found.change == pytest.approx(10)
    assert found.change_percent is None
    assert (found.lower, found.upper) == (expected.lower, expected.upper)
    assert found.detectable_percent == expected.detectable_points
    assert found.dispersion is None


def test_from_nothing_there_is_a_change_and_no_percentage() -> None:
    (found,) = compared(rows(4, 0))
    assert (found.change, found.change_percent, found.upper) == (4, None, None)


def test_months_that_did_not_come_are_named_and_not_crossed() -> None:
    holes = {("A", "2021-05"): MonthState.NOT_DELIVERED, ("A", "2021-07"): MonthState.INCOMPLETE}
    (found,) = compared(rows(90, 120), holes=holes)
    assert (found.comparable, found.change, found.change_percent, found.lower) == (False, None, None, None)
    assert found.reason == "2021-05 not delivered, 2021-07 incomplete"


def test_without_an_earlier_figure_it_is_a_first_measure() -> None:
    (found,) = compared(rows(9, 1), compare=[{"to": "previous_wave"}])
    assert (found.reference, found.comparable) == (None, True)
    assert found.reason == "there is no earlier figure"


def test_the_reference_period_a_definition_names() -> None:
    (found,) = compared(rows(9, 12), compare=[{"to": "period", "ending": "2022-02"}])
    assert found.reference_label == "year to February 2022"
    assert found.reference_value == 12


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ({"date": "2022-01-01"}, True),  # between the two years
        ({"date": "2021-01-01"}, False),  # the earlier year begins with it: both years are after it
        ({"date": "2023-01-01"}, False),
        ({"date": "2021-12-15", "end": "2022-01-10"}, True),
        ({"date": "2020-03-01", "end": "2020-12-31"}, False),
        ({"date": "2020-03-01", "end": "2021-01-01"}, True),
        ({"date": "2022-12-31", "end": "2023-03-01"}, True),
        ({"date": "2022-01-01", "scope": ["crimes"]}, True),
        ({"date": "2022-01-01", "scope": ["violence"]}, True),
        ({"date": "2022-01-01", "scope": ["another_source"]}, False),
    ],
)
def test_a_break_marks_what_it_touches(written: dict[str, Any], marked: bool) -> None:
    known = {"breaks": [{"note": "new rule", **written}]}
    (found,) = compared(rows(90, 120), tags=["violence"], known=known)
    assert (Mark.BREAK in found.marks) is marked
    assert found.reason.startswith("new rule") is marked
    assert found.comparable


def test_dispersion_is_measured_from_months_outside_breaks() -> None:
    """Sixty months that vary more than chance, and breaks that leave too few of them to tell."""
    every = months("2018-01", "2022-12")
    counts = [60 + 40 * (month.month % 2) * (month.year % 2) for month in every]
    table = [
        {"month": f"{month:%Y-%m}", "district_code": "A", "quantity": count}
        for month, count in zip(every, counts, strict=True)
    ]
    asked = indicator(COUNT, compare=YEAR_BEFORE)
    coverage = Coverage(
        tuple(
            MonthCoverage("crimes", "A", month, 1, MonthState.DELIVERED)
            for month in months("2018-01", "2022-12")
        )
    )
    deliveries = Deliveries(extracts=(), accounting=(), coverage=coverage, warehouse_digest="")

    def dispersion(*breaks: dict[str, Any]) -> Comparison:
        known = definitions(asked, breaks=breaks)
        results = release(observed(known, {"crimes": crimes(table)}, deliveries), known)
        return compare(results, known)[0]

    whole = dispersion()
    assert whole.dispersion == measured(counts).value > 1.4
    assert whole.reason == ""
    cut = dispersion({"date": "2018-06-01", "end": "2020-12-31", "note": "closed"})
    assert (cut.dispersion, cut.reason) == (
        1.0,
        "dispersion not measured (29 months outside breaks, 36 needed), taken as 1",
    )
    divided = dispersion({"date": "2020-06-01", "note": "rule"})
    assert "31 months outside breaks" in divided.reason
    table = [{**row, "quantity": 0} for row in table]
    assert dispersion().reason == "no events to measure dispersion from, taken as 1"
    table[5] |= {"quantity": 1}
    assert dispersion().reason == "too few events to measure dispersion from, taken as 1"


AGE = [{"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}]


def by_age(unknown_now: int, unknown_before: int) -> list[dict[str, Any]]:
    return [
        *rows(1011, 1119, victim_age_years=20),
        *rows(2882, 2690, victim_age_years=40),
        *rows(unknown_now, unknown_before),
    ]


def test_unknown_ages_that_move_bring_bounds_and_a_pro_rata_change() -> None:
    """The strategy's own table of violence by age (worked in the domain notes at dispersion 1)."""
    total, young, adult, unknown = compared(by_age(57, 155), by=AGE)
    assert (total.pro_rata, total.marks) == (None, frozenset())
    assert unknown.observation.category == "not recorded"
    assert unknown.pro_rata is None

    def rounded(c: Comparison) -> list[float]:
        figures = (c.change_percent, c.lower, c.upper, c.pro_rata, c.pro_rata_lower, c.pro_rata_upper)
        return [round(x, 1) for x in (*figures, c.bound_lower, c.bound_upper) if x is not None]

    assert rounded(young) == [-9.7, -17.0, -1.6, -11.9, -19.0, -4.2, -20.6, -4.6]
    assert rounded(adult) == [7.1, 1.7, 12.9, 4.5, -0.8, 10.0, 1.3, 9.3]
    assert young.marks == adult.marks == {Mark.LOW_RELIABILITY}
    assert "not recorded: 3.9 % before, 1.4 % now" in young.reason


@pytest.mark.parametrize("kind", ["share", "proportion"])
def test_unknown_ages_that_move_bring_bounds_to_percentages_too(kind: str) -> None:
    table = [
        *rows(30, 20, offence="1", victim_age_years=20), *rows(70, 80, offence="2", victim_age_years=20),
        *rows(10, 20, offence="1", victim_age_years=40), *rows(50, 60, offence="2", victim_age_years=40),
        *rows(5, 20, offence="1"), *rows(5, 40, offence="2"),
    ]  # fmt: skip
    measure = {"type": kind, "where": {"offence": {"in": ["1"]}}}
    total, young, adult, unknown = compared(table, measure, by=AGE)
    expected = unknown_share_bounds(
        Part(20, 100), Part(30, 100), Part(40, 180), Part(40, 160), Part(20, 60), Part(5, 10)
    )
    assert expected.pro_rata is not None
    assert young.pro_rata == expected.pro_rata.change_points
    assert (young.pro_rata_lower, young.pro_rata_upper) == (expected.pro_rata.lower, expected.pro_rata.upper)
    assert (young.bound_lower, young.bound_upper) == (expected.lower_points, expected.upper_points)
    assert young.reason == "not recorded: 25.0 % before, 5.9 % now"
    assert young.marks == adult.marks == {Mark.LOW_RELIABILITY}
    assert (total.bound_lower, unknown.bound_lower) == (None, None)
    assert {c.bound_lower for c in compared(table, measure, by=AGE, unknown_shift_pp=20)} == {None}


def test_unknowns_with_nothing_known_beside_them_have_bounds_and_no_pro_rata() -> None:
    """No young victim of the offence has a recorded age before: the unknown cannot be shared out."""
    table = [
        *rows(30, 0, offence="1", victim_age_years=20), *rows(70, 80, offence="2", victim_age_years=20),
        *rows(5, 20, offence="1"), *rows(5, 40, offence="2"),
    ]  # fmt: skip
    found = compared(table, {"type": "share", "where": {"offence": {"in": ["1"]}}}, by=AGE)
    young = next(c for c in found if c.observation.category == "U25")
    assert young.pro_rata is None
    assert young.bound_lower is not None
    assert Mark.LOW_RELIABILITY in young.marks


def test_unknown_ages_that_stay_bring_nothing() -> None:
    _, young, _, _ = compared(by_age(155, 155), by=AGE)
    assert (young.pro_rata, young.bound_lower, young.marks) == (None, None, frozenset())


def test_rows_without_a_place_are_shared_among_the_districts() -> None:
    table = [*rows(100, 100), *rows(100, 100, "B"), *rows(10, 50, None), *rows(999, 1, "X")]
    (found,) = compared(table)
    assert found.change_percent == 0
    assert found.pro_rata == pytest.approx(100 * (105 / 125 - 1))
    assert (found.bound_lower, found.bound_upper) == (None, None)
    assert found.marks == {Mark.LOW_RELIABILITY}
    assert "location not recorded: 20.0 % before, 4.8 % now" in found.reason


def test_the_force_itself_has_no_rows_elsewhere() -> None:
    table = [*rows(100, 100), *rows(10, 50, None)]
    _, force = compared(table, areas=["partnership", "force"])
    assert (force.observation.area.code, force.pro_rata) == ("F", None)


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ({"date": "2021-12-15", "end": "2022-01-01"}, True),
        ({"date": "2022-12-31", "end": "2023-03-01"}, True),
        ({"date": "2021-03-01", "end": "2021-12-31"}, False),
        ({"date": "2022-06-01"}, False),  # one day: it divides a series, it does not last
        ({"date": "2022-06-01", "end": "2022-06-30", "scope": ["another_source"]}, False),
    ],
)
def test_a_figure_inside_a_break_that_lasts_is_marked(written: dict[str, Any], marked: bool) -> None:
    known = definitions(indicator(COUNT), breaks=[{"note": "closed", **written}])
    found = observed(known, {"crimes": crimes(rows(90, 120))})
    assert (Mark.BREAK in cell(found).marks) is marked


def test_months_outside_a_break_stay_unmarked() -> None:
    known = definitions(indicator(COUNT), breaks=[{"note": "c", "date": "2022-02-10", "end": "2022-03-10"}])
    found = observed(known, {"crimes": crimes(rows(90, 120))})
    marked = {o.period.key for o in found if o.marks and o.area.code == "A" and o.period.basis == "month"}
    assert marked == {"2022-02/2022-02", "2022-03/2022-03"}


def test_wards_are_compared_where_the_indicator_is_about_them() -> None:
    table = [*rows(9, 6, ward_code="A1"), *rows(1, 2, ward_code="A2")]
    found = compared(table, areas=["partnership", "wards"])
    assert [(c.observation.area.code, c.change) for c in found] == [("A", 2), ("A1", 3), ("A2", -1)]
    assert found[1].reason == "dispersion not measured for wards, taken as 1"


def test_a_wave_that_is_still_being_answered_does_not_count() -> None:
    waves = {
        "w1": {"start": "2022-01-05", "end": "2022-01-31"},
        "w2": {"start": "2022-11-05", "end": "2023-01-20"},
    }
    answers = pa.table({"wave": ["w1"] * 60 + ["w2"] * 60, "safe": ["no"] * 120})
    measure = {"type": "survey", "where": {"safe": {"in": ["no"]}}}
    asked = indicator(measure, source="survey", window={"kind": "wave"})
    known = definitions(
        asked, sources=[source("survey", "responses", sample_design="probability", waves=waves)]
    )
    for as_at, seen in (
        (date(2023, 1, 19), ["2022-01/2022-01"]),
        (date(2023, 1, 20), ["2022-01/2022-01", "2022-11/2023-01"]),
    ):
        found = observed(known, {"survey": answers}, delivered(undated=["survey"]), as_at)
        assert [o.period.key for o in found] == seen


def test_a_survey_open_to_anyone_is_not_compared() -> None:
    waves = {
        "w1": {"start": "2022-01-05", "end": "2022-01-31"},
        "w2": {"start": "2023-01-05", "end": "2023-01-31"},
    }
    answers = pa.table({"wave": ["w1"] * 60 + ["w2"] * 60, "safe": (["no"] * 20 + ["yes"] * 40) * 2})
    measure = {"type": "survey", "where": {"safe": {"in": ["no"]}}}
    asked = indicator(measure, source="survey", window={"kind": "wave"}, compare=[{"to": "previous_wave"}])
    for design, comparable in (("self_selected", False), ("probability", True)):
        known = definitions(asked, sources=[source("survey", "responses", sample_design=design, waves=waves)])
        deliveries = delivered(undated=["survey"])
        results = release(observed(known, {"survey": answers}, deliveries), known)
        (found,) = compare(results, known)
        assert found.comparable is comparable
        assert found.reference_value == pytest.approx(100 / 3)
        assert (found.reason == "self-selected sample") is not comparable
        assert (found.lower is None) is not comparable
