"""Fields: in which months a column that is otherwise filled came empty, for each source and area.

A row counts as filled where the column has a value. A month is compared with the twelve nearest ones in
which the column has any, so that one that was first collected in 2022 is found empty before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.definitions.source import Source
from pipeline.ingest.casting import quoted
from pipeline.model.delivery import FieldCoverage
from pipeline.statistics.neighbours import LOW_BELOW, usual
from pipeline.store import Rows, Store

TABLE = "field_coverage"
TYPES = {
    "source": "VARCHAR",
    "field": "VARCHAR",
    "area_code": "VARCHAR",
    "month": "DATE",
    "rows": "BIGINT",
    "filled": "BIGINT",
}
# So many filled rows must be expected before none, or few, can be no chance.
FEWEST_FOR_EMPTY, FEWEST_FOR_LOW = 10, 100
STRUCTURE = frozenset({"month", "quantity", "district_code", "known_from"})
MATURING = frozenset({"outcome", "outcome_on"})  # empty in the latest months because it has not come yet


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows of a month came, and how many of them have a value in a column."""

    rows: int
    filled: int


def count_fields(store: Store, source: Source) -> list[dict[str, Any]]:
    """A row for each column, area and month of a source: how many rows came, how many have a value.

    Of a column that several of its tables have, the main one is counted. Rows without a district are those
    of the area ''.
    """
    found: list[dict[str, Any]] = []
    counted: set[str] = set()
    for table in (source.id, *(f"{source.id}_{part}" for part in source.parts)):
        columns = store.columns(table)
        fields = [name for name in columns if name not in STRUCTURE | counted]
        if not fields or not {"month", "district_code"} <= columns.keys():
            continue
        counted.update(fields)
        counts = ", ".join(f"count({quoted(field)})" for field in fields)
        for row in store.rows(
            f"SELECT coalesce(district_code, '') AS area, month, count(*) AS n, [{counts}] AS filled "
            f"FROM {quoted(table)} GROUP BY ALL ORDER BY ALL"
        ):
            place = {"source": source.id, "area_code": row["area"], "month": row["month"], "rows": row["n"]}
            found += [
                place | {"field": field, "filled": filled}
                for field, filled in zip(fields, row["filled"], strict=True)
            ]
    return found


def write(store: Store, counts: Sequence[dict[str, Any]]) -> None:
    """The counts as a table of its own."""
    store.create(TABLE, Rows(TYPES, list(counts)))


def cover_fields(counts: Sequence[Mapping[str, Any]], areas: frozenset[str]) -> tuple[FieldCoverage, ...]:
    """The coverage of every column in the areas that are watched, in the order of the counts."""
    found: dict[tuple[str, str], dict[str, dict[date, Filled]]] = {}
    for row in counts:
        if row["area_code"] in areas:
            by_area = found.setdefault((row["source"], row["field"]), {})
            by_area.setdefault(row["area_code"], {})[row["month"]] = Filled(row["rows"], row["filled"])
    return tuple(_field(source, field, by_area) for (source, field), by_area in found.items())


def _field(source: str, field: str, by_area: Mapping[str, Mapping[date, Filled]]) -> FieldCoverage:
    every = [one for by_month in by_area.values() for one in by_month.values()]
    doubtful = [
        ((area, month), by_month[month].filled == 0)
        for area, by_month in by_area.items()
        for month in doubtful_months(by_month, maturing=field in MATURING)
    ]
    return FieldCoverage(
        source,
        field,
        sum(one.rows for one in every),
        sum(one.filled for one in every),
        tuple(place for place, empty in doubtful if empty),
        tuple(place for place, empty in doubtful if not empty),
    )


def doubtful_months(by_month: Mapping[date, Filled], *, maturing: bool = False) -> Iterator[date]:
    """The months in which far fewer rows have a value than those about them let expect, oldest first.

    Of a column that matures none is doubtful for a value that may still come: only those that are empty
    before one that is not.
    """
    shares = {month: one.filled / one.rows for month, one in by_month.items() if one.filled}
    highest = max(shares.values(), default=0.0)
    for month, one in sorted(by_month.items()):
        fewest = FEWEST_FOR_EMPTY if one.filled == 0 else FEWEST_FOR_LOW
        if one.rows * highest < fewest or one.filled >= LOW_BELOW * one.rows * highest:
            continue  # whatever the nearest months are
        if maturing and (one.filled or month > max(shares)):
            continue
        expected = one.rows * (usual(shares, month, fewest=1) or 0)
        if expected >= fewest and one.filled < LOW_BELOW * expected:
            yield month
