"""Sums that several indicators read instead of the rows: definitions that share columns share a scan.

A count of rows by some columns is the same figure whether it is made from the rows or from the rows summed
by those columns and others besides, and the sums are far fewer than the rows. That holds for whatever only
adds up quantities: counts, rates, proportions, shares and ratios, with every filter and breakdown of the
columns summed by. Repeats (distinct people), surveys (squares of weights) and means are read from the rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.definitions.indicator import Count, Indicator, Proportion, Rate, Ratio, Share
from pipeline.query import (
    PLACE_COLUMNS,
    QUANTITY,
    Side,
    columns_needed,
    compile_sums,
    cut_columns,
    over_columns_needed,
)
from pipeline.store import Rows, Store

if TYPE_CHECKING:
    import pyarrow as pa

WORTH_IT = 0.25
"""Sums with more rows than this part of the rows are not read instead of them."""

Sums = Mapping[tuple[str, str], str]
"""By indicator and curated table: the table of sums to read instead."""

ROWS: Sums = {}
"""No sums: every figure from the rows themselves."""


def table_needs(indicator: Indicator) -> Iterator[tuple[Side, str, str | None, tuple[str, ...]]]:
    """The tables an indicator reads: the side of a ratio, source, part of it and the columns it must have."""
    measure = indicator.measure
    side = Side.NUMERATOR if isinstance(measure, Ratio) else Side.BOTH
    for source in indicator.sources:
        yield side, source, measure.table, columns_needed(indicator)
    if isinstance(measure, Ratio):
        for source in indicator.over_sources:
            yield Side.DENOMINATOR, source, measure.over.table, over_columns_needed(indicator)


@contextmanager
def shared_sums(store: Store, indicators: Iterable[Indicator]) -> Iterator[Sums]:
    """Tables of sums for as long as the block lasts, each read by two indicators or more."""
    tables: dict[str, pa.Table | Rows] = {}
    readers: dict[tuple[str, str], str] = {}
    for table, wanted in _wanted(store, indicators).items():
        # The largest sets first: whatever needs a part of the columns reads the same sums.
        for columns in sorted(set(wanted.values()), key=lambda found: (-len(found), sorted(found))):
            sharing = [i for i in wanted if wanted[i] <= columns and (i, table) not in readers]
            if len(sharing) < 2:
                continue
            found = _summed(store, table, columns)
            if found is not None:
                name = f"{table}:sums_{len(tables) + 1}"
                tables[name] = found
                readers |= {(indicator, table): name for indicator in sharing}
    with store.holding(tables):
        yield readers


def _wanted(store: Store, indicators: Iterable[Indicator]) -> dict[str, dict[str, frozenset[str]]]:
    """By curated table and indicator: the columns by which its rows must be told apart."""
    wanted: dict[str, dict[str, frozenset[str]]] = {}
    for indicator in indicators:
        if not isinstance(indicator.measure, Count | Rate | Proportion | Share | Ratio):
            continue
        beside = {*chain.from_iterable(cut_columns(indicator).values()), *PLACE_COLUMNS}
        for _, source, part, needed in table_needs(indicator):
            table = f"{source}_{part}" if part else source
            columns = {*needed, *beside} & store.columns(table).keys() - {QUANTITY}
            if columns:
                readers = wanted.setdefault(table, {})
                readers[indicator.id] = readers.get(indicator.id, frozenset()) | columns
    return wanted


def _summed(store: Store, table: str, columns: frozenset[str]) -> "pa.Table | None":
    """The rows summed by the columns; None where that leaves too many to be worth it."""
    at_most = int(WORTH_IT * store.count(table))
    query = compile_sums(table, sorted(columns), QUANTITY in store.columns(table), at_most)
    found = store.fetch(query.sql, query.params)
    if found.num_rows > at_most:
        return None
    # What filters choose stands together: they read on through a few blocks of rows.
    filtered_first = sorted(columns, key=lambda name: (name in (*PLACE_COLUMNS, "month"), name))
    return found.sort_by([(name, "ascending") for name in filtered_first])
