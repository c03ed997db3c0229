"""Vintages: the warehouse as it would be, had it been made of the deliveries known at a moment.

Nothing is loaded again: the rows known then are among the current ones and the closed ones. Only where a
delivery was held and taken after later ones of its source had come is a warehouse made of those known: which
rows it shared with them is in no table.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import assert_never

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import DecidedMonths
from pipeline.definitions.words import did_you_mean
from pipeline.errors import ComputationError, UsageError
from pipeline.ingest import coverage as covering
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.history import closed_table
from pipeline.ingest.receive import RawStore
from pipeline.ingest.requiring import lacking
from pipeline.ingest.run import build_beside, deliveries_of
from pipeline.model.acceptance import MonthDecision, Standing
from pipeline.model.delivery import Accounting, AsAt, Coverage, Deliveries, Extract
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
    later = _later(workspace, deliveries.extracts, definitions, as_at)
    left_out = {extract.delivery for extract in later}
    known = tuple(extract for extract in deliveries.extracts if extract.delivery not in left_out)
    for name, reason in lacking(definitions, known).items() if for_figures else ():
        when = f"as at {as_at}: " if later else ""
        first = next((extract for extract in later if extract.source == name), None)
        came = f"; its first, {first.delivery}, came on {first.known:%Y-%m-%d %H:%M}" if first else ""
        raise ComputationError(f"{when}source {name} has no delivery, and {reason}{came}")
    if as_at is None:
        return deliveries
    decisions = _Decisions(workspace, definitions, known, _decided_until(as_at, later))
    if not later and not decisions.left_out:
        return deliveries
    parts = (deliveries.warehouse_digest, *sorted(left_out), *decisions.left_out)
    digest = hashlib.sha256("\n".join(parts).encode())
    found = replace(
        deliveries,
        extracts=known,
        later=later,
        accounting=tuple(_as_known(a, left_out) for a in deliveries.accounting if a.delivery not in left_out),
        revisions=tuple(count for count in deliveries.revisions if count.delivery not in left_out),
        revised_months=tuple(m for m in deliveries.revised_months if m.delivery not in left_out),
        warehouse_digest=digest.hexdigest(),
    )
    if _was_taken_out_of_turn(found):
        path = _beside(workspace, found)
        made = build_beside(workspace, definitions, known, deliveries.made_on or date.max, path)
        found = replace(made, later=later, warehouse_digest=found.warehouse_digest)
    with warehouse(workspace, found) as store:
        return replace(found, coverage=decisions.cover(store))


def _decided_until(as_at: AsAt, later: Sequence[Extract]) -> date | None:
    """The last day whose decisions on months count; None for all. As at a delivery, until the next came."""
    match as_at:
        case str():
            came = min((extract.known.date() for extract in later), default=None)
            return came - timedelta(days=1) if came else None
        case datetime():
            return as_at.date()
        case date():
            return as_at
        case _:
            assert_never(as_at)


class _Decisions:
    """What persons had decided by a day on months of the deliveries `known`: that they are whole, or not.

    All that was decided counts of a source that was collected after the day, as its files do.
    """

    def __init__(
        self, workspace: Workspace, definitions: Definitions, known: Sequence[Extract], until: date | None
    ) -> None:
        collected = {extract.source for extract in known if until and extract.known.date() > until}
        self._raw = RawStore(workspace, definitions.sources)
        self._known = known
        self.left_out: list[str] = []

        def counts(source: str, one: MonthDecision | DecidedMonths) -> bool:
            if until is None or one.on <= until or source in collected:
                return True
            self.left_out.append(repr(one))
            return False

        self._taken = [one for one in self._raw.whole_months() if counts(one.source, one)]
        sources = {}
        for name, source in definitions.sources.items():
            written = {
                "accepted_months": tuple(one for one in source.accepted_months if counts(name, one)),
                "incomplete": tuple(one for one in source.incomplete if counts(name, one)),
            }
            sources[name] = source.model_copy(update=written)
        self._definitions = definitions.model_copy(update={"sources": sources})

    def cover(self, store: Store) -> Coverage:
        """The coverage as it was judged then."""
        return covering.cover(store, self._definitions, self._known, self._taken, self._raw.accepted())


@contextmanager
def warehouse(workspace: Workspace, deliveries: Deliveries) -> Iterator[Store]:
    """The warehouse, each table with the rows that were current when these deliveries were known."""
    if _was_taken_out_of_turn(deliveries):
        with Store.reading(_beside(workspace, deliveries)) as store:
            yield store
        return
    with Store.reading(workspace.warehouse) as store:
        if deliveries.later:
            store.read_as(_as_tables_were(store, [extract.delivery for extract in deliveries.later]))
        yield store


def _was_taken_out_of_turn(deliveries: Deliveries) -> bool:
    """Whether one that is left out came before one of its source that is not."""
    last = {extract.source: extract for extract in deliveries.extracts}
    return any(
        extract.source in last
        and (extract.received, extract.delivery)
        < (last[extract.source].received, last[extract.source].delivery)
        for extract in deliveries.later
    )


def _beside(workspace: Workspace, deliveries: Deliveries) -> Path:
    """Where such a warehouse stands; the next run that holds the workspace sweeps it away."""
    return workspace.curated / f".{workspace.warehouse.name}.{deliveries.warehouse_digest[:16]}"


def _later(
    workspace: Workspace, extracts: Sequence[Extract], definitions: Definitions, as_at: AsAt | None
) -> tuple[Extract, ...]:
    """The extracts that were not known yet. They are in order of receipt.

    One that was held is known since a person took it. A day ends when it ends, and says nothing of a source
    that had delivered nothing by then: such files were collected afterwards. At a moment, or with a delivery,
    that holds for references only.
    """
    match as_at:
        case None:
            return ()
        case str():
            ids = [extract.delivery for extract in extracts]
            if as_at not in ids:
                raise UsageError(f"--as-at {as_at}: {_why_not(workspace, definitions, as_at, ids)}")
            number = ids.index(as_at)
            earlier = [extract for extract in extracts[:number] if extract.known > extracts[number].known]
            later = [*earlier, *extracts[number + 1 :]]
        case datetime():
            moment = as_at.replace(tzinfo=UTC) if as_at.tzinfo is None else as_at
            later = [extract for extract in extracts if extract.known > moment]
        case date():
            later = [extract for extract in extracts if extract.known.date() > as_at]
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


def _why_not(workspace: Workspace, definitions: Definitions, name: str, ids: Sequence[str]) -> str:
    for one in RawStore(workspace, definitions.sources).acceptances():
        if one.delivery == name and one.standing in (Standing.HELD, Standing.DECLINED):
            return (
                f"that delivery is {one.standing.value} and counts in no figure; "
                f"`assessment quality {name}` says why"
            )
    meant = did_you_mean(name, ids) or "; those of a source are numbered from 0001"
    return f"there is no such delivery{meant}"


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
