"""Ages nobody can have: refused, or not recorded, as the source declares; "not recorded" is counted."""

from typing import Any

import pytest

from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

AGES = ("-1", "999", "U25", "17.5", "121")
GOOD_AGES = ("0", "120", "")


def declare(drop: Drop, **more: Any) -> None:
    columns = {**CRIMES["columns"], "victim_age_years": {"from": "Age", **more}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    rows = (f"c{n},2024-01,Burglary,D1,{age}" for n, age in enumerate((*GOOD_AGES, *AGES)))
    drop.put("crimes.csv", "\n".join((f"{HEADER},Age", *rows)) + "\n")


def ages(drop: Drop) -> list[int | None]:
    return [row["a"] for row in drop.rows("SELECT victim_age_years AS a FROM crimes ORDER BY crime_ref")]


def test_an_impossible_age_is_quarantined_by_default(drop: Drop) -> None:
    declare(drop)
    account = drop.account()
    assert (account.read, account.loaded, account.quarantined) == (8, 3, 5)
    assert ages(drop) == [0, 120, None]
    assert quarantined(drop) == [
        "5: Age: not between 0 and 120",
        "6: Age: not between 0 and 120",
        "7: Age: not a whole number",
        "8: Age: not a whole number",
        "9: Age: not between 0 and 120",
    ]


def test_where_it_is_declared_an_impossible_age_is_not_recorded_and_its_crime_counts(drop: Drop) -> None:
    declare(drop, invalid="not_recorded")
    account = drop.account()
    assert (account.read, account.loaded, account.quarantined) == (8, 8, 0)
    assert ages(drop) == [0, 120, None, None, None, None, None, None]
    told = "not a whole number, or not between 0 and 120; read as not recorded"
    assert account.flags[-1] == ("Age", "value", told, 5)
    lines = [row["line"] for row in drop.rows("SELECT line FROM flagged WHERE rule = 'value' ORDER BY line")]
    assert lines == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(("bounds", "kept"), [({"most": 130}, 4), ({"least": 10}, 2)])
def test_a_source_may_know_its_range_better(drop: Drop, bounds: dict[str, int], kept: int) -> None:
    declare(drop, **bounds)
    assert drop.account().loaded == kept
