"""Receiving: the write-once store of delivered files.

data/raw/<sha256>/<file name>     the bytes as delivered; nothing edits them
data/raw/<sha256>/.receipt.json   for whom, from whom and when they were received
data/raw/ledger.jsonl             one line for every attempt; deliveries are read back from it
"""

import contextlib
import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest import ledger
from pipeline.ingest.ledger import Attempt
from pipeline.model.delivery import Extract
from pipeline.workspace import Workspace, write_whole

RECEIVED_LIST = "received.csv"
LEDGER = "ledger.jsonl"
RECEIPT = ".receipt.json"  # no file that is searched for starts with a point
PART = ".part"
BLOCK_BYTES = 1 << 20
COPYING_THREADS = 2  # one copies while the other waits for the disk


ReceivedList = dict[str, tuple[datetime | None, str]]  # by file name: when, where it is said, and from whom


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
    lists: dict[Path, ReceivedList] = {}
    for path in _files(places):
        takers = [source for source in sources.values() if is_for(source, path)]
        if not takers:
            others.append(path)
        for source in takers:
            if path.parent not in lists:
                lists[path.parent] = received_list(path.parent)
            found.append(describe(path, source, received, lists[path.parent]))
    return Search(tuple(sorted(found, key=_in_order_of_receipt)), tuple(others))


def describe(path: Path, source: Source, received: datetime, listed: ReceivedList) -> Found:
    """The file as a delivery of `source`, with what a `received.csv` beside it says."""
    when, supplier = listed.get(path.name, (None, ""))
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


def received_list(folder: Path) -> ReceivedList:
    """When each file was received and from whom, by a folder's `received.csv`; empty where it has none."""
    path = folder / RECEIVED_LIST
    if not path.is_file():
        return {}
    rows: ReceivedList = {}
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


class RawStore:
    """The write-once store of one workspace.

    What a run receives becomes deliveries when the run has read it, by `keep`; until then it can be
    taken out again, by `withdraw`.
    """

    def __init__(self, workspace: Workspace, sources: Mapping[str, Source]) -> None:
        self._workspace = workspace
        self._sources = sources
        self._ledger = ledger.read(workspace.raw / LEDGER)
        self._undecided: list[Attempt] = []
        self._added: list[Path] = []
        self._recognised: list[tuple[Path, Attempt]] = []
        self._copies: dict[Path, Path] = {}  # under passing names, by what they are copies of

    def deliveries(self) -> tuple[Extract, ...]:
        """Every delivery so far for a source that is still declared, oldest first, this run's included."""
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
            for line in (*self._ledger, *self._undecided)
            if line.result == "received" and line.source in self._sources
        ]
        return tuple(sorted(received, key=lambda extract: (extract.received, extract.delivery)))

    def path(self, extract: Extract) -> Path:
        """Where the bytes of a delivery are."""
        return self._workspace.raw / extract.sha256 / extract.file_name

    def receive(self, files: Sequence[Found]) -> tuple[tuple[str, ...], int]:
        """Take in the files: ids of the deliveries that are new, and how many files were known.

        Bytes that the source has delivered before are recognised, whatever the file is called
        now; the ledger notes it once. Bytes that were refused before are taken in again.
        """
        for left in self._workspace.private_folder(self._workspace.raw).glob(f".*{PART}"):
            left.unlink()  # by a run that was killed
        known_sizes = {line.size_bytes for line in self._ledger}
        paths = list(dict.fromkeys(found.path for found in files))
        with ThreadPoolExecutor(COPYING_THREADS) as pool:
            hashes = dict(
                zip(paths, pool.map(lambda path: self._take(path, known_sizes), paths), strict=True)
            )
        ids = tuple(filter(None, [self._enter(found, hashes[found.path]) for found in files]))
        return ids, len(files) - len(ids)

    def _take(self, path: Path, known_sizes: set[int]) -> str:
        """A found file's hash; where no known file has its size, a copy is made in the same pass."""
        with _receiving(path):
            return _hash(path) if path.stat().st_size in known_sizes else self._copy(path)

    def _copy(self, path: Path) -> str:
        """Copy a file into the store under a passing name; the hash of what was copied."""
        digest = hashlib.sha256()
        with path.open("rb") as origin:
            descriptor, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=self._workspace.raw)
            self._copies[path] = Path(name)
            with os.fdopen(descriptor, "wb") as copy:
                while block := origin.read(BLOCK_BYTES):
                    digest.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
        return digest.hexdigest()

    def _enter(self, found: Found, sha256: str) -> str | None:
        """Enter one file: its delivery id where it is new, None where its bytes are known."""
        own = [
            line
            for line in (*self._ledger, *self._undecided)
            if line.source == found.source and line.result != "refused"
        ]
        known = [line for line in own if line.sha256 == sha256]
        if known:
            self._recognised.append((found.path, known[0]))
            if all(line.file != found.path.name for line in known):
                self._note(found, sha256, known[0].delivery, "duplicate")
            return None
        delivery = f"{found.source}-{1 + max((line.number for line in own), default=0):04d}"
        target = self._workspace.raw / sha256 / found.path.name
        if not target.exists():
            self._added.append(target)
            self._put(found.path, target, sha256)
        self._note(found, sha256, delivery, "received")
        return delivery

    def _put(self, origin: Path, target: Path, sha256: str) -> None:
        """Put a file's bytes in their place, by one rename."""
        with _receiving(origin):
            if origin not in self._copies and self._copy(origin) != sha256:
                raise ExtractError(f"{origin}: it changed while it was being received; try again")
            self._workspace.private_folder(target.parent)
            self._copies.pop(origin).replace(target)

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
        self._undecided.append(line)

    def restore(self) -> None:
        """Copy recognised files anew whose stored bytes are gone or altered."""
        for path, line in self._recognised:
            target = self._workspace.raw / line.sha256 / line.file
            if not target.is_file() or _hash(target) != line.sha256:
                self._put(path, target, line.sha256)

    def keep(self) -> None:
        """Make deliveries of what this run received: their receipts, then their lines in the ledger."""
        lines = self._undecided
        self._decided()
        if not lines:
            return
        self._ledger += lines
        for sha256 in dict.fromkeys(line.sha256 for line in lines if line.result == "received"):
            receipt = [asdict(line) for line in self._ledger if line.sha256 == sha256]
            text = json.dumps({"deliveries": receipt}, indent=1) + "\n"
            write_whole(self._workspace.raw / sha256 / RECEIPT, text)
        ledger.append(self._workspace.raw / LEDGER, lines)

    def withdraw(self, reasons: Mapping[str, str]) -> None:
        """Take out again what this run received, and note the deliveries that were refused.

        The rest was not decided on: the next run receives it.
        """
        for path in self._added:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # the same bytes are there for another source
                path.parent.rmdir()
        refused = [
            replace(line, result="refused", delivery="", reason=reasons[line.delivery])
            for line in self._undecided
            if line.delivery in reasons
        ]
        self._decided()
        if refused:
            ledger.append(self._workspace.raw / LEDGER, refused)

    def _decided(self) -> None:
        self._undecided, self._added = [], []
        for copy in self._copies.values():
            copy.unlink(missing_ok=True)
        self._copies.clear()


@contextlib.contextmanager
def _receiving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExtractError(f"{path}: cannot be received ({error.strerror})") from None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
