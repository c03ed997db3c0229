"""Any delivery's figures from the history of rows, against a warehouse made of the deliveries until then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import known_at, warehouse
from pipeline.model.delivery import Deliveries
from pipeline.store import Store
from tests.unit.ingest.drop import CATEGORIES, CRIMES, HEADER, Drop
from tests.unit.ingest.test_deliveries import GRAIN, GRAIN_HEADER

FIRST = datetime(2024, 5, 1, tzinfo=UTC)
MOST_DELIVERIES = 4
LAST = FIRST + timedelta(days=MOST_DELIVERIES)

RECORD = st.tuples(
    st.sampled_from(["a", "b", "c", ""]),
    st.sampled_from(["2024-01", "2024-02", "2024-13"]),
    st.sampled_from(CATEGORIES),
    st.sampled_from(["D1", "D2", ""]),
)
PERSON = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["2024-01", "2024-02"]),
    st.sampled_from(["D1", "D2"]),
    st.sampled_from(["8N", "34B"]),
    st.sampled_from(["1", "2", ""]),
    st.integers(20, 22).map(str),
    st.sampled_from(["1", "2", ""]),
)

ANSWER = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["2022-03-01", "2022-03-31", "2023-03-15", "2023-13-01"]),
    st.sampled_from(["Yes", "No"]),
)
SURVEY: dict[str, Any] = {
    "title": "Survey",
    "supplier": "Council",
    "files": ["crimes*"],
    "contract": "responses",
    "columns": {
        "respondent": "Id",
        "completed_on": "Day",
        "safe": "Safe",
        "district_code": {"constant": "D1"},
    },
    "waves": {
        "2021": {"start": "2021-01-01", "end": "2021-12-31"},
        "2022": {"start": "2022-01-01", "end": "2022-12-31"},
        "2023": {"start": "2023-01-01", "end": "2023-12-31"},
    },
}
FIGURE = st.tuples(
    st.sampled_from(["referred", "started", "tested"]),
    st.sampled_from(["2024-01-01,2024-03-31", "2024-04-01,2024-06-30", "2024-04-01,2024-13-30"]),
    st.sampled_from(["1", "2", "", "n/a"]),
)
RETURNS: dict[str, Any] = {
    "title": "Returns",
    "supplier": "Partner",
    "files": ["crimes*"],
    "contract": "returns",
    "columns": {
        "item": "Item",
        "area_code": {"constant": "D1"},
        "period_start": "From",
        "period_end": {"from": "To", "plus_days": 1},
        "value": "Value",
    },
}


def crime_file(rows: list[tuple[str, ...]]) -> str:
    return "\n".join([HEADER, *map(",".join, rows), ""])


def grain_file(rows: list[tuple[str, ...]]) -> str:
    lines = [f"{r[0]},{r[1]},Robbery,{r[2]},{r[3]},{r[4]},{r[5]},{r[6]},{r[5]}" for r in rows]
    return GRAIN_HEADER + "\n".join([*lines, ""])


def contents(store: Store) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Every table of rows, but when they were known, as sorted texts."""
    for table in ("crimes", "crimes_victims", "crimes_suspects", "quarantine"):
        names = [f'"{name}"' for name in store.columns(table) if name not in ("known_from", "known_to")]
        if names:
            rows = store.rows(f'SELECT {", ".join(names)} FROM "{table}"')
            yield table, sorted(tuple(map(str, row.values())) for row in rows)


def taken(drop: Drop, files: list[str]) -> Deliveries:
    """All files, each received a day after the one before."""
    lines = ["file,received,supplier"]
    for number, content in enumerate(files):
        drop.put(f"crimes_{number}.csv", content)
        lines.append(f"crimes_{number}.csv,{(FIRST + timedelta(days=number)).isoformat()},")
    drop.put("received.csv", "\n".join([*lines, ""]))
    return drop.ingest(LAST)


def agree(source: dict[str, Any], files: list[str]) -> None:
    with TemporaryDirectory() as folder:
        drop = Drop(Path(folder), {"crimes": source})
        deliveries = taken(drop, files)
        then = [
            known_at(drop.workspace, drop.definitions, deliveries, e.delivery) for e in deliveries.extracts
        ]
        seen = []
        for known in then:
            with warehouse(drop.workspace, known) as store:
                seen.append(dict(contents(store)))
        for known, tables in zip(then, seen, strict=True):
            rebuilt = drop.ingest(LAST, as_at=known.extracts[-1].received)
            with warehouse(drop.workspace, rebuilt) as store:
                assert tables == dict(contents(store))
            for name in ("extracts", "accounting", "coverage", "revisions", "revised_months"):
                assert getattr(known, name) == getattr(rebuilt, name), name


def distinct(rows: st.SearchStrategy[Any], anchor: tuple[str, ...]) -> st.SearchStrategy[list[Any]]:
    """Deliveries of a few rows, each with one row that is right, so that none is refused as a whole."""
    file = st.lists(rows, max_size=6).map(lambda found: [*found, anchor])
    return st.lists(file, min_size=2, max_size=MOST_DELIVERIES)


@pytest.mark.parametrize("redelivers", ["whole_months", "single_rows"])
@pytest.mark.parametrize("conflicts", ["keep_last", "quarantine"])
@settings(max_examples=10, deadline=None)
@given(files=distinct(RECORD, ("z", "2024-03", "Burglary", "D1")))
def test_crimes(redelivers: str, conflicts: str, files: list[list[tuple[str, ...]]]) -> None:
    agree({**CRIMES, "redelivers": redelivers, "conflicts": conflicts}, list(map(crime_file, files)))


@pytest.mark.parametrize("redelivers", ["whole_months", "single_rows"])
@settings(max_examples=10, deadline=None)
@given(files=distinct(PERSON, ("z", "2024-03", "D1", "8N", "1", "30", "1")))
def test_crimes_with_victims_and_suspects(redelivers: str, files: list[list[tuple[str, ...]]]) -> None:
    agree({**GRAIN, "redelivers": redelivers}, list(map(grain_file, files)))


@pytest.mark.parametrize("key", [["wave", "respondent"], []])
@given(files=distinct(ANSWER, ("z", "2021-03-01", "Yes")))
@settings(max_examples=15, deadline=None)
def test_answers(key: list[str], files: list[list[tuple[str, ...]]]) -> None:
    agree(SURVEY | {"key": key}, ["\n".join(["Id,Day,Safe", *map(",".join, rows), ""]) for rows in files])


@pytest.mark.parametrize("key", [["item", "area_code", "period_start", "period_end"], []])
@given(files=distinct(FIGURE, ("other", "2024-01-01,2024-03-31", "1")))
@settings(max_examples=15, deadline=None)
def test_returns(key: list[str], files: list[list[tuple[str, ...]]]) -> None:
    agree(
        RETURNS | {"key": key},
        ["\n".join(["Item,From,To,Value", *map(",".join, rows), ""]) for rows in files],
    )
