"""Packed files that end in zeros, as tapes pad them; files packed twice."""

import gzip

import pytest

from tests.integration.faults.told import GOOD, OTHER, references, stopped
from tests.unit.ingest.drop import Drop, crimes

TEXT = crimes(GOOD, OTHER).encode()


def test_zeros_at_the_end_are_padding(drop: Drop) -> None:
    drop.put("crimes.csv.gz", gzip.compress(TEXT) + b"\0" * 512)
    drop.ingest()
    assert references(drop) == ["a", "b"]


@pytest.mark.parametrize(
    ("inner", "kind"),
    [(gzip.compress(TEXT, mtime=0), "a gzip file"), (b"PK\3\4" + b"x" * 99, "a zip archive or a workbook")],
    ids=["gzip", "zip"],
)
def test_packed_twice_is_told(drop: Drop, inner: bytes, kind: str) -> None:
    told = stopped(drop, "crimes.csv.gz", gzip.compress(inner))
    assert told == f"crimes.csv.gz: it is {kind} packed once more as gzip; unpack it and drop that"
