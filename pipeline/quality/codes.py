"""Codes that stand in the data and in no list: a figure that counts by lists may miss their rows.

A force renames an offence, an outcome gets a new number: the rows load, and every figure that counts by
code lists passes them over. So the codes of each column that indicators read through code lists are held
against those lists, and against the lists that `codes:` of the source names as holding all the others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.definitions.columns import closed_values
from pipeline.definitions.readings import Reading, code_class, readings
from pipeline.definitions.resolved import Definitions
from pipeline.model.period import format_month
from pipeline.query import QUANTITY, compile_sums
from pipeline.store import Store

MONTH = "month"
FEW_ROWS = 8
"""A value in fewer rows than this is shown only where it looks like a code: it may be a slipped cell."""

_MOST_COMBINATIONS = 100_000
_CODE = re.compile(r"[A-Za-z]{0,3}[0-9]{1,4}[A-Za-z]{0,2}([./-][0-9A-Za-z]{1,3})?")

Span = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCode:
    """A code of one column in no list, or outside the months for which its lists hold it.

    `code` is empty for the values that do not look like codes, told together. `indicators` read the column
    by codes; those whose lists hold codes of the same class (the same number) come first, and `likely`
    says how many they are. `rows` is the number of crimes, incidents or outcomes; the months are None
    where the table has none. `ended`: lists hold it, for other months.
    """

    source: str
    table: str
    column: str
    code: str
    rows: int
    first_month: date | None
    last_month: date | None
    indicators: tuple[str, ...]
    likely: int = 0
    ended: bool = False

    @property
    def span(self) -> str:
        """Its first and last month, `2023-04 to 2023-06`; empty where the table has none."""
        if self.first_month is None or self.last_month is None:
            return ""
        ends = dict.fromkeys(map(format_month, (self.first_month, self.last_month)))
        return " to ".join(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlistedColumn:
    """A column read through code lists of which nobody said which codes it may have besides.

    So many codes of it, in so many rows, are in no list that an indicator reads.
    """

    source: str
    table: str
    column: str
    codes: int
    rows: int


Found = UnknownCode | UnlistedColumn


def unknown_codes(store: Store, definitions: Definitions) -> tuple[Found, ...]:
    """What the warehouse holds of such codes, by source, most rows first; nothing where all are known."""
    by_column: dict[tuple[str, str, str], list[Reading]] = {}
    for reading in readings(definitions):
        # A part repeats the columns of the rows it was split from: the main table has them all.
        whole = reading.column in store.columns(reading.source)
        table = reading.source if whole else reading.table
        by_column.setdefault((reading.source, table, reading.column), []).append(reading)
    found: list[Found] = []
    for (_, table, column), read in by_column.items():
        if any(reading.codelists for reading in read) and column in store.columns(table):
            found += _of_column(store, definitions, table, read)
    return tuple(found)


def _of_column(store: Store, definitions: Definitions, table: str, read: Sequence[Reading]) -> list[Found]:
    source, column = read[0].source, read[0].column
    declared = definitions.sources[source].codes.get(column, ())
    if not declared and closed_values(definitions.sources[source], read[0].part, column):
        return []  # other values are quarantined on the way in
    lists = [*declared, *(name for reading in read for name in reading.codelists)]
    known = _known(lists, (code for reading in read for code in reading.codes), definitions)
    held = _held(store, table, column)
    unlisted = {code: months for code, months in held.items() if code not in known}
    found: list[Found] = []
    if declared:
        found += _told(source, table, column, unlisted, read, definitions)
    elif unlisted:
        rows = sum(sum(months.values()) for months in unlisted.values())
        found.append(
            UnlistedColumn(source=source, table=table, column=column, codes=len(unlisted), rows=rows)
        )
    for code, spans in known.items():
        outside = {m: rows for m, rows in held.get(code, {}).items() if not _in_force(m, spans)}
        if outside:
            found.append(_unknown(source, table, column, code, outside, read, definitions, ended=True))
    return sorted(found, key=lambda one: -one.rows)


def _known(
    lists: Iterable[str], codes: Iterable[str], definitions: Definitions
) -> dict[str, tuple[Span, ...]]:
    """Every known code with the spans in which it is in force; an open one makes the others needless."""
    spans: dict[str, list[Span]] = {code: [(None, None)] for code in codes}
    for name in dict.fromkeys(lists):
        bounds = definitions.codelist_validity.get(name, {})
        for code in definitions.codelists.get(name, ()):
            spans.setdefault(code, []).append(bounds.get(code, (None, None)))
    return {code: tuple(found) for code, found in spans.items()}


def _in_force(month: date | None, spans: Iterable[Span]) -> bool:
    return month is None or any(
        (since is None or since <= month) and (until is None or month < until) for since, until in spans
    )


def _held(store: Store, table: str, column: str) -> dict[str, dict[date | None, int]]:
    """The rows of each recorded code by month."""
    there = store.columns(table)
    keys = (column, MONTH) if MONTH in there else (column,)
    query = compile_sums(table, keys, QUANTITY in there, _MOST_COMBINATIONS)
    held: dict[str, dict[date | None, int]] = {}
    for row in store.rows(query.sql, query.params):
        if row[column] is not None:
            held.setdefault(str(row[column]), {})[row.get(MONTH)] = int(row[QUANTITY])
    return held


def _told(
    source: str,
    table: str,
    column: str,
    unlisted: Mapping[str, Mapping[date | None, int]],
    read: Sequence[Reading],
    definitions: Definitions,
) -> list[UnknownCode]:
    """Codes one by one; values that look like none, and are rare, together and without saying them."""
    found = []
    hidden: dict[date | None, int] = {}
    for code, months in unlisted.items():
        if _CODE.fullmatch(code) or sum(months.values()) >= FEW_ROWS:
            found.append(_unknown(source, table, column, code, months, read, definitions))
        else:
            for month, rows in months.items():
                hidden[month] = hidden.get(month, 0) + rows
    if hidden:
        found.append(_unknown(source, table, column, "", hidden, read, definitions))
    return found


def _unknown(
    source: str,
    table: str,
    column: str,
    code: str,
    months: Mapping[date | None, int],
    read: Sequence[Reading],
    definitions: Definitions,
    *,
    ended: bool = False,
) -> UnknownCode:
    touched = list(dict.fromkeys(reading.indicator for reading in read))
    near = {r.indicator for r in read if _holds_class(code, r, definitions)} if code else set()
    dated = [month for month in months if month is not None]
    return UnknownCode(
        source=source,
        table=table,
        column=column,
        code=code,
        rows=sum(months.values()),
        first_month=min(dated, default=None),
        last_month=max(dated, default=None),
        indicators=tuple(sorted(touched, key=lambda name: (name not in near, touched.index(name)))),
        likely=len(near),
        ended=ended,
    )


def _holds_class(code: str, reading: Reading, definitions: Definitions) -> bool:
    """Whether a reading counts codes of the same class: 8Q belongs beside 8N."""
    listed = (c for name in reading.codelists for c in definitions.codelists.get(name, ()))
    return any(code_class(other) == code_class(code) for other in (*listed, *reading.codes))
