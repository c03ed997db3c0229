"""Receiving: the write-once store of delivered files, and the ledger of every attempt.

data/raw/<sha256>/<file name>     the bytes as delivered; nothing edits them
data/raw/<sha256>/receipt.json    for whom, from whom and when they were received
data/raw/ledger.jsonl             one line for every attempt; deliveries are read back from it
"""

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.model.delivery import Extract
from pipeline.workspace import Workspace, write_whole

RECEIVED_LIST = "received.csv"
LEDGER = "ledger.jsonl"
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a source asks for, where it lies, and when and from whom it was received."""

    path: Path
    source: str
    received: datetime
    supplier: str


@dataclass(frozen=True, slots=True)
class Search:
    """What the drop folders held. `others` are files that no source asks for."""

    found: tuple[Found, ...]
    others: tuple[Path, ...]


def search(places: Sequence[Path], sources: Mapping[str, Source], received: datetime) -> Search:
    """Every file in or below `places` that a source's pattern matches, in order of receipt.

    A `received.csv` beside the files says when each was received and from whom; `received`
    and the source's own supplier hold for the rest. One file may serve several sources. A folder
    that is not there holds nothing: a workspace may have no drop folder yet.
    """
    found: list[Found] = []
    others: list[Path] = []
    for path in _files(places):
        takers = [source for source in sources.values() if is_for(source, path)]
        if not takers:
            others.append(path)
        for source in takers:
            found.append(describe(path, source, received))
    return Search(tuple(sorted(found, key=_in_order_of_receipt)), tuple(others))


def describe(path: Path, source: Source, received: datetime) -> Found:
    """The file as a delivery of `source`, with what a `received.csv` beside it says."""
    when, supplier = _received_list(path.parent).get(path.name, (None, ""))
    return Found(path, source.id, when or _aware(received), supplier or source.supplier)


def is_for(source: Source, path: Path) -> bool:
    """Whether the end of `path` matches one of the source's patterns, part by part."""
    for pattern in source.files:
        wanted = Path(pattern).parts
        have = path.parts[-len(wanted) :]
        if len(have) == len(wanted) and all(map(fnmatchcase, have, wanted)):
            return True
    return False


def _in_order_of_receipt(found: Found) -> tuple[datetime, str, str]:
    return found.received, found.source, found.path.name


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_file():
            yield place.resolve()
        elif place.is_dir():
            for folder, folders, names in os.walk(place.resolve()):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    if name != RECEIVED_LIST and not name.startswith("."):
                        yield Path(folder, name)


def _received_list(folder: Path) -> dict[str, tuple[datetime | None, str]]:
    path = folder / RECEIVED_LIST
    if not path.is_file():
        return {}
    rows: dict[str, tuple[datetime | None, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"file", "received"} <= set(reader.fieldnames or ()):
            raise ExtractError(f"{path}: its first line must name the columns file,received,supplier")
        for row in reader:
            try:
                when = _aware(datetime.fromisoformat(row["received"])) if row["received"] else None
            except ValueError:
                raise ExtractError(
                    f"{path}:{reader.line_num}: received is not a date and time "
                    "written like 2023-06-30T18:00:00"
                ) from None
            rows[row["file"]] = (when, row.get("supplier") or "")
    return rows


def _aware(moment: datetime) -> datetime:
    """UTC, also where no zone is written: deliveries are put in order by these."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of the ledger. `delivery` is the earlier one where the bytes were known (`duplicate`)."""

    result: str  # received or duplicate
    delivery: str
    source: str
    file: str
    sha256: str
    size_bytes: int
    received: str
    supplier: str
    encoding: str
    licence: str


class RawStore:
    """The write-once store of one workspace."""

    def __init__(self, workspace: Workspace, sources: Mapping[str, Source]) -> None:
        self._workspace = workspace
        self._sources = sources
        self._ledger = _read_ledger(workspace.raw / LEDGER)

    def deliveries(self) -> tuple[Extract, ...]:
        """Every delivery received so far for a source that is still declared, oldest first."""
        received = [
            Extract(
                delivery=line.delivery,
                source=line.source,
                file_name=line.file,
                sha256=line.sha256,
                size_bytes=line.size_bytes,
                received=datetime.fromisoformat(line.received),
                supplier=line.supplier,
                encoding=line.encoding,
            )
            for line in self._ledger
            if line.result == "received" and line.source in self._sources
        ]
        return tuple(sorted(received, key=lambda extract: (extract.received, extract.delivery)))

    def path(self, extract: Extract) -> Path:
        """Where the bytes of a delivery are."""
        return self._workspace.raw / extract.sha256 / extract.file_name

    def receive(self, files: Iterable[Found]) -> tuple[tuple[str, ...], int]:
        """Take in the files: ids of the deliveries that are new, and how many files were known.

        Bytes that the source has delivered before are recognised, whatever the file is called
        now; the ledger notes it once.
        """
        new: list[str] = []
        known = 0
        noted = len(self._ledger)
        try:
            for found in files:
                sha256 = _hash(found.path)
                earlier = [
                    line for line in self._ledger if line.source == found.source and line.sha256 == sha256
                ]
                if not earlier:
                    new.append(self._accept(found, sha256))
                    continue
                known += 1
                if all(line.file != found.path.name for line in earlier):
                    self._note(found, sha256, earlier[0].delivery, "duplicate")
        finally:
            if self._ledger[noted:]:
                _append(self._workspace.raw / LEDGER, self._ledger[noted:])
        return tuple(new), known

    def _accept(self, found: Found, sha256: str) -> str:
        number = 1 + sum(line.source == found.source and line.result == "received" for line in self._ledger)
        delivery = f"{found.source}-{number:04d}"
        self._workspace.private_folder(self._workspace.raw)
        folder = self._workspace.private_folder(self._workspace.raw / sha256)
        target = folder / found.path.name
        if not target.exists():
            _copy(found.path, target, sha256)
        self._note(found, sha256, delivery, "received")
        receipt = [asdict(line) for line in self._ledger if line.sha256 == sha256]
        write_whole(folder / "receipt.json", json.dumps({"deliveries": receipt}, indent=1) + "\n")
        return delivery

    def _note(self, found: Found, sha256: str, delivery: str, result: str) -> None:
        source = self._sources[found.source]
        line = Attempt(
            result=result,
            delivery=delivery,
            source=found.source,
            file=found.path.name,
            sha256=sha256,
            size_bytes=found.path.stat().st_size,
            received=found.received.isoformat(),
            supplier=found.supplier,
            encoding=source.encoding,
            licence=source.licence,
        )
        self._ledger.append(line)


def _read_ledger(path: Path) -> list[Attempt]:
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(Attempt(**json.loads(text)))
        except (ValueError, TypeError):
            continue  # a run that was killed while it wrote: what it had not noted is received again
    return lines


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ExtractError(f"{path}: cannot be read ({error.strerror})") from None


def _copy(origin: Path, target: Path, sha256: str) -> None:
    """Copy through a temporary file; the copy must have the hash that was announced."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        with (
            origin.open("rb") as source,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy,
        ):
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != sha256:
            raise ExtractError(f"{origin}: it changed while it was being received; try again")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _append(path: Path, lines: Sequence[Attempt]) -> None:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":  # the torn last line of a run that was killed
                file.write(b"\n")
        file.writelines(json.dumps(asdict(line)).encode() + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
