"""Columns that came empty in a month: found where they are otherwise filled and chance cannot do it."""

from datetime import date

import pytest

from pipeline.ingest.fields import Filled, doubtful_months
from pipeline.model.period import add_months

FIRST = date(2022, 1, 1)


def months(*counts: tuple[int, int]) -> dict[date, Filled]:
    return {add_months(FIRST, n): Filled(rows, filled) for n, (rows, filled) in enumerate(counts)}


def doubtful(*counts: tuple[int, int], maturing: bool = False) -> list[int]:
    """The numbers of the months found, from 0."""
    found = doubtful_months(months(*counts), maturing=maturing)
    return [(month.year - 2022) * 12 + month.month - 1 for month in found]


USUAL = (200, 180)


def test_a_month_without_a_value_is_found() -> None:
    assert doubtful(USUAL, USUAL, (200, 0), USUAL) == [2]


def test_a_column_that_is_always_empty_or_always_filled_is_not() -> None:
    assert doubtful(*[(200, 0)] * 6) == []
    assert doubtful(*[(200, 200)] * 6) == []


def test_a_column_that_began_late_is_found_empty_before() -> None:
    assert doubtful(*[(200, 0)] * 14, *[USUAL] * 3) == list(range(14))


@pytest.mark.parametrize(("rows", "found"), [(1000, [3]), (999, [])])
def test_so_rare_that_none_could_be_chance(rows: int, found: list[int]) -> None:
    # One in a hundred: ten are expected of a thousand rows.
    assert doubtful(*[(rows, rows // 100 or 1)] * 3, (rows, 0), (1000, 10), (1000, 10)) == found


@pytest.mark.parametrize(("filled", "found"), [(107, [2]), (108, [])])
def test_below_60_percent_of_what_the_nearest_months_let_expect_is_low(filled: int, found: list[int]) -> None:
    assert doubtful(USUAL, USUAL, (200, filled), USUAL, USUAL) == found


def test_few_rows_are_never_low() -> None:
    assert doubtful((100, 90), (100, 90), (100, 20), (100, 90)) == []


def test_an_outcome_that_has_not_come_yet_is_no_hole_but_one_in_between_is() -> None:
    assert doubtful(USUAL, USUAL, (200, 60), (200, 0), (200, 0), maturing=True) == []
    assert doubtful(USUAL, USUAL, (200, 0), USUAL, (200, 0), maturing=True) == [2]


def test_the_twelve_nearest_decide_not_those_of_long_ago() -> None:
    # It was filled always, then by half; the last month is usual for its time.
    assert 39 not in doubtful(*[(1000, 1000)] * 20, *[(1000, 500)] * 20)
