"""History: the rows that are no longer current, and what each delivery changed.

A curated table `X` keeps the current rows, each with `known_from`, the delivery that brought it.
Rows that a later delivery revised or lacked are in `X:closed`, which is only there where there are any,
with `known_to` as well: the first delivery that revised or lacked them. A row is known at a delivery
where that is `known_from` or later, and before `known_to`.
"""

from collections.abc import Sequence

from pipeline.ingest.casting import literal, quoted, text_of
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED
from pipeline.ingest.references import HASHES
from pipeline.model.revision import RevisedMonth, RevisionCount, RevisionKind
from pipeline.store import Rows, Store

REVISIONS_TABLE, REVISED_MONTHS_TABLE = "revisions", "revised_months"
CLOSED, EVER, SPANS = "_closed", "_ever", "_spans"  # no source's id starts so
EVENTS, PAIRS = "_events", "_pairs"
TYPES = {
    "delivery": "VARCHAR",
    "source": "VARCHAR",
    "kind": "VARCHAR",
    "record": "VARCHAR",
    "part": "VARCHAR",
    "month": "DATE",
    "district": "VARCHAR",
    "column": "VARCHAR",
    "before": "VARCHAR",
    "after": "VARCHAR",
    "rows": "BIGINT",
}
"""`record` is the source's key and `part` its grain (the second victim of a crime); both are null for rows
without a key, of which `rows` came or went and `before` and `after` say how many there are."""

REVISED_MONTH_TYPES = {
    "delivery": "VARCHAR",
    "source": "VARCHAR",
    "month": "DATE",
    "district": "VARCHAR",
    "column": "VARCHAR",
}

_KINDS = {
    **dict.fromkeys(("outcome", "outcome_on"), RevisionKind.OUTCOME_CHANGED),
    **dict.fromkeys(("offence", "category", "closing_code"), RevisionKind.RECLASSIFIED),
    **dict.fromkeys(("district_code", "ward_code", "lsoa_code"), RevisionKind.MOVED),
}


def closed_table(table: str) -> str:
    """The table with the rows of a curated table that are no longer current."""
    return f"{table}:closed"


def delivery_id(ids: Sequence[str], number: str) -> str:
    """The SQL of a delivery's id, of the SQL of its number among those of its source."""
    return f"[{', '.join(map(literal, ids))}][{number} + 1]"


def keep_closed(store: Store) -> bool:
    """Make `_closed`, the superseded ones among the mapped rows with `_known_to`; whether there are any.

    `_row` keeps their order among the others.
    """
    if not store.rows("SELECT 1 FROM dropped WHERE known_to IS NOT NULL LIMIT 1"):
        return False
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {CLOSED} AS SELECT m.*, m.rowid AS _row, d.known_to AS _known_to "
        f"FROM {MAPPED} m JOIN dropped d ON d.row = m.rowid WHERE d.known_to IS NOT NULL"
    )
    return True


def unite(store: Store, closed: bool) -> None:
    """Make `_ever`: the current mapped rows and the closed ones, for tables that show one row of several."""
    and_closed = f" UNION ALL BY NAME SELECT * FROM {CLOSED}" if closed else ""
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {EVER} AS SELECT *, rowid AS _row, NULL::INTEGER AS _known_to "
        f"FROM {MAPPED}{and_closed}"
    )


def first_over_time(store: Store, where: str, keyed: str, by: str, order: str) -> None:
    """Make `_spans`: which row of `_ever` (`m`) is the first of its kind, from which delivery to which.

    Rows are of a kind where they have the same `by`; without a key each is of its own. The first is that
    of `order` among those known. A row may be first twice, and a table that shows it has it twice.
    """
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {SPANS} AS WITH "
        "r AS (SELECT m.rowid AS row, m._delivery AS known_from, m._known_to AS known_to, "
        f"CASE WHEN {keyed} THEN dense_rank() OVER (ORDER BY {by}) ELSE -1 - m.rowid END AS kind, "
        f"row_number() OVER (ORDER BY {order}) AS place FROM {EVER} m WHERE {where}), "
        "points AS (SELECT kind, known_from AS point FROM r UNION "
        "SELECT kind, known_to FROM r WHERE known_to IS NOT NULL), "
        "shown AS (SELECT p.kind, p.point, arg_min(r.row, r.place) AS row FROM points p LEFT JOIN r "
        "ON r.kind = p.kind AND r.known_from <= p.point AND coalesce(r.known_to > p.point, true) "
        "GROUP BY p.kind, p.point), "
        "changes AS (SELECT * FROM shown WINDOW w AS (PARTITION BY kind ORDER BY point) "
        "QUALIFY row IS DISTINCT FROM lag(row) OVER w OR lag(point) OVER w IS NULL), "
        "spans AS (SELECT row, point AS known_from, "
        "lead(point) OVER (PARTITION BY kind ORDER BY point) AS known_to FROM changes) "
        "SELECT * FROM spans WHERE row IS NOT NULL"
    )


def counts(store: Store) -> tuple[RevisionCount, ...]:
    """How many records, and rows without a key, each delivery changed in each way."""
    make_tables(store)
    found = store.rows(
        "SELECT delivery, source, kind, count(DISTINCT record) AS records, "
        "coalesce(sum(rows) FILTER (record IS NULL), 0)::BIGINT AS rows "
        f"FROM {REVISIONS_TABLE} GROUP BY ALL ORDER BY ALL"
    )
    return tuple(RevisionCount(**row | {"kind": RevisionKind(row["kind"])}) for row in found)


def revised_months(store: Store) -> tuple[RevisedMonth, ...]:
    """The months of each district in which a delivery changed something, and what."""
    make_tables(store)
    names = ", ".join(map(quoted, REVISED_MONTH_TYPES))
    found = store.rows(f"SELECT DISTINCT {names} FROM {REVISED_MONTHS_TABLE} ORDER BY ALL")
    return tuple(RevisedMonth(**row) for row in found)


def forget(store: Store) -> None:
    """Drop the temporary tables."""
    for table in (CLOSED, EVER, SPANS, EVENTS, PAIRS):
        store.execute(f"DROP TABLE IF EXISTS {table}")


class Revisions:
    """Tells what the deliveries of one source changed, from its settled rows before any is taken out."""

    def __init__(self, store: Store, mapping: Mapping, district: str, ids: Sequence[str]) -> None:
        self._store = store
        self._mapping = mapping
        self._district = district
        self._ids = ids

    def write(self) -> None:
        """Add to the table `revisions`, which is made where it is not there yet."""
        make_tables(self._store)
        if not self._store.columns("placed") and not self._any_closed():
            return
        self._gather()
        for select in self._tellings():
            self._store.execute(f"INSERT INTO {REVISIONS_TABLE} BY NAME {select}")
        # A record that moved was in another month or district before; both have another figure now.
        self._store.execute(
            f"INSERT INTO {REVISED_MONTHS_TABLE} SELECT DISTINCT delivery, source, month, "
            """coalesce(district, ''), coalesce("column", '') """
            f"FROM {REVISIONS_TABLE} WHERE source = {literal(self._mapping.source.id)} AND month IS NOT NULL "
            f"UNION SELECT {delivery_id(self._ids, 'later')}, {literal(self._mapping.source.id)}, "
            f"month_before, coalesce(district_before, ''), '' FROM {PAIRS} WHERE month_before IS NOT NULL "
            "AND (month_before, district_before) IS DISTINCT FROM (month, district)"
        )

    def _any_closed(self) -> bool:
        return bool(self._store.rows("SELECT 1 FROM dropped WHERE known_to IS NOT NULL LIMIT 1"))

    def _gather(self) -> None:
        """Make `_events`, when each row came and went, and `_pairs` of a revised row and its revision.

        A row opens as a revision where an earlier delivery held its period and place, or its crime.
        """
        source = self._mapping.source
        earlier = "false"
        joins = ""
        if self._store.columns("placed"):
            joins += (
                " LEFT JOIN placed p ON p.row = m.rowid LEFT JOIN covered c ON c.period = p.period "
                "AND c.place IS NOT DISTINCT FROM p.place"
            )
            earlier = "coalesce(c.first < m._delivery, false)"
        keyed = " AND ".join(f"m.{quoted(name)} IS NOT NULL" for name in source.key) or "false"
        record, hashes = self._texts([quoted(name) for name in source.key], source.key)
        grain = [f"{literal(header + ' ')} || m.{text_of(header)}" for header in source.grain]
        part = ", ".join(grain) or "NULL::VARCHAR"
        self._store.execute(
            "CREATE OR REPLACE TEMP TABLE _events AS WITH ever AS (SELECT m.rowid AS row, "
            "m._delivery AS known_from, d.known_to FROM mapped m LEFT JOIN dropped d ON d.row = m.rowid "
            "WHERE d.row IS NULL OR d.known_to IS NOT NULL) "
            "SELECT e.row, e.known_from, e.known_to, v.record AS version, "
            f"{keyed} AS keyed, CASE WHEN {keyed} THEN {record} END AS record, "
            f"CASE WHEN {keyed} THEN nullif(concat_ws(', ', {part}), '') END AS part, "
            f"{self._month()} AS month, {self._place()} AS district, {earlier} AS again "
            f"FROM ever e JOIN {MAPPED} m ON m.rowid = e.row LEFT JOIN versions v ON v.row = e.row"
            f" LEFT JOIN ({self._district}) w ON w.row = e.row{joins}{hashes}"
        )
        self._store.execute(
            "CREATE OR REPLACE TEMP TABLE _pairs AS "
            "SELECT a.row, b.row AS next, b.known_from AS later, "
            "b.record, b.part, b.month, b.district, a.month AS month_before, "
            "a.district AS district_before FROM _events a JOIN _events b "
            "ON b.version = a.version AND b.known_from = a.known_to"
        )

    def _texts(self, columns: Sequence[str], names: Sequence[str]) -> tuple[str, str]:
        """The SQL of some columns as one text, hashed ones as their hashes, and the joins it needs."""
        parts: list[str] = []
        joins = ""
        for column, name in zip(columns, names, strict=True):
            if name in self._mapping.hashed:
                alias = f"k{len(parts)}"
                joins += f" LEFT JOIN {HASHES} {alias} ON {alias}.raw = m.{column}"
                parts.append(f"{alias}.hashed")
            else:
                parts.append(f"m.{column}::VARCHAR")
        return f"concat_ws(' ', {', '.join(parts)})" if parts else "NULL::VARCHAR", joins

    def _month(self) -> str:
        contract = self._mapping.contract
        if contract.column("month"):
            return "m.month"
        return (
            "date_trunc('month', m.period_start)::DATE" if contract.column("period_start") else "NULL::DATE"
        )

    def _place(self) -> str:
        has_area = any(c.name == "area_code" for c in self._mapping.main)
        return "coalesce(w.district, m.area_code)" if has_area else "w.district"

    def _tellings(self) -> list[str]:
        """The SELECTs of what is told: records that came, that went, that changed, rows without a key."""
        at = {name: delivery_id(self._ids, name) for name in ("e.known_from", "e.known_to", "later")}
        known = f"{literal(self._mapping.source.id)} AS source"
        line = "e.record, e.part, e.month, e.district"
        same = "o.keyed AND o.record = e.record"
        before = f"SELECT 1 FROM _events o WHERE {same} AND o.known_from < e.known_from AND "
        before += "coalesce(o.known_to >= e.known_from, true)"
        after = f"SELECT 1 FROM _events o WHERE {same} AND o.known_from <= e.known_to AND "
        after += "coalesce(o.known_to > e.known_to, true)"
        kind = "CASE WHEN EXISTS ({}) THEN 'changed' ELSE '{}' END AS kind"
        came = (
            f"SELECT {at['e.known_from']} AS delivery, {known}, {kind.format(before, 'added')}, {line}, "
            "1 AS rows FROM _events e WHERE e.keyed AND e.row NOT IN (SELECT next FROM _pairs) "
            f"AND (e.again OR EXISTS ({before}))"
        )
        went = (
            f"SELECT {at['e.known_to']} AS delivery, {known}, {kind.format(after, 'removed')}, {line}, "
            "1 AS rows FROM _events e WHERE e.keyed AND e.known_to IS NOT NULL "
            "AND e.row NOT IN (SELECT row FROM _pairs)"
        )
        columns = [column for column in self._mapping.columns if not column.derived.month_of]
        fields = ", ".join(
            f"{{'column': {literal(name)}, 'kind': {literal(_KINDS.get(name, RevisionKind.CHANGED).value)}, "
            f"'differs': a.{quoted(full)} IS DISTINCT FROM b.{quoted(full)}, "
            f"'before': {self._shown('a', full)}, 'after': {self._shown('b', full)}}}"
            for full, name in ((column.name, column.name.rpartition(".")[2]) for column in columns)
        )
        changed = (
            f"SELECT {at['later']} AS delivery, {known}, c.kind, record, part, month, district, "
            'c."column", c.before, c.after, 1 AS rows FROM (SELECT later, record, part, p.month, p.district, '
            f"unnest([{fields}]) AS c FROM _pairs p JOIN {MAPPED} a ON a.rowid = p.row "
            f"JOIN {MAPPED} b ON b.rowid = p.next) WHERE c.differs"
        )
        return [came, went, changed, *self._without_key(at["later"], known)]

    def _shown(self, alias: str, column: str) -> str:
        """A value before or after as text; never that of a reference."""
        return "NULL::VARCHAR" if column in self._mapping.hashed else f"{alias}.{quoted(column)}::VARCHAR"

    def _without_key(self, delivery: str, known: str) -> list[str]:
        """How many rows without a key a month and district has now that it had not, or has no more."""
        content = ", ".join(f"m.{quoted(column.name)}" for column in self._mapping.columns)
        by_content = (
            "SELECT later, month, district, content, count(*) FILTER (came) AS a, "
            "count(*) FILTER (NOT came) AS b FROM (SELECT e.known_to AS later, false AS came, e.month, "
            f"e.district, hash({content}) AS content FROM _events e JOIN {MAPPED} m ON m.rowid = e.row "
            "WHERE NOT e.keyed AND e.known_to IS NOT NULL UNION ALL SELECT e.known_from, true, e.month, "
            f"e.district, hash({content}) FROM _events e JOIN {MAPPED} m ON m.rowid = e.row "
            "WHERE NOT e.keyed AND e.again) GROUP BY ALL"
        )
        return [
            f"SELECT {delivery} AS delivery, {known}, {literal(kind)} AS kind, month, district, "
            f"sum(b)::VARCHAR AS before, sum(a)::VARCHAR AS after, sum({more})::BIGINT AS rows "
            f"FROM ({by_content}) GROUP BY later, month, district HAVING sum({more}) > 0"
            for kind, more in (("added", "greatest(a - b, 0)"), ("removed", "greatest(b - a, 0)"))
        ]


def make_tables(store: Store) -> None:
    """The tables of revisions, empty, where they are not there yet."""
    for table, types in ((REVISIONS_TABLE, TYPES), (REVISED_MONTHS_TABLE, REVISED_MONTH_TYPES)):
        if not store.columns(table):
            store.create(table, Rows(types, []))
