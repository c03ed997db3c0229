"""Months that were not delivered, or not whole."""

from datetime import date

import pytest

from pipeline.ingest.coverage import month_state
from pipeline.model.delivery import MonthState
from pipeline.model.period import add_months
from tests.unit.ingest.drop import CRIMES, Drop, crimes

FIRST = date(2023, 1, 1)


def months(*rows: int) -> dict[date, int]:
    return {add_months(FIRST, n): count for n, count in enumerate(rows) if count}


@pytest.mark.parametrize(
    ("rows", "state"),
    [(60, MonthState.DELIVERED), (59, MonthState.INCOMPLETE), (0, MonthState.NOT_DELIVERED)],
)
def test_month_is_incomplete_below_60_percent_of_the_median_of_its_twelve_nearest(
    rows: int, state: MonthState
) -> None:
    # The month in the middle; the twelve nearest have a median of 100, the months beyond one of 1,000.
    near = [100] * 4 + [10, 190]
    by_month = months(*[1000] * 9, *near, rows, *near, *[1000] * 9)
    assert month_state(by_month, add_months(FIRST, 15)) is state


def test_month_without_rows_is_no_neighbour() -> None:
    assert month_state(months(100, 0, 0, 100, 59, 0, 100), add_months(FIRST, 4)) is MonthState.INCOMPLETE


def test_too_few_months_to_judge() -> None:
    assert month_state(months(100, 100, 10), add_months(FIRST, 2)) is MonthState.DELIVERED


def test_areas_months_and_the_force(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "accepted": [
        {"file": "crimes.csv", "by": "A. Analyst", "on": "2024-05-01", "reason": "no more will come"}
    ]}}  # fmt: skip
    lines = [f",2024-0{m},Burglary,D1" for m in range(1, 7)]
    lines += [f",2024-0{m},Burglary,D2" for m in (1, 2, 4, 5, 6)]
    lines += [",2024-01,Burglary,", ",2024-01,Burglary,OUTSIDE"]
    drop.put("crimes.csv", crimes(*lines))
    deliveries = drop.ingest()
    coverage = deliveries.coverage
    march = date(2024, 3, 1)
    assert {m.area_code for m in coverage.months} == {"D1", "D2", "F1"}
    assert coverage.state("crimes", "D1", march) is MonthState.DELIVERED
    assert coverage.state("crimes", "D2", march) is MonthState.NOT_DELIVERED
    assert coverage.state("crimes", "F1", march) is MonthState.INCOMPLETE
    notes = {m.area_code: m.note for m in coverage.months if m.month == march}
    assert notes == {
        "D1": "",
        "D2": "accepted by A. Analyst on 2024-05-01: no more will come",
        "F1": "not whole in D2; accepted by A. Analyst on 2024-05-01: no more will come",
    }
    force = {m.month: m.rows for m in coverage.months if m.area_code == "F1"}
    assert force[date(2024, 1, 1)] == 4
    (accounting,) = deliveries.accounting
    assert (accounting.without_place, accounting.outside) == (1, (("OUTSIDE", 1),))


def test_month_known_to_be_incomplete_is_held_as_such_in_the_areas_named(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "incomplete": [
        {"months": ["2024-03"], "areas": ["D2"], "by": "A. Analyst", "on": "2024-04-01", "reason": "one week"}
    ]}}  # fmt: skip
    months = [f"2024-0{m}" for m in range(1, 7)]
    drop.put("crimes.csv", crimes(*[f",{m},Burglary,{area}" for m in months for area in ("D1", "D2")]))
    coverage = drop.ingest().coverage
    gaps = {(m.area_code, m.month.month): m.note for m in coverage.months if m.state is MonthState.INCOMPLETE}
    assert gaps == {
        ("D2", 3): "known to be incomplete, A. Analyst on 2024-04-01: one week",
        ("F1", 3): "not whole in D2",
    }


def test_source_that_need_not_deliver_every_month_has_no_gaps(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "every_month": False}}
    drop.put("crimes.csv", crimes(",2024-01,Burglary,D1", ",2024-03,Burglary,D1"))
    coverage = drop.ingest().coverage
    assert coverage.months == ()
    assert coverage.undated == {"crimes"}
