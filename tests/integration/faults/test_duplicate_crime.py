"""A crime twice in one file: alike it counts once, unlike by the declared rule, without a key both."""

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_duplicate_crime(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "conflicts": "quarantine"}}
    drop.put(
        "crimes.csv",
        crimes(GOOD, GOOD, OTHER, OTHER.replace("Robbery", "Burglary"), *[",2024-01,Robbery,D1"] * 2),
    )
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.identical, accounting.quarantined) == (6, 3, 1, 2)
    assert quarantined(drop) == [
        "4: crime_ref: the same record stands there with other values",
        "5: crime_ref: the same record stands there with other values",
    ]
