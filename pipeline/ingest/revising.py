"""Which mapped rows count: quarantine, duplicates within a file, revisions between deliveries.

`settle` leaves a temporary table `dropped` with one row for each mapped row that is not current:

    aside        it is no record of the source
    quarantined  it breaks a row rule
    conflict     the same record, different, in the same file, and the source quarantines both
    identical    the same record, alike, stands in the same file
    conflicting  the same record, different, in the same file, and another one is preferred
    unchanged    the same record, alike, came in an earlier delivery and is still current
    superseded   a later delivery revised the record, or covers its month and lacks it

The last two rest on two facts: in which delivery a record was last seen, and which deliveries
cover its month and district. Those are what validity intervals are made of: a superseded row is known
from its own delivery to `known_to`, the number of the first one that revised or lacked it.
"""

from pipeline.ingest.casting import quoted, text_of
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED
from pipeline.store import Store


def settle(store: Store, mapping: Mapping, district: str) -> None:
    """Make `dropped`. `district` is a SELECT of `row, district` for every mapped row."""
    settling = _Settling(store, mapping)
    settling.refuse()
    covered = settling.cover_months(district)
    again = settling.cover_crimes() if mapping.source.grain else False
    if mapping.source.key:
        settling.compare_repeated(covered, again)
    settling.close(covered, again)


def forget(store: Store) -> None:
    """Drop the temporary tables that settling leaves."""
    for table in ("dropped", "versions", "placed", "covered", "redelivered", "repeated", "ranked", "history"):
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

    def cover_months(self, district: str) -> bool:
        """Make `placed` and `covered` where some month came in two deliveries; whether it did."""
        source = self._mapping.source
        if source.redelivers != "whole_months" or not self._mapping.contract.column("month"):
            return False
        twice = self._store.fetch(
            f"SELECT month FROM {MAPPED} WHERE {self._good} "
            "GROUP BY month HAVING min(_delivery) <> max(_delivery)"
        )
        if twice.num_rows == 0:
            return False
        self._make(
            "placed",
            "SELECT m.rowid AS row, m._delivery AS delivery, m.month, d.district "
            f"FROM {MAPPED} m JOIN ({district}) d ON d.row = m.rowid WHERE {self._good}",
        )
        self._make(
            "covered",
            "SELECT month, district, list(DISTINCT delivery) AS deliveries, min(delivery) AS first, "
            "max(delivery) AS last FROM placed GROUP BY month, district",
        )
        return True

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
        by = ", ".join(record)
        same = " AND ".join(f"m.{column} IS NOT DISTINCT FROM r.{column}" for column in record)
        content = ", ".join(f"m.{quoted(column.name)}" for column in mapping.columns)
        self._make(
            "repeated",
            f"WITH r AS (SELECT {by}, row_number() OVER () AS record FROM {MAPPED} "
            f"WHERE {self._good} AND {keyed} GROUP BY {by} HAVING count(*) > 1) "
            f"SELECT m.rowid AS row, m._delivery AS delivery, r.record, hash({content}) AS content "
            f"FROM {MAPPED} m JOIN r ON {same} WHERE {self._good}",
        )
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
        both = "differ" if mapping.source.conflicts == "quarantine" else "false"
        self._drop(
            f"SELECT row, CASE WHEN {both} THEN 'conflict' WHEN content = kept THEN 'identical' "
            f"ELSE 'conflicting' END FROM ranked WHERE place > 1 OR {both}"
        )
        self._compare_deliveries(f"place = 1 AND NOT {both}", covered, again)

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
