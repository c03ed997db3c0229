"""A small compressed file that would fill the disk."""

import gzip

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import HEADER, Drop


def test_gzip_bomb(drop: Drop) -> None:
    row = f"{GOOD}\n".encode()
    bomb = gzip.compress(HEADER.encode() + b"\n" + row * 2_000_000)
    assert stopped(drop, "crimes.csv.gz", bomb) == (
        "crimes.csv.gz: it unpacks to more than 250 times its size, which no extract does. "
        "Nothing was loaded: ask the supplier what it is."
    )
