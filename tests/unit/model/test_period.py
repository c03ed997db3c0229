"""Periods: whole months, a basis each, safe in leap years and at the turn of the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.period import Period, add_months, format_month, month_of, parse_month

MONTHS = st.builds(date, st.integers(1990, 2090), st.integers(1, 12), st.just(1))


@pytest.mark.parametrize(
    ("period", "label", "key"),
    [
        (Period.month(date(2024, 2, 1)), "February 2024", "2024-02/2024-02"),
        (Period.ending(date(2021, 9, 1), 12, "rolling_12"), "year to September 2021", "2020-10/2021-09"),
        (Period.ending(date(2022, 3, 1), 12, "financial_year"), "2021-22", "2021-04/2022-03"),
        (Period.ending(date(2000, 3, 1), 12, "financial_year"), "1999-00", "1999-04/2000-03"),
        (Period.ending(date(2023, 12, 1), 12, "calendar_year"), "2023", "2023-01/2023-12"),
        (
            Period.ending(date(2023, 6, 1), 3, "financial_quarter"),
            "April 2023 to June 2023",
            "2023-04/2023-06",
        ),
        (Period.ending(date(2023, 1, 1), 3, "wave"), "November 2022 to January 2023", "2022-11/2023-01"),
    ],
)
def test_a_period_is_named_as_readers_and_programs_name_it(period: Period, label: str, key: str) -> None:
    assert period.label == label
    assert period.key == key


def test_the_end_is_exclusive() -> None:
    year = Period.ending(date(2024, 2, 1), 12, "rolling_12")
    assert year.contains(date(2024, 2, 29))
    assert not year.contains(date(2024, 3, 1))
    assert not year.contains(date(2023, 2, 28))


@pytest.mark.parametrize(("start", "end"), [((2024, 1, 2), (2024, 2, 1)), ((2024, 1, 1), (2024, 1, 1))])
def test_a_period_that_is_not_whole_months_cannot_exist(
    start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    with pytest.raises(ValueError, match="whole months"):
        Period(date(*start), date(*end), "month")


@given(MONTHS, st.integers(-600, 600))
def test_adding_months_and_taking_them_away_comes_back(month: date, months: int) -> None:
    assert add_months(add_months(month, months), -months) == month


@given(MONTHS, st.integers(1, 60), st.integers(-240, 240))
def test_a_shifted_period_keeps_its_length_and_basis(month: date, length: int, shift: int) -> None:
    period = Period.ending(month, length, "rolling_12")
    moved = period.shifted(shift)
    assert (moved.length_months, moved.basis) == (length, "rolling_12")
    assert len(moved.months) == length
    assert moved.last_month == add_months(month, shift)


@given(MONTHS)
def test_a_month_reads_back_as_written(month: date) -> None:
    assert parse_month(format_month(month)) == month
    assert month_of(month.replace(day=28)) == month


@pytest.mark.parametrize("text", ["2021", "2021-9", "2021-13", "09-2021", "2021-09-01", ""])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        parse_month(text)
