"""Mapping: from the texts of a file to the typed columns of the curated contract.

`Mapping` writes the SELECT that turns staged texts into the *mapped* rows of a source: one row for
each record, with every curated column of its main table and its parts, and one bit for each rule that
the record breaks (`rules.py`). A record with a bit of a rule that quarantines is quarantined.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from datetime import datetime
from functools import cached_property

from pipeline.definitions.indicator import Scalar
from pipeline.definitions.source import Derived, Source
from pipeline.errors import ExtractError
from pipeline.ingest import formats, headers, naming
from pipeline.ingest.casting import ISO_DATE, MappedColumn, literal, quoted, text_of, trimmed, typed
from pipeline.ingest.days import Days, selected
from pipeline.ingest.rules import Rule, is_wave, rules_of
from pipeline.ingest.text import clean_header
from pipeline.model.contract import CONTRACTS, Breach, Column, Contract

BITS = 63


class Mapping:
    """The mapping of one source, resolved against the contract.

    `of` gives the one for a delivery: files of another format have a mapping of their own, to the same
    columns and with as many fault columns.
    """

    def __init__(self, source: Source, renamed: Mapping_[str, str] | None = None) -> None:
        self.source = source
        self._renamed = renamed or {}
        self.contract = CONTRACTS[source.contract]
        self.main = self._table(self.contract, {**source.columns, **self._implied()}, "")
        self.parts = {
            name: self._table(CONTRACTS[part.contract], part.columns, f"{name}.")
            for name, part in source.parts.items()
        }
        self._others = [(f, Mapping(formats.as_mapped(source, f), f.headers)) for f in source.formats]
        every = (self, *self.all_others)
        self._fault_columns = max(_words(one.rules) for one in every) or 1
        self._flag_columns = max(_words(one.flags) for one in every)
        for one in self.all_others:
            one._fault_columns, one._flag_columns = self._fault_columns, self._flag_columns

    @property
    def all_others(self) -> list["Mapping"]:
        """The mappings of files of other formats."""
        return [mapping for _, mapping in self._others]

    def of(self, file_name: str, received: datetime) -> "Mapping":
        """The mapping of one delivery: of the first format that it is in, else this one."""
        fitting = (one for form, one in self._others if formats.fits(form, file_name, received))
        return next(fitting, self)

    def format_of(self, header: str) -> str | None:
        """How dates and times under a header are written as text, where cells hold them as such."""
        for column in self.columns:
            if column.derived.from_ == header and column.derived.time_format:
                return column.derived.time_format
            if column.derived.from_ == header and column.type == "DATE" and not column.derived.counted_from:
                return column.derived.date_format or ISO_DATE
        return None

    def _implied(self) -> dict[str, Derived | str]:
        """Columns that the sheets, the unpivoting and the waves fill, and a quantity of one."""
        source = self.source
        implied: dict[str, Derived | str] = {}
        for name in {name: None for sheet in source.sheets for name in sheet.constants}:
            implied[name] = Derived(from_=f"={name}")
        if source.unpivot:
            for name in (source.unpivot.name_to, source.unpivot.value_to):
                implied[name] = Derived(from_=f"={name}")
        if self.contract.column("quantity") and "quantity" not in {*source.columns, *implied}:
            implied["quantity"] = Derived(constant=1)
        if source.waves and "wave" not in source.columns:
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
        if column is None:
            return MappedColumn(
                name, derived, derived.type or "VARCHAR", False, (), derived.least, derived.most
            )
        return MappedColumn(
            name,
            derived,
            derived.type or column.type,
            column.required,
            column.values,
            column.least if derived.least is None else derived.least,
            column.most if derived.most is None else derived.most,
            column.past,
            column.area,
        )

    @cached_property
    def columns(self) -> tuple[MappedColumn, ...]:
        """Every column of the mapped rows, the parts' own ones named `<part>.<column>`."""
        return self.main + tuple(column for part in self.parts.values() for column in part)

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The headers that a file must have; names that start with `=` are filled by staging."""
        found: dict[str, None] = {}
        for column in self.columns:
            found.update(dict.fromkeys(column.derived.headers))
        for name in (*self.source.rows, *self.source.present, *self.source.grain):
            found[name] = None
        for part in self.source.parts.values():
            found.update(dict.fromkeys((*part.key, *part.rows)))
        return tuple(found)

    @cached_property
    def free_texts(self) -> frozenset[str]:
        """Headers of columns that no contract knows, such as a survey's questions: they may hold any text."""
        return frozenset(
            name
            for column in self.main
            if not self.contract.column(column.name)
            for name in column.derived.headers
        )

    @cached_property
    def codes(self) -> frozenset[str]:
        """Headers of columns of texts that the contract knows, such as references and categories."""
        return frozenset(
            header
            for column in self.columns
            if column.type == "VARCHAR"
            for header in column.derived.headers
            if header not in self.free_texts and not self.format_of(header)
        )

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Headers of columns that are read as numbers."""
        return frozenset(
            column.derived.from_
            for column in self.columns
            if column.derived.from_ and not column.derived.values and column.type in ("INTEGER", "DOUBLE")
        )

    @cached_property
    def kept_texts(self) -> tuple[str, ...]:
        """Headers whose text the mapped rows keep, to tell records of one crime apart."""
        keys = [key for part in self.source.parts.values() for key in part.key]
        return tuple(dict.fromkeys((*self.source.grain, *keys)))

    @cached_property
    def needs_names(self) -> bool:
        """Whether areas are found, or checked, by their names in the source's geography."""
        by_name = any(column.derived.by_name for column in self.columns)
        return by_name or naming.is_checked(self.source, [column.name for column in self.main])

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
    def rules(self) -> tuple[Rule, ...]:
        """The row rules that quarantine, in the order of their bits."""
        return self._of(Breach.QUARANTINED)

    @cached_property
    def flags(self) -> tuple[Rule, ...]:
        """The row rules that flag, in the order of theirs."""
        return self._of(Breach.FLAGGED)

    def _of(self, breach: Breach) -> tuple[Rule, ...]:
        return tuple(rule for rule in self._all_rules if rule.breach is breach)

    @cached_property
    def _all_rules(self) -> tuple[Rule, ...]:
        return rules_of(self.source, self.contract, self.columns)

    def _wave(self) -> str:
        cases = " ".join(
            f"WHEN completed_on BETWEEN DATE '{wave.start}' AND DATE '{wave.end}' THEN {literal(name)}"
            for name, wave in self.source.waves.items()
        )
        return f"CASE {cases} END"

    def select(self, relation: str, days: Mapping_[int, Days]) -> str:
        """The SELECT that maps a relation with `_delivery` and a text column for each header.

        `days` are those that records can be about, by the number of their delivery.
        """
        about = selected(days, self.source.months_in_name is not None)
        texts = ", ".join(f"{trimmed(quoted(h))} AS {text_of(h)}" for h in self.headers)
        first = [c for c in self.columns if not self._is_made_of_others(c)]
        later = [c for c in self.columns if c not in first]
        values = ", ".join(f"{typed(column)} AS {quoted(column.name)}" for column in first)
        derived = "".join(f", {self.derived(column)} AS {quoted(column.name)}" for column in later)
        kept = "".join(f", {text_of(header)}" for header in self.kept_texts)
        columns = ", ".join(quoted(column.name) for column in self.columns)
        return (
            f"SELECT _delivery, {columns}{kept}{self._routes()}, "
            f"{', '.join((*_bits(self.rules, self.fault_columns), *_bits(self.flags, self.flag_columns)))} "
            f"FROM (SELECT *{derived} FROM (SELECT *, {values} FROM "
            f"(SELECT _delivery, {about}, {texts} FROM {relation})) AS {naming.ROW})"
        )

    @property
    def fault_columns(self) -> list[str]:
        """The mapped rows' columns with one bit for each rule that a record breaks, `BITS` to a column."""
        return [f"_faults_{number}" for number in range(self._fault_columns)]

    @property
    def flag_columns(self) -> list[str]:
        """The same for the rules that flag; none where there is no such rule."""
        return [f"_flags_{number}" for number in range(self._flag_columns)]

    @property
    def faultless(self) -> str:
        """The SQL that is true of mapped rows that break no rule."""
        return " AND ".join(f"{column} = 0" for column in self.fault_columns)

    def _is_made_of_others(self, column: MappedColumn) -> bool:
        derived = column.derived
        return bool(derived.month_of or derived.by_name) or is_wave(self.source, column)

    def derived(self, column: MappedColumn) -> str:
        """The SQL of a column made of other mapped columns."""
        if is_wave(self.source, column):
            return self._wave()
        if column.derived.by_name:
            return naming.code_of(self.source, column)
        return f"CAST(date_trunc('month', {quoted(column.derived.month_of or '')}) AS DATE)"

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

    def in_file(self, header: str) -> str:
        """What files of this format call a header that the source names."""
        return self._renamed.get(header, header)

    def positions(self, header: Sequence[str], file_name: str) -> dict[str, int]:
        """Where each wanted header stands in a file's header line. Raises ExtractError for a missing one."""
        named = {self._renamed.get(name, name): name for name in self.headers if not name.startswith("=")}
        places = headers.positions(list(named), header, file_name, self.source.id)
        return {named[name]: place for name, place in places.items()}

    def find(self, header: Sequence[str], rows: Iterable[Sequence[str]], file_name: str) -> dict[str, int]:
        """The same; where the header lacks a column and one of the file's first `rows` has all, told so."""
        try:
            return self.positions(header, file_name)
        except ExtractError as error:
            for number, cells in enumerate(rows, 1):
                try:
                    self.positions([clean_header(cell) for cell in cells], file_name)
                except ExtractError:
                    continue
                raise ExtractError(
                    f"{error} The columns stand in row {number}: say `sheets: [{{header_row: {number}}}]` "
                    "for its source."
                ) from None
            raise

    def extra_columns(self, header: Sequence[str]) -> tuple[str, ...]:
        """Headers that the mapping neither reads nor names as ignored. They are not stored."""
        wanted = (self._renamed.get(name, name) for name in self.headers)
        known = {clean_header(name).casefold() for name in (*wanted, *self.source.ignored)}
        if self.source.unpivot:
            known |= {clean_header(name).casefold() for name in self.source.unpivot.items.values()}
        return tuple(name for name in header if name.casefold() not in known)


def _words(rules: Sequence[Rule]) -> int:
    """How many columns of bits some rules need."""
    return -(-len(rules) // BITS)


def _bits(rules: Sequence[Rule], columns: Sequence[str]) -> Iterator[str]:
    """The SQL of the columns with a bit for each rule."""
    for number, column in enumerate(columns):
        few = rules[number * BITS : (number + 1) * BITS]
        bits = " + ".join(
            f"CASE WHEN {rule.broken} THEN {1 << bit} ELSE 0 END" for bit, rule in enumerate(few)
        )
        yield f"CAST({bits or 0} AS UBIGINT) AS {column}"


def _header_of(derived: Derived | str | None) -> str | None:
    return derived.from_ if isinstance(derived, Derived) else derived


def _among(header: str, values: Sequence[Scalar]) -> str:
    return f"coalesce({text_of(header)} IN ({', '.join(literal(str(value)) for value in values)}), false)"
