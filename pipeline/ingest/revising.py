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
cover its month and district. Those are what validity intervals are made of.
"""

from pipeline.ingest.mapping import Mapping, quoted, text_of
from pipeline.ingest.reading import MAPPED
from pipeline.store import Store


def settle(store: Store, mapping: Mapping, district: str) -> None:
    """Make `dropped`. `district` is a SELECT of `row, district` for every mapped row."""
    settling = _Settling(store, mapping)
    settling.refuse()
    covered = settling.cover_months(district)
    if mapping.source.key:
        settling.compare_repeated(covered)
    if covered:
        settling.drop_uncovered()
    if mapping.source.grain:
        settling.drop_replaced_crimes()


def forget(store: Store) -> None:
    """Drop the temporary tables that settling leaves."""
    for table in ("dropped", "versions", "placed", "covered", "repeated", "ranked", "history"):
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
        self._store.execute(f"INSERT INTO dropped {select}")

    def refuse(self) -> None:
        """Rows that are no records of the source, and rows that break a rule."""
        self._make("dropped", "SELECT NULL::BIGINT AS row, NULL::VARCHAR AS reason WHERE false")
        self._make(
            "versions",
            "SELECT NULL::BIGINT AS row, NULL::BIGINT AS record, NULL::INTEGER AS delivery, "
            "NULL::INTEGER AS seen, NULL::BOOLEAN AS same WHERE false",
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
        self._make("covered", "SELECT DISTINCT delivery, month, district FROM placed")
        return True

    def compare_repeated(self, covered: bool) -> None:
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
        self._compare_deliveries(f"place = 1 AND NOT {both}", covered)

    def _compare_deliveries(self, kept: str, covered: bool) -> None:
        """A record that comes again alike is unchanged, unless a delivery in between left it out."""
        self._make(
            "history",
            "SELECT row, record, delivery, content, lag(row) OVER w AS earlier_row, "
            "lag(delivery) OVER w AS earlier, lag(content) OVER w AS earlier_content "
            f"FROM ranked WHERE {kept} WINDOW w AS (PARTITION BY record ORDER BY delivery)",
        )
        left_out = "SELECT NULL::BIGINT AS row WHERE false"
        if covered:
            left_out = (
                "SELECT h.row FROM history h JOIN placed p ON p.row = h.earlier_row "
                "JOIN covered c ON c.month = p.month AND c.district IS NOT DISTINCT FROM p.district "
                "WHERE c.delivery > h.earlier AND c.delivery < h.delivery"
            )
        self._make(
            "versions",
            "SELECT row, record, delivery, max(delivery) OVER (PARTITION BY record) AS seen, "
            f"coalesce(content = earlier_content AND row NOT IN ({left_out}), false) AS same "
            "FROM history",
        )
        self._drop("SELECT row, 'unchanged' FROM versions WHERE same")
        self._drop(
            "SELECT row, 'superseded' FROM (SELECT row, delivery, record FROM versions WHERE NOT same "
            "QUALIFY delivery < max(delivery) OVER (PARTITION BY record))"
        )

    def drop_uncovered(self) -> None:
        """Rows of a month and district that a later delivery covers, and that it does not hold."""
        self._drop(
            "SELECT p.row, 'superseded' FROM placed p JOIN (SELECT month, district, "
            "max(delivery) AS last FROM covered GROUP BY month, district) c ON c.month = p.month "
            "AND c.district IS NOT DISTINCT FROM p.district LEFT JOIN versions v ON v.row = p.row "
            "WHERE coalesce(v.seen, p.delivery) < c.last AND p.row NOT IN (SELECT row FROM dropped)"
        )

    def drop_replaced_crimes(self) -> None:
        """Records of a crime, such as a second victim, that its last delivery does not hold."""
        key = ", ".join(quoted(name) for name in self._mapping.source.key)
        same = " AND ".join(f"m.{quoted(name)} = c.{quoted(name)}" for name in self._mapping.source.key)
        self._drop(
            f"SELECT m.rowid, 'superseded' FROM {MAPPED} m JOIN (SELECT {key}, max(_delivery) AS last "
            f"FROM {MAPPED} WHERE {self._good} GROUP BY {key} HAVING min(_delivery) <> max(_delivery)) c "
            f"ON {same} LEFT JOIN versions v ON v.row = m.rowid WHERE {self._good} "
            "AND coalesce(v.seen, m._delivery) < c.last AND m.rowid NOT IN (SELECT row FROM dropped)"
        )
