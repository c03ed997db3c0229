"""UTF-16, as spreadsheets call Unicode text."""

from tests.integration.faults.told import GOOD, references, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_undeclared_utf_16(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", crimes(GOOD).encode("utf-16")) == (
        "crimes.csv: it looks like UTF-16. Declare `encoding: utf-16` for its source in config/sources.yaml."
    )


def test_declared_utf_16(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "encoding": "utf-16"}}
    drop.put("crimes.csv", crimes("café,2024-01,Burglary,D1").encode("utf-16"))
    drop.ingest()
    assert references(drop) == ["café"]
