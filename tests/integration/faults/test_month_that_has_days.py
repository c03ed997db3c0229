"""The column of months holds days: each counts in its month, and no other day makes a month of its own."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.model.delivery import MonthState
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def dated(drop: Drop, month: dict[str, Any]) -> None:
    drop.sources = {"crimes": CRIMES | {"columns": {**CRIMES["columns"], "month": month}}}


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ({"from": "Month"}, ("2024-01-15", "2024-01-31", "2024-02-29")),
        ({"from": "Month", "date_format": "%d/%m/%Y"}, ("15/01/2024", "31/01/2024", "29/02/2024")),
        ({"from": "Month", "serial": 1900}, ("45306", "45322", "45351")),
        ({"from": "Month", "plus_days": 1}, ("2024-01-14", "2024-01-30", "2024-02-28")),
    ],
)
def test_a_day_counts_in_its_month(drop: Drop, month: dict[str, Any], days: tuple[str, ...]) -> None:
    dated(drop, month)
    drop.put("crimes.csv", crimes(*(f"{n},{day},Burglary,D1" for n, day in enumerate(days))))
    deliveries = drop.ingest()
    found = drop.rows("SELECT month, count(*) AS n FROM crimes GROUP BY month ORDER BY month")
    assert [tuple(row.values()) for row in found] == [(date(2024, 1, 1), 2), (date(2024, 2, 1), 1)]
    assert deliveries.coverage.state("crimes", "D1", date(2024, 1, 1)) is MonthState.DELIVERED


def test_a_later_delivery_without_that_day_covers_the_month(drop: Drop) -> None:
    dated(drop, {"from": "Month"})
    drop.put("crimes_1.csv", crimes("a,2024-01-31,Burglary,D1", "b,2024-01-30,Burglary,D1"))
    drop.ingest(datetime(2024, 5, 1, tzinfo=UTC))
    drop.put("crimes_2.csv", crimes("b,2024-01-30,Burglary,D1"))
    drop.ingest(datetime(2024, 5, 2, tzinfo=UTC))
    assert drop.rows("SELECT crime_ref FROM crimes") == [{"crime_ref": "b"}]
