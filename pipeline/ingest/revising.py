"""Which mapped rows count: quarantine, duplicates within a file, revisions between deliveries.

`settle` leaves a temporary table `dropped` with one row for each mapped row that is not current:

    aside        it is no record of the source
    quarantined  it breaks a row rule
    conflict     the same record, different, in the same file, and the source quarantines both
    identical    the same record, alike, stands in the same file
    conflicting  the same record, different, in the same file, and another one is preferred
    partial      it has no key, and its delivery does not hold its month whole (see `redelivery`)
    unchanged    the same record, alike, came in an earlier delivery and is still current
    superseded   a later delivery revised the record, or covers its month and lacks it

The last two rest on two facts: in which delivery a record was last seen, and which deliveries
cover its month and district. Those are what validity intervals are made of: a superseded row is known
from its own delivery to `known_to`, the number of the first one that revised or lacked it.
"""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise

from pipeline.ingest.casting import quoted, text_of
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED, RefusedError
from pipeline.ingest.redelivery import FEWEST_ROWS, Partial, redelivered
from pipeline.model.delivery import Extract
from pipeline.model.period import format_month
from pipeline.store import Rows, Store


def settle(store: Store, mapping: Mapping, district: str, accepted: Collection[int]) -> tuple[Partial, ...]:
    """Make `dropped`; the months that deliveries have rows of and do not hold whole.

    `district` is a SELECT of `row, district` for every mapped row, `accepted` the numbers of deliveries
    that a person took as they are.
    """
    forget(store)  # what an attempt left that was refused
    settling = _Settling(store, mapping)
    settling.refuse()
    if mapping.source.conflicts == "add_up":
        settling.add_up()
    covered, partial = settling.cover_months(district, accepted)
    again = settling.cover_crimes() if mapping.source.grain else False
    if mapping.source.key:
        settling.compare_repeated(covered, again)
    settling.close(covered, again)
    return partial


def check_order(store: Store, extracts: Sequence[Extract], new: Collection[str]) -> None:
    """Raise RefusedError where two new deliveries hold the same month and came at the same moment.

    Nothing says then which of the two is right. To be asked between `settle` and `forget`.
    """
    if not store.columns("covered"):
        return
    refused: dict[str, str] = {}
    for row in store.rows("SELECT month, district, deliveries FROM covered ORDER BY month, district"):
        for pair in pairwise(extracts[number] for number in row["deliveries"]):
            earlier, later = pair
            if earlier.received != later.received or {earlier.delivery, later.delivery} - set(new):
                continue
            reason = (
                f"{earlier.file_name} and {later.file_name} both hold {format_month(row['month'])} of "
                f"{row['district'] or 'no recorded place'} and came at the same moment, so nothing says "
                "which of them is right. Next: name both in a file received.csv beside them "
                "(`file,received`) with the days on which they came, and the later one counts; or take the "
                "wrong one away. If each holds only some rows of the month, say `redelivers: single_rows`"
                f" for {later.source} in config/sources.yaml."
            )
            refused.setdefault(later.delivery, reason)
    if refused:
        raise RefusedError(refused)


def forget(store: Store) -> None:
    """Drop the temporary tables that settling leaves."""
    settled = (
        "dropped",
        "versions",
        "placed",
        "holdings",
        "covered",
        "redelivered",
        "repeated",
        "ranked",
        "history",
    )
    for table in (*settled, "added"):
        store.execute(f"DROP TABLE IF EXISTS {table}")


class _Settling:
    def __init__(self, store: Store, mapping: Mapping) -> None:
        self._store = store
        self._mapping = mapping
        self._has_aside = bool(mapping.source.rows or mapping.source.present)
        self._good = mapping.faultless + (" AND NOT _aside" if self._has_aside else "")

    def _make(self, table: str, select: str) -> None:
        self._store.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")

    def _drop(self, select: str) -> None:
        """Drop the rows of a SELECT of `row, reason`."""
        self._store.execute(f"INSERT INTO dropped SELECT *, NULL FROM ({select})")

    def refuse(self) -> None:
        """Rows that are no records of the source, and rows that break a rule."""
        self._make(
            "dropped",
            "SELECT NULL::BIGINT AS row, NULL::VARCHAR AS reason, NULL::INTEGER AS known_to WHERE false",
        )
        self._make(
            "versions",
            "SELECT NULL::BIGINT AS row, NULL::BIGINT AS record, NULL::INTEGER AS delivery, "
            "NULL::INTEGER AS seen, NULL::INTEGER AS next, NULL::BOOLEAN AS same WHERE false",
        )
        faulty = f"NOT ({self._mapping.faultless})"
        if self._has_aside:
            self._drop(f"SELECT rowid, 'aside' FROM {MAPPED} WHERE _aside")
            faulty += " AND NOT _aside"
        self._drop(f"SELECT rowid, 'quarantined' FROM {MAPPED} WHERE {faulty}")

    def add_up(self) -> None:
        """Give every row of a key the sum of the figures of all rows of it in the same delivery.

        They are then alike, and one of them counts. A figure that one of them lacks is not known.
        """
        source = self._mapping.source
        by = ", ".join(["_delivery", *(quoted(name) for name in source.key)])
        keyed = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in source.key)
        figures = [
            quoted(column.name)
            for column in self._mapping.main
            if column.name not in source.key and (column.type == "DOUBLE" or column.name == "quantity")
        ]
        sums = ", ".join(
            f"CASE WHEN count({name}) OVER w = count(*) OVER w THEN sum({name}) OVER w END AS {name}"
            for name in figures
        )
        self._make(
            "added",
            f"SELECT rowid AS row, {sums} FROM {MAPPED} WHERE {self._good} AND {keyed} "
            f"WINDOW w AS (PARTITION BY {by}) QUALIFY count(*) OVER w > 1",
        )
        sets = ", ".join(f"{name} = a.{name}" for name in figures)
        self._store.execute(f"UPDATE {MAPPED} SET {sets} FROM added a WHERE {MAPPED}.rowid = a.row")

    def cover_months(self, district: str, accepted: Collection[int]) -> tuple[bool, tuple[Partial, ...]]:
        """Make `placed` and `covered` where some month came in two deliveries; whether it did."""
        source = self._mapping.source
        if source.redelivers != "whole_months" or not self._mapping.contract.column("month"):
            return False, ()
        twice = self._store.fetch(
            f"SELECT month FROM {MAPPED} WHERE {self._good} "
            "GROUP BY month HAVING min(_delivery) <> max(_delivery)"
        )
        if twice.num_rows == 0:
            return False, ()
        self._make(
            "placed",
            "SELECT m.rowid AS row, m._delivery AS delivery, m.month, d.district "
            f"FROM {MAPPED} m JOIN ({district}) d ON d.row = m.rowid WHERE {self._good}",
        )
        counts = self._store.rows(
            "SELECT delivery, month, district, count(*) AS n FROM placed GROUP BY delivery, month, district"
        )
        held = redelivered((tuple(row.values()) for row in counts), accepted, self._cut())
        types = {"month": "DATE", "district": "VARCHAR", "deliveries": "INTEGER[]"}
        covered = [
            {"month": month, "district": place, "deliveries": list(deliveries)}
            for (month, place), deliveries in held.whole.items()
        ]
        self._store.create("holdings", Rows(types, covered), temporary=True)
        self._make(
            "covered",
            "SELECT *, list_min(deliveries) AS first, list_max(deliveries) AS last FROM holdings",
        )
        if held.partial:
            keyed = " AND ".join(f"m.{quoted(name)} IS NOT NULL" for name in self._mapping.source.key)
            self._drop(
                f"SELECT p.row, 'partial' FROM placed p {_COVERED} JOIN {MAPPED} m ON m.rowid = p.row "
                f"WHERE NOT list_contains(c.deliveries, p.delivery) AND NOT ({keyed or 'false'})"
            )
        return True, held.partial

    def _cut(self) -> set[tuple[int, date]]:
        """Deliveries and months inside which they begin or end: earlier ones have other days of these."""
        if "recorded_on" not in {column.name for column in self._mapping.main}:
            return set()
        days = self._store.rows(
            "WITH days AS (SELECT p.delivery, p.month, m.recorded_on AS day, count(*) AS n FROM placed p "
            f"JOIN {MAPPED} m ON m.rowid = p.row WHERE m.recorded_on IS NOT NULL GROUP BY ALL), "
            "spans AS (SELECT delivery, min(day) AS first, max(day) AS last FROM days GROUP BY delivery) "
            "SELECT s.delivery, e.month FROM spans s JOIN days e ON e.delivery < s.delivery "
            "AND e.month IN (date_trunc('month', s.first), date_trunc('month', s.last)) "
            "WHERE e.day < s.first OR e.day > s.last "
            f"GROUP BY s.delivery, e.month HAVING sum(e.n) >= {FEWEST_ROWS}"
        )
        return {(row["delivery"], row["month"]) for row in days}

    def cover_crimes(self) -> bool:
        """Make `redelivered` where some crime of several records came in two deliveries; whether it did."""
        key = ", ".join(quoted(name) for name in self._mapping.source.key)
        self._make(
            "redelivered",
            f"SELECT {key}, list(DISTINCT _delivery) AS deliveries, max(_delivery) AS last FROM {MAPPED} "
            f"WHERE {self._good} GROUP BY {key} HAVING min(_delivery) <> max(_delivery)",
        )
        return bool(self._store.rows("SELECT 1 FROM redelivered LIMIT 1"))

    def compare_repeated(self, covered: bool, again: bool) -> None:
        """Duplicates within a delivery, then versions of a record from delivery to delivery."""
        mapping = self._mapping
        record = [quoted(name) for name in mapping.source.key]
        keyed = " AND ".join(f"{column} IS NOT NULL" for column in record)
        record += [text_of(header) for header in mapping.source.grain]
        same = " AND ".join(f"c.{column} IS NOT DISTINCT FROM r.{column}" for column in record)
        content = ", ".join(quoted(column.name) for column in mapping.columns)
        self._make("repeated", self._repeated(", ".join(record), keyed, same, content))
        if self._store.fetch("SELECT 1 FROM repeated LIMIT 1").num_rows == 0:
            return
        order = "row" if mapping.source.conflicts == "keep_first" else "row DESC"
        self._make(
            "ranked",
            "SELECT *, row_number() OVER preferred AS place, first_value(content) OVER preferred AS kept, "
            "min(content) OVER alike <> max(content) OVER alike AS differ FROM repeated "
            f"WINDOW preferred AS (PARTITION BY record, delivery ORDER BY {order}), "
            "alike AS (PARTITION BY record, delivery)",
        )
        added = "true" if mapping.source.conflicts == "add_up" else "false"
        both = "differ" if mapping.source.conflicts == "quarantine" else "false"
        self._drop(
            f"SELECT row, CASE WHEN {both} THEN 'conflict' WHEN content = kept AND NOT {added} "
            f"THEN 'identical' ELSE 'conflicting' END FROM ranked WHERE place > 1 OR {both}"
        )
        self._compare_deliveries(f"place = 1 AND NOT {both}", covered, again)

    def _repeated(self, by: str, keyed: str, same: str, content: str) -> str:
        """The SELECT of all rows whose record stands more than once, in all deliveries together.

        Few records do, so hashes are counted first: they are short, and most stand once.
        """
        good = f"FROM {MAPPED} WHERE {self._good} AND {keyed}"
        return (
            f"WITH h AS MATERIALIZED (SELECT hash({by}) AS _hash {good} GROUP BY _hash HAVING count(*) > 1), "
            f"c AS MATERIALIZED (SELECT rowid AS _row, _delivery, {by}, hash({content}) AS _content {good} "
            f"AND hash({by}) IN (SELECT _hash FROM h)), "
            f"r AS (SELECT {by}, row_number() OVER () AS _record FROM c GROUP BY {by} HAVING count(*) > 1) "
            "SELECT c._row AS row, c._delivery AS delivery, r._record AS record, c._content AS content "
            f"FROM c JOIN r ON {same}"
        )

    def _compare_deliveries(self, kept: str, covered: bool, again: bool) -> None:
        """A record that comes again alike is unchanged, unless a delivery in between left it out."""
        self._make(
            "history",
            "SELECT row, record, delivery, content, lag(row) OVER w AS earlier_row, "
            "lag(delivery) OVER w AS earlier, lag(content) OVER w AS earlier_content "
            f"FROM ranked WHERE {kept} WINDOW w AS (PARTITION BY record ORDER BY delivery)",
        )
        between = "list_filter(c.deliveries, lambda d: d > h.earlier AND d < h.delivery) <> []"
        left_out = ["SELECT NULL::BIGINT AS row WHERE false"]
        if covered:
            left_out.append(
                "SELECT h.row FROM history h JOIN placed p ON p.row = h.earlier_row "
                f"{_COVERED} WHERE {between}"
            )
        if again:
            left_out.append(
                f"SELECT h.row FROM history h JOIN {MAPPED} m ON m.rowid = h.earlier_row "
                f"JOIN redelivered c ON {self._same_crime} WHERE {between}"
            )
        self._make(
            "versions",
            "SELECT row, record, delivery, max(delivery) OVER run AS seen, "
            "min(CASE WHEN NOT same THEN delivery END) OVER later AS next, same "
            "FROM (SELECT *, sum(CASE WHEN same THEN 0 ELSE 1 END) OVER w AS version FROM "
            "(SELECT *, coalesce(content = earlier_content AND row NOT IN "
            f"({' UNION ALL '.join(left_out)}), false) AS same FROM history) "
            "WINDOW w AS (PARTITION BY record ORDER BY delivery)) "
            "WINDOW run AS (PARTITION BY record, version), later AS (PARTITION BY record ORDER BY delivery "
            "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)",
        )
        self._drop("SELECT row, 'unchanged' FROM versions WHERE same")

    @property
    def _same_crime(self) -> str:
        return " AND ".join(f"m.{quoted(name)} = c.{quoted(name)}" for name in self._mapping.source.key)

    def close(self, covered: bool, again: bool) -> None:
        """Rows that a later delivery revised, or that it lacks though it holds their month or crime."""
        closed = ["SELECT row, next AS known_to FROM versions WHERE next IS NOT NULL"]
        if covered:
            seen = "coalesce(v.seen, p.delivery)"
            closed.append(
                f"SELECT p.row, {_first_after(seen)} FROM placed p {_COVERED} "
                f"LEFT JOIN versions v ON v.row = p.row WHERE {seen} < c.last"
            )
        if again:
            seen = "coalesce(v.seen, m._delivery)"
            closed.append(
                f"SELECT m.rowid, {_first_after(seen)} FROM {MAPPED} m "
                f"JOIN redelivered c ON {self._same_crime} "
                f"LEFT JOIN versions v ON v.row = m.rowid WHERE {self._good} AND {seen} < c.last"
            )
        self._store.execute(
            "INSERT INTO dropped SELECT row, 'superseded', min(known_to) "
            f"FROM ({' UNION ALL '.join(closed)}) WHERE row NOT IN (SELECT row FROM dropped) GROUP BY row"
        )


_COVERED = "JOIN covered c ON c.month = p.month AND c.district IS NOT DISTINCT FROM p.district"


def _first_after(seen: str) -> str:
    return f"list_min(list_filter(c.deliveries, lambda d: d > {seen}))"
