"""The purge: successors in the place of extracts, a tombstone for each, and all that is derived made anew.

Until the ledger has the tombstones nothing has changed; from then on a purge that was stopped is finished
by the same command, and each of its steps can be done twice.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from pipeline.definitions.resolved import Definitions
from pipeline.errors import ExtractError, UsageError
from pipeline.ingest import archives, ledger, stored
from pipeline.ingest.ledger import Attempt
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.purging.scan import Scan, Search, scan
from pipeline.ingest.purging.successors import (
    Redaction,
    Staying,
    Successor,
    redaction_of,
    sha256_of_bytes,
    tombstone,
    without_members,
)
from pipeline.ingest.receipts import RECEIPT, write_receipt
from pipeline.ingest.receive import LEDGER, RawStore
from pipeline.ingest.run import run
from pipeline.model.acceptance import Decision
from pipeline.workspace import Workspace, sha256_of, write_whole


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a purge did. `deliveries` have another file in their place now, or none.

    `records` has how many records were redacted, by delivery; `beside` by file of an archive that no source
    asks for. `untouched` holds the reference as well, in deliveries of other sources than the one that was
    named. `not_rebuilt` says why there is no warehouse now; empty where there is one.
    """

    deliveries: tuple[str, ...]
    records: Mapping[str, int]
    beside: Mapping[str, int]
    removed: tuple[Path, ...] = ()  # from the drop folder: copies of what was purged
    not_rebuilt: str = ""
    scan: Scan | None = None
    untouched: tuple[str, ...] = ()
    staying: tuple[Staying, ...] = ()
    copies: tuple[Path, ...] = ()  # files of the workspace that still have the bytes of a purged delivery


@dataclass(frozen=True, slots=True)
class Purged:
    """A delivery of which something was taken out, last on that day; no sha256 where all of it was."""

    delivery: str
    source: str
    sha256: str
    on: str


def purged_in(workspace: Workspace) -> tuple[Purged, ...]:
    """Every delivery that the ledger has a tombstone of."""
    last = {line.delivery: line for line in ledger.read(workspace.raw / LEDGER) if line.result == "purged"}
    return tuple(Purged(one.delivery, one.source, one.sha256, one.decided) for one in last.values())


def purge_person(
    workspace: Workspace,
    definitions: Definitions,
    reference: Reference,
    decision: Decision,
    now: datetime,
    source: str | None = None,
    only_say: bool = False,
) -> Outcome:
    """Take a person out of every delivery, or every one of a source. `decision` names no delivery.

    Raises ExtractError, before anything is changed, where a file that holds the reference cannot be
    redacted. The outcome's scan says where the reference still stands.
    """
    if source is not None and source not in definitions.sources:
        raise UsageError(
            f"--source {source}: there is no such source; there are: {', '.join(definitions.sources)}"
        )
    if reference.is_in(f"{decision.by} {decision.reason}"):
        raise UsageError("--by and --reason are kept in the ledger: leave the reference out of them")
    with _passing(workspace) as passing:
        search = Search(reference, passing)
        found = list(_redactions(workspace, definitions, search, source))
        successors = [one for redaction in found for one in redaction.successors]
        outcome = Outcome(
            deliveries=tuple(line.delivery for one in successors for line in one.lines),
            records={
                n: one.records for each in found for n, one in each.found.items() if one.content is not None
            },
            beside={
                n: one.records for each in found for n, one in each.beside.items() if one.content is not None
            },
            untouched=tuple(name for one in found for name in one.untouched),
            staying=tuple(staying for one in found for staying in one.staying),
        )
        _check_strays(workspace, successors)
        is_due = bool(successors) or _is_unfinished(workspace, definitions, search)
    if only_say:
        return outcome
    removed: tuple[Path, ...] = ()
    not_rebuilt = ""
    if is_due:
        _put(workspace, successors, decision)
        removed, not_rebuilt = _converge(workspace, definitions, now)
    left_out = frozenset(
        workspace.raw / line.stored_in
        for line in ledger.current(ledger.read(workspace.raw / LEDGER))
        if line.delivery in outcome.untouched
    )
    with _passing(workspace) as passing:
        search = Search(reference, passing, only_hashes=bool(outcome.staying))
        proof = scan(search, workspace, left_out, _staying_in(workspace, outcome))
    return replace(outcome, removed=removed, not_rebuilt=not_rebuilt, scan=proof)


def _staying_in(workspace: Workspace, outcome: Outcome) -> frozenset[Path]:
    """The stored files in which the reference stands in values that stay, and in nothing else."""
    here = ledger.current(ledger.read(workspace.raw / LEDGER))
    files = {one.file for one in outcome.staying}
    archives_ = {name.partition("/")[0] for name in files}
    return frozenset(
        workspace.raw / line.stored_in
        for line in here
        if line.delivery in files or line.stored_in.partition("/")[2] in archives_
    )


def _redactions(
    workspace: Workspace, definitions: Definitions, search: Search, source: str | None
) -> Iterator[Redaction]:
    for stored_in, lines in _by_file(ledger.read(workspace.raw / LEDGER)).items():
        path = workspace.raw / stored_in
        if not path.is_file():
            raise ExtractError(f"{path}: the stored file is gone; `assessment verify` says what is amiss")
        yield redaction_of(path, lines, source, definitions, search)


@contextmanager
def _passing(workspace: Workspace) -> Iterator[Path]:
    """A folder for files on their way; where a stop leaves it, the next run clears it away."""
    folder = workspace.private_folder(workspace.curated / f".{workspace.warehouse.name}.purge")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def purge_delivery(
    workspace: Workspace, definitions: Definitions, decision: Decision, now: datetime
) -> Outcome:
    """Take a whole delivery out. Raises UsageError where there is no such delivery.

    The file goes with it where no other delivery is in it; an archive is written anew without its member.
    """
    attempts = ledger.read(workspace.raw / LEDGER)
    here = {line.delivery: line for line in ledger.current(attempts)}
    if decision.delivery not in here:
        if any(one.result == "purged" and one.delivery == decision.delivery for one in attempts):
            return _finished(workspace, definitions, decision.delivery, now)  # it was stopped
        raise UsageError(f"--delivery {decision.delivery}: there is no such delivery in the ledger")
    line = here[decision.delivery]
    gone = replace(tombstone(line), sha256="", size_bytes=0, archive="", archive_size_bytes=0)
    _check_strays(workspace, ())
    successors = [Successor(None, (gone,))]
    for stored_in, lines in _by_file(attempts).items():
        beside = [one for one in lines if one.delivery != line.delivery]
        path = workspace.raw / stored_in
        kept = {one.member for one in beside if one.archive}  # the same file may be another source's delivery
        copies = _members_with(path, line.sha256, line.size_bytes, kept)
        if kept and copies:
            successors.append(without_members(path, beside, dict.fromkeys(copies)))
    _put(workspace, successors, decision)
    return _finished(workspace, definitions, line.delivery, now)


def _finished(workspace: Workspace, definitions: Definitions, delivery: str, now: datetime) -> Outcome:
    removed, not_rebuilt = _converge(workspace, definitions, now)
    attempts = ledger.read(workspace.raw / LEDGER)
    purged = [line for line in attempts if line.delivery == delivery and line.sha256]
    others = {line.sha256 for line in ledger.current(attempts)}
    hashes = {line.sha256: line.size_bytes for line in purged if line.sha256 not in others}
    files = [path for path in sorted(workspace.root.joinpath("data").rglob("*")) if path.is_file()]
    copies = tuple(
        path
        for path in files
        if any(
            (path.stat().st_size == size and sha256_of(path) == sha256) or _members_with(path, sha256, size)
            for sha256, size in hashes.items()
        )
    )
    return Outcome((delivery,), {}, {}, removed, not_rebuilt, copies=copies)


def _members_with(path: Path, sha256: str, size_bytes: int, kept: Collection[str] = frozenset()) -> list[str]:
    """The files in an archive that have this hash, but those kept; none where it is no archive."""
    if not path.is_file() or not archives.holds_files(path):
        return []
    with ZipFile(path) as archive:
        return [
            entry.filename
            for entry in archive.infolist()
            if entry.file_size == size_bytes
            and sha256_of_bytes(archive.read(entry)) == sha256
            and archives.name_of(path.name, entry) not in kept
        ]


def _by_file(attempts: Sequence[Attempt]) -> dict[str, list[Attempt]]:
    """The deliveries by the stored file that they are in."""
    found: dict[str, list[Attempt]] = {}
    for line in ledger.current(attempts):
        found.setdefault(line.stored_in, []).append(line)
    return found


def _put(workspace: Workspace, successors: Sequence[Successor], decision: Decision) -> None:
    """Store the successors; then, in one go, say in the ledger that they are in their places."""
    lines: list[Attempt] = []
    for one in successors:
        for line in one.lines:
            if one.content is not None:
                path = workspace.raw / line.stored_in
                workspace.private_folder(path.parent)
                write_whole(path, one.content)
            lines.append(
                replace(line, by=decision.by, decided=decision.on.isoformat(), reason=decision.reason)
            )
    if lines:
        ledger.append(workspace.raw / LEDGER, lines)


def _converge(workspace: Workspace, definitions: Definitions, now: datetime) -> tuple[tuple[Path, ...], str]:
    """Make the workspace what the ledger says: what was purged goes, and what was made of it."""
    attempts = ledger.read(workspace.raw / LEDGER)
    by_file, before = _by_file(attempts), _predecessors(attempts)
    for folder in [path for path in workspace.raw.iterdir() if path.is_dir()]:
        for path in [path for path in folder.iterdir() if path.name != RECEIPT]:
            if path.name.startswith(".") or path.relative_to(workspace.raw).as_posix() in before:
                path.unlink()
        if not any(path.name != RECEIPT for path in folder.iterdir()):
            shutil.rmtree(folder)
    for lines in by_file.values():
        write_receipt(workspace, lines[0].stored, [asdict(line) for line in lines])
    removed = _remove_copies(workspace, attempts)
    if workspace.curated.is_dir():
        for left in workspace.curated.iterdir():  # made of what was purged, whole or in part
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    try:
        run(workspace, definitions, (), now)
    except ExtractError as error:
        return removed, str(error)
    return removed, ""


def _predecessors(attempts: Sequence[Attempt]) -> set[str]:
    """The stored files that were purged, by the tombstones of their deliveries."""
    purged = {line.delivery for line in attempts if line.result == "purged"}
    files = {line.stored_in for line in attempts if line.delivery in purged and line.sha256}
    return files - {line.stored_in for line in ledger.current(attempts)}


def _check_strays(workspace: Workspace, successors: Sequence[Successor]) -> None:
    """Raise ExtractError where a stored file is no delivery's, and was none's that was purged.

    The ledger may have lost its line: a purge would leave it behind, or lose it.
    """
    attempts = ledger.read(workspace.raw / LEDGER)
    known = {*_by_file(attempts), *_predecessors(attempts)}
    known |= {line.stored_in for one in successors for line in one.lines}  # of a purge that was stopped
    for path in sorted(workspace.raw.glob("*/*")):
        if not path.name.startswith(".") and path.relative_to(workspace.raw).as_posix() not in known:
            raise ExtractError(
                f"{path}: a file that no delivery of the ledger is in, so that nothing can be purged of it. "
                "Nothing was changed; see `assessment verify`, and restore the ledger or remove the file."
            )


def _is_unfinished(workspace: Workspace, definitions: Definitions, search: Search) -> bool:
    """Whether a purge stopped behind its tombstones were written, or a copy of what was purged is back."""
    attempts = ledger.read(workspace.raw / LEDGER)
    if not any(line.result == "purged" for line in attempts):
        return False
    made_of = stored.load(workspace.warehouse)
    there = {(one.delivery, one.sha256) for one in made_of.extracts} if made_of else set()
    due = {(one.delivery, one.sha256) for one in RawStore(workspace, definitions.sources).deliveries()}
    return (
        there != due
        or not stored.is_sealed(workspace)
        or any((workspace.raw / name).parent.exists() for name in _predecessors(attempts))
        or any(not (workspace.raw / name).with_name(RECEIPT).is_file() for name in _by_file(attempts))
        or any(search.file(path)[1] for path in _copies(workspace, attempts))
    )


def _remove_copies(workspace: Workspace, attempts: Sequence[Attempt]) -> tuple[Path, ...]:
    """Remove from the drop folder the files that were purged; they would be there for the next person."""
    removed = _copies(workspace, attempts)
    for path in removed:
        path.unlink()
    return removed


def _copies(workspace: Workspace, attempts: Sequence[Attempt]) -> tuple[Path, ...]:
    """The files of the drop folder that are copies of what was purged."""
    purged = {line.delivery for line in attempts if line.result == "purged"}
    hashes = {line.stored for line in attempts if line.delivery in purged and line.stored}
    hashes -= {line.stored for line in ledger.current(attempts)}
    copies = [path for path in sorted(workspace.incoming.rglob("*")) if path.is_file()]
    return tuple(path for path in copies if sha256_of(path) in hashes)
