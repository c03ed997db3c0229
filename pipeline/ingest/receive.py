"""Receiving: the write-once store of delivered files.

data/raw/<sha256>/<file name>     the bytes as delivered, archives too; nothing edits them
data/raw/<sha256>/.receipt.json   for whom, from whom and when they were received
data/raw/ledger.jsonl             one line for every attempt; deliveries are read back from it
"""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import assert_never

from pipeline.definitions.source import Source
from pipeline.ingest import archives, ledger, whole_months
from pipeline.ingest.copying import Copies
from pipeline.ingest.deciding import decision_of, misdated, moment, redated, released, replaces
from pipeline.ingest.drop_folder import Found
from pipeline.ingest.ledger import DELIVERIES, Attempt
from pipeline.ingest.receipts import is_untouched, write_receipt
from pipeline.model.acceptance import Acceptance, DateDecision, Decided, Decision, MonthDecision, Standing
from pipeline.model.delivery import Deliveries, Extract
from pipeline.model.period import format_month
from pipeline.quality.judging import Judged
from pipeline.workspace import Workspace, sha256_of

LEDGER = "ledger.jsonl"


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
        # Known bytes that this run found under a new name or date: with hash, size, and that of their file.
        self._again: list[tuple[Found, str, int, str]] = []
        self.misdated: tuple[str, ...] = ()  # known files that received.csv dates otherwise than the ledger
        self._copies = Copies(workspace)

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
                accepted=self._accepted_at(line),
            )
            for line in ledger.current(self._lines)
            if line.source in self._sources and self._counts(line)
        ]
        return tuple(sorted(received, key=lambda extract: (extract.received, extract.delivery)))

    def undeclared(self) -> dict[str, int]:
        """How many deliveries there are of each source that is not declared any more; they do not count."""
        lines = [line for line in ledger.current(self._ledger) if line.result in DELIVERIES]
        return dict(Counter(line.source for line in lines if line.source not in self._sources))

    @property
    def _lines(self) -> tuple[Attempt, ...]:
        return (*self._ledger, *self._undecided)

    def _counts(self, line: Attempt) -> bool:
        """Whether a delivery is loaded: it was received, or held and a person has accepted it."""
        decision = self._decision(line) if line.result == "held" else None
        return line.result == "received" or (decision is not None and not decision.declined)

    def _decision(self, line: Attempt) -> Decision | None:
        return decision_of(line, self._lines, self._sources)

    def _accepted_at(self, line: Attempt) -> datetime | None:
        """When a delivery that was held was taken: the moment of the decision, or the start of its day."""
        decision = self._decision(line) if line.result == "held" else None
        if decision is None:
            return None
        return decision.at or moment(decision.on.isoformat())

    def accepted(self) -> dict[str, Decision]:
        """By delivery, the decisions by which persons took deliveries as they are."""
        found = {
            line.delivery: self._decision(line)
            for line in ledger.current(self._lines)
            if line.source in self._sources
        }
        return {name: one for name, one in found.items() if one is not None and not one.declined}

    def undecided(self) -> frozenset[str]:
        """The ids of the deliveries that this run received, and that are not kept yet."""
        return frozenset(line.delivery for line in self._undecided if line.result in DELIVERIES)

    def acceptances(self) -> tuple[Acceptance, ...]:
        """Every delivery that a suite judged or a person decided on and that is still there, oldest first."""
        return tuple(
            Acceptance(
                delivery=line.delivery,
                source=line.source,
                file_name=line.file,
                received=line.received,
                records=line.records,
                compared_with=line.compared_with,
                results=line.results,
                decision=decision,
                effects=line.effects,
            )
            for line in sorted(ledger.current(self._lines), key=lambda a: (a.received, a.delivery))
            if line.source in self._sources
            if (decision := self._decision(line)) or line.results
        )

    def judged(self, found: Sequence[Judged], effects: Mapping[str, Sequence[str]]) -> None:
        """Note how the suites judged deliveries of this run; those that failed are held.

        `effects` says, by delivery, what taking it changes of what came before it.
        """
        by_delivery = {one.delivery: one for one in found}
        for number, line in enumerate(self._undecided):
            one = by_delivery.get(line.delivery)
            if one and line.result == "received":
                self._undecided[number] = replace(
                    line,
                    result="held" if one.reasons else "received",
                    records=one.records,
                    compared_with=one.compared_with,
                    results=one.results,
                    effects=tuple(effects.get(one.delivery, ())) if one.reasons else (),
                )

    def decide(self, decision: Decided) -> None:
        """Note what a person decided. Raises UsageError where there is nothing of the kind to decide on."""
        match decision:
            case MonthDecision():
                line = whole_months.line_of(decision)
            case DateDecision():
                line = redated(decision, self._ledger)
            case Decision():
                # One that was declined may still be taken.
                open_ = {Standing.HELD} | (set() if decision.declined else {Standing.DECLINED})
                waiting = [one.delivery for one in self.acceptances() if one.standing in open_]
                line = released(decision, waiting, self._ledger)
            case _:
                assert_never(decision)
        self._undecided.append(line)

    def whole_months(self) -> tuple[MonthDecision, ...]:
        """The months that persons took as whole, in the order of the decisions."""
        return whole_months.decisions(self._lines)

    def covered(self, extracts: Sequence[Extract]) -> None:
        """Note the months that deliveries of this run turned out to cover."""
        by_delivery = {extract.delivery: extract for extract in extracts}
        for number, line in enumerate(self._undecided):
            extract = by_delivery.get(line.delivery)
            if extract and extract.first_month and extract.last_month and line.result in DELIVERIES:
                first, last = format_month(extract.first_month), format_month(extract.last_month)
                self._undecided[number] = replace(line, first_month=first, last_month=last)

    def waiting(self) -> tuple[Acceptance, ...]:
        """The deliveries that wait for a person's decision, or for another in their place; oldest first."""
        declared = [line for line in ledger.current(self._lines) if line.source in self._sources]
        taken = [line for line in declared if self._counts(line)]
        replaced = {held.delivery for held in self._lines if any(replaces(line, held) for line in taken)}
        return tuple(
            one
            for one in self.acceptances()
            if one.standing is Standing.HELD and one.delivery not in replaced
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
        hashes = self._copies.hashes(paths, known_sizes)
        names = Counter((found.source, found.name) for found in files)
        ids = [
            self._enter(found, hashes[found.path], names[found.source, found.name] == 1) for found in files
        ]
        new = tuple(filter(None, ids))
        return new, len(files) - len(new)

    def returned(self, deliveries: Deliveries) -> tuple[str, ...]:
        """The ids of further deliveries: known bytes that were found again after others had revised them.

        The supplier has gone back to them. `deliveries` is what the warehouse was made of without them.
        What was not revised is noted as a duplicate, or told where received.csv dates it anew.
        """
        ids = []
        for found, sha256, size_bytes, stored in self._again:
            own = [line for line in self._lines if line.source == found.source and line.delivery]
            known = [line for line in own if line.sha256 == sha256]
            if deliveries.has_revised({line.delivery for line in known}, found.received):
                ids.append(self._add(found, sha256, size_bytes, stored))
            elif all(line.file != found.name for line in known):
                self._note(found, sha256, size_bytes, stored, known[0].delivery, "duplicate")
            elif found.is_dated:
                self.misdated += (misdated(found, known[-1]),)
        self._again = []
        return tuple(ids)

    def _enter(self, found: Found, stored: str, only_one_so_called: bool) -> str | None:
        """Enter one file: its delivery id where it is new, None where its bytes are known.

        `stored` is the sha256 of the file as it lies in the drop folder; a file of an archive is known
        by its own bytes, whichever archive they come in.
        """
        own = [line for line in self._lines if line.source == found.source and line.delivery]
        sha256, size_bytes = self._content(found, stored, own)
        known = [line for line in own if line.sha256 == sha256]
        if known:
            if known[0].stored == stored and known[0].delivery not in self._purged:
                self._recognised.append((found.path, known[0]))
            if self._purged.get(known[0].delivery, sha256) != sha256:
                self.kept_out += ((found.name, known[0].delivery),)
                return None
            so_called = [line for line in own if line.file == found.name]
            noted = [line for line in known if line.file == found.name]
            was_other = only_one_so_called and so_called[-1:] and so_called[-1].sha256 != sha256
            is_redated = found.is_dated and found.received not in {moment(one.received) for one in noted}
            if not noted or was_other or is_redated:
                self._again.append((found, sha256, size_bytes, stored))
            return None
        return self._add(found, sha256, size_bytes, stored)

    def _add(self, found: Found, sha256: str, size_bytes: int, stored: str) -> str:
        """Make a delivery of a file; its id."""
        own = [line for line in self._lines if line.source == found.source and line.delivery]
        delivery = f"{found.source}-{1 + max((line.number for line in own), default=0):04d}"
        target = self._workspace.raw / stored / found.path.name
        if not target.exists():
            self._added.append(target)
            self._copies.put(found.path, target, stored)
        self._note(found, sha256, size_bytes, stored, delivery, "received")
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
            if only_touched and is_untouched(target, line.archive_size_bytes or line.size_bytes):
                continue
            if not target.is_file() or sha256_of(target) != line.stored:
                self._copies.put(path, target, line.stored)

    def keep(self) -> None:
        """Make deliveries of what this run received: their receipts, then their lines in the ledger."""
        lines = self._undecided
        self._decided()
        if not lines:
            return
        self._ledger += lines
        told = (*DELIVERIES, "dated")
        for sha256 in dict.fromkeys(line.stored for line in lines if line.result in told):
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
        self._copies.remove()
