"""Bytes of an older Windows in a file that should be UTF-8."""

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop, crimes


def test_cp1252_undeclared(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", crimes("café,2024-01,Burglary,D1").encode("cp1252")) == (
        "crimes.csv: byte 37 is not UTF-8. If the file comes from Excel or an older system, say "
        "`encoding: cp1252` (or utf-16) for its source in config/sources.yaml."
    )
