"""Dates that do not exist, or that could be read in two ways: never guessed."""

from datetime import UTC, datetime

import pytest

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

DATES = ("31/02/2024", "2024-13-01", "45322", "03/04/24", "2024", "1/2/2024 9:00")


@pytest.mark.parametrize("written", DATES)
def test_dates_that_are_none(drop: Drop, written: str) -> None:
    columns = {**CRIMES["columns"], "recorded_on": {"from": "Recorded", "date_format": "%d/%m/%Y"}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    drop.put("crimes.csv", f"{HEADER},Recorded\n{GOOD},03/04/2024\nc,2024-01,Burglary,D1,{written}\n")
    drop.ingest()
    reason = "before 1900 or after 2100" if written == "03/04/24" else "not a date written %d/%m/%Y"
    assert quarantined(drop) == [f"3: Recorded: {reason}"]
    assert [str(row["d"]) for row in drop.rows("SELECT recorded_on AS d FROM crimes")] == ["2024-04-03"]


def test_empty_date_is_not_recorded(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "recorded_on": {"from": "Recorded", "date_format": "%d/%m/%Y"}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    drop.put("crimes.csv", f"{HEADER},Recorded\n{GOOD},\n")
    assert drop.account().loaded == 1
    assert drop.rows("SELECT recorded_on AS d FROM crimes") == [{"d": None}]


@pytest.mark.parametrize(("epoch", "day"), [(1900, "2024-01-31"), (1904, "2028-02-01")])
def test_serial_date_where_it_is_declared(drop: Drop, epoch: int, day: str) -> None:
    columns = {**CRIMES["columns"], "recorded_on": {"from": "Recorded", "serial": epoch}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    rows = f"{GOOD},45322\nb,2024-01,Burglary,D1,45322.75\n{OTHER},x\n"
    drop.put("crimes.csv", f"{HEADER},Recorded\n{rows}")
    drop.ingest(datetime(2028, 3, 1, tzinfo=UTC))
    assert {str(row["d"]) for row in drop.rows("SELECT recorded_on AS d FROM crimes")} == {day}
    assert quarantined(drop) == [
        f"4: Recorded: neither a day's number counted from {epoch} nor a date written %Y-%m-%d"
    ]
