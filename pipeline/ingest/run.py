"""One ingest, from drop folders to the warehouse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.errors import ComputationError, ExtractError
from pipeline.ingest import coverage as covering
from pipeline.ingest import stored
from pipeline.ingest.loading import Loader, Refused
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.reading import MAPPED, File, read
from pipeline.ingest.receive import RawStore, Search, describe, search
from pipeline.model.delivery import Accounting, Deliveries, Extract
from pipeline.store import Store
from pipeline.workspace import Workspace

QUARANTINE_TABLE = "quarantine"

Progress = Callable[[str, int, int], None]  # what is being done, how much of it, of how much


def run(
    workspace: Workspace,
    definitions: Definitions,
    received_from: Sequence[Path],
    received: datetime,
    only: tuple[str, Path] | None = None,
    as_at: datetime | None = None,
    progress: Progress | None = None,
) -> Deliveries:
    """Receive what is new in `received_from` and bring the warehouse up to date with it.

    `received` is when files arrived that no `received.csv` dates. `only` is a source's id and a
    file to receive for it, whatever the source's patterns say; folders are then not searched.
    `as_at` leaves deliveries out that were received later. With nothing new the warehouse stays.

    Raises ExtractError where a file is altered, unreadable or not as its source declares, where
    the records of one do not add up, or where the main source has no delivery; the warehouse is
    then the one it was.
    """
    sources = definitions.sources
    if only:
        searched = Search((describe(only[1].resolve(), _named(sources, only[0]), received),), ())
    else:
        searched = search(received_from, sources, received)
    raw = RawStore(workspace, sources)
    new, recognised = raw.receive(searched.found)
    extracts = tuple(e for e in raw.deliveries() if as_at is None or e.received <= as_at)
    _require(definitions, extracts, received_from, searched)

    digest = stored.digest_of(definitions, extracts)
    deliveries = stored.load(workspace.warehouse)
    rebuild = deliveries is None or deliveries.warehouse_digest != digest or not workspace.warehouse.is_file()
    if deliveries is None or rebuild:
        deliveries = _build(workspace, definitions, raw, extracts, digest, progress)
    return replace(
        deliveries,
        new=new,
        recognised_files=recognised,
        other_files=len(searched.others),
        rebuilt=rebuild,
    )


def deliveries_of(workspace: Workspace) -> Deliveries:
    """The deliveries that the warehouse was made of. Raises ComputationError where there is none."""
    deliveries = stored.load(workspace.warehouse)
    if deliveries is None:
        raise ComputationError(f"{workspace.root}: nothing has been ingested; run `assessment ingest` first")
    return deliveries


def _named(sources: Mapping[str, Source], name: str) -> Source:
    if name not in sources:
        raise ExtractError(f"there is no source {name!r}; config/sources.yaml has: {', '.join(sources)}")
    return sources[name]


def _require(
    definitions: Definitions,
    extracts: Sequence[Extract],
    received_from: Sequence[Path],
    searched: Search,
) -> None:
    """The main source, and every geography that a delivered source is placed by, must be there."""
    delivered = {extract.source for extract in extracts}
    needed = {definitions.partnership.main_source: "it is the partnership's main source"}
    for source in definitions.sources.values():
        if source.geography and source.id in delivered:
            needed[source.geography] = f"{source.id} is placed in wards and districts by it"
    for name, reason in needed.items():
        if name in delivered:
            continue
        source = definitions.sources[name]
        places = ", ".join(map(str, received_from)) or "nowhere"
        raise ExtractError(
            f"source {name} has no delivery, and {reason}.\n"
            f"  expected: files whose path ends in {' or '.join(source.files)}\n"
            f"  searched: {places}\n"
            f"  found: {len(searched.found)} files of other sources, "
            f"{len(searched.others)} that no source asks for\n"
            "  Next: put the file there, name its folder with --from, or correct `files:` in "
            "config/sources.yaml."
        )


def _build(
    workspace: Workspace,
    definitions: Definitions,
    raw: RawStore,
    extracts: Sequence[Extract],
    digest: str,
    progress: Progress | None,
) -> Deliveries:
    """Make the warehouse from the raw store, one source after the other."""
    accounting: list[Accounting] = []
    refused: list[Refused] = []
    dated: list[Extract] = []
    workspace.private_folder(workspace.curated)
    with Store.building(workspace.warehouse) as store:
        for source in _in_order(definitions.sources):
            own = [extract for extract in extracts if extract.source == source.id]
            files = [File(number, e, raw.path(e)) for number, e in enumerate(own)]
            if not files:
                continue
            if progress:
                progress(f"reading {source.id}", len(dated), len(extracts))
            mapping = SourceMapping(source)
            readings = read(store, mapping, files)
            secret = workspace.secret() if mapping.hashed else None
            loader = Loader(store, mapping, definitions.partnership, readings)
            loaded, quarantined = loader.load(secret)
            accounting += loaded
            refused += quarantined
            dated += _with_months(store, mapping, own)
        if progress:
            progress("done", len(dated), len(extracts))
        coverage = covering.cover(store, definitions, dated)
        covering.write(store, coverage)
        _write_quarantine(store, refused)
        order = {extract.delivery: number for number, extract in enumerate(extracts)}
        deliveries = Deliveries(
            extracts=tuple(sorted(dated, key=lambda extract: order[extract.delivery])),
            accounting=tuple(sorted(accounting, key=lambda one: order[one.delivery])),
            coverage=coverage,
            warehouse_digest=digest,
        )
        stored.save(store, deliveries)
    return deliveries


def _in_order(sources: Mapping[str, Source]) -> list[Source]:
    """Geographies first: the others are placed by them."""
    return sorted(sources.values(), key=lambda source: source.contract != "geography")


def _with_months(store: Store, mapping: SourceMapping, extracts: Sequence[Extract]) -> list[Extract]:
    """The extracts with the first and last month of the rows of each, where rows have months."""
    if not mapping.contract.column("month"):
        return list(extracts)
    spans = {
        row["number"]: (row["first"], row["last"])
        for row in store.fetch(
            "SELECT _delivery AS number, min(month) AS first, max(month) AS last "
            f"FROM {MAPPED} WHERE _faults = 0 GROUP BY _delivery"
        ).to_pylist()
    }
    return [
        replace(extract, first_month=spans[n][0], last_month=spans[n][1]) if n in spans else extract
        for n, extract in enumerate(extracts)
    ]


def _write_quarantine(store: Store, refused: Sequence[Refused]) -> None:
    names = ("delivery", "source", "file", "line", "column", "rule", "reason")
    columns = {
        name: pa.array([getattr(one, name) for one in refused], pa.int64() if name == "line" else pa.string())
        for name in names
    }
    store.create(QUARANTINE_TABLE, pa.table(columns))
