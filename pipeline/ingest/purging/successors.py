"""The successors of stored files: what takes their places when a person, or a delivery, goes out of them."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pipeline.definitions.resolved import Definitions
from pipeline.errors import UsageError
from pipeline.ingest import archives
from pipeline.ingest.ledger import Attempt
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.purging.keeping import Keeping
from pipeline.ingest.purging.redacting import Form, Redacted, redacted
from pipeline.ingest.purging.scan import Search


@dataclass(frozen=True, slots=True)
class Successor:
    """A file that takes the place of a stored one, with the lines of the ledger that say so.

    None where nothing takes its place.
    """

    content: bytes | None
    lines: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Staying:
    """Values of a column that hold the reference and stay: as another thing, or as part of a longer one.

    `in_free_text` of them are in a text that is stored and may well be about the person.
    """

    file: str  # its delivery, or a file of an archive that no source asks for
    column: str
    values: int
    in_free_text: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """What one stored file becomes, and what was found in each of its deliveries.

    `beside` has the same of files in an archive that no source asks for; `untouched` are deliveries of other
    sources than the one that was named, which hold the reference as well.
    """

    successors: tuple[Successor, ...] = ()
    found: Mapping[str, Redacted] = field(default_factory=dict)
    beside: Mapping[str, Redacted] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()

    @property
    def staying(self) -> tuple[Staying, ...]:
        """What stays, by file and column."""
        every = [*self.found.items(), *self.beside.items()]
        return tuple(
            Staying(file, column, values, new.in_free_text.get(column, 0))
            for file, new in every
            for column, values in new.staying.items()
        )


def redaction_of(
    path: Path, lines: Sequence[Attempt], source: str | None, definitions: Definitions, search: Search
) -> Redaction:
    """What a stored file with these deliveries becomes without the person, in all or in one source's.

    Raises UsageError where a file of an archive is also another source's, ExtractError where a file cannot be
    redacted.
    """
    if lines[0].archive:
        return _of_archive(path, lines, source, definitions, search)
    content = path.read_bytes()
    if not search.loosely.holds(content):
        return Redaction()
    successors, found = [], {}
    for line in lines:
        if _is_of(line, source):
            new = redacted(content, _form([line], definitions), search)
            found[line.delivery] = new
            if new.content is not None:
                sha256, size_bytes = sha256_of_bytes(new.content), len(new.content)
                here = replace(tombstone(line), sha256=sha256, size_bytes=size_bytes)
                successors.append(Successor(new.content, (here,)))
    untouched = [line.delivery for line in lines if not _is_of(line, source) and search.holds(content)]
    return Redaction(tuple(successors), found, {}, tuple(untouched))


def _of_archive(
    path: Path, lines: Sequence[Attempt], source: str | None, definitions: Definitions, search: Search
) -> Redaction:
    """What an archive becomes: one file, in whose place are all its deliveries."""
    by_member: dict[str, list[Attempt]] = {}
    for line in lines:
        by_member.setdefault(line.member, []).append(line)
    members: dict[str, bytes | None] = {}
    found: dict[str, Redacted] = {}
    beside: dict[str, Redacted] = {}
    untouched: list[str] = []
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            content = b"" if entry.is_dir() else archive.read(entry)
            if not search.loosely.holds(content):
                continue
            asked = by_member.get(archives.name_of(path.name, entry), [])
            wanted = [line for line in asked if _is_of(line, source)]
            if asked and not wanted:
                untouched += [line.delivery for line in asked if search.holds(content)]
                continue
            new = redacted(content, _form(wanted, definitions, entry.filename), search)
            if new.content is not None:
                _check_shared(path.name, asked, wanted)
                members[entry.filename] = new.content
            found |= {line.delivery: new for line in wanted}
            if not wanted:
                beside[f"{path.name}/{entry.filename}"] = new
    successors = (without_members(path, lines, members),) if members else ()
    return Redaction(successors, found, beside, tuple(untouched))


def _check_shared(archive: str, asked: Sequence[Attempt], wanted: Sequence[Attempt]) -> None:
    others = sorted({line.source for line in asked if line not in wanted})
    if others:
        raise UsageError(
            f"{asked[0].member} in {archive} holds the reference and is a delivery of "
            f"{' and '.join((wanted[0].source, *others))} at once, so that it cannot be taken out of one of "
            "them only. Nothing was changed: leave --source out, or take whole deliveries out with --delivery"
        )


def without_members(path: Path, lines: Sequence[Attempt], members: Mapping[str, bytes | None]) -> Successor:
    """An archive written anew with other members, or without those that are None."""
    made = io.BytesIO()
    hashes: dict[str, tuple[str, int]] = {}
    with ZipFile(path) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = members[entry.filename] if entry.filename in members else old.read(entry)
            if content is not None:
                new.writestr(entry, content)
                hashes[archives.name_of(path.name, entry)] = sha256_of_bytes(content), len(content)
    whole = made.getvalue()
    tombstones = [
        replace(
            tombstone(line),
            sha256=hashes[line.member][0],
            size_bytes=hashes[line.member][1],
            archive=sha256_of_bytes(whole),
            archive_size_bytes=len(whole),
        )
        for line in lines
    ]
    return Successor(whole, tuple(tombstones))


def tombstone(line: Attempt) -> Attempt:
    """The line that says that something was taken out of a delivery; by whom and why is to be filled in."""
    return replace(line, result="purged", reason="", by="", decided="", results=(), records=0, effects=())


def sha256_of_bytes(content: bytes) -> str:
    """The sha256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def _is_of(line: Attempt, source: str | None) -> bool:
    return source in (None, line.source)


def _form(lines: Sequence[Attempt], definitions: Definitions, name: str = "") -> Form:
    """How a delivery is written and what of its records stays: what any source that asks for it keeps.

    Of one that no source asks for, or whose source is gone, nothing does.
    """
    mappings = [
        SourceMapping(definitions.sources[line.source]).of(line.file, datetime.fromisoformat(line.received))
        for line in lines
        if line.source in definitions.sources
    ]
    return Form(name or lines[0].file, mappings[0] if mappings else None, Keeping.by(mappings))
