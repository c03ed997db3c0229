"""Dates after the day of receipt: a row whose month is one is refused, and no month's total moves."""

from datetime import UTC, datetime
from typing import Any

from tests.integration.faults.told import quarantined, references
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

RECEIVED = datetime(2024, 5, 31, 23, 30, tzinfo=UTC)  # it is 1 June where the file was received


def columns(**more: Any) -> dict[str, dict[str, Any]]:
    return {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], **more}}}


def test_a_month_that_has_not_come(drop: Drop) -> None:
    drop.put("crimes.csv", f"{HEADER}\na,2024-05,Burglary,D1\nb,2024-06,Burglary,D1\nc,2024-07,Burglary,D1\n")
    account = drop.account(RECEIVED)
    assert (account.read, account.loaded, account.quarantined) == (3, 2, 1)
    assert quarantined(drop) == ["4: Month: later than the day on which the file was received"]
    assert {m.month.month: m.rows for m in drop.ingest(RECEIVED).coverage.months if m.rows} == {5: 1, 6: 1}


def test_a_day_of_recording_that_has_not_come(drop: Drop) -> None:
    drop.sources = columns(recorded_on="Recorded", month={"month_of": "recorded_on"})
    rows = "a,2024-05,Burglary,D1,2024-06-01\nb,2024-05,Burglary,D1,2024-06-02\n"
    drop.put("crimes.csv", f"{HEADER},Recorded\n{rows}")
    drop.ingest(RECEIVED)
    assert references(drop) == ["a"]
    assert quarantined(drop) == ["3: Recorded: later than the day on which the file was received"]


def test_an_offence_committed_in_the_future_counts_and_is_told(drop: Drop) -> None:
    drop.sources = columns(committed_on="Committed")
    drop.put("crimes.csv", f"{HEADER},Committed\na,2024-05,Burglary,D1,2042-05-01\n")
    account = drop.account(RECEIVED)
    assert (account.loaded, account.quarantined) == (1, 0)
    told = ("Committed", "period", "later than the day on which the file was received", 1)
    assert told in account.flags


def test_each_file_is_held_to_its_own_day(drop: Drop) -> None:
    drop.put("crimes_1.csv", f"{HEADER}\na,2024-06,Burglary,D1\nz,2024-01,Burglary,D1\n")
    drop.put("crimes_2.csv", f"{HEADER}\nb,2024-06,Burglary,D1\n")
    drop.put(
        "received.csv",
        "file,received,supplier\ncrimes_1.csv,2024-05-01T09:00:00,\ncrimes_2.csv,2024-07-01T09:00:00,\n",
    )
    drop.ingest(datetime(2024, 7, 2, tzinfo=UTC))
    assert references(drop) == ["b", "z"]
