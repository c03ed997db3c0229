"""Holding: which deliveries of a source hold which of its periods, asked of its mapped rows."""

from collections.abc import Collection

from pipeline.ingest.casting import quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.periods import PeriodId, Periods, periods_of
from pipeline.ingest.reading import MAPPED
from pipeline.ingest.redelivery import FEWEST_ROWS, Redelivered, redelivered
from pipeline.store import Rows, Store

COVERED = "JOIN covered c ON c.period = p.period AND c.place IS NOT DISTINCT FROM p.place"
"""Joins the deliveries that cover it to a row's period and place (`placed p`)."""


def hold(store: Store, mapping: Mapping, good: str, district: str, accepted: Collection[int]) -> Redelivered:
    """Make `placed` and `covered` where some period came in two deliveries; what each of them holds.

    `good` is true of mapped rows that may be loaded, `district` a SELECT of `row, district` for each. The
    rows without a key of a period that is not held whole are put to those `dropped`.
    """
    source, periods = mapping.source, periods_of(mapping)
    if source.redelivers != "whole_months" or periods is None:
        return Redelivered({}, ())
    came_twice = "GROUP BY period HAVING min(delivery) <> max(delivery)"
    each = f"SELECT {periods.period} AS period, m._delivery AS delivery FROM {MAPPED} m WHERE {good}"
    if store.fetch(f"SELECT period FROM ({each}) {came_twice}").num_rows == 0:
        return Redelivered({}, ())
    store.execute(
        "CREATE OR REPLACE TEMP TABLE placed AS SELECT m.rowid AS row, m._delivery AS delivery, "
        f"{periods.period} AS period, {periods.place} AS place "
        f"FROM {MAPPED} m JOIN ({district}) d ON d.row = m.rowid WHERE {good}"
    )
    counts = store.rows(
        "SELECT delivery, period, place, count(*) AS n FROM placed "
        f"WHERE period IN (SELECT period FROM placed {came_twice}) GROUP BY delivery, period, place"
    )
    cut = _cut(store, periods.day) if periods.day else set()
    rows = (tuple(row.values()) for row in counts)
    held = redelivered(rows, accepted, cut, few_are_whole=periods.few_are_whole)
    _cover(store, periods, held)
    if held.partial:
        keyed = " AND ".join(f"m.{quoted(name)} IS NOT NULL" for name in source.key)
        store.execute(
            "INSERT INTO dropped SELECT p.row, 'partial', NULL FROM placed p "
            f"{COVERED} JOIN {MAPPED} m ON m.rowid = p.row "
            f"WHERE NOT list_contains(c.deliveries, p.delivery) AND NOT ({keyed or 'false'})"
        )
    return held


def _cover(store: Store, periods: Periods, held: Redelivered) -> None:
    types = {"period": periods.type, "place": "VARCHAR", "deliveries": "INTEGER[]"}
    whole = [
        {"period": period, "place": place, "deliveries": list(deliveries)}
        for (period, place), deliveries in held.whole.items()
    ]
    store.create("holdings", Rows(types, whole), temporary=True)
    store.execute(
        "CREATE OR REPLACE TEMP TABLE covered AS "
        "SELECT *, list_min(deliveries) AS first, list_max(deliveries) AS last FROM holdings"
    )


def _cut(store: Store, day: str) -> set[tuple[int, PeriodId]]:
    """Deliveries and periods inside which they begin or end: earlier ones have other days of these."""
    found = store.rows(
        f"WITH days AS (SELECT p.delivery, p.period, m.{day} AS day, count(*) AS n FROM placed p "
        f"JOIN {MAPPED} m ON m.rowid = p.row WHERE m.{day} IS NOT NULL GROUP BY ALL), "
        "spans AS (SELECT delivery, min(day) AS first, max(day) AS last FROM days GROUP BY delivery), "
        "edges AS (SELECT DISTINCT delivery, period, first, last FROM days JOIN spans USING (delivery) "
        "WHERE day IN (first, last)) "
        "SELECT s.delivery, s.period FROM edges s JOIN days e ON e.delivery < s.delivery "
        "AND e.period = s.period WHERE e.day < s.first OR e.day > s.last "
        f"GROUP BY s.delivery, s.period HAVING sum(e.n) >= {FEWEST_ROWS}"
    )
    return {(row["delivery"], row["period"]) for row in found}
