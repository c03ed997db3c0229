"""What is usual about a month."""

from datetime import date

import pytest

from pipeline.statistics.neighbours import usual

MARCH = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("by_month", "expected"),
    [
        ({1: 10, 2: 20}, None),
        ({1: 10, 2: 20, 4: 0}, None),
        ({1: 10, 2: 20, 4: 30}, 20),
        ({1: 10, 2: 20, 3: 99, 4: 40}, 20),
    ],
)
def test_it_takes_three_other_months_that_have_anything(
    by_month: dict[int, int], expected: float | None
) -> None:
    assert usual({date(2024, month, 1): value for month, value in by_month.items()}, MARCH) == expected


def test_it_is_of_the_nearest_year() -> None:
    far = {date(2010, month, 1): 1 for month in range(1, 13)}
    near = {date(2023, month, 1): 100 for month in range(1, 13)}
    assert usual(far | near, date(2024, 1, 1)) == 100


def test_of_two_as_near_the_earlier_counts() -> None:
    around = {date(2024, month, 1): 10 for month in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12)}
    earlier_and_later = {date(2023, 12, 1): 50, date(2025, 2, 1): 90}
    far_off = {date(2025, 1, 1): 70}
    found = usual(around | earlier_and_later | far_off, date(2024, 7, 1))
    assert found == 10
    assert usual({date(2023, 12, 1): 50, date(2024, 2, 1): 90}, date(2024, 1, 1), fewest=1) == 70


def test_it_may_ask_for_fewer() -> None:
    assert usual({date(2024, 1, 1): 0.5}, MARCH, fewest=1) == 0.5
    assert usual({MARCH: 0.5}, MARCH, fewest=1) is None
