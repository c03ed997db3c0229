"""Windows: whole months, found from a last month; references of the same length and basis."""

from datetime import date

import pytest

from pipeline.compute.periods import (
    after,
    is_published,
    month_points,
    other_periods,
    period_ending,
    published_period,
    reference_period,
    wave_periods,
    windows,
)
from pipeline.definitions.indicator import Compare, Window
from pipeline.model.period import Period
from tests.small_partnership import indicator, source

COUNT = {"type": "count", "unit": "crimes"}


def window(kind: str, **more: object) -> Window:
    return Window.model_validate({"kind": kind, **more})


@pytest.mark.parametrize(
    ("kind", "last", "key", "basis"),
    [
        ("rolling", "2021-09", "2020-10/2021-09", "rolling_12"),
        ("year_ending", "2024-02", "2023-03/2024-02", "year_ending"),
        ("month", "2024-02", "2024-02/2024-02", "month"),
        ("financial_year", "2023-03", "2022-04/2023-03", "financial_year"),
        ("financial_year", "2023-02", "2021-04/2022-03", "financial_year"),
        ("financial_year", "2023-06", "2022-04/2023-03", "financial_year"),
        ("calendar_year", "2023-12", "2023-01/2023-12", "calendar_year"),
        ("calendar_year", "2023-11", "2022-01/2022-12", "calendar_year"),
        ("financial_quarter", "2023-06", "2023-04/2023-06", "financial_quarter"),
        ("calendar_quarter", "2023-05", "2023-01/2023-03", "calendar_quarter"),
        ("ytd", "2023-06", "2023-04/2023-06", "ytd"),
        ("ytd", "2023-04", "2023-04/2023-04", "ytd"),
        ("ytd", "2023-03", "2022-04/2023-03", "ytd"),
    ],
)
def test_the_latest_period_of_a_window(kind: str, last: str, key: str, basis: str) -> None:
    found = period_ending(window(kind), date.fromisoformat(f"{last}-01"))
    assert (found.key, found.basis) == (key, basis)


def test_a_rolling_window_has_the_length_it_is_given() -> None:
    found = period_ending(window("rolling", months=36), date(2023, 3, 1))
    assert (found.key, found.basis) == ("2020-04/2023-03", "rolling_36")


def test_waves_are_what_their_source_declares() -> None:
    survey = source(waves={"a": {"start": "2022-11-05", "end": "2023-01-31"}})
    assert wave_periods(survey)["a"].key == "2022-11/2023-01"
    with pytest.raises(ValueError, match="the periods of waves are those its source declares"):
        period_ending(window("wave"), date(2023, 1, 1))


YEAR = Period.ending(date(2023, 3, 1), 12, "rolling_12")
WAVES = tuple(Period(date(y, 1, 1), date(y, 2, 1), "wave") for y in (2020, 2021, 2023))


@pytest.mark.parametrize(
    ("compare", "key"),
    [
        ({"to": "previous_year"}, "2021-04/2022-03"),
        ({"to": "same_quarter_last_year"}, "2021-04/2022-03"),
        ({"to": "change_of", "of": "rest_of_force"}, "2021-04/2022-03"),
        ({"to": "period", "ending": "2020-03"}, "2019-04/2020-03"),
        ({"to": "baseline", "ending": "2019-12"}, "2019-01/2019-12"),
        ({"to": "rank", "of": "all"}, None),
        ({"to": "average", "of": "force"}, None),
        ({"to": "target"}, None),
    ],
)
def test_the_reference_of_a_comparator(compare: dict[str, str], key: str | None) -> None:
    found = reference_period(Compare.model_validate(compare), window("rolling"), YEAR)
    assert (found.key if found else None) == key
    assert found is None or (found.basis, found.length_months) == (YEAR.basis, YEAR.length_months)


def test_the_wave_before() -> None:
    compare = Compare(to="previous_wave")
    assert reference_period(compare, window("wave"), WAVES[2], WAVES) == WAVES[1]
    assert reference_period(compare, window("wave"), WAVES[0], WAVES) is None
    assert reference_period(Compare(to="previous_year"), window("wave"), WAVES[2], WAVES) is None


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("financial_year", "2021-22", "2021-04/2022-03"),
        ("rolling", "2021-22", "2021-04/2022-03"),
        ("rolling", "2022-09", "2021-10/2022-09"),
        ("rolling", "1999-00", "1999-04/2000-03"),
        ("rolling", "2022-19", None),
        ("rolling", "winter", None),
        ("wave", "2023-01", None),
    ],
)
def test_a_published_period(kind: str, text: str, key: str | None) -> None:
    found = published_period(window(kind), text)
    assert (found.key if found else None) == key


def test_windows_are_the_current_one_its_references_and_those_published() -> None:
    asked = indicator(
        COUNT,
        compare=[{"to": "previous_year"}],
        window={"kind": "rolling", "ending": "latest_complete", "also": ["2022-09", "2024-01"]},
        published=[
            {"period": "2021-22", "all": 1, "changes": {"all": 2.0}, "in": "a paper"},
            {"period": "2030-31", "all": 1, "in": "a prophecy"},
        ],
    )
    keys = [period.key for period in windows(asked, YEAR)]
    assert keys == ["2022-04/2023-03", "2021-10/2022-09", "2021-04/2022-03", "2020-04/2021-03"]


def test_an_explicit_window_may_have_later_ones_beside_it() -> None:
    asked = indicator(COUNT, window={"kind": "year_ending", "ending": "2024-12", "also": ["2025-06"]})
    current = period_ending(asked.window, date(2024, 12, 1))
    assert [period.key for period in other_periods(asked, current)] == ["2024-07/2025-06"]


def test_month_points_are_the_last_sixty() -> None:
    points = month_points(date(2010, 1, 1), date(2023, 3, 1))
    assert (len(points), points[0].key, points[-1].key) == (60, "2018-04/2018-04", "2023-03/2023-03")
    assert [p.key for p in month_points(date(2023, 2, 1), date(2023, 3, 1))] == [
        *("2023-02/2023-02", "2023-03/2023-03")
    ]
    assert month_points(None, date(2023, 3, 1)) == month_points(date(2023, 4, 1), date(2023, 3, 1)) == ()


@pytest.mark.parametrize(
    ("lag", "as_at", "published"),
    [
        ("0w", date(2023, 6, 29), False),
        ("0w", date(2023, 6, 30), True),  # the whole day of 30 June is over
        ("6w", date(2023, 8, 10), False),
        ("6w", date(2023, 8, 11), True),
        ("2m", date(2023, 8, 30), False),
        ("2m", date(2023, 8, 31), True),
    ],
)
def test_a_month_is_published_after_its_lag(lag: str, as_at: date, published: bool) -> None:
    assert is_published(date(2023, 6, 1), lag, as_at) is published


def test_a_lag_in_months_is_whole_months() -> None:
    assert after(date(2023, 12, 1), "3m") == date(2024, 3, 1)
