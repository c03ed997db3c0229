"""Releasing: a refused record is given what a person decided, and judged again by every rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.definitions.corrections import Correction
from pipeline.definitions.indicator import Scalar
from pipeline.ingest.casting import MappedColumn, literal, quoted
from pipeline.ingest.days import days_of, selected
from pipeline.ingest.mapping import BITS, Mapping
from pipeline.ingest.reading import MAPPED, Reading
from pipeline.ingest.rules import Rule, is_wave
from pipeline.store import Store

QUARANTINED_AGAIN = "its record is quarantined again"


@dataclass(frozen=True, slots=True)
class Record:
    """One mapped row in question, the reading it is of, and the rules that it breaks."""

    row: int
    reading: Reading
    broken: tuple[Rule, ...]

    def breaks(self, correction: Correction) -> bool:
        return any(about(rule, correction) for rule in self.broken)


def records_of(
    store: Store, mapping: Mapping, readings: Sequence[Reading], rows: Sequence[int]
) -> list[Record]:
    """The rows with the rules that each breaks, in the order of receipt."""
    if not rows:
        return []
    by_number = {reading.file.number: reading for reading in readings}
    found = store.rows(
        f"SELECT rowid AS row, _delivery AS d, {', '.join(mapping.fault_columns)} FROM {MAPPED} "
        f"WHERE rowid IN ({', '.join(map(str, rows))}) ORDER BY row"
    )
    return [
        Record(
            row["row"],
            by_number[row["d"]],
            tuple(
                rule
                for bit, rule in enumerate(by_number[row["d"]].file.mapping.rules)
                if row[mapping.fault_columns[bit // BITS]] >> bit % BITS & 1
            ),
        )
        for row in found
    ]


def about(rule: Rule, correction: Correction) -> bool:
    return rule.name == correction.rule and correction.column in (None, rule.header, rule.column)


def named(rules: Sequence[Rule]) -> str:
    return ", ".join(dict.fromkeys(f"{rule.name} ({rule.header})" for rule in rules))


def release(store: Store, mapping: Mapping, correction: Correction, records: Sequence[Record]) -> str | None:
    """Give the records the values of the decision and judge them again; why none, where that cannot be."""
    columns = {column.name: column for column in mapping.main}
    for name, value in correction.values.items():
        if value is not None and not _fits(columns[name], value):
            return f"the value given for {name} is none that the column may have; {QUARANTINED_AGAIN}"
    for record in records:
        wrong = {rule.column for rule in record.broken}
        wrong |= {_base(mapping, columns[name]) for name in wrong & columns.keys()}
        if others := [name for name in correction.values if name not in wrong]:
            return (
                f"values are given for {', '.join(others)}, of which its record breaks no rule; "
                f"{QUARANTINED_AGAIN}"
            )
        own = [rule.column for rule in record.broken if about(rule, correction)]
        if not correction.values and any(_is_empty(store, column, record) for column in own):
            return (
                "its value is empty or cannot be read, so the record cannot stand as it is; "
                f"{QUARANTINED_AGAIN}. Say under `values` what it is, or null for not recorded"
            )
    given = {
        name: f"CAST({literal(value)} AS {columns[name].type})" for name, value in correction.values.items()
    }
    made = {
        column.name: mapping.derived(column)
        for column in mapping.main
        if column.name not in given and _base(mapping, column) in given
    }
    for record in records:
        _give(store, mapping, correction, record, given, made)
    return None


def _fits(column: MappedColumn, value: Scalar) -> bool:
    """Whether a value is of a column's type, and one of those that its source declares."""
    derived = column.derived
    known = tuple(derived.values.values()) if derived.values else derived.allowed
    if known and value not in known:
        return False
    match column.type:
        case "INTEGER":
            return isinstance(value, int) and not isinstance(value, bool)
        case "DOUBLE":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "BOOLEAN":
            return isinstance(value, bool)
        case "DATE":
            is_first = isinstance(value, str) and value.endswith("-01")
            return isinstance(value, str) and _is_day(value) and (is_first or column.name != "month")
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _base(mapping: Mapping, column: MappedColumn) -> str:
    """The column that a derived one is made of; empty for others."""
    return "completed_on" if is_wave(mapping.source, column) else column.derived.month_of or ""


def _is_empty(store: Store, column: str, record: Record) -> bool:
    found = store.rows(f"SELECT {quoted(column)} IS NULL AS empty FROM {MAPPED} WHERE rowid = {record.row}")
    return bool(found[0]["empty"])


def _give(
    store: Store,
    mapping: Mapping,
    correction: Correction,
    record: Record,
    given: dict[str, str],
    made: dict[str, str],
) -> None:
    """Change one record, and set its bits to the rules that it then breaks.

    A rule about a text that was delivered does not hold for a value that replaces it.
    """
    own = record.reading.file.mapping
    row = f"SELECT *{_replaced(given)} FROM {MAPPED} WHERE rowid = {record.row}"
    file, source = record.reading.file, mapping.source
    days = selected({file.number: days_of(file.extract, source)}, source.months_in_name is not None)
    rechecked = {n: rule for n, rule in enumerate(own.rules) if not rule.of_text}
    asked = ", ".join(f"coalesce({rule.broken}, false) AS r{n}" for n, rule in rechecked.items()) or "0"
    (now,) = store.rows(f"SELECT {asked} FROM (SELECT *{_replaced(made)}, {days} FROM ({row}))")
    words = [0] * len(own.fault_columns)
    for number, rule in enumerate(own.rules):
        if not correction.values and about(rule, correction):
            continue  # it is taken as it stands
        kept = rule in record.broken and rule.column not in given
        if now[f"r{number}"] if number in rechecked else kept:
            words[number // BITS] |= 1 << number % BITS
    changes = [f"{quoted(name)} = {value}" for name, value in given.items()]
    changes += [f"{column} = {word}" for column, word in zip(own.fault_columns, words, strict=True)]
    for number, column in enumerate(own.flag_columns):
        few = enumerate(own.flags[number * BITS : (number + 1) * BITS])
        gone = sum(1 << bit for bit, rule in few if rule.column in given)
        changes.append(f"{column} = {column} & ~CAST({gone} AS UBIGINT)")
    store.execute(f"UPDATE {MAPPED} SET {', '.join(changes)} WHERE rowid = {record.row}")
    if made:
        derived = ", ".join(f"{quoted(name)} = {value}" for name, value in made.items())
        store.execute(f"UPDATE {MAPPED} SET {derived} WHERE rowid = {record.row}")


def _replaced(values: dict[str, str]) -> str:
    listed = ", ".join(f"{value} AS {quoted(name)}" for name, value in values.items())
    return f" REPLACE ({listed})" if listed else ""
