"""One ingest, from drop folders to the warehouse."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.errors import ComputationError
from pipeline.ingest import breaches, history, places, revising, stored, totals, whole_months
from pipeline.ingest import coverage as covering
from pipeline.ingest.accepting import Panel, effects_of
from pipeline.ingest.breaches import Broken
from pipeline.ingest.corrections import correct, entries_of, with_undelivered
from pipeline.ingest.drop_folder import chosen, search
from pipeline.ingest.loading import Loader, require_most_rows
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.reading import MAPPED, File, RefusedError, read, refusing
from pipeline.ingest.receive import RawStore
from pipeline.ingest.references import HASHES
from pipeline.ingest.requiring import named, require
from pipeline.model.acceptance import Acceptance, Decided, MonthDecision
from pipeline.model.correction import CorrectionResult
from pipeline.model.delivery import Accounting, Deliveries, Extract
from pipeline.store import Store
from pipeline.workspace import Workspace, room_for


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one source, or several, found."""

    extracts: tuple[Extract, ...] = ()
    accounting: tuple[Accounting, ...] = ()
    refused: tuple[Broken, ...] = ()
    flagged: tuple[Broken, ...] = ()
    corrections: tuple[CorrectionResult, ...] = ()

    @property
    def rows(self) -> int:
        """How many records were read."""
        return sum(one.read for one in self.accounting)

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.extracts + other.extracts,
            self.accounting + other.accounting,
            self.refused + other.refused,
            self.flagged + other.flagged,
            self.corrections + other.corrections,
        )


MEMORY = "512MB"  # of the database while it builds; what does not fit waits beside the new warehouse
Progress = Callable[[str, int, int, int], None]  # what is being done; files so far, of how many; rows so far


def run(
    workspace: Workspace,
    definitions: Definitions,
    received_from: Sequence[Path],
    received: datetime,
    only: tuple[str, Path] | None = None,
    as_at: datetime | None = None,
    progress: Progress | None = None,
    decision: Decided | None = None,
    today: date | None = None,
) -> Deliveries:
    """Receive what is new in `received_from` and bring the warehouse up to date with it.

    `received` is when files arrived that no `received.csv` dates. `only` is a source's id and a
    file to receive for it, whatever the source's patterns say; folders are then not searched, and what
    else the figures need may come later (`lacking` names it).
    `today`, else the day of `received`, is when corrections have expired; nothing was received after it.
    `as_at` leaves deliveries out that were received, or taken by a person, later. With nothing new the
    warehouse stays.
    New deliveries of sources with a suite are judged; those that fail are held: kept, and not loaded,
    until a `decision` takes them. The result names those that wait. A decision may also be that one is
    left out for good, that one came at another moment, or that a month held as incomplete is whole.
    Bytes that were delivered before are a delivery again where others have revised them since.

    Raises ExtractError where a file is altered, unreadable or not as its source declares, where
    the records of one do not add up, or where the main source has no delivery; the warehouse and the
    deliveries are then the ones they were, and the ledger notes what was refused and why. Raises
    HeldError where there is nothing to build of because a delivery is held, and NoRoomError where the
    disk is full.
    """
    sources = definitions.sources
    day = today or received.date()
    if only:
        searched = chosen(only[1].resolve(), named(sources, only[0]), received, day)
    else:
        searched = search(received_from, sources, received, day)
    raw = RawStore(workspace, sources)
    with room_for("what was delivered", workspace.root), _withdrawn_on_error(raw):
        new, recognised = raw.receive([f for f in searched.found if as_at is None or f.received <= as_at])
        if isinstance(decision, MonthDecision):
            whole_months.require_open(deliveries_of(workspace).coverage, definitions, decision)
        if decision:
            raw.decide(decision)

        def up_to_date(new: Sequence[str], panel: Panel | None) -> tuple[Deliveries, bool]:
            extracts = tuple(e for e in raw.deliveries() if as_at is None or e.known <= as_at)
            if not only:
                require(definitions, extracts, received_from, searched, raw)
            in_force = [entry.on <= day <= entry.until for entry in definitions.corrections]
            digest = stored.digest_of(definitions, extracts, workspace, in_force, raw.whole_months())
            there = stored.load(workspace.warehouse)
            if there is not None and there.warehouse_digest == digest and stored.is_sealed(workspace):
                raw.restore(only_touched=True)
                return there, False
            raw.restore()
            made = _build(workspace, definitions, raw, extracts, new, digest, day, progress, panel)
            stored.seal(workspace)
            return made, True

        def judged(new: Sequence[str]) -> tuple[Deliveries, bool]:
            with Panel.called(workspace, definitions, raw.deliveries(), new, raw.accepted()) as panel:
                try:
                    return up_to_date(new, panel)
                except _HeldBack:  # they were read with the rest; once more without them
                    return up_to_date(new, None)

        deliveries, rebuild = judged(new)
        if returned := raw.returned(deliveries):
            deliveries, rebuild = judged(returned)
        raw.keep()
    return replace(
        deliveries,
        new=(*new, *returned),
        waiting=raw.waiting(),
        recognised_files=recognised - len(returned),
        others=searched.others,
        misdated=raw.misdated,
        links=tuple(path.name for path in searched.links),
        kept_out=raw.kept_out,
        undeclared=tuple(raw.undeclared().items()),
        rebuilt=rebuild,
    )


def build_beside(
    workspace: Workspace, definitions: Definitions, extracts: Sequence[Extract], day: date, path: Path
) -> Deliveries:
    """A warehouse of some of the deliveries, made at `path` of the raw store, as it would be on `day`."""
    raw = RawStore(workspace, definitions.sources)
    in_force = [entry.on <= day <= entry.until for entry in definitions.corrections]
    digest = stored.digest_of(definitions, extracts, workspace, in_force, raw.whole_months())
    return _build(workspace, definitions, raw, extracts, (), digest, day, into=path)


@contextmanager
def _withdrawn_on_error(raw: RawStore) -> Iterator[None]:
    """Nothing that a run received becomes a delivery where the run fails; what it refused is noted."""
    try:
        yield
    except BaseException as error:
        raw.withdraw(error.reasons if isinstance(error, RefusedError) else {})
        raise


def deliveries_of(workspace: Workspace) -> Deliveries:
    """The deliveries that the warehouse was made of. Raises ComputationError where there is none."""
    deliveries = stored.load(workspace.warehouse)
    if deliveries is None:
        raise ComputationError(f"{workspace.root}: nothing has been ingested; run `assessment ingest` first")
    return deliveries


def undeclared_in(workspace: Workspace, definitions: Definitions) -> tuple[tuple[str, int], ...]:
    """The sources of which there are deliveries and which are not declared any more, with how many."""
    return tuple(RawStore(workspace, definitions.sources).undeclared().items())


def acceptances_of(workspace: Workspace, definitions: Definitions) -> tuple[Acceptance, ...]:
    """How every delivery was judged whose source has, or had, a suite; oldest first."""
    return RawStore(workspace, definitions.sources).acceptances()


class _HeldBack(Exception):  # noqa: N818 - no fault: the build starts again
    """A delivery that was being loaded is held."""


def _build(
    workspace: Workspace,
    definitions: Definitions,
    raw: RawStore,
    extracts: Sequence[Extract],
    new: Sequence[str],
    digest: str,
    day: date,
    progress: Progress | None = None,
    panel: Panel | None = None,
    into: Path | None = None,
) -> Deliveries:
    """Make the warehouse, or one at `into`, from the raw store, one source after the other.

    Raises RefusedError with every delivery among `new` that cannot be taken, and _HeldBack where one
    that was loaded is held.
    """
    loaded = Loaded()
    refused: dict[str, str] = {}
    workspace.private_folder(workspace.curated)
    with Store.building(into or workspace.warehouse) as store:
        store.execute(f"SET memory_limit = '{MEMORY}'")
        for source in _in_order(definitions.sources):
            own = [extract for extract in extracts if extract.source == source.id]
            if refused and source.geography and not store.columns(source.geography):
                continue
            while own:
                if progress:
                    progress(f"reading {source.id}", len(loaded.extracts), len(extracts), loaded.rows)
                try:
                    loaded += _load(store, workspace, definitions, source, raw, own, day, panel)
                    break
                except RefusedError as error:
                    if not error.reasons.keys() <= set(new):
                        raise
                    refused |= error.reasons
                    own = [extract for extract in own if extract.delivery not in refused]
        if refused:
            raise RefusedError(refused)
        raw.covered(loaded.extracts)
        if panel:
            if progress:
                progress("judging the new deliveries", len(extracts), len(extracts), loaded.rows)
            raw.judged(panel.results(), effects_of(store, loaded.accounting))
            if set(extracts) - set(raw.deliveries()):
                raise _HeldBack
        if progress:
            progress("read", len(extracts), len(extracts), loaded.rows)
        decided, accepted = raw.whole_months(), raw.accepted()
        coverage = covering.cover(store, definitions, loaded.extracts, decided, accepted, write=True)
        breaches.write(store, loaded.refused, loaded.flagged)
        order = {extract.delivery: number for number, extract in enumerate(extracts)}
        deliveries = Deliveries(
            extracts=tuple(sorted(loaded.extracts, key=lambda extract: order[extract.delivery])),
            accounting=tuple(sorted(loaded.accounting, key=lambda one: order[one.delivery])),
            coverage=coverage,
            warehouse_digest=digest,
            revisions=history.counts(store),
            revised_months=history.revised_months(store),
            corrections=with_undelivered(definitions, loaded.corrections),
            made_on=day,
        )
        stored.save(store, deliveries)
        raw.keep()  # before the warehouse is published: a stop between the two leaves one to be built
    return deliveries


def _load(
    store: Store,
    workspace: Workspace,
    definitions: Definitions,
    source: Source,
    raw: RawStore,
    extracts: Sequence[Extract],
    day: date,
    panel: Panel | None,
) -> Loaded:
    """Read all deliveries of one source and fill its tables."""
    mapping = SourceMapping(source)
    files = [File(number, e, raw.path(e), raw.has_copied(e)) for number, e in enumerate(extracts)]
    # Beside the new warehouse, where the next run sweeps away what a killed one left.
    beside = f".{workspace.warehouse.name}."
    with tempfile.TemporaryDirectory(prefix=beside, dir=workspace.curated) as folder:
        places.require(store, mapping, [extract.delivery for extract in extracts])
        read_ = read(store, mapping, files, Path(folder))
        places.check_names(store, mapping, read_)
        corrected = correct(store, mapping, read_, entries_of(definitions, source.id), day)
        readings = corrected.readings
        if panel:
            panel.examine(store, mapping, readings)
        dated = _with_months(store, mapping, extracts)
        secret = workspace.secret() if mapping.hashed else None
        is_open = not any(SourceMapping(one).hashed for one in definitions.sources.values())
        loader = Loader(store, mapping, definitions.partnership, readings, raw.accepted(), is_open)
        loading = loader.load(secret)
        revising.check_order(store, extracts, raw.undecided())
    if source.contract == "geography":
        places.make(store, source)
    accounting = _with_stated(extracts, loading.accounting, source.id in definitions.suites)
    if source.id not in definitions.suites:  # a suite says itself how many may be refused
        require_most_rows(accounting, raw.undecided().difference(raw.accepted()))
    for table in (MAPPED, HASHES):  # memory, and references as they came
        store.execute(f"DROP TABLE IF EXISTS {table}")
    revising.forget(store)
    return Loaded(tuple(dated), accounting, loading.refused, loading.flagged, corrected.results)


def _with_stated(
    extracts: Sequence[Extract], accounting: Sequence[Accounting], is_judged: bool
) -> tuple[Accounting, ...]:
    """The accounting with how it compares with what suppliers say. Raises RefusedError where it may not."""
    by_delivery = {extract.delivery: extract for extract in extracts}
    noted = []
    for account in accounting:
        extract = by_delivery[account.delivery]
        with refusing(extract):
            said = totals.stated(extract, account.read, is_judged)
        noted.append(replace(account, notes=(*account.notes, *said)))
    return tuple(noted)


def _in_order(sources: Mapping[str, Source]) -> list[Source]:
    """Geographies first: the others are placed by them; last of them those that lead on to another."""
    return sorted(sources.values(), key=lambda s: (s.contract != "geography", s.geography is not None))


def _with_months(store: Store, mapping: SourceMapping, extracts: Sequence[Extract]) -> list[Extract]:
    """The extracts with the first and last month of the rows of each, where rows have months."""
    if not mapping.contract.column("month"):
        return list(extracts)
    spans = {
        row["number"]: (row["first"], row["last"])
        for row in store.fetch(
            "SELECT _delivery AS number, min(month) AS first, max(month) AS last "
            f"FROM {MAPPED} WHERE {mapping.faultless} GROUP BY _delivery"
        ).to_pylist()
    }
    return [
        replace(extract, first_month=spans[n][0], last_month=spans[n][1]) if n in spans else extract
        for n, extract in enumerate(extracts)
    ]
