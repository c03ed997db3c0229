"""Vintages: the warehouse as it would be, had it been made of the deliveries known at a moment.

Nothing is loaded again: the rows known then are among the current ones and the closed ones.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import assert_never

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import did_you_mean
from pipeline.errors import ComputationError, UsageError
from pipeline.ingest import coverage as covering
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.history import closed_table
from pipeline.ingest.receive import RawStore
from pipeline.ingest.run import deliveries_of, lacking
from pipeline.model.delivery import Accounting, AsAt, Deliveries, Extract
from pipeline.store import Store
from pipeline.workspace import Workspace

REFERENCE = ("geography", "boundaries", "population")  # kinds of tables that rows are placed or divided by


def deliveries_as_at(
    workspace: Workspace, definitions: Definitions, as_at: AsAt | None, *, for_figures: bool = True
) -> Deliveries:
    """The deliveries behind the warehouse that were known at a moment; all of them where none is asked for.

    Raises ComputationError where nothing has been ingested, or nothing had been by then that figures
    cannot do without, unless none are wanted; UsageError for a delivery that there is not.
    """
    return known_at(workspace, definitions, deliveries_of(workspace), as_at, for_figures=for_figures)


def known_at(
    workspace: Workspace,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: AsAt | None,
    *,
    for_figures: bool = True,
) -> Deliveries:
    """The same of deliveries that are at hand."""
    later = _later(deliveries.extracts, definitions, as_at)
    left_out = {extract.delivery for extract in later}
    known = tuple(extract for extract in deliveries.extracts if extract.delivery not in left_out)
    for name, reason in lacking(definitions, known).items() if for_figures else ():
        when = f"as at {as_at}: " if later else ""
        first = next((extract for extract in later if extract.source == name), None)
        came = f"; its first, {first.delivery}, came on {first.received:%Y-%m-%d %H:%M}" if first else ""
        raise ComputationError(f"{when}source {name} has no delivery, and {reason}{came}")
    if not later:
        return deliveries
    digest = hashlib.sha256("\n".join((deliveries.warehouse_digest, *sorted(left_out))).encode())
    found = replace(
        deliveries,
        extracts=known,
        later=later,
        accounting=tuple(_as_known(a, left_out) for a in deliveries.accounting if a.delivery not in left_out),
        revisions=tuple(count for count in deliveries.revisions if count.delivery not in left_out),
        revised_months=tuple(m for m in deliveries.revised_months if m.delivery not in left_out),
        warehouse_digest=digest.hexdigest(),
    )
    with warehouse(workspace, found) as store:
        decided = RawStore(workspace, definitions.sources).whole_months()
        return replace(found, coverage=covering.cover(store, definitions, known, decided))


@contextmanager
def warehouse(workspace: Workspace, deliveries: Deliveries) -> Iterator[Store]:
    """The warehouse, each table with the rows that were current when these deliveries were known."""
    with Store.reading(workspace.warehouse) as store:
        if deliveries.later:
            store.read_as(_as_tables_were(store, [extract.delivery for extract in deliveries.later]))
        yield store


def _later(extracts: Sequence[Extract], definitions: Definitions, as_at: AsAt | None) -> tuple[Extract, ...]:
    """The extracts that were not known yet. They are in order of receipt.

    A day ends when it ends, and says nothing of a source that had delivered nothing by then: such files
    were collected afterwards. At a moment, or with a delivery, that holds for references only.
    """
    match as_at:
        case None:
            return ()
        case str():
            ids = [extract.delivery for extract in extracts]
            if as_at not in ids:
                meant = did_you_mean(as_at, ids) or "; those of a source are numbered from 0001"
                raise UsageError(f"--as-at {as_at}: there is no such delivery{meant}")
            later = extracts[ids.index(as_at) + 1 :]
        case datetime():
            moment = as_at.replace(tzinfo=UTC) if as_at.tzinfo is None else as_at
            later = [extract for extract in extracts if extract.received > moment]
        case date():
            later = [extract for extract in extracts if extract.received.date() > as_at]
        case _:
            assert_never(as_at)
    known = {extract.source for extract in extracts if extract not in later}
    is_day = isinstance(as_at, date) and not isinstance(as_at, datetime)
    return tuple(
        extract
        for extract in later
        if extract.source in known
        or not (is_day or definitions.sources[extract.source].contract in REFERENCE)
    )


def _as_known(accounting: Accounting, left_out: set[str]) -> Accounting:
    known = tuple(pair for pair in accounting.superseded_by if pair[0] not in left_out)
    return replace(accounting, superseded_by=known, superseded=sum(rows for _, rows in known))


def _as_tables_were(store: Store, later: Sequence[str]) -> dict[str, str | None]:
    """By table: the query of its rows as they were; None for a table that was not there yet."""
    left_out = f"({', '.join(map(literal, later))})"
    found: dict[str, str | None] = {}
    for table in store.tables():
        columns = store.columns(table)
        if "known_from" in columns and "known_to" not in columns:
            found[table] = _as_it_was(store, table, list(columns), left_out)
        elif "delivery" in columns:
            found[table] = f"SELECT * FROM {store.stored(table)} WHERE delivery NOT IN {left_out}"
    return found


def _as_it_was(store: Store, table: str, columns: Sequence[str], left_out: str) -> str | None:
    names, known = ", ".join(map(quoted, columns)), f"known_from NOT IN {left_out}"
    query = f"SELECT {names} FROM {store.stored(table)} WHERE {known}"
    if store.columns(closed_table(table)):
        query += (
            f" UNION ALL SELECT {names} FROM {store.stored(closed_table(table))} "
            f"WHERE {known} AND known_to IN {left_out}"
        )
    nothing_then = not store.rows(f"SELECT 1 FROM ({query}) LIMIT 1")
    return None if nothing_then and store.count(table) else query
