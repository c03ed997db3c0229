"""Days of one crime in an order that cannot be: it counts in the month of its recording, and is told."""

from typing import Any

from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

RETURNS: dict[str, Any] = {
    "title": "Returns",
    "supplier": "Partners",
    "files": ["returns*"],
    "contract": "returns",
    "columns": {
        "item": "Item",
        "area_code": "Area",
        "period_start": "From",
        "period_end": {"from": "To", "plus_days": 1},
        "value": "Value",
    },
}


def test_recorded_before_committed(drop: Drop) -> None:
    more = {"recorded_on": "Recorded", "committed_on": "Committed", "month": {"month_of": "recorded_on"}}
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], **more, "outcome_on": "Outcome"}}}
    rows = (
        "a,2024-01,Burglary,D1,2024-01-31,2024-02-01,",
        "b,2024-01,Burglary,D1,2024-01-31,2024-01-31,2024-01-31",
        "c,2024-01,Burglary,D1,2024-02-01,,2024-01-31",
    )
    drop.put("crimes.csv", "\n".join((f"{HEADER},Recorded,Committed,Outcome", *rows)) + "\n")
    account = drop.account()
    assert (account.loaded, account.quarantined) == (3, 0)
    assert [flag for flag in account.flags if flag[1] == "order"] == [
        ("Recorded", "order", "before Committed", 1),
        ("Outcome", "order", "before Recorded", 1),
    ]
    found = drop.rows("SELECT line, \"column\" AS c FROM flagged WHERE rule = 'order' ORDER BY line")
    assert [(row["line"], row["c"]) for row in found] == [(2, "Recorded"), (4, "Outcome")]
    months = drop.rows("SELECT crime_ref AS r, month(month) AS m FROM crimes ORDER BY r")
    assert [(row["r"], row["m"]) for row in months] == [("a", 1), ("b", 1), ("c", 2)]


def test_hour_that_the_clocks_repeat_or_skip_stays_as_written(drop: Drop) -> None:
    more = {"committed_on": "Committed", "committed_hour": {"from": "Time", "time_format": "%H:%M"}}
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], **more}}}
    rows = "a,2023-10,Burglary,D1,2023-10-29,01:30\nb,2024-03,Burglary,D1,2024-03-31,01:30\n"
    drop.put("crimes.csv", f"{HEADER},Committed,Time\n{rows}")
    drop.ingest()
    found = drop.rows("SELECT committed_on AS d, committed_hour AS h FROM crimes ORDER BY crime_ref")
    assert [(str(row["d"]), row["h"]) for row in found] == [("2023-10-29", 1), ("2024-03-31", 1)]


def test_return_for_a_period_that_ends_before_it_starts(drop: Drop) -> None:
    drop.sources["returns"] = RETURNS
    drop.put("crimes.csv", f"{HEADER}\na,2024-01,Burglary,D1\n")
    rows = "X,D1,2024-01-01,2024-03-31,5\nX,D1,2024-04-01,2024-03-31,5\nX,D1,2024-04-01,2024-04-01,5\n"
    drop.put("returns.csv", f"Item,Area,From,To,Value\n{rows}")
    drop.ingest()
    assert quarantined(drop) == ["3: To: not after From"]
    assert drop.rows("SELECT count(*) AS n FROM returns") == [{"n": 2}]
