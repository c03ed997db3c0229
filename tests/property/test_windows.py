"""Windows: whole months of the right length, whatever the day; the latest one is what all areas have."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compute.periods import is_published, period_ending, reference_period
from pipeline.definitions.indicator import Compare, Window
from pipeline.model.delivery import MonthState
from pipeline.model.period import add_months
from tests.small_partnership import (
    COUNT,
    DISTRICTS,
    crimes,
    definitions,
    delivered,
    indicator,
    months,
    observed,
)

KINDS = {  # length in months, and the months in which such a window may end
    "rolling": (12, range(1, 13)),
    "year_ending": (12, range(1, 13)),
    "financial_year": (12, (3,)),
    "calendar_year": (12, (12,)),
    "financial_quarter": (3, (3, 6, 9, 12)),
    "calendar_quarter": (3, (3, 6, 9, 12)),
    "month": (1, range(1, 13)),
    "ytd": (None, range(1, 13)),
}
days = st.dates(date(1999, 1, 1), date(2101, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2000, 2, 29), date(2100, 2, 28), date(2023, 12, 31), date(2024, 3, 31)]
)


@pytest.mark.parametrize("kind", KINDS)
@given(day=days)
def test_a_window_is_the_last_of_its_kind_in_whole_months(kind: str, day: date) -> None:
    last = day.replace(day=1)
    found = period_ending(Window.model_validate({"kind": kind}), last)
    length, ends = KINDS[kind]
    assert found.last_month.month in ends
    assert found.last_month <= last
    later = [add_months(found.last_month, n) for n in range(1, 13)]
    assert not any(month <= last for month in later if month.month in ends)
    if length is None:  # a year to date begins in April
        assert found.start.month == 4
        assert found.length_months <= 12
    else:
        assert found.length_months == length
    assert (found.start.day, found.end.day) == (1, 1)
    assert (found.end - timedelta(days=1)).day == calendar.monthrange(
        found.last_month.year, found.last_month.month
    )[1]


@pytest.mark.parametrize("kind", KINDS)
@given(day=days)
def test_a_year_earlier_is_the_same_months_of_the_year(kind: str, day: date) -> None:
    window = Window.model_validate({"kind": kind})
    found = period_ending(window, day.replace(day=1))
    before = reference_period(Compare(to="previous_year"), window, found)
    assert before is not None
    assert (before.basis, before.length_months) == (found.basis, found.length_months)
    assert [m.month for m in before.months] == [m.month for m in found.months]
    assert before.end.year == found.end.year - 1


@given(day=days, weeks=st.integers(0, 30), whole=st.integers(0, 9))
def test_a_month_is_published_when_its_lag_has_passed(day: date, weeks: int, whole: int) -> None:
    month = day.replace(day=1)
    last_day = date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    ripe = last_day + timedelta(weeks=weeks)
    assert is_published(month, f"{weeks}w", ripe)
    assert not is_published(month, f"{weeks}w", ripe - timedelta(days=1))
    later = add_months(month, whole)
    end_of_later = date(later.year, later.month, calendar.monthrange(later.year, later.month)[1])
    assert is_published(month, f"{whole}m", end_of_later)
    assert not is_published(month, f"{whole}m", end_of_later - timedelta(days=1))


holes = st.dictionaries(
    st.tuples(st.sampled_from(DISTRICTS), st.sampled_from([f"{m:%Y-%m}" for m in months("2022-06")])),
    st.sampled_from([MonthState.NOT_DELIVERED, MonthState.INCOMPLETE]),
    max_size=9,
)


@given(holes=holes, lag=st.integers(0, 12), as_at=st.dates(date(2022, 11, 1), date(2023, 3, 31)))
def test_the_latest_complete_month_is_whole_everywhere_and_published(
    holes: dict[tuple[str, str], MonthState], lag: int, as_at: date
) -> None:
    asked = indicator(COUNT, areas=["partnership", "all"], lag={"publish": f"{lag}w"})
    found = observed(definitions(asked), {"crimes": crimes([])}, delivered(holes), as_at)
    current = max(o.period.last_month for o in found if o.period.basis == "rolling_12")
    over = [m for m in months() if add_months(m, 1) + timedelta(weeks=lag, days=-1) <= as_at]
    whole = [m for m in over if not any((district, f"{m:%Y-%m}") in holes for district in DISTRICTS)]
    assert current == max(whole)
    for o in found:
        missing = [f"{m:%Y-%m}" for m in o.period.months if (o.area.code, f"{m:%Y-%m}") in holes]
        if o.area.code in DISTRICTS and o.period.basis == "rolling_12" and o.period.start >= months()[0]:
            assert (o.value is None) == bool(missing)
            assert all(month in o.reason for month in missing)
