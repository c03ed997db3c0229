"""Trying every mapping without a file: can what the database is asked be asked at all?"""

from collections.abc import Iterator
from datetime import date

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.errors import AssessmentError, ExtractError
from pipeline.ingest import naming
from pipeline.ingest.casting import quoted
from pipeline.ingest.days import Days
from pipeline.ingest.mapping import Mapping
from pipeline.store import QueryError, Store

_EMPTY, _DELIVERY = "no_rows", 0
_ANY_DAYS = Days(date(2100, 1, 1), date(2100, 1, 1), date(2100, 1, 1))


def unusable_mappings(definitions: Definitions) -> tuple[str, ...]:
    """A sentence for each source whose files could not be taken in, whatever is in them.

    Each mapping, and that of each of its formats, is asked of a table without a row.
    """
    with Store.in_memory() as store:
        return tuple(sentence for one in definitions.sources.values() for sentence in _faults(store, one))


def _faults(store: Store, source: Source) -> Iterator[str]:
    try:
        mapping = Mapping(source)
    except ExtractError as error:
        yield str(error)
        return
    absent = [
        column.name
        for column in mapping.contract.columns
        if column.required and column.name not in {one.name for one in mapping.main}
    ]
    if absent:
        yield (
            f"source {source.id}: `columns` lacks {' and '.join(absent)}, which every row of "
            f"{source.contract} must have"
        )
    for number, one in enumerate((mapping, *mapping.all_others)):
        of = f", format {number}" if number else ""
        try:
            _ask(store, one)
        except QueryError:
            yield f"source {source.id}{of}: the database cannot read by this mapping; is a format mistyped?"
        except AssessmentError as error:
            yield f"source {source.id}{of}: {error}"


def _ask(store: Store, mapping: Mapping) -> None:
    naming.make_none(store, mapping.source.geography or "")
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {quoted(header)}" for header in mapping.headers)
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE {_EMPTY} AS SELECT CAST({_DELIVERY} AS INTEGER) AS _delivery"
        f"{', ' if columns else ''}{columns} WHERE false"
    )
    store.rows(mapping.select(_EMPTY, {_DELIVERY: _ANY_DAYS}))
