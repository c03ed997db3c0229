"""A second delivery of a table with neither a key nor periods: refused, with what to declare."""

from datetime import UTC, datetime

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop, crimes


def test_nothing_tells_its_rows_apart(drop: Drop) -> None:
    drop.sources["places"] = {
        "title": "Places",
        "supplier": "ONS",
        "files": ["places*"],
        "contract": "geography",
        "columns": {"lsoa_code": "LSOA", "district_code": "District"},
    }
    drop.put("crimes_0_before.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("places_1.csv", "LSOA,District\nE01000001,D1\n")
    drop.ingest(datetime(2024, 4, 1, tzinfo=UTC))
    assert stopped(drop, "places_2.csv", "LSOA,District\nE01000001,D1\nE01000002,D2\n") == (
        "places_2.csv: places has places_1.csv already, and nothing tells the rows of the one from those of "
        "the other, so they would all count. Next: say `key:` for places in config/sources.yaml, with the "
        "columns that tell its rows apart; or, if it has only further rows, `redelivers: single_rows`."
    )
