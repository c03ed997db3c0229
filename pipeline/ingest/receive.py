"""Receiving: the write-once store of delivered files.

data/raw/<sha256>/<file name>     the bytes as delivered, archives too; nothing edits them
data/raw/<sha256>/.receipt.json   for whom, from whom and when they were received
data/raw/ledger.jsonl             one line for every attempt; deliveries are read back from it
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError, UsageError
from pipeline.ingest import archives, ledger, whole_months
from pipeline.ingest.accepting import decision_on
from pipeline.ingest.drop_folder import Found
from pipeline.ingest.ledger import DELIVERIES, Attempt
from pipeline.model.acceptance import Acceptance, Decision, MonthDecision, Standing
from pipeline.model.delivery import Extract
from pipeline.model.period import format_month
from pipeline.quality.judging import Judged
from pipeline.workspace import PART, Workspace, room_for, sha256_of, write_whole

LEDGER = "ledger.jsonl"
RECEIPT = ".receipt.json"  # no file that is searched for starts with a point
BLOCK_BYTES = 1 << 18  # larger ones are new memory each time
COPYING_THREADS = 2  # one copies while the other waits for the disk


class RawStore:
    """The write-once store of one workspace.

    What a run receives becomes deliveries when the run has read it, by `keep`; until then it can be
    taken out again, by `withdraw`.
    """

    def __init__(self, workspace: Workspace, sources: Mapping[str, Source]) -> None:
        self._workspace = workspace
        self._sources = sources
        self._ledger = ledger.read(workspace.raw / LEDGER)
        self.kept_out: tuple[tuple[str, str], ...] = ()  # files that were purged, and of which delivery
        self._purged = {line.delivery: line.sha256 for line in self._ledger if line.result == "purged"}
        self._undecided: list[Attempt] = []
        self._added: list[Path] = []
        self._recognised: list[tuple[Path, Attempt]] = []
        self._met: set[str] = set()  # the deliveries that this run's files are
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
                archive=line.archive,
                stated_records=line.stated_records,
            )
            for line in ledger.current((*self._ledger, *self._undecided))
            if line.source in self._sources and self._counts(line)
        ]
        return tuple(sorted(received, key=lambda extract: (extract.received, extract.delivery)))

    def undeclared(self) -> dict[str, int]:
        """How many deliveries there are of each source that is not declared any more; they do not count."""
        lines = [line for line in ledger.current(self._ledger) if line.result in DELIVERIES]
        return dict(Counter(line.source for line in lines if line.source not in self._sources))

    def _counts(self, line: Attempt) -> bool:
        """Whether a delivery is loaded: it was received, or held and a person has accepted it."""
        return line.result == "received" or (line.result == "held" and self._decision(line) is not None)

    def _decision(self, line: Attempt) -> Decision | None:
        """Who took a held delivery: as the ledger has it, else as `accepted:` of its source has it."""
        for one in (*self._ledger, *self._undecided):
            if one.result == "accepted" and one.delivery == line.delivery:
                return Decision(one.delivery, one.by, date.fromisoformat(one.decided), one.reason)
        return decision_on(self._sources[line.source], line.delivery, line.file, line.received)

    def accepted(self) -> frozenset[str]:
        """The ids of the deliveries that a person took as they are."""
        return frozenset(
            line.delivery
            for line in (*self._ledger, *self._undecided)
            if line.result in DELIVERIES and line.source in self._sources and self._decision(line)
        )

    def undecided(self) -> frozenset[str]:
        """The ids of the deliveries that this run received, and that are not kept yet."""
        return frozenset(line.delivery for line in self._undecided if line.result in DELIVERIES)

    def acceptances(self) -> tuple[Acceptance, ...]:
        """Every delivery that a suite judged, oldest first."""
        return tuple(
            Acceptance(
                delivery=line.delivery,
                source=line.source,
                file_name=line.file,
                received=line.received,
                rows=line.records,
                compared_with=line.compared_with,
                results=line.results,
                decision=self._decision(line) if line.result == "held" else None,
            )
            for line in sorted((*self._ledger, *self._undecided), key=lambda a: (a.received, a.delivery))
            if line.result in DELIVERIES and line.results and line.source in self._sources
        )

    def judged(self, found: Sequence[Judged]) -> None:
        """Note how the suites judged deliveries of this run; those that failed are held."""
        by_delivery = {one.delivery: one for one in found}
        for number, line in enumerate(self._undecided):
            one = by_delivery.get(line.delivery)
            if one and line.result == "received":
                self._undecided[number] = replace(
                    line,
                    result="held" if one.reasons else "received",
                    records=one.rows,
                    compared_with=one.compared_with,
                    results=one.results,
                )

    def release(self, decision: Decision) -> None:
        """Take a held delivery as a person decided. Raises UsageError where none of that id is held."""
        held = {line.delivery: line for line in self._ledger if line.result == "held"}
        waiting = [name for name, line in held.items() if self._decision(line) is None]
        if decision.delivery not in waiting:
            raise UsageError(
                f"no delivery {decision.delivery!r} is held; held are: {', '.join(waiting) or 'none'}"
            )
        line = held[decision.delivery]
        self._undecided.append(
            replace(
                line,
                result="accepted",
                by=decision.by,
                decided=decision.on.isoformat(),
                reason=decision.reason,
                results=(),
            )
        )

    def accept_month(self, decision: MonthDecision) -> None:
        """Note that a month is whole, as a person decided."""
        self._undecided.append(whole_months.line_of(decision))

    def whole_months(self) -> tuple[MonthDecision, ...]:
        """The months that persons took as whole, in the order of the decisions."""
        return whole_months.decisions((*self._ledger, *self._undecided))

    def covered(self, extracts: Sequence[Extract]) -> None:
        """Note the months that deliveries of this run turned out to cover."""
        by_delivery = {extract.delivery: extract for extract in extracts}
        for number, line in enumerate(self._undecided):
            extract = by_delivery.get(line.delivery)
            if extract and extract.first_month and extract.last_month and line.result in DELIVERIES:
                first, last = format_month(extract.first_month), format_month(extract.last_month)
                self._undecided[number] = replace(line, first_month=first, last_month=last)

    def waiting(self) -> tuple[Acceptance, ...]:
        """The deliveries that this run found, and that wait for a person's decision."""
        return tuple(
            one for one in self.acceptances() if one.standing is Standing.HELD and one.delivery in self._met
        )

    def path(self, extract: Extract) -> Path:
        """The stored file that holds the bytes of a delivery: itself, or its archive."""
        return self._workspace.raw / extract.stored_in

    def has_copied(self, extract: Extract) -> bool:
        """Whether this run stored the file that holds it, and so hashed its bytes on their way."""
        return self.path(extract) in self._added

    def receive(self, files: Sequence[Found]) -> tuple[tuple[str, ...], int]:
        """Take in the files: ids of the deliveries that are new, and how many files were known.

        Bytes that the source has delivered before are recognised, whatever the file is called
        now; the ledger notes it once. Bytes that were refused before are taken in again.
        """
        self._workspace.private_folder(self._workspace.raw)
        known_sizes = {line.archive_size_bytes or line.size_bytes for line in self._ledger}
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
            return sha256_of(path) if path.stat().st_size in known_sizes else self._copy(path)

    def _copy(self, path: Path) -> str:
        """Copy a file into the store under a passing name; the hash of what was copied."""
        digest = hashlib.sha256()
        room = room_for(path.name, self._workspace.raw, path.stat().st_size)
        with room, path.open("rb") as origin:
            descriptor, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=self._workspace.raw)
            self._copies[path] = Path(name)
            with os.fdopen(descriptor, "wb") as copy:
                while block := origin.read(BLOCK_BYTES):
                    digest.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
        return digest.hexdigest()

    def _enter(self, found: Found, stored: str) -> str | None:
        """Enter one file: its delivery id where it is new, None where its bytes are known.

        `stored` is the sha256 of the file as it lies in the drop folder; a file of an archive is known
        by its own bytes, whichever archive they come in.
        """
        own = [
            line
            for line in (*self._ledger, *self._undecided)
            if line.source == found.source and line.delivery
        ]
        sha256, size_bytes = self._content(found, stored, own)
        known = [line for line in own if line.sha256 == sha256]
        if known:
            if known[0].stored == stored and known[0].delivery not in self._purged:
                self._recognised.append((found.path, known[0]))
            if self._purged.get(known[0].delivery, sha256) != sha256:
                self.kept_out += ((found.name, known[0].delivery),)
            self._met.add(known[0].delivery)
            if all(line.file != found.name for line in known):
                self._note(found, sha256, size_bytes, stored, known[0].delivery, "duplicate")
            return None
        delivery = f"{found.source}-{1 + max((line.number for line in own), default=0):04d}"
        target = self._workspace.raw / stored / found.path.name
        if not target.exists():
            self._added.append(target)
            self._put(found.path, target, stored)
        self._note(found, sha256, size_bytes, stored, delivery, "received")
        self._met.add(delivery)
        return delivery

    def _content(self, found: Found, stored: str, own: Sequence[Attempt]) -> tuple[str, int]:
        """The hash and the size of what is delivered; of an archive that is known nothing is unpacked."""
        if not found.member:
            return stored, found.path.stat().st_size
        for line in own:
            if line.archive == stored and line.member == found.member:
                return line.sha256, line.size_bytes
        digest, size_bytes = hashlib.sha256(), 0
        for block in archives.blocks_of(found.path, found.member):
            digest.update(block)
            size_bytes += len(block)
        return digest.hexdigest(), size_bytes

    def _put(self, origin: Path, target: Path, sha256: str) -> None:
        """Put a file's bytes in their place, by one rename."""
        with _receiving(origin):
            if origin not in self._copies and self._copy(origin) != sha256:
                raise ExtractError(f"{origin}: it changed while it was being received; try again")
            self._workspace.private_folder(target.parent)
            self._copies.pop(origin).replace(target)

    def _note(
        self, found: Found, sha256: str, size_bytes: int, stored: str, delivery: str, result: str
    ) -> None:
        source = self._sources[found.source]
        line = Attempt(
            result=result,
            delivery=delivery,
            source=found.source,
            file=found.name,
            sha256=sha256,
            size_bytes=size_bytes,
            archive=stored if found.member else "",
            archive_size_bytes=found.path.stat().st_size if found.member else 0,
            received=found.received.isoformat(),
            supplier=found.supplier,
            encoding=source.encoding,
            licence=source.licence,
            stated_records=found.records,
        )
        self._undecided.append(line)

    def restore(self, only_touched: bool = False) -> None:
        """Copy recognised files anew whose stored bytes are gone or altered.

        With `only_touched` they are hashed only where they were written to after they were received, which
        takes no time; `verify`, and every build of the warehouse, hash them all.
        """
        for path, line in self._recognised:
            target = self._workspace.raw / line.stored_in
            if only_touched and _untouched(target, line.archive_size_bytes or line.size_bytes):
                continue
            if not target.is_file() or sha256_of(target) != line.stored:
                self._put(path, target, line.stored)

    def keep(self) -> None:
        """Make deliveries of what this run received: their receipts, then their lines in the ledger."""
        lines = self._undecided
        self._decided()
        if not lines:
            return
        self._ledger += lines
        for sha256 in dict.fromkeys(line.stored for line in lines if line.result in DELIVERIES):
            receipt = [asdict(line) for line in self._ledger if line.stored == sha256]
            write_receipt(self._workspace, sha256, receipt)
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


def write_receipt(workspace: Workspace, sha256: str, deliveries: Sequence[Mapping[str, object]]) -> None:
    """Write the sidecar of a stored file: the deliveries that it is, as the ledger has them."""
    text = json.dumps({"deliveries": deliveries}, indent=1) + "\n"
    write_whole(workspace.raw / sha256 / RECEIPT, text)


@contextlib.contextmanager
def _receiving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExtractError(f"{path}: cannot be received ({error.strerror})") from None


def _untouched(path: Path, size_bytes: int) -> bool:
    receipt = path.with_name(RECEIPT)
    if not path.is_file() or not receipt.is_file():
        return False
    now = path.stat()
    return now.st_size == size_bytes and now.st_mtime_ns <= receipt.stat().st_mtime_ns
