"""A known record is refused in a later delivery: nobody took it back, so it stays, and that is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.ingest import known_at, warehouse
from tests.integration.faults.told import references
from tests.unit.ingest.drop import CRIMES, Drop, crimes

KNOWN = ("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1", "c,2024-01,Burglary,D1")
STAYS = "1 record is refused that came in an earlier delivery, and what that one says of it still counts"


def deliver(drop: Drop, *files: str) -> None:
    for number, content in enumerate(files, 1):
        drop.put(f"crimes_{number}.csv", content)
        drop.ingest(datetime(2024, 5, number, tzinfo=UTC))


def revisions(drop: Drop) -> list[tuple[Any, ...]]:
    found = drop.rows("SELECT delivery, kind, record FROM revisions ORDER BY ALL")
    return [tuple(row.values()) for row in found]


@pytest.mark.parametrize("refused", ["c,2024-13,Burglary,D1", "c,2024-01,Buglary,D1"])
def test_its_earlier_version_counts(drop: Drop, refused: str) -> None:
    deliver(drop, crimes(*KNOWN), crimes(*KNOWN[:2], refused))
    assert references(drop) == ["a", "b", "c"]
    assert revisions(drop) == []
    assert STAYS in drop.ingest().accounting[-1].notes


def test_two_that_contradict_each_other_are_no_removal(drop: Drop) -> None:
    drop.sources = {"crimes": CRIMES | {"conflicts": "quarantine"}}
    deliver(drop, crimes(*KNOWN), crimes(*KNOWN[:2], "c,2024-01,Robbery,D1", "c,2024-01,Burglary,D2"))
    assert references(drop) == ["a", "b", "c"]
    assert revisions(drop) == []


def test_once_it_can_be_read_it_is_unchanged_or_revised(drop: Drop) -> None:
    bad = crimes(KNOWN[0], "b,2024-13,Burglary,D1", "c,2024-13,Burglary,D1")
    deliver(drop, crimes(*KNOWN), bad, crimes(*KNOWN[:2], "c,2024-01,Robbery,D1"))
    assert revisions(drop) == [("crimes-0003", "reclassified", "c")]
    assert [one.unchanged for one in drop.ingest().accounting] == [0, 1, 2]
    known = known_at(drop.workspace, drop.definitions, drop.ingest(), "crimes-0002")
    with warehouse(drop.workspace, known) as store:
        assert store.count("crimes") == 3


def test_a_later_delivery_that_lacks_it_removes_it(drop: Drop) -> None:
    bad = crimes(*KNOWN[:2], "c,2024-13,Burglary,D1")
    deliver(drop, crimes(*KNOWN), bad, crimes(*KNOWN[:2], "d,2024-01,Burglary,D1"))
    assert references(drop) == ["a", "b", "d"]
    assert revisions(drop) == [("crimes-0003", "added", "d"), ("crimes-0003", "removed", "c")]


def test_part_of_its_key_is_what_is_wrong_with_it(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "offence": {"from": "Offence", "values": {"8N": "8N", "34B": "34B"}}}
    drop.sources = {"crimes": CRIMES | {"columns": columns, "key": ["crime_ref", "offence"]}}
    header = "Reference,Month,Category,District,Offence"

    def coded(*offences: str) -> str:
        lines = (f"{one[0]},2024-01,Robbery,D1,{one[1:]}" for one in offences)
        return "\n".join((header, *lines, ""))

    deliver(drop, coded("a8N", "a34B", "b8N", "c8N", "c34B"), coded("a8N", "a34X", "b8X", "c8X", "d8N"))
    found = drop.rows("SELECT crime_ref || offence AS record FROM crimes ORDER BY ALL")
    assert [row["record"] for row in found] == ["a34B", "a8N", "b8N", "d8N"]  # c8X may be either of two


def test_records_that_cannot_be_read_at_all_are_told_beside_those_that_went(drop: Drop) -> None:
    deliver(drop, crimes(*KNOWN), crimes(*KNOWN[:2], "c,2024-01,Burglary,D1,,x"))
    assert references(drop) == ["a", "b"]
    assert drop.ingest().accounting[-1].notes == (
        "1 of its records could not be read, and of the rows known before 1 is not among the others and no "
        "longer counts; look whether that is it",
    )
