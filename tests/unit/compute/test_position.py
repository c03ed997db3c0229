"""Where a partnership stands: averages, ranks and changes elsewhere, of small tables."""

from typing import Any

import pytest

from pipeline.model.delivery import MonthState
from pipeline.statistics import (
    compare_changes,
    compare_proportions,
    compare_rate_with_parent,
    rank_intervals,
    rate_ratio,
)
from tests.small_partnership import COUNT, compared, rows

RATE = {"type": "rate", "unit": "crimes per 1,000", "over": {"column": "residents"}}
PEOPLE = {"A": 1000.0, "B": 1000.0, "C": 2000.0}


def test_a_rank_has_its_range_and_names_who_is_missing() -> None:
    table = [*rows(100, 1), *rows(300, 1, "B"), *rows(210, 1, "C")]
    ranked = [{"to": "rank", "of": "all"}]
    (found,) = compared(table, RATE, population=PEOPLE, compare=ranked)
    expected = rank_intervals([100, 300, 210], [1000, 1000, 2000])[0]
    assert (found.reference_value, found.lower, found.upper) == (expected.rank, expected.best, expected.worst)
    assert (expected.rank, expected.worst) == (1, 2)
    assert (found.reference_label, found.reason) == ("among all three", "3 areas ranked, the lowest first")
    holes = {("B", "2022-05"): MonthState.NOT_DELIVERED}
    (found,) = compared(
        table, RATE, holes, PEOPLE, compare=ranked, window={"kind": "rolling", "ending": "2022-12"}
    )
    assert (found.comparable, found.reference_value) == (False, None)
    assert found.reason == "Beta: 2022-05 not delivered"


def test_an_average_is_the_pooled_figure() -> None:
    table = [*rows(100, 1), *rows(300, 1, "B"), *rows(200, 1, "C")]
    (found,) = compared(table, RATE, population=PEOPLE, compare=[{"to": "average", "of": "all"}])
    assert (found.reference_value, found.change) == (150, -50)
    assert found.change_percent == pytest.approx(-100 / 3)
    assert found.reference_label == "all three together, Alpha included"
    assert found.reference is not None
    together = found.reference
    assert (together.area.code, together.area.name) == ("all", "all three together")
    assert (together.numerator, together.denominator, together.value) == (600, 4000, 150)
    (count,) = compared(table, compare=[{"to": "average", "of": "all"}])
    assert count.reference_value == 200
    assert count.reference is not None
    assert count.reference.value == 600
    assert count.change_percent == pytest.approx(-50)
    holes = {("B", "2022-05"): MonthState.NOT_DELIVERED}
    year = {"kind": "rolling", "ending": "2022-12"}
    (found,) = compared(table, RATE, holes, PEOPLE, compare=[{"to": "average", "of": "all"}], window=year)
    assert (found.comparable, found.reference_value) == (False, None)
    assert found.reason == "Beta: 2022-05 not delivered"


@pytest.mark.parametrize(("measure", "whole"), [(RATE, (100, 1000, 600, 4000)), (COUNT, (100, 1, 600, 3))])
def test_a_rate_or_count_is_tested_against_the_rest_of_the_areas(
    measure: dict[str, Any], whole: tuple[float, float, float, float]
) -> None:
    table = [*rows(100, 1), *rows(300, 1, "B"), *rows(200, 1, "C")]
    (found,) = compared(table, measure, population=PEOPLE, compare=[{"to": "average", "of": "all"}])
    expected = compare_rate_with_parent(*whole)
    assert expected.percent == pytest.approx(found.change_percent)
    assert (found.lower, found.upper, found.p_value) == (expected.lower, expected.upper, expected.p_value)
    assert found.dispersion == 1
    assert found.reason.endswith("taken as 1; dispersion of all three together: 1.00")


def test_a_rate_beside_areas_without_it_is_their_plain_ratio() -> None:
    table = [*rows(100, 1), *rows(300, 1, "B"), *rows(200, 1, "C")]
    beside = [{"to": "average", "of": "rest_of_force"}]
    (found,) = compared(table, RATE, population=PEOPLE, compare=beside)
    expected = rate_ratio(100, 1000, 500, 3000)
    assert found.change_percent == pytest.approx(-40)
    assert expected.lower is not None
    assert expected.upper is not None
    assert found.lower == pytest.approx(100 * (expected.lower - 1))
    assert found.upper == pytest.approx(100 * (expected.upper - 1))
    assert found.p_value == expected.p_value


def test_a_rate_beside_areas_with_nothing_has_no_upper_limit() -> None:
    (found,) = compared(
        rows(9, 1), RATE, population=PEOPLE, compare=[{"to": "average", "of": "rest_of_force"}]
    )
    assert (found.reference_value, found.change_percent, found.upper) == (0, None, None)
    assert found.lower is not None


def test_a_count_beside_a_single_area_is_not_tested() -> None:
    table = [*rows(100, 1), *rows(300, 1, "B")]
    (found,) = compared(table, compare=[{"to": "average", "of": "force"}])
    assert (found.reference_value, found.lower, found.p_value) == (400, None, None)


@pytest.mark.parametrize("name", ["all", "rest_of_force"])
def test_a_share_is_tested_against_the_rest_of_the_areas_that_hold_it(name: str) -> None:
    table = [
        *rows(30, 1, offence="1"), *rows(70, 1, offence="2"),
        *rows(80, 1, "B", offence="1"), *rows(320, 1, "C", offence="2"),
    ]  # fmt: skip
    share = {"type": "share", "where": {"offence": {"in": ["1"]}}}
    (found,) = compared(table, share, compare=[{"to": "average", "of": name}])
    expected = compare_proportions(80, 400, 30, 100)
    assert found.reference_value == pytest.approx(22 if name == "all" else 20)
    assert found.change == pytest.approx(8 if name == "all" else 10)
    assert found.p_value == expected.p_value
    rest_of_the_whole = 0.8 if name == "all" else 1.0
    assert expected.lower is not None
    assert found.lower == pytest.approx(expected.lower * rest_of_the_whole)


def test_a_share_against_the_force_that_holds_it_is_tested() -> None:
    table = [
        *rows(116, 1, alcohol=True), *rows(884, 1, alcohol=False),
        *rows(944, 1, "B", alcohol=True), *rows(8056, 1, "B", alcohol=False),
    ]  # fmt: skip
    share = {"type": "share", "where": {"keyword": {"any_of": ["alcohol"]}}}
    (found,) = compared(table, share, compare=[{"to": "average", "of": "force"}])
    assert found.observation.value == pytest.approx(11.6)
    assert found.reference_value == pytest.approx(10.6)
    assert found.change == pytest.approx(1.0)
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower < 1.0 < found.upper
    assert found.p_value is not None
    assert found.reference is not None
    assert found.reference.area.code == "F"


def test_a_change_stands_beside_that_of_the_rest_of_the_force() -> None:
    table = [*rows(90, 120), *rows(110, 100, "B"), *rows(110, 100, "C"), *rows(1, 1, "X")]
    beside = [{"to": "change_of", "of": "rest_of_force"}]
    (found,) = compared(table, compare=beside)
    expected = compare_changes(120, 90, 200, 220)
    assert found.reference_label == "Rest of Force"
    assert found.reference_value == pytest.approx(10)
    assert found.change == pytest.approx(-25 - 10)
    assert found.change_percent == pytest.approx(100 * (0.75 / 1.1 - 1))
    assert (found.lower, found.upper, found.p_value) == (expected.lower, expected.upper, expected.p_value)
    assert found.reference is not None
    assert found.reference.value == 220
    assert found.reason.endswith("dispersion of Rest of Force: 1.00")
    holes = {("C", "2021-02"): MonthState.INCOMPLETE}
    (found,) = compared(table, compare=beside, holes=holes)
    assert (found.comparable, found.reference_value) == (False, None)
    assert found.reason == "Rest of Force: 2021-02 incomplete"


def test_changes_of_rates_are_set_beside_each_other_with_their_populations() -> None:
    table = [*rows(90, 120), *rows(110, 100, "B"), *rows(110, 100, "C")]
    beside = [{"to": "change_of", "of": "rest_of_force"}]
    (found,) = compared(table, RATE, population=PEOPLE, compare=beside)
    expected = compare_changes(120, 90, 200, 220)
    assert found.change == pytest.approx(-35)
    assert found.reference_value == pytest.approx(10)
    assert (found.lower, found.p_value) == (expected.lower, expected.p_value)


def test_changes_of_shares_are_set_beside_each_other_and_not_tested() -> None:
    table = [
        *rows(30, 20, offence="1"), *rows(70, 80, offence="2"),
        *rows(40, 25, "B", offence="1"), *rows(60, 75, "B", offence="2"),
    ]  # fmt: skip
    share = {"type": "share", "where": {"offence": {"in": ["1"]}}}
    (found,) = compared(table, share, compare=[{"to": "change_of", "of": "rest_of_force"}])
    assert found.reference_value == pytest.approx(15)
    assert found.change == pytest.approx(10 - 15)
    assert (found.change_percent, found.lower, found.upper, found.p_value) == (None, None, None, None)
    assert found.reason == "not tested"


def test_a_change_beside_areas_that_hold_it_is_not_tested() -> None:
    table = [*rows(90, 120), *rows(110, 100, "B"), *rows(110, 100, "C")]
    for name, together in (("all", "all three together"), ("force", "Force")):
        (found,) = compared(table, compare=[{"to": "change_of", "of": name}])
        assert found.reference_value == pytest.approx(100 * (310 / 320 - 1))
        assert (found.lower, found.p_value) == (None, None)
        assert found.reason.endswith(f"not tested, because {together} holds Alpha")


def test_no_change_in_per_cent_from_nothing_stands_beside_another() -> None:
    table = [*rows(9, 0), *rows(110, 100, "B")]
    (found,) = compared(table, compare=[{"to": "change_of", "of": "rest_of_force"}])
    assert (found.comparable, found.reference_value, found.change) == (False, None, None)
    assert found.reason == "there is no change in per cent from nothing"
