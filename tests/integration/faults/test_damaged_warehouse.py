"""The warehouse is damaged: it is made anew of what was received, or the analyst is told how."""

import pytest

from pipeline.store import QueryError, Store
from tests.integration.faults.told import references
from tests.unit.ingest.drop import Drop, crimes

MANY = [f"r{n},2024-01,Burglary,D1" for n in range(20_000)]


def test_garbage_in_its_place_is_made_anew(drop: Drop) -> None:
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    drop.workspace.warehouse.write_bytes(b"xx" * 5000)
    with pytest.raises(QueryError, match="damaged") as told, Store.reading(drop.workspace.warehouse):
        pass
    assert "run `assessment ingest`, which makes it anew" in str(told.value)
    drop.ingest()
    assert references(drop) == ["a"]


def test_a_damaged_block_is_told(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(*MANY))
    drop.ingest()
    content = bytearray(drop.workspace.warehouse.read_bytes())
    place = content.index(b"r19999")
    content[place] ^= 1
    drop.workspace.warehouse.write_bytes(content)
    with pytest.raises(QueryError, match="the warehouse is damaged"):
        references(drop)
