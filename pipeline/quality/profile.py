"""Profiles: what a delivery holds, as a few counts. No row and no value of a person is in one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.definitions.expectations import Suite, period_column
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source, places_table
from pipeline.store import Store

DELIVERY = "_delivery"
NOT_RECORDED = "not recorded"
OTHER = "other values"
FEWEST_NAMED = 8  # a value in fewer rows may be a slipped cell, and is not named


@dataclass(frozen=True, slots=True)
class Staged:
    """Where the mapped rows of a source's deliveries are, before they are loaded.

    `relation` has a row for each record with `_delivery`, its number, and the curated columns; `good` is
    the SQL that is true of rows that break no rule, `counted` of rows that are records of the source.
    """

    relation: str
    counted: str
    good: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One delivery as counts.

    `records` are those read, `faulty` those of them that break a row rule, `stated` is how many the
    supplier says there are (None where nothing is said). `months` has the rows of each month and area;
    `recorded` the rows with a value, by column; `values` the rows of each value, by column; `unlisted`
    the rows with a code in no list, by column. All but `records` and `faulty` are of faultless rows.
    """

    delivery: str
    supplier: str
    records: int
    faulty: int
    rows: int
    periods: int
    stated: int | None = None
    months: tuple[tuple[date, str, int], ...] = ()
    recorded: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]
    unlisted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery to profile: its number among the mapped rows, and what is known beside them.

    `lost` are records that could not even be mapped.
    """

    number: int
    delivery: str
    supplier: str
    lost: int
    stated: int | None


def profiles(
    store: Store, definitions: Definitions, source: Source, staged: Staged, deliveries: Sequence[Delivered]
) -> list[Profile]:
    """A profile of each delivery, in their order, by the columns that the source's suite names."""
    suite = definitions.suites[source.id]
    totals = _totals(store, source, suite, staged, definitions)
    months = _months(store, source, staged) if suite.months else {}
    values = {column: _values(store, column, staged) for column in suite.shares}
    found = []
    for one in deliveries:
        total = totals.get(one.number, defaultdict(int))
        found.append(
            Profile(
                delivery=one.delivery,
                supplier=one.supplier,
                records=total["records"] + one.lost,
                faulty=total["records"] - total["rows"] + one.lost,
                rows=total["rows"],
                periods=total["periods"],
                stated=one.stated,
                months=tuple(months.get(one.number, ())),
                recorded={column: total[f"recorded:{column}"] for column in suite.complete},
                values={column: values[column].get(one.number, {}) for column in suite.shares},
                unlisted={column: total[f"unlisted:{column}"] for column in suite.codes},
            )
        )
    return found


def _totals(
    store: Store, source: Source, suite: Suite, staged: Staged, definitions: Definitions
) -> dict[int, dict[str, Any]]:
    """One pass over the rows for everything that is one number."""
    period = period_column(source)
    good = f"FILTER (WHERE {staged.good})"
    sums = [
        "count(*) AS records",
        f"count(*) {good} AS rows",
        f"count(DISTINCT {period}) {good} AS periods" if period else "0 AS periods",
    ]
    sums += [f'count("{column}") {good} AS "recorded:{column}"' for column in suite.complete]
    params: list[object] = []
    for column, codes in suite.codes.items():
        listed = sorted({code for name in codes.lists for code in definitions.codelists[name]})
        params.append(listed)
        unlisted = f'NOT list_contains(${len(params)}, CAST("{column}" AS VARCHAR))'
        sums.append(f'count(*) FILTER (WHERE {staged.good} AND {unlisted}) AS "unlisted:{column}"')
    sql = (
        f"SELECT {DELIVERY} AS number, {', '.join(sums)} FROM {staged.relation} "
        f"WHERE {staged.counted} GROUP BY {DELIVERY}"
    )
    return {row["number"]: row for row in store.rows(sql, params)}


def _months(store: Store, source: Source, staged: Staged) -> dict[int, list[tuple[date, str, int]]]:
    """Rows by month and district; a row without a district counts in no area."""
    district = '"district_code"' if "district_code" in source.columns else "NULL"
    placed = ""
    places = store.columns(places_table(source.geography)) if source.geography else {}
    if source.geography and "district_code" in places and "lsoa_code" in source.columns:
        placed = f' LEFT JOIN "{places_table(source.geography)}" g ON g.lsoa_code = m.lsoa_code'
        own = 'm."district_code"' if "district_code" in source.columns else "NULL"
        district = f"coalesce({own}, g.district_code)"
    sql = (
        f"SELECT {DELIVERY} AS number, month, coalesce({district}, '') AS area, count(*) AS n "
        f"FROM {staged.relation} m{placed} WHERE {staged.good} GROUP BY ALL ORDER BY ALL"
    )
    found: dict[int, list[tuple[date, str, int]]] = {}
    for row in store.rows(sql):
        found.setdefault(row["number"], []).append((row["month"], row["area"], row["n"]))
    return found


def _values(store: Store, column: str, staged: Staged) -> dict[int, dict[str, int]]:
    """Rows by value; values that are rare in every delivery go together, unnamed."""
    value = f"""coalesce(CAST("{column}" AS VARCHAR), '{NOT_RECORDED}')"""
    sql = (
        f"WITH counted AS (SELECT {DELIVERY} AS number, {value} AS value, count(*) AS n "
        f"FROM {staged.relation} WHERE {staged.good} GROUP BY ALL), "
        "named AS (SELECT *, max(n) OVER (PARTITION BY value) AS most FROM counted) "
        f"SELECT number, CASE WHEN most < {FEWEST_NAMED} AND value <> '{NOT_RECORDED}' "
        f"THEN '{OTHER}' ELSE value END AS value, sum(n)::BIGINT AS n FROM named GROUP BY ALL ORDER BY ALL"
    )
    found: dict[int, dict[str, int]] = {}
    for row in store.rows(sql):
        found.setdefault(row["number"], {})[row["value"]] = row["n"]
    return found
