"""Mapping: from the texts of a file to the typed columns of the curated contract.

`Mapping` writes the SELECT that turns staged texts into the *mapped* rows of a source: one row for
each record, with every curated column of its main table and its parts, and one bit for each rule that
the record breaks. A record with any bit set is quarantined.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.definitions.indicator import Scalar
from pipeline.definitions.source import Derived, Source
from pipeline.errors import ExtractError
from pipeline.ingest import headers
from pipeline.ingest.text import clean_header
from pipeline.model.contract import CONTRACTS, Column, Contract

BITS = 63
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
WHOLE_NUMBER = "[-+]?[0-9]+"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row rule: the header it is about, its name and what the reader of the quarantine is told."""

    header: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the mapped rows: its name there, where it comes from, its contract."""

    name: str
    derived: Derived
    type: str
    required: bool
    values: tuple[str, ...]

    @property
    def header(self) -> str:
        return (self.derived.from_ or self.derived.month_of or self.name).lstrip("=")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Scalar | None) -> str:
    """A value of config/ as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def text_of(header: str) -> str:
    """The mapped rows' column that holds the trimmed text under a header."""
    return quoted(f"text:{header}")


class Mapping:
    """The mapping of one source, resolved against the contract."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.contract = CONTRACTS[source.contract]
        self.main = self._table(self.contract, {**source.columns, **self._implied()}, "")
        self.parts = {
            name: self._table(CONTRACTS[part.contract], part.columns, f"{name}.")
            for name, part in source.parts.items()
        }

    def _implied(self) -> dict[str, Derived | str]:
        """Columns that the sheets, the unpivoting and the waves fill, and a quantity of one."""
        source = self.source
        implied: dict[str, Derived | str] = {}
        for name in {name: None for sheet in source.sheets for name in sheet.constants}:
            implied[name] = Derived(from_=f"={name}")
        if source.unpivot:
            for name in (source.unpivot.name_to, source.unpivot.value_to):
                implied[name] = Derived(from_=f"={name}")
        if self.contract.column("quantity") and "quantity" not in source.columns:
            implied["quantity"] = Derived(constant=1)
        if source.waves:
            implied["wave"] = Derived(from_=_header_of(source.columns.get("completed_on")))
        return implied

    def _table(
        self, contract: Contract, columns: dict[str, Derived | str], prefix: str
    ) -> tuple[MappedColumn, ...]:
        return tuple(
            self._column(contract, prefix + name, contract.column(name), derived)
            for name, derived in columns.items()
        )

    def _column(
        self, contract: Contract, name: str, column: Column | None, derived: Derived | str
    ) -> MappedColumn:
        if isinstance(derived, str):
            derived = Derived(from_=derived)
        if column is None and not contract.open_columns:
            raise ExtractError(
                f"source {self.source.id}: {name} is not a column of {contract.name} tables, "
                f"which have: {', '.join(c.name for c in contract.columns)}"
            )
        kind = derived.type or (column.type if column else "VARCHAR")
        required = column.required if column else False
        return MappedColumn(name, derived, kind, required, column.values if column else ())

    @cached_property
    def columns(self) -> tuple[MappedColumn, ...]:
        """Every column of the mapped rows, the parts' own ones named `<part>.<column>`."""
        return self.main + tuple(column for part in self.parts.values() for column in part)

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The headers that a file must have; names that start with `=` are filled by staging."""
        found: dict[str, None] = {}
        for column in self.columns:
            found.update(dict.fromkeys(filter(None, (column.derived.from_, column.derived.year_from))))
        for name in (*self.source.rows, *self.source.present, *self.source.grain):
            found[name] = None
        for part in self.source.parts.values():
            found.update(dict.fromkeys((*part.key, *part.rows)))
        return tuple(found)

    @cached_property
    def kept_texts(self) -> tuple[str, ...]:
        """Headers whose text the mapped rows keep, to tell records of one crime apart."""
        keys = [key for part in self.source.parts.values() for key in part.key]
        return tuple(dict.fromkeys((*self.source.grain, *keys)))

    @cached_property
    def hashed(self) -> tuple[str, ...]:
        """The mapped columns that hold references of people or addresses."""
        return tuple(column.name for column in self.columns if column.derived.hashed)

    def stored(self, part: str | None) -> dict[str, str]:
        """The curated columns of the main table, or of a part, with the mapped column of each."""
        if part is None:
            return {column.name: column.name for column in self.main}
        contract = CONTRACTS[self.source.parts[part].contract]
        own = {c.name.removeprefix(f"{part}."): c.name for c in self.parts[part]}
        main = {column.name: column.name for column in self.main if contract.column(column.name)}
        both = main | own
        order = [column.name for column in contract.columns if column.name in both]
        return {name: both[name] for name in order}

    @cached_property
    def rules(self) -> tuple[tuple[Rule, str], ...]:
        """The row rules in the order of their bits, each with the SQL that is true where it is broken."""
        return tuple(rule for column in self.columns for rule in self._rules(column))

    def _rules(self, column: MappedColumn) -> Iterator[tuple[Rule, str]]:
        derived, name = column.derived, quoted(column.name)
        if derived.from_:
            text = self._text(derived)
            known = derived.values or dict.fromkeys(derived.allowed)
            if known:
                allowed = ", ".join(map(literal, known))
                rule = Rule(column.header, "values", f"not one of the {len(known)} values declared for it")
                yield rule, f"{text} IS NOT NULL AND {text} NOT IN ({allowed})"
            elif column.type != "VARCHAR":
                rule = Rule(column.header, "type", _expected(column))
                yield rule, f"{text} IS NOT NULL AND {name} IS NULL"
        if column.values and not derived.values:
            rule = Rule(column.header, "values", f"not one of: {', '.join(column.values)}")
            yield rule, f"{name} NOT IN ({', '.join(map(literal, column.values))})"
        if column.type == "DATE" and not derived.month_of:
            rule = Rule(column.header, "range", f"before {EARLIEST_YEAR} or after {LATEST_YEAR}")
            yield rule, f"year({name}) NOT BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}"
        if self._is_wave(column):
            rule = Rule(column.header, "wave", "in none of the waves declared for the survey")
            yield rule, f"completed_on IS NOT NULL AND {name} IS NULL"
        if column.required:
            rule = Rule(column.header, "required", "empty, and every record must have it")
            text = f" AND {self._text(derived)} IS NULL" if derived.from_ else ""
            yield rule, f"{name} IS NULL{text}"

    def _text(self, derived: Derived) -> str:
        """The text of a column; the texts that mean `not recorded` are null."""
        text = text_of(derived.from_ or "")
        for empty in derived.empty:
            text = f"nullif({text}, {literal(empty)})"
        return text

    def _typed(self, column: MappedColumn) -> str:
        derived = column.derived
        if derived.from_ is None:
            return f"CAST({literal(derived.constant)} AS {column.type})"
        text = self._text(derived)
        if derived.values:
            cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in derived.values.items())
            return f"CAST(CASE {text} {cases} END AS {column.type})"
        if derived.year_from:
            return _first_of_month(text, text_of(derived.year_from))
        if derived.time_format:
            return f"CAST(hour(try_strptime({text}, {literal(derived.time_format)})) AS INTEGER)"
        if column.type == "DATE":
            day = f"CAST(try_strptime({text}, {literal(derived.date_format or '%Y-%m-%d')}) AS DATE)"
            return f"{day} + {derived.plus_days}" if derived.plus_days else day
        if column.type == "INTEGER":
            number = f"try_cast({text} AS INTEGER)"
            return f"CASE WHEN regexp_full_match({text}, '{WHOLE_NUMBER}') THEN {number} END"
        if column.type == "DOUBLE":
            number = f"try_cast({text} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        return text if column.type == "VARCHAR" else f"try_cast({text} AS {column.type})"

    def _wave(self) -> str:
        cases = " ".join(
            f"WHEN completed_on BETWEEN DATE '{wave.start}' AND DATE '{wave.end}' THEN {literal(name)}"
            for name, wave in self.source.waves.items()
        )
        return f"CASE {cases} END"

    def select(self, relation: str) -> str:
        """The SELECT that maps a relation with `_delivery` and a text column for each header."""
        texts = ", ".join(f"nullif(trim({quoted(h)}), '') AS {text_of(h)}" for h in self.headers)
        first = [c for c in self.columns if not c.derived.month_of and not self._is_wave(c)]
        later = [c for c in self.columns if c not in first]
        typed = ", ".join(f"{self._typed(column)} AS {quoted(column.name)}" for column in first)
        derived = "".join(f", {self._derived(column)} AS {quoted(column.name)}" for column in later)
        kept = "".join(f", {text_of(header)}" for header in self.kept_texts)
        columns = ", ".join(quoted(column.name) for column in self.columns)
        return (
            f"SELECT _delivery, {columns}{kept}{self._routes()}, "
            f"{', '.join(self._faults())} "
            f"FROM (SELECT *{derived} FROM (SELECT *, {typed} FROM "
            f"(SELECT _delivery, {texts} FROM {relation})))"
        )

    def _faults(self) -> Iterator[str]:
        broken = [sql for _, sql in self.rules]
        for number, column in enumerate(self.fault_columns):
            few = broken[number * BITS : (number + 1) * BITS]
            bits = " + ".join(f"CASE WHEN {sql} THEN {1 << bit} ELSE 0 END" for bit, sql in enumerate(few))
            yield f"CAST({bits or 0} AS UBIGINT) AS {column}"

    @property
    def fault_columns(self) -> list[str]:
        """The mapped rows' columns with one bit for each rule that a record breaks, `BITS` to a column."""
        return [f"_faults_{number}" for number in range(1 + len(self.rules) // BITS)]

    @property
    def faultless(self) -> str:
        """The SQL that is true of mapped rows that break no rule."""
        return " AND ".join(f"{column} = 0" for column in self.fault_columns)

    def _derived(self, column: MappedColumn) -> str:
        """The SQL of a column made of another mapped column."""
        if self._is_wave(column):
            return self._wave()
        return f"CAST(date_trunc('month', {quoted(column.derived.month_of or '')}) AS DATE)"

    def _is_wave(self, column: MappedColumn) -> bool:
        return column.name == "wave" and bool(self.source.waves)

    def _routes(self) -> str:
        """Flags: whether a record is none of the source's, and to which part it is diverted."""
        source = self.source
        wanted = [_among(header, values) for header, values in source.rows.items()]
        wanted += [f"{text_of(header)} IS NOT NULL" for header in source.present]
        flags = f", NOT ({' AND '.join(wanted)}) AS _aside" if wanted else ""
        for name, part in source.parts.items():
            if part.rows:
                diverted = " AND ".join(_among(header, values) for header, values in part.rows.items())
                flags += f", ({diverted}) AS {quoted(f'_to:{name}')}"
        return flags

    def positions(self, header: Sequence[str], file_name: str) -> dict[str, int]:
        """Where each wanted header stands in a file's header line. Raises ExtractError for a missing one."""
        wanted = [name for name in self.headers if not name.startswith("=")]
        return headers.positions(wanted, header, file_name, self.source.id)

    def extra_columns(self, header: Sequence[str]) -> tuple[str, ...]:
        """Headers that the mapping neither reads nor names as ignored. They are not stored."""
        known = {clean_header(name).casefold() for name in (*self.headers, *self.source.ignored)}
        if self.source.unpivot:
            known |= {clean_header(name).casefold() for name in self.source.unpivot.items.values()}
        return tuple(name for name in header if name.casefold() not in known)


def _header_of(derived: Derived | str | None) -> str | None:
    return derived.from_ if isinstance(derived, Derived) else derived


def _among(header: str, values: Sequence[Scalar]) -> str:
    return f"coalesce({text_of(header)} IN ({', '.join(literal(str(value)) for value in values)}), false)"


def _first_of_month(month: str, year: str) -> str:
    number = f"try_cast({month} AS INTEGER)"
    valid = f"regexp_full_match({month}, '[0-9]+') AND regexp_full_match({year}, '[0-9]{{4}}')"
    whole = f"CASE WHEN {valid} AND {number} BETWEEN 1 AND 12"
    return f"{whole} THEN make_date(try_cast({year} AS INTEGER), {number}, 1) END"


def _expected(column: MappedColumn) -> str:
    derived = column.derived
    if derived.year_from:
        return f"not a month's number with a year in {derived.year_from}"
    if derived.time_format:
        return f"not a time written {derived.time_format}"
    return {
        "DATE": f"not a date written {derived.date_format or '%Y-%m-%d'}",
        "INTEGER": "not a whole number",
        "DOUBLE": "not a number",
        "BOOLEAN": "neither true nor false",
    }[column.type]
