"""The purge: successors in the place of extracts, a tombstone for each, and all that is derived made anew.

Until the ledger has the tombstones nothing has changed; from then on a purge that was stopped is finished
by the same command, and each of its steps can be done twice.
"""

import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.definitions.resolved import Definitions
from pipeline.errors import ExtractError, UsageError
from pipeline.ingest import archives, ledger
from pipeline.ingest.ledger import Attempt
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.redacting import Form, redacted
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.purging.scan import Scan, holds, scan
from pipeline.ingest.receive import LEDGER, RECEIPT, write_receipt
from pipeline.ingest.run import run
from pipeline.model.acceptance import Decision
from pipeline.workspace import Workspace, sha256_of, write_whole


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a purge did. `records` has, by delivery, how many of its records were redacted.

    `untouched` holds the reference as well, in deliveries of other sources than the one that was named.
    `not_rebuilt` says why there is no warehouse now; empty where there is one.
    """

    deliveries: tuple[str, ...]
    records: Mapping[str, int]
    removed: tuple[Path, ...]  # from the drop folder: copies of what was purged
    not_rebuilt: str
    scan: Scan | None = None
    untouched: tuple[str, ...] = ()
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


@dataclass(frozen=True, slots=True)
class _Successor:
    """A stored file that takes the place of another, with the lines that say so."""

    content: bytes | None  # None where nothing takes its place
    lines: tuple[Attempt, ...]
    records: Mapping[str, int]


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
    attempts = ledger.read(workspace.raw / LEDGER)
    # Where a stop leaves something in it, the next run that holds the workspace clears it away.
    passing = workspace.private_folder(workspace.curated / f".{workspace.warehouse.name}.purge")
    successors: list[_Successor] = []
    untouched: list[str] = []
    for stored_in, lines in _by_file(attempts).items():
        path = workspace.raw / stored_in
        if not path.is_file():
            raise ExtractError(f"{path}: the stored file is gone; `assessment verify` says what is amiss")
        if not holds(path, reference):
            continue
        wanted = [line for line in lines if source in (None, line.source)]
        untouched += [line.delivery for line in lines if line not in wanted]
        if wanted:
            successors += _redacted(path, wanted, lines, definitions, reference, passing)
    records = {name: count for one in successors for name, count in one.records.items()}
    shutil.rmtree(passing)
    if only_say:
        return Outcome(tuple(records), records, (), "", None, tuple(untouched))
    _put(workspace, successors, decision)
    removed, not_rebuilt = _converge(workspace, definitions, now)
    left_out = frozenset(
        workspace.raw / line.stored_in
        for line in ledger.current(ledger.read(workspace.raw / LEDGER))
        if line.delivery in untouched
    )
    proof = scan(workspace, reference, left_out)
    return Outcome(tuple(records), records, removed, not_rebuilt, proof, tuple(untouched))


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
    gone = replace(_tombstone(line), sha256="", size_bytes=0, archive="", archive_size_bytes=0)
    successors = [_Successor(None, (gone,), {})]
    for stored_in, lines in _by_file(attempts).items():
        beside = [one for one in lines if one.delivery != line.delivery]
        path = workspace.raw / stored_in
        kept = {one.member for one in beside if one.archive}  # the same file may be another source's delivery
        copies = [name for name in _members_with(path, line.sha256, line.size_bytes) if name not in kept]
        if kept and copies:
            successors.append(_archive(path, beside, dict.fromkeys(copies), {}))
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
    return Outcome((delivery,), {}, removed, not_rebuilt, copies=copies)


def _members_with(path: Path, sha256: str, size_bytes: int) -> list[str]:
    """The files in an archive that have this hash; none where it is no archive."""
    if not path.is_file() or not archives.holds_files(path):
        return []
    with ZipFile(path) as archive:
        return [
            entry.filename
            for entry in archive.infolist()
            if entry.file_size == size_bytes and _sha256(archive.read(entry)) == sha256
        ]


def _by_file(attempts: Sequence[Attempt]) -> dict[str, list[Attempt]]:
    """The deliveries by the stored file that they are in."""
    found: dict[str, list[Attempt]] = {}
    for line in ledger.current(attempts):
        found.setdefault(line.stored_in, []).append(line)
    return found


def _redacted(
    path: Path,
    wanted: Sequence[Attempt],
    lines: Sequence[Attempt],
    definitions: Definitions,
    reference: Reference,
    passing: Path,
) -> list[_Successor]:
    """The successors of one stored file: an archive's is one, and several sources may share a file."""
    if not wanted[0].archive:
        content = path.read_bytes()
        found = []
        for line in wanted:
            new = redacted(content, _form(line, definitions, passing), reference)
            if new.content is not None:
                tombstone = replace(
                    _tombstone(line), sha256=_sha256(new.content), size_bytes=len(new.content)
                )
                found.append(_Successor(new.content, (tombstone,), {line.delivery: new.records}))
        return found
    by_member = {line.member: line for line in wanted}
    members: dict[str, bytes | None] = {}
    records: dict[str, int] = {}
    left = {line.member for line in lines if line not in wanted}
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if entry.is_dir() or name in left:
                continue
            form = Form(name, "utf-8", ",", Keeping({}), passing)  # of a member that nobody asks for
            if name in by_member:
                form = _form(by_member[name], definitions, passing)
            new = redacted(archive.read(entry), form, reference)
            if new.content is not None:
                members[name] = new.content
                if name in by_member:
                    records[by_member[name].delivery] = new.records
    return [_archive(path, lines, members, records)] if members else []


def _archive(
    path: Path, lines: Sequence[Attempt], members: Mapping[str, bytes | None], records: Mapping[str, int]
) -> _Successor:
    """An archive written anew with other members, or without those that are None."""
    made = io.BytesIO()
    hashes: dict[str, tuple[str, int]] = {}
    with ZipFile(path) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = members.get(entry.filename, b"")
            if entry.filename in members and content is None:
                continue
            content = content or old.read(entry)
            new.writestr(entry, content)
            hashes[entry.filename] = _sha256(content), len(content)
    whole = made.getvalue()
    tombstones = [
        replace(
            _tombstone(line),
            sha256=hashes[line.member][0],
            size_bytes=hashes[line.member][1],
            archive=_sha256(whole),
            archive_size_bytes=len(whole),
        )
        for line in lines
    ]
    return _Successor(whole, tuple(tombstones), records)


def _form(line: Attempt, definitions: Definitions, passing: Path) -> Form:
    """How a delivery is written and what of its records stays; of a source that is gone, nothing does."""
    source = definitions.sources.get(line.source)
    if source is None:
        return Form(line.file, line.encoding, ",", Keeping({}), passing)
    mapping = SourceMapping(source).of(line.file, datetime.fromisoformat(line.received))
    return Form(line.file, mapping.source.encoding, mapping.source.delimiter, Keeping.by(mapping), passing)


def _tombstone(line: Attempt) -> Attempt:
    return replace(line, result="purged", reason="", by="", decided="", results=(), records=0)


def _put(workspace: Workspace, successors: Sequence[_Successor], decision: Decision) -> None:
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
    by_file = _by_file(attempts)
    for folder in [path for path in workspace.raw.iterdir() if path.is_dir()]:
        for path in [path for path in folder.iterdir() if path.name != RECEIPT]:
            if path.relative_to(workspace.raw).as_posix() not in by_file:
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


def _remove_copies(workspace: Workspace, attempts: Sequence[Attempt]) -> tuple[Path, ...]:
    """Remove from the drop folder the files that were purged; they would be there for the next person."""
    purged = {line.delivery for line in attempts if line.result == "purged"}
    hashes = {line.stored for line in attempts if line.delivery in purged and line.stored}
    hashes -= {line.stored for line in ledger.current(attempts)}
    copies = [path for path in sorted(workspace.incoming.rglob("*")) if path.is_file()]
    removed = [path for path in copies if sha256_of(path) in hashes]
    for path in removed:
        path.unlink()
    return tuple(removed)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
