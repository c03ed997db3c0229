"""What a later delivery changed: told by kind, record by record, and kept so that it can be undone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.errors import ComputationError, UsageError
from pipeline.ingest import known_at, warehouse
from pipeline.model.delivery import AsAt, MonthState
from pipeline.model.revision import RevisedMonth, RevisionCount, RevisionKind
from tests.unit.ingest.drop import CRIMES, Drop, crimes
from tests.unit.ingest.test_deliveries import GRAIN, GRAIN_HEADER

CODED: dict[str, Any] = {
    **CRIMES,
    "columns": {**CRIMES["columns"], "offence": "Offence", "outcome": "Outcome"},
}
CODED_HEADER = "Reference,Month,Category,District,Offence,Outcome\n"
FIRST, SECOND = "crimes-0001", "crimes-0002"


def coded(*lines: str) -> str:
    return CODED_HEADER + "".join(f"{line}\n" for line in lines)


def deliver(drop: Drop, *files: str) -> None:
    """Take in the files, received on the first days of May, one a day."""
    for day, content in enumerate(files, 1):
        path = drop.put(f"crimes_{day}.csv", content)
        drop.ingest(datetime(2024, 5, day, tzinfo=UTC))
        path.unlink()


def told(drop: Drop) -> list[tuple[Any, ...]]:
    """Every change: delivery, kind, record, column, before, after."""
    names = 'delivery, kind, record, "column", before, after'
    return [tuple(row.values()) for row in drop.rows(f"SELECT {names} FROM revisions ORDER BY ALL")]


def references(drop: Drop, as_at: AsAt | None = None) -> list[str]:
    """The references of the crimes known then."""
    deliveries = known_at(drop.workspace, drop.definitions, drop.ingest(), as_at)
    with warehouse(drop.workspace, deliveries) as store:
        return [row["crime_ref"] for row in store.rows("SELECT crime_ref FROM crimes ORDER BY ALL")]


def test_each_kind_of_change_is_told_with_what_was_there_before(drop: Drop) -> None:
    drop.sources = {"crimes": CODED}
    deliver(
        drop,
        coded("same,2024-01,Burglary,D1,28E,A", "gone,2024-01,Burglary,D1,28E,A",
              "code,2024-01,Burglary,D1,28E,A", "place,2024-01,Burglary,D1,28E,A",
              "outcome,2024-01,Burglary,D1,28E,", "month,2024-01,Burglary,D1,28E,A"),
        coded("same,2024-01,Burglary,D1,28E,A", "new,2024-01,Burglary,D1,28E,A",
              "code,2024-01,Robbery,D1,34B,A", "place,2024-01,Burglary,D2,28E,A",
              "outcome,2024-01,Burglary,D1,28E,B", "month,2024-02,Burglary,D1,28E,A"),
    )  # fmt: skip
    assert told(drop) == [
        (SECOND, "added", "new", None, None, None),
        (SECOND, "changed", "month", "month", "2024-01-01", "2024-02-01"),
        (SECOND, "moved", "place", "district_code", "D1", "D2"),
        (SECOND, "outcome_changed", "outcome", "outcome", None, "B"),
        (SECOND, "reclassified", "code", "category", "Burglary", "Robbery"),
        (SECOND, "reclassified", "code", "offence", "28E", "34B"),
        (SECOND, "removed", "gone", None, None, None),
    ]
    counts = drop.ingest().revisions
    assert counts == tuple(RevisionCount(SECOND, "crimes", kind, 1, 0) for kind in sorted(RevisionKind))


def test_a_record_that_moved_revises_both_its_places(drop: Drop) -> None:
    deliver(
        drop,
        crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1", "c,2024-01,Burglary,D2"),
        crimes("a,2024-01,Burglary,D2", "b,2024-01,Burglary,D1", "c,2024-01,Burglary,D2"),
    )
    january = date(2024, 1, 1)
    assert set(drop.ingest().revised_months) == {
        RevisedMonth(SECOND, "crimes", january, "D1", ""),
        RevisedMonth(SECOND, "crimes", january, "D2", "district_code"),
    }


def test_a_first_delivery_revises_nothing(drop: Drop) -> None:
    deliver(drop, crimes("a,2024-01,Burglary,D1"), crimes("b,2024-02,Burglary,D1"))
    assert told(drop) == []
    assert drop.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%:closed'") == []


def test_a_record_that_stays_away_twice_and_returns_is_closed_once_and_reopened_once(drop: Drop) -> None:
    with_it = crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1")
    without = crimes("b,2024-01,Burglary,D1")
    deliver(drop, with_it, without, without + "\n", with_it + "\n")
    assert told(drop) == [
        (SECOND, "removed", "a", None, None, None),
        ("crimes-0004", "added", "a", None, None, None),
    ]
    closed = drop.rows('SELECT crime_ref, known_from, known_to FROM "crimes:closed"')
    assert [tuple(row.values()) for row in closed] == [("a", FIRST, SECOND)]
    now = drop.rows("SELECT crime_ref, known_from FROM crimes ORDER BY crime_ref")
    assert [tuple(row.values()) for row in now] == [("a", "crimes-0004"), ("b", FIRST)]
    for number, known in ((1, ["a", "b"]), (2, ["b"]), (3, ["b"]), (4, ["a", "b"])):
        assert references(drop, f"crimes-000{number}") == known


def test_rows_without_a_key_are_replaced_and_told_as_counts(drop: Drop) -> None:
    row, other = ",2024-01,Anti-social behaviour,D1", ",2024-01,Anti-social behaviour,D2"
    deliver(drop, crimes(row, row, row, other), crimes(row, row, other, other))
    names = "kind, record, district, before, after, rows"
    found = drop.rows(f"SELECT {names} FROM revisions ORDER BY ALL")
    assert [tuple(line.values()) for line in found] == [
        ("added", None, "D2", "1", "2", 1),
        ("removed", None, "D1", "3", "2", 1),
    ]
    assert len(references(drop, FIRST)) == 4


def test_rows_without_a_key_that_come_again_alike_are_no_revision(drop: Drop) -> None:
    row = ",2024-01,Anti-social behaviour,D1"
    deliver(drop, crimes(row, row), crimes(row, row, "a,2024-02,Burglary,D1"))
    assert told(drop) == []


def test_a_victim_that_goes_changes_the_crime_and_does_not_remove_it(drop: Drop) -> None:
    drop.sources = {"crimes": GRAIN}
    first, second = ("a,2024-01,Robbery,D1,34B,1,50,,\n", "a,2024-01,Robbery,D1,34B,2,60,,\n")
    deliver(drop, GRAIN_HEADER + first + second, GRAIN_HEADER + second)
    found = drop.rows("SELECT kind, record, part FROM revisions")
    assert [tuple(row.values()) for row in found] == [("changed", "a 34B", "Victim Number 1")]
    for known, age in ((FIRST, 50), (SECOND, 60)):
        deliveries = known_at(drop.workspace, drop.definitions, drop.ingest(), known)
        with warehouse(drop.workspace, deliveries) as store:
            assert store.rows("SELECT victim_age_years AS age FROM crimes") == [{"age": age}]


def test_a_reference_of_a_person_is_never_told(drop: Drop) -> None:
    drop.workspace.make_secret()
    person = {"from": "Offence", "hashed": True}
    columns = {**CRIMES["columns"], "victim_ref": person}
    drop.sources = {"crimes": {**CRIMES, "columns": columns, "ignored": ["Outcome"]}}
    deliver(drop, coded("a,2024-01,Burglary,D1,person-1,"), coded("a,2024-01,Burglary,D1,person-2,"))
    assert told(drop) == [(SECOND, "changed", "a", "victim_ref", None, None)]


def test_coverage_and_accounting_are_those_of_the_delivery(drop: Drop) -> None:
    deliver(
        drop,
        crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"),
        crimes("a,2024-01,Robbery,D1", "c,2024-02,Burglary,D1"),
    )
    now = drop.ingest()
    then = known_at(drop.workspace, drop.definitions, now, FIRST)
    february = date(2024, 2, 1)
    assert now.coverage.state("crimes", "D1", february) is MonthState.DELIVERED
    assert then.coverage.state("crimes", "D1", february) is MonthState.NOT_DELIVERED
    assert [a.superseded for a in now.accounting] == [2, 0]
    assert [a.superseded for a in then.accounting] == [0]
    assert then.warehouse_digest != now.warehouse_digest


@pytest.mark.parametrize(
    ("as_at", "known"),
    [
        (None, ["a", "b"]),
        (date(2024, 5, 1), ["a"]),
        (date(2024, 5, 2), ["a", "b"]),
        (datetime(2024, 5, 1, 23, 59, tzinfo=UTC), ["a"]),
        (datetime(2024, 5, 2, tzinfo=UTC), ["a", "b"]),
        (FIRST, ["a"]),
        (date(2024, 4, 1), ["a", "b"]),  # everything was collected afterwards: a day says nothing of it
    ],
)
def test_as_at_a_day_a_moment_or_a_delivery(drop: Drop, as_at: AsAt | None, known: list[str]) -> None:
    deliver(drop, crimes("a,2024-01,Burglary,D1"), crimes("b,2024-02,Burglary,D1"))
    assert references(drop, as_at) == known


def test_as_at_before_anything_was_known_says_when_the_first_came(drop: Drop) -> None:
    deliver(drop, crimes("a,2024-01,Burglary,D1"))
    with pytest.raises(ComputationError, match="its first, crimes-0001, came on 2024-05-01 00:00"):
        references(drop, datetime(2024, 4, 30, tzinfo=UTC))
    with pytest.raises(UsageError, match=r"no such delivery \(did you mean 'crimes-0001'\?\)"):
        references(drop, "crimes-0009")


def test_an_earlier_delivery_that_is_received_late_is_put_before(drop: Drop) -> None:
    drop.put("crimes_2.csv", crimes("a,2024-01,Robbery,D1"))
    drop.ingest(datetime(2024, 5, 2, tzinfo=UTC))
    early = drop.root / "early.csv"
    early.write_text(crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest(datetime(2024, 5, 1, tzinfo=UTC), only=("crimes", early))
    assert told(drop) == [
        (FIRST, "reclassified", "a", "category", "Burglary", "Robbery"),
        (FIRST, "removed", "b", None, None, None),
    ]
    assert references(drop, SECOND) == ["a", "b"]
