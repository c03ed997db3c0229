"""A compressed file that ends before its end."""

import gzip

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import Drop, crimes


def test_truncated_gzip(drop: Drop) -> None:
    many = crimes(*(f"{n},2024-01,Burglary,D1" for n in range(99)))
    assert stopped(drop, "crimes.csv.gz", gzip.compress(many.encode())[:-20]) == (
        "crimes.csv.gz: the compressed file is cut short; ask for it again"
    )
