"""Parquet: read by the database, its types checked against the mapping before a row is read."""

import re
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest.casting import ZONE, MappedColumn, literal, quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.text import clean_header
from pipeline.store import QueryError, Store

KINDS = {
    "text": ("VARCHAR", "ENUM", "UUID"),
    "whole number": (
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
        "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    ),
    "number": ("FLOAT", "DOUBLE", "DECIMAL"),
    "date": ("DATE",),
    "date and time": ("TIMESTAMP",),
    "time": ("TIME",),
    "yes or no": ("BOOLEAN",),
}  # fmt: skip
ACCEPTED = {
    "VARCHAR": tuple(KINDS),
    "INTEGER": ("text", "whole number", "number"),
    "DOUBLE": ("text", "whole number", "number"),
    "DATE": ("text", "date", "date and time"),
    "BOOLEAN": ("text", "yes or no"),
}
WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
MOST_EXACT = 2**53


class Table:
    """The table of one Parquet file."""

    def __init__(self, store: Store, path: Path, mapping: Mapping) -> None:
        """Raises ExtractError where it cannot be read, lacks a column or has one of an unfit type."""
        self._mapping = mapping
        self._file = re.sub(r"[\[*?]", r"[\g<0>]", literal(str(path)))
        try:
            described = store.fetch(f"DESCRIBE SELECT * FROM read_parquet({self._file})").to_pylist()
            counted = store.fetch(f"SELECT count(*) AS n FROM read_parquet({self._file})")
        except QueryError:
            raise ExtractError(
                f"{path.name}: the Parquet file is damaged or cut short; ask the supplier for it again"
            ) from None
        self.rows: int = counted["n"][0].as_py()
        self._names = [row["column_name"] for row in described]
        self.header = tuple(map(clean_header, self._names))
        types = {name: row["column_type"] for name, row in zip(self.header, described, strict=True)}
        self._places = mapping.positions(self.header, path.name)
        self._types = {name: types[self.header[place]] for name, place in self._places.items()}
        for column in mapping.columns:
            self._check(column, path.name)

    def relation(self, delivery: int) -> str:
        """A relation over the rows: `_delivery` and the wanted columns as texts under their headers."""
        texts = "".join(
            f", {self._text(quoted(self._names[place]), name)} AS {quoted(name)}"
            for name, place in self._places.items()
        )
        return f"(SELECT CAST({delivery} AS INTEGER) AS _delivery{texts} FROM read_parquet({self._file}))"

    def _check(self, column: MappedColumn, file_name: str) -> None:
        name = column.derived.from_
        if name not in self._types:
            return
        kind, accepted = _kind(self._types[name]), ACCEPTED[column.type]
        derived = column.derived
        if derived.time_format:
            accepted = ("text", "time", "date and time")
        elif derived.values or derived.allowed:
            accepted = ACCEPTED["VARCHAR"]
        elif derived.counted_from or derived.serial:
            accepted = (*accepted, "whole number", "number")
        if kind not in accepted:
            raise ExtractError(
                f"{file_name}: its column {name} is of type {self._types[name]}, and {column.name} is made "
                f"of {' or '.join(accepted)}. Correct the column under `columns:` in config/sources.yaml, or "
                "ask for the file with another type."
            )

    def _text(self, column: str, header: str) -> str:
        kind = _kind(self._types[header])
        if kind == "number":
            number = f"CAST({column} AS DOUBLE)"
            whole = f"{number} = trunc({number}) AND abs({number}) <= {MOST_EXACT}"
            short = f"CAST(CAST({number} AS BIGINT) AS VARCHAR)"
            text = f"CASE WHEN {whole} THEN {short} ELSE CAST({column} AS VARCHAR) END"
            return f"CASE WHEN NOT isnan({number}) THEN {text} END"
        form = self._mapping.format_of(header)
        if self._types[header] == WITH_ZONE:
            column = f"({column} AT TIME ZONE '{ZONE}')"
        if form and kind in ("date", "date and time"):
            return f"strftime({column}, {literal(form)})"
        if form and kind == "time":
            return f"strftime(DATE '2000-01-01' + {column}, {literal(form)})"
        return f"CAST({column} AS VARCHAR)"


def _kind(type_: str) -> str:
    plain = "" if type_.endswith("]") else type_.partition("(")[0].partition(" ")[0].partition("_")[0]
    return next((kind for kind, types in KINDS.items() if plain in types), "")
