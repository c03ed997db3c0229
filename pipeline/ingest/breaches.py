"""Breaches: every rule that a record broke, with its place in its file. A value is never told."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.mapping import BITS, Mapping
from pipeline.ingest.periods import periods_of
from pipeline.ingest.reading import MAPPED, Reading
from pipeline.ingest.rules import Rule
from pipeline.model.rule import RuleName
from pipeline.store import Rows, Store

QUARANTINE_TABLE, FLAGGED_TABLE = "quarantine", "flagged"
FEWEST_NAMED = 8  # rows of a value that is told
MOST_VALUES = 20  # of a column
MOST_LISTED = 1_000  # flagged rows of one file and rule; all of them are counted
COUNTED = "m.rowid NOT IN (SELECT row FROM dropped WHERE reason <> 'superseded')"  # loaded

CONFLICT = "the same record stands there with other values"
PARTIAL = (
    "the delivery does not hold this {} whole, and a row without a key cannot be told from those known; say "
    "`key:` for its source, or `redelivers: single_rows` where each delivery has other rows"
)
_SHARED = ("delivery", "source", "file", "column", "rule", "reason")


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken rule of one record: a row of the tables `quarantine` and `flagged`."""

    delivery: str
    source: str
    file: str
    line: int
    column: str
    rule: RuleName
    reason: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """Records of one delivery that are loaded although they break a rule: how many, and the first."""

    number: int
    rule: Rule
    rows: int
    listed: tuple[Broken, ...]


def refused(store: Store, mapping: Mapping, readings: Sequence[Reading]) -> list[Broken]:
    """Every broken rule of every quarantined record. `dropped` says which are."""
    first = _first_rows(store)
    columns = mapping.fault_columns
    bits = ", ".join(f"m.{column}" for column in columns)
    table = store.fetch(
        f"SELECT m._delivery AS d, m.rowid AS row, d.reason, {bits} FROM {MAPPED} m "
        "JOIN dropped d ON d.row = m.rowid "
        "WHERE d.reason IN ('quarantined', 'conflict', 'partial') ORDER BY row"
    )
    rules = {reading.file.number: reading.file.mapping.rules for reading in readings}
    whole = {
        "conflict": (", ".join(mapping.source.key), RuleName.CONFLICT, CONFLICT),
    }
    if periods := periods_of(mapping):
        whole["partial"] = (periods.column, RuleName.PARTIAL, PARTIAL.format(periods.word))
    told: dict[tuple[object, ...], list[tuple[str, RuleName, str]]] = {}  # few rows differ in what they break
    wanted: dict[int, dict[int, list[tuple[str, RuleName, str]]]] = {}
    for delivery, row, reason, *words in zip(*(one.to_pylist() for one in table.columns), strict=True):
        alike = (delivery, reason, *words)
        if alike not in told:
            told[alike] = [
                (rule.header, rule.name, rule.reason)
                for bit, rule in enumerate(rules[delivery])
                if words[bit // BITS] >> bit % BITS & 1
            ] or [whole[reason]]
        wanted.setdefault(delivery, {})[row - first[delivery]] = told[alike]
    found: list[Broken] = []
    for reading in readings:
        named = _named(reading)
        found += [Broken(*named, r.line, r.column, r.rule, r.reason) for r in reading.refusals]
        faults = wanted.get(reading.file.number, {})
        lines = reading.locate(set(faults)) if faults else {}
        found += [
            Broken(*named, lines[record], *rule) for record, rules_ in faults.items() for rule in rules_
        ]
    return found


def flagged(store: Store, mapping: Mapping, readings: Sequence[Reading]) -> list[Flagged]:
    """The records that are loaded and break a rule that only flags, by delivery and rule."""
    columns = mapping.flag_columns
    if not columns:
        return []
    some = " OR ".join(f"m.{column} <> 0" for column in columns)
    most = max(len(one.flags) for one in (mapping, *mapping.all_others))
    counts = ", ".join(f"count(*) FILTER (WHERE {_bit(bit)}) AS b{bit}" for bit in range(most))
    counted = {
        row["d"]: row
        for row in store.rows(
            f"SELECT m._delivery AS d, {counts} FROM {MAPPED} m WHERE ({some}) AND {COUNTED} GROUP BY d"
        )
    }
    first = _first_rows(store) if counted else {}
    found: list[Flagged] = []
    for reading in readings:
        number = reading.file.number
        for bit, rule in enumerate(reading.file.mapping.flags):
            rows = counted[number][f"b{bit}"] if number in counted else 0
            if rows:
                records = _first_flagged(store, number, bit, first[number])
                lines = reading.locate(set(records))
                told = (rule.header, rule.name, rule.reason)
                listed = tuple(Broken(*_named(reading), lines[record], *told) for record in records)
                found.append(Flagged(number, rule, rows, listed))
    return found


def undeclared(store: Store, mapping: Mapping) -> dict[int, tuple[str, ...]]:
    """By delivery number, a sentence for each value that many refused rows have and the source declares not.

    It is what to add, or to ask the supplier about. A value of few rows may be a slipped cell, with a name in
    it, and is never told.
    """
    found: dict[int, tuple[str, ...]] = {}
    for column in mapping.columns:
        allowed = column.derived.allowed
        if not allowed or column.type != "VARCHAR" or column.derived.hashed:
            continue
        name = quoted(column.name)
        rows = store.rows(
            f"SELECT m._delivery AS d, {name} AS value, count(*) AS n FROM {MAPPED} m "
            "JOIN dropped d ON d.row = m.rowid AND d.reason = 'quarantined' "
            f"WHERE {name} NOT IN ({', '.join(map(literal, allowed))}) "
            f"GROUP BY ALL HAVING n >= {FEWEST_NAMED} ORDER BY n DESC, value LIMIT {MOST_VALUES}"
        )
        for row in rows:
            value, header = row["value"], column.header
            told = f'{row["n"]:,} refused rows have "{value}" under {header}, which is not declared'
            found[row["d"]] = (*found.get(row["d"], ()), told)
    return found


def write(store: Store, quarantined: Sequence[Broken], loaded: Sequence[Broken]) -> None:
    """The tables of refused rows, and of the first flagged ones."""
    for table, broken in ((QUARANTINE_TABLE, quarantined), (FLAGGED_TABLE, loaded)):
        # Many rows, of few files and rules: what they share is handed over once.
        kinds: dict[tuple[str, ...], int] = {}
        lines: list[dict[str, object]] = []
        for one in broken:
            kind = (one.delivery, one.source, one.file, one.column, one.rule, one.reason)
            lines.append({"line": one.line, "kind": kinds.setdefault(kind, len(kinds))})
        shared = [dict(zip(_SHARED, kind, strict=True), kind=number) for kind, number in kinds.items()]
        tables = {
            "_kinds": Rows(dict.fromkeys(_SHARED, "VARCHAR") | {"kind": "INTEGER"}, shared),
            "_lines": Rows({"line": "BIGINT", "kind": "INTEGER"}, lines),
        }
        with store.holding(tables):
            store.execute(
                f'CREATE TABLE {table} AS SELECT delivery, source, file, line, "column", rule, reason '
                "FROM _lines JOIN _kinds USING (kind) ORDER BY kind, line"
            )


def _named(reading: Reading) -> tuple[str, str, str]:
    extract = reading.file.extract
    return extract.delivery, extract.source, extract.file_name


def _first_rows(store: Store) -> dict[int, int]:
    """The place of each delivery's first record among the mapped rows."""
    table = store.fetch(f"SELECT _delivery AS d, min(rowid) AS n FROM {MAPPED} GROUP BY d")
    return dict(zip(table["d"].to_pylist(), table["n"].to_pylist(), strict=True))


def _bit(bit: int) -> str:
    return f"m._flags_{bit // BITS} & CAST({1 << bit % BITS} AS UBIGINT) <> 0"


def _first_flagged(store: Store, number: int, bit: int, first: int) -> list[int]:
    rows = store.rows(
        f"SELECT m.rowid AS row FROM {MAPPED} m WHERE m._delivery = {number} AND {_bit(bit)} AND {COUNTED} "
        f"ORDER BY row LIMIT {MOST_LISTED}"
    )
    return [row["row"] - first for row in rows]
