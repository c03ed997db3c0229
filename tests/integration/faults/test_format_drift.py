"""Headers, dates, values and encodings that changed over the years: a format for each, by name or day."""

from datetime import UTC, datetime

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop, crimes

OLD = {
    "file": "*_old*.csv",
    "valid_until": "2024-05-31",
    "encoding": "cp1252",
    "delimiter": ";",
    "columns": {
        "crime_ref": "Crime No",
        "month": {"from": "Month", "date_format": "%m/%Y"},
        "category": {"from": "Type", "values": {"BURG": "Burglary", "ROBB": "Robbery"}},
    },
}
OLD_FILE = "Crime No;Month;Type;District\nä;01/2023;BURG;D1\nb;01/2023;FIRE;D1\n".encode("cp1252")


def test_format_drift(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "formats": [OLD]}}
    drop.put("crimes_old.csv", OLD_FILE)
    drop.put("crimes_new.csv", crimes("c,2024-01,Robbery,D1", "d,2024-01,FIRE,D1"))
    drop.ingest()
    rows = drop.rows("SELECT crime_ref, strftime(month, '%Y-%m'), category FROM crimes ORDER BY month")
    expected = [("ä", "2023-01", "Burglary"), ("c", "2024-01", "Robbery")]
    assert [tuple(row.values()) for row in rows] == expected
    assert quarantined(drop) == [
        "3: Category: not one of the 3 values declared for it",
        "3: Type: not one of the 2 values declared for it",
    ]


def test_format_that_is_no_longer_valid(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "formats": [OLD]}}
    drop.put("crimes_old.csv", OLD_FILE)
    with pytest.raises(ExtractError, match="byte 29 is not UTF-8"):
        drop.ingest(datetime(2024, 6, 1, tzinfo=UTC))


def test_header_of_a_grain_that_was_called_otherwise(drop: Drop) -> None:
    old = {"file": "*_old*", "headers": {"Victim Number": "Victim No"}}
    source = {**CRIMES, "grain": ["Victim Number"], "formats": [old]}
    drop.sources = {"crimes": source}
    drop.put("crimes_old.csv", f"{HEADER},Victim No\n{GOOD},1\n{GOOD},2\n")
    drop.put("crimes_new.csv", f"{HEADER},Victim Number\n{OTHER},1\n")
    assert sorted(a.loaded for a in drop.ingest().accounting) == [1, 2]


def test_format_of_a_column_that_there_is_not(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "formats": [{"columns": {"categroy": "Type"}}]}}
    drop.put("crimes.csv", crimes(GOOD))
    with pytest.raises(ExtractError, match="source crimes: `formats:` names categroy, which is not among"):
        drop.ingest()
