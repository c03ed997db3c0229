"""Accounting closes or does not; a month that did not come is a gap and never a zero."""

from datetime import date
from typing import Any

import pytest

from pipeline.model.delivery import Accounting, Coverage, MonthCoverage, MonthState, name_gaps
from pipeline.model.period import Period


def account(parts: dict[str, Any]) -> Accounting:
    return Accounting(delivery="crimes-0001", source="crimes", file_name="a.csv", **parts)


@pytest.mark.parametrize(
    ("parts", "closes"),
    [
        ({"read": 10, "loaded": 6, "unchanged": 1, "quarantined": 1, "identical": 1, "conflicting": 1}, True),
        ({"read": 10, "loaded": 9}, False),
        (
            {
                "read": 2,
                "loaded": 2,
                "physical_lines": 4,
                "header_lines": 1,
                "blank_lines": 1,
                "record_lines": 2,
            },
            True,
        ),
        (
            {
                "read": 2,
                "loaded": 2,
                "physical_lines": 5,
                "header_lines": 1,
                "blank_lines": 1,
                "record_lines": 2,
            },
            False,
        ),
    ],
)
def test_the_accounting_identity(parts: dict[str, int], closes: bool) -> None:
    assert account(parts).closes is closes


def coverage(states: dict[str, MonthState]) -> Coverage:
    months = (
        MonthCoverage("crimes", "E1", date.fromisoformat(f"{month}-01"), 100, state)
        for month, state in states.items()
    )
    return Coverage(tuple(months), undated=frozenset({"survey"}))


def test_gaps_are_named_with_what_they_are() -> None:
    known = coverage({"2024-08": MonthState.DELIVERED, "2024-10": MonthState.INCOMPLETE})
    quarter = Period.ending(date(2024, 10, 1), 3, "rolling_3")
    assert name_gaps(known.gaps("crimes", "E1", quarter)) == "2024-09 not delivered, 2024-10 incomplete"
    assert known.gaps("survey", "E1", quarter) == ()


def test_the_gaps_of_several_areas_are_each_month_once_at_its_worst() -> None:
    states = {
        ("E1", 8): MonthState.DELIVERED,
        ("E1", 9): MonthState.INCOMPLETE,
        ("E1", 10): MonthState.INCOMPLETE,
        ("E2", 8): MonthState.DELIVERED,
        ("E2", 10): MonthState.INCOMPLETE,
    }
    known = Coverage(
        tuple(
            MonthCoverage("crimes", area, date(2024, m, 1), 9, state) for (area, m), state in states.items()
        )
    )
    quarter = Period.ending(date(2024, 10, 1), 3, "rolling_3")
    for supply in ((("crimes", "E1"), ("crimes", "E2")), (("crimes", "E2"), ("crimes", "E1"))):
        found = known.gaps_of_all(supply, quarter)
        assert name_gaps(found) == "2024-09 not delivered, 2024-10 incomplete"
        assert known.gaps_of_all(supply, quarter) == found
    assert known.gaps_of_all((), quarter) == ()


def test_the_last_complete_month_is_whole_for_every_area_and_over_by_the_date() -> None:
    known = Coverage(
        tuple(
            MonthCoverage("crimes", area, date(2024, month, 1), 9, MonthState.DELIVERED)
            for area, last in (("E1", 5), ("E2", 4))
            for month in range(1, last + 1)
        )
    )
    assert known.last_complete_month("crimes", ("E1",), date(2024, 12, 1)) == date(2024, 5, 1)
    assert known.last_complete_month("crimes", ("E1", "E2"), date(2024, 12, 1)) == date(2024, 4, 1)
    assert known.last_complete_month("crimes", ("E1",), date(2024, 4, 1)) == date(2024, 3, 1)
    assert known.last_complete_month("crimes", ("E3",), date(2024, 4, 1)) is None
    assert known.first_month("crimes", "E2") == date(2024, 1, 1)
    assert known.first_month("crimes", "E3") is None
