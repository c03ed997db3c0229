"""Which mapped rows count: quarantine, duplicates within a file, revisions between deliveries.

`settle` leaves a temporary table `dropped` with one row for each mapped row that is not current:

    aside        it is no record of the source
    quarantined  it breaks a row rule
    conflict     the same record, different, in the same file, and the source quarantines both
    identical    the same record, alike, stands in the same file
    conflicting  the same record, different, in the same file, and another one is preferred
    partial      it has no key, and its delivery does not hold its period whole (see `redelivery`)
    unchanged    the same record, alike, came in an earlier delivery and is still current
    superseded   a later delivery revised the record, or covers its period and lacks it

The last two rest on two facts: in which delivery a record was last seen, and which deliveries
cover its period and place. Those are what validity intervals are made of: a superseded row is known
from its own delivery to `known_to`, the number of the first one that revised or lacked it. A delivery in
which the record was refused says nothing of it (`sparing`).
"""

from collections.abc import Collection, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest import holding, sparing
from pipeline.ingest.casting import quoted, text_of
from pipeline.ingest.holding import COVERED
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.periods import periods_of, said
from pipeline.ingest.reading import MAPPED, Reading, RefusedError
from pipeline.ingest.redelivery import Redelivered
from pipeline.ingest.sparing import LACKS, SPARING
from pipeline.model.delivery import Extract
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Settled:
    """What the deliveries hold, where some period came twice; how many records each refuses that are known.

    `refused_again` is by the number of the delivery.
    """

    held: Redelivered
    refused_again: Mapping_[int, int]


def settle(store: Store, mapping: Mapping, district: str, accepted: Collection[int]) -> Settled:
    """Make `dropped`.

    `district` is a SELECT of `row, district` for every mapped row, `accepted` the numbers of deliveries
    that a person took as they are.
    """
    forget(store)  # what an attempt left that was refused
    settling = _Settling(store, mapping)
    settling.refuse()
    if mapping.source.conflicts == "add_up":
        settling.add_up()
    held = holding.hold(store, mapping, settling.good, district, accepted)
    covered = bool(held.whole)
    again = settling.cover_crimes() if mapping.source.grain else False
    if mapping.source.key:
        has_repeated = settling.find_repeated()
        sparing.spare(store, mapping, settling.good)
        if has_repeated:
            settling.compare_deliveries(covered, again)
    settling.close(covered, again)
    return Settled(held, sparing.counted(store))


def check_order(store: Store, extracts: Sequence[Extract], new: Collection[str]) -> None:
    """Raise RefusedError where two new deliveries hold the same period and came at the same moment.

    Nothing says then which of the two is right. To be asked between `settle` and `forget`.
    """
    if not store.columns("covered"):
        return
    refused: dict[str, str] = {}
    for row in store.rows("SELECT period, place, deliveries FROM covered ORDER BY period, place"):
        for pair in pairwise(extracts[number] for number in row["deliveries"]):
            earlier, later = pair
            if earlier.received != later.received or {earlier.delivery, later.delivery} - set(new):
                continue
            reason = (
                f"{earlier.file_name} and {later.file_name} both hold {said(row['period'])} of "
                f"{row['place'] or 'no recorded place'} and came at the same moment, so nothing says "
                "which of them is right. Next: name both in a file received.csv beside them "
                "(`file,received`) with the days on which they came, and the later one counts; or take the "
                "wrong one away. If each holds only some rows of it, say `redelivers: single_rows` for "
                f"{later.source} in config/sources.yaml."
            )
            refused.setdefault(later.delivery, reason)
    if refused:
        raise RefusedError(refused)


def unrecognised(mapping: Mapping, readings: Sequence[Reading]) -> dict[str, str]:
    """The deliveries after the first of a source with neither key nor periods, with what is to be said.

    Nothing tells their rows from those of the first, and all of them would count.
    """
    source = mapping.source
    if source.key or source.redelivers == "single_rows" or periods_of(mapping):
        return {}
    first, *later = (reading.file.extract for reading in readings)
    return {
        extract.delivery: f"{extract.file_name}: {source.id} has {first.file_name} already, and nothing "
        "tells the rows of the one from those of the other, so they would all count. Next: say `key:` for "
        f"{source.id} in config/sources.yaml, with the columns that tell its rows apart; or, if it has only "
        "further rows, `redelivers: single_rows`."
        for extract in later
    }


def forget(store: Store) -> None:
    """Drop the temporary tables that settling leaves."""
    settled = (
        "dropped",
        "versions",
        "placed",
        "holdings",
        "covered",
        "redelivered",
        "spared",
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
        self.good = mapping.faultless + (" AND NOT _aside" if self._has_aside else "")

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
        sparing.make(self._store)
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
            f"SELECT rowid AS row, {sums} FROM {MAPPED} WHERE {self.good} AND {keyed} "
            f"WINDOW w AS (PARTITION BY {by}) QUALIFY count(*) OVER w > 1",
        )
        sets = ", ".join(f"{name} = a.{name}" for name in figures)
        self._store.execute(f"UPDATE {MAPPED} SET {sets} FROM added a WHERE {MAPPED}.rowid = a.row")

    def cover_crimes(self) -> bool:
        """Make `redelivered` where some crime of several records came in two deliveries; whether it did."""
        key = ", ".join(quoted(name) for name in self._mapping.source.key)
        self._make(
            "redelivered",
            f"SELECT {key}, list(DISTINCT _delivery) AS deliveries, max(_delivery) AS last FROM {MAPPED} "
            f"WHERE {self.good} GROUP BY {key} HAVING min(_delivery) <> max(_delivery)",
        )
        return bool(self._store.rows("SELECT 1 FROM redelivered LIMIT 1"))

    def find_repeated(self) -> bool:
        """Make `ranked` of the records that stand more than once; whether any does. Drop duplicates."""
        mapping = self._mapping
        record = [quoted(name) for name in mapping.source.key]
        keyed = " AND ".join(f"{column} IS NOT NULL" for column in record)
        record += [text_of(header) for header in mapping.source.grain]
        same = " AND ".join(f"c.{column} IS NOT DISTINCT FROM r.{column}" for column in record)
        content = ", ".join(quoted(column.name) for column in mapping.columns)
        self._make("repeated", self._repeated(", ".join(record), keyed, same, content))
        if self._store.fetch("SELECT 1 FROM repeated LIMIT 1").num_rows == 0:
            return False
        order = "row" if mapping.source.conflicts == "keep_first" else "row DESC"
        self._make(
            "ranked",
            "SELECT *, row_number() OVER preferred AS place, first_value(content) OVER preferred AS kept, "
            "min(content) OVER alike <> max(content) OVER alike AS differ FROM repeated "
            f"WINDOW preferred AS (PARTITION BY record, delivery ORDER BY {order}), "
            "alike AS (PARTITION BY record, delivery)",
        )
        added = "true" if mapping.source.conflicts == "add_up" else "false"
        self._drop(
            f"SELECT row, CASE WHEN {self._both} THEN 'conflict' WHEN content = kept AND NOT {added} "
            f"THEN 'identical' ELSE 'conflicting' END FROM ranked WHERE place > 1 OR {self._both}"
        )
        return True

    @property
    def _both(self) -> str:
        """True of ranked rows of which the source takes none."""
        return "differ" if self._mapping.source.conflicts == "quarantine" else "false"

    def _repeated(self, by: str, keyed: str, same: str, content: str) -> str:
        """The SELECT of all rows whose record stands more than once, in all deliveries together.

        Few records do, so hashes are counted first: they are short, and most stand once.
        """
        good = f"FROM {MAPPED} WHERE {self.good} AND {keyed}"
        return (
            f"WITH h AS MATERIALIZED (SELECT hash({by}) AS _hash {good} GROUP BY _hash HAVING count(*) > 1), "
            f"c AS MATERIALIZED (SELECT rowid AS _row, _delivery, {by}, hash({content}) AS _content {good} "
            f"AND hash({by}) IN (SELECT _hash FROM h)), "
            f"r AS (SELECT {by}, row_number() OVER () AS _record FROM c GROUP BY {by} HAVING count(*) > 1) "
            "SELECT c._row AS row, c._delivery AS delivery, r._record AS record, c._content AS content "
            f"FROM c JOIN r ON {same}"
        )

    def compare_deliveries(self, covered: bool, again: bool) -> None:
        """A record that comes again alike is unchanged, unless a delivery in between left it out."""
        self._make(
            "history",
            "SELECT row, record, delivery, content, lag(row) OVER w AS earlier_row, "
            "lag(delivery) OVER w AS earlier, lag(content) OVER w AS earlier_content FROM ranked "
            f"WHERE place = 1 AND NOT {self._both} WINDOW w AS (PARTITION BY record ORDER BY delivery)",
        )
        between = f"list_filter(c.deliveries, lambda d: d > h.earlier AND d < h.delivery AND {LACKS}) <> []"
        left_out = ["SELECT NULL::BIGINT AS row WHERE false"]
        if covered:
            left_out.append(
                "SELECT h.row FROM history h JOIN placed p ON p.row = h.earlier_row "
                f"{COVERED} {SPARING} = h.earlier_row WHERE {between}"
            )
        if again:
            left_out.append(
                f"SELECT h.row FROM history h JOIN {MAPPED} m ON m.rowid = h.earlier_row "
                f"JOIN redelivered c ON {self._same_crime} {SPARING} = h.earlier_row WHERE {between}"
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
        """Rows that a later delivery revised, or that it lacks though it holds their period or crime."""
        closed = ["SELECT row, next AS known_to FROM versions WHERE next IS NOT NULL"]
        if covered:
            seen = "coalesce(v.seen, p.delivery)"
            closed.append(
                f"SELECT p.row, {_first_after(seen)} FROM placed p {COVERED} "
                f"LEFT JOIN versions v ON v.row = p.row {SPARING} = p.row WHERE {seen} < c.last"
            )
        if again:
            seen = "coalesce(v.seen, m._delivery)"
            closed.append(
                f"SELECT m.rowid, {_first_after(seen)} FROM {MAPPED} m "
                f"JOIN redelivered c ON {self._same_crime} "
                f"LEFT JOIN versions v ON v.row = m.rowid {SPARING} = m.rowid "
                f"WHERE {self.good} AND {seen} < c.last"
            )
        self._store.execute(
            "INSERT INTO dropped SELECT row, 'superseded', min(known_to) "
            f"FROM ({' UNION ALL '.join(closed)}) WHERE known_to IS NOT NULL "
            "AND row NOT IN (SELECT row FROM dropped) GROUP BY row"
        )


def _first_after(seen: str) -> str:
    return f"list_min(list_filter(c.deliveries, lambda d: d > {seen} AND {LACKS}))"
