"""Verifying: whether the raw store is as it was received, and the warehouse is made of it."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from pipeline.definitions.resolved import Definitions
from pipeline.errors import ExtractError
from pipeline.ingest import ledger, stored
from pipeline.ingest.ledger import Attempt
from pipeline.ingest.receipts import RECEIPT
from pipeline.ingest.receive import LEDGER, RawStore
from pipeline.ingest.text import AGAIN
from pipeline.model.verification import Difference, Verified
from pipeline.store import Store
from pipeline.workspace import Workspace, sha256_of

HASHING_THREADS = 2
NOTHING = "no file"
IN_RECEIPT = ("delivery", "source", "file", "sha256", "size_bytes", "received", "supplier", "licence")


def verify_raw(workspace: Workspace) -> Verified:
    """Every stored file against the ledger, every sidecar, and what lies there without being either."""
    attempts = ledger.read(workspace.raw / LEDGER)
    held = _stored_files(workspace, attempts)
    size_bytes = sum(path.stat().st_size for path in held if path.is_file())
    return Verified(
        "raw store",
        f"{len(held):,} files, {size_bytes:,} bytes, against the sha256 with which each was received",
        (*_altered(held), *_receipts(workspace, attempts), *_strays(workspace, held)),
    )


def require_unaltered(workspace: Workspace) -> None:
    """Raise ExtractError where a stored file, or the warehouse, is altered or gone: nothing is published."""
    altered = list(_altered(_stored_files(workspace, ledger.read(workspace.raw / LEDGER))))
    if workspace.warehouse.is_file() and not stored.is_sealed(workspace):
        altered.append(_unsealed(workspace))
    if altered:
        lines = [f"{one.what}: expected {one.expected}, found {one.found}." for one in altered]
        raise ExtractError("\n".join([*lines, f"Nothing was published. {altered[0].next_step}"]))


def verify_stored(workspace: Workspace, path: Path) -> Verified:
    """One file of the raw store."""
    held = _stored_files(workspace, ledger.read(workspace.raw / LEDGER))
    if path not in held:
        return Verified(str(path), "the ledger", (_stray(path),))
    return Verified(
        str(path),
        f"sha256 {held[path]}, with which it was received",
        tuple(_altered({path: held[path]})),
    )


def deliveries_with(workspace: Workspace, sha256: str) -> tuple[str, ...]:
    """The deliveries whose file, or whose archive, has this hash."""
    attempts = ledger.current(ledger.read(workspace.raw / LEDGER))
    return tuple(one.delivery for one in attempts if sha256 in (one.sha256, one.archive))


def verify_warehouse(workspace: Workspace, definitions: Definitions) -> Verified:
    """The warehouse: byte for byte as it was made, and made of the deliveries that the ledger has."""
    path = workspace.warehouse
    subject = "warehouse"
    if not path.is_file():
        return Verified(subject, "there is none; `assessment ingest` makes it")
    if not stored.is_sealed(workspace):
        return Verified(subject, "every byte", (_unsealed(workspace),))
    with Store.reading(path) as store:
        tables = store.tables()
    made_of = stored.load(path)
    raw = RawStore(workspace, definitions.sources)
    extracts = raw.deliveries()
    before = {(e.delivery, e.sha256) for e in made_of.extracts} if made_of else set()
    due = {(e.delivery, e.sha256) for e in extracts}
    differing = sorted({delivery for delivery, _ in before ^ due})
    looked_at = f"{len(tables):,} tables, every byte, made of {len(before):,} deliveries"
    if differing:
        found = f"one made without {', '.join(differing)} as it is now"
        expected = f"a warehouse of the {len(due):,} deliveries of the ledger"
        rebuilt = "`assessment ingest` makes it again of the raw store."
        return Verified(subject, looked_at, (Difference(str(path), expected, found, rebuilt),))
    in_force = [one.in_force for one in made_of.corrections] if made_of else []
    digest = stored.digest_of(definitions, extracts, workspace, in_force, raw.whole_months())
    if made_of and made_of.warehouse_digest != digest:
        looked_at += "; config/ or the software has changed since, so the next ingest makes it again"
    return Verified(subject, looked_at)


def _stored_files(workspace: Workspace, attempts: Sequence[Attempt]) -> dict[Path, str]:
    """The stored files that deliveries are in, each with the sha256 that it should have."""
    return {workspace.raw / one.stored_in: one.stored for one in ledger.current(attempts)}


def _unsealed(workspace: Workspace) -> Difference:
    """A warehouse that is not the one that was made of the deliveries."""
    path = str(workspace.warehouse)
    again = "`assessment ingest` makes it again of the raw store."
    return Difference(path, "the bytes that `assessment ingest` wrote", "others", again)


def _altered(held: Mapping[Path, str]) -> Iterator[Difference]:
    with ThreadPoolExecutor(HASHING_THREADS) as pool:
        found = pool.map(lambda path: sha256_of(path) if path.is_file() else "", held)
        for (path, sha256), there in zip(held.items(), found, strict=True):
            if there != sha256:
                yield Difference(
                    str(path), f"sha256 {sha256}", f"sha256 {there}" if there else NOTHING, AGAIN
                )


def _receipts(workspace: Workspace, attempts: Sequence[Attempt]) -> Iterator[Difference]:
    """Sidecars that are gone, or that do not say of each delivery what the ledger says."""
    by_folder: dict[str, list[Attempt]] = {}
    for one in ledger.current(attempts):
        by_folder.setdefault(one.stored, []).append(one)
    for folder, deliveries in by_folder.items():
        path = workspace.raw / folder / RECEIPT
        due = {_said(asdict(one)) for one in deliveries}
        try:
            there = {_said(one) for one in json.loads(path.read_text(encoding="utf-8"))["deliveries"]}
        except (OSError, ValueError, KeyError, TypeError):
            there = set()
        if not due <= there:
            yield Difference(
                str(path),
                f"a receipt of {', '.join(one.delivery for one in deliveries)} as the ledger has it",
                "another one" if path.is_file() else NOTHING,
                "Restore it from a backup.",
            )


def _said(entry: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(entry[name] for name in IN_RECEIPT)


def _strays(workspace: Workspace, held: Mapping[Path, str]) -> Iterator[Difference]:
    """Files that are no delivery's; passing names start with a point and go with the next ingest."""
    for folder, _, names in os.walk(workspace.raw):
        for name in sorted(names):
            path = Path(folder, name)
            ours = Path(folder) == workspace.raw and (name == LEDGER or name.startswith("."))
            if path not in held and name != RECEIPT and not ours:
                yield _stray(path)


def _stray(path: Path) -> Difference:
    return Difference(
        str(path),
        NOTHING,
        "a file that no delivery of the ledger is in",
        "Where an ingest was stopped, run it again; where a purge was, run that again; else remove it.",
    )
