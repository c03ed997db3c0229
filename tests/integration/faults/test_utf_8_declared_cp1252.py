"""A supplier who moved to UTF-8 without saying: read as before, every accent would be garbled."""

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_utf_8_declared_cp1252(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "encoding": "cp1252"}}
    assert stopped(drop, "crimes.csv", crimes("café,2024-01,Burglary,D1")) == (
        "crimes.csv: it is UTF-8, and config/sources.yaml declares cp1252, which would garble it. Take "
        "`encoding:` out of its source, or give this file a format of its own under `formats:`."
    )


def test_byte_that_cp1252_does_not_have(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "encoding": "cp1252"}}
    content = crimes("caf?,2024-01,Burglary,D1").encode().replace(b"?", b"\x81")
    assert stopped(drop, "crimes.csv", content) == (
        "crimes.csv: byte 37 is not cp1252, which config/sources.yaml declares"
    )
