"""Corrections: refused records that a person releases, before anything is settled.

A decision applies only where a record breaks the very rule it was about, and as long as it has not
expired. Where the supplier has fixed the record, or it is gone, the decision says so until it is removed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.definitions.corrections import Correction
from pipeline.definitions.resolved import Definitions
from pipeline.ingest import stored
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED, Reading
from pipeline.ingest.releasing import QUARANTINED_AGAIN, Record, named, records_of, release
from pipeline.model.correction import CorrectionResult, CorrectionState
from pipeline.store import Store
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file, and its line there."""

    line: int
    correction: Correction

    def result(self, state: CorrectionState, records: int = 0, told: str = "") -> CorrectionResult:
        """What came of it."""
        own = self.correction
        return CorrectionResult(
            line=self.line,
            source=own.source,
            rule=own.rule,
            state=state,
            records=records,
            by=own.by,
            on=own.on,
            until=own.until,
            reason=own.reason,
            told=told,
        )

    def not_in_force(self, day: date) -> CorrectionResult | None:
        """Why it does not hold on a day; None where it does."""
        own = self.correction
        if day > own.until:
            told = f"expired on {own.until}, and {QUARANTINED_AGAIN}"
            told += "; decide anew, with a later `until`, or remove it"
            return self.result(CorrectionState.EXPIRED, told=told)
        if day < own.on:
            told = f"is dated {own.on}, which has not come; it does not apply before"
            return self.result(CorrectionState.NOT_YET, told=told)
        return None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The readings, with a note where records were released, and what came of the entries."""

    readings: list[Reading]
    results: tuple[CorrectionResult, ...]


def entries_of(definitions: Definitions, source: str) -> list[Entry]:
    """The entries about one source, in the order written."""
    both = zip(definitions.correction_lines, definitions.corrections, strict=True)
    return [Entry(line, correction) for line, correction in both if correction.source == source]


def with_undelivered(
    definitions: Definitions, results: Sequence[CorrectionResult]
) -> tuple[CorrectionResult, ...]:
    """What came of every entry, those of sources that have delivered nothing included, in order."""
    known = {result.line for result in results}
    entries = [entry for source in definitions.sources for entry in entries_of(definitions, source)]
    told = "its source has delivered nothing, so it applies to nothing"
    nothing = [entry.result(CorrectionState.GONE, told=told) for entry in entries if entry.line not in known]
    return tuple(sorted((*results, *nothing), key=lambda one: one.line))


def stale_corrections(workspace: Workspace, definitions: Definitions, day: date) -> tuple[str, ...]:
    """What an analyst must know of the entries on a day, a warning each; of those that apply, nothing."""
    deliveries = stored.load(workspace.warehouse)
    before = {one.line: one for one in deliveries.corrections} if deliveries else {}
    told = []
    for source in definitions.sources:
        for entry in entries_of(definitions, source):
            own, last = entry.correction, before.get(entry.line)
            result = entry.not_in_force(day)
            if result is None and last and (last.rule, last.on, last.until) == (own.rule, own.on, own.until):
                result = last
            if result and result.told:
                told.append(f"warning: {result.as_warning}")
    return tuple(told)


def correct(
    store: Store, mapping: Mapping, readings: Sequence[Reading], entries: Sequence[Entry], day: date
) -> Corrected:
    """Release the records of one source that its entries name, in the mapped rows. `day` is today."""
    results: list[CorrectionResult] = []
    released: dict[int, list[str]] = {}
    tried: list[tuple[list[Record], CorrectionResult]] = []
    for entry in entries:
        stale = entry.not_in_force(day)
        if stale:
            results.append(stale)
            continue
        found = _Matching(store, mapping, readings, entry).found()
        if isinstance(found, CorrectionResult):
            results.append(found)
            continue
        records, result = found
        if wrong := release(store, mapping, entry.correction, records):
            results.append(entry.result(CorrectionState.NOT_ENOUGH, told=wrong))
        else:
            tried.append(found)
    for records, result in tried:  # two entries may be needed for one record
        judged = records_of(store, mapping, readings, [record.row for record in records])
        refused = [record for record in judged if record.broken]
        sound = [record for record in judged if not record.broken]
        result = result.also(_still_broken(refused, judged)) if refused else result
        state = result.state if sound else CorrectionState.NOT_ENOUGH
        results.append(replace(result, state=state, records=len(sound)))
        note = f"released by {result.by}, {result.on}, until {result.until}: {result.reason}"
        for record in sound:
            released.setdefault(record.reading.file.number, []).append(note)
    noted = [replace(r, notes=(*r.notes, *_notes(released.get(r.file.number, [])))) for r in readings]
    return Corrected(noted, tuple(sorted(results, key=lambda one: one.line)))


def _still_broken(refused: Sequence[Record], records: Sequence[Record]) -> str:
    broken = named([rule for record in refused for rule in record.broken])
    some = "its record" if len(records) == 1 else f"{len(refused)} of its {len(records)} records"
    breaks = "breaks" if len(refused) == 1 else "break"
    return f"does not release {some}, which also {breaks} {broken}; decide on that too"


def _notes(released: Sequence[str]) -> Iterator[str]:
    for note in dict.fromkeys(released):
        count = released.count(note)
        yield f"{count:,} quarantined {'record' if count == 1 else 'records'} {note}"


class _Matching:
    """Looks for the records that one entry names."""

    def __init__(self, store: Store, mapping: Mapping, readings: Sequence[Reading], entry: Entry) -> None:
        self._store = store
        self._mapping = mapping
        self._readings = readings
        self._entry = entry
        self._correction = entry.correction

    def found(self) -> CorrectionResult | tuple[list[Record], CorrectionResult]:
        """The records to release and what that comes to; or why there are none."""
        scope = [reading for reading in self._readings if self._is_of(reading)]
        if not scope:
            told = f"no delivery {self._correction.file} has come, so it applies to nothing"
            return self._entry.result(CorrectionState.GONE, told=f"{told}; correct its `file`, or remove it")
        return self._by_line(scope) if self._correction.line is not None else self._by_key(scope)

    def _is_of(self, reading: Reading) -> bool:
        extract, name = reading.file.extract, self._correction.file
        return name in (None, extract.delivery, extract.file_name)

    def _by_line(self, scope: list[Reading]) -> CorrectionResult | tuple[list[Record], CorrectionResult]:
        """A line is one of a file that had come when it was looked at."""
        own, line = self._correction, self._correction.line
        looked_at = [r for r in scope if r.file.extract.received.date() <= own.on]
        later = [r.file.extract for r in scope if r not in looked_at]
        records = [record for reading in looked_at for record in self._on_line(reading)]
        fitting = [record for record in records if record.breaks(own)]
        newer = ""
        if later:
            newer = (
                f"{later[-1].delivery} came on {later[-1].received:%Y-%m-%d} under that name, after it was"
            )
            newer += " decided: look at its rows, then decide anew or remove this"
        if fitting:
            return fitting, self._entry.result(CorrectionState.APPLIED, len(fitting), newer)
        if records:
            return self._entry.result(CorrectionState.OTHER_RULE, told=self._other(records))
        if any(refusal.line == line for reading in looked_at for refusal in reading.refusals):
            told = f"line {line} cannot be read as a record, so nothing can release it; ask the supplier"
            return self._entry.result(CorrectionState.OTHER_RULE, told=told)
        told = newer or f"line {line} of {own.file} holds no quarantined record (any more); remove it"
        return self._entry.result(CorrectionState.GONE, told=told)

    def _by_key(self, scope: list[Reading]) -> CorrectionResult | tuple[list[Record], CorrectionResult]:
        """A key is one record, however often it comes; the newest says whether it has been fixed."""
        own = self._correction
        keys = " AND ".join(
            f"CAST({quoted(name)} AS VARCHAR) = {literal(str(value))}"
            for name, value in (own.key or {}).items()
        )
        numbers = ", ".join(str(reading.file.number) for reading in scope)
        rows = self._store.rows(
            f"SELECT rowid AS row FROM {MAPPED} WHERE _delivery IN ({numbers}) AND {keys}"
        )
        records = records_of(self._store, self._mapping, self._readings, [row["row"] for row in rows])
        if not records:
            told = "no delivery has a record of that key, so it applies to nothing; correct it, or remove it"
            return self._entry.result(CorrectionState.GONE, told=told)
        newest = records[-1]
        fitting = [record for record in records if record.breaks(own)]
        came = f"{newest.reading.file.extract.delivery}, the newest delivery of the record,"
        if newest in fitting:
            return fitting, self._entry.result(CorrectionState.APPLIED, len(fitting))
        if newest.broken:
            state, told = CorrectionState.OTHER_RULE, self._other([newest])
        else:
            state, told = CorrectionState.FIXED, f"{came} does not break the rule any more: remove it"
        result = self._entry.result(state, len(fitting), told)
        return (fitting, result) if fitting else result

    def _other(self, records: Sequence[Record]) -> str:
        broken = named([rule for record in records for rule in record.broken])
        return f"its record does not break {self._correction.rule}, but {broken}; look at it again"

    def _on_line(self, reading: Reading) -> list[Record]:
        number = reading.file.number
        (first, *_) = self._rows(f"_delivery = {number} ORDER BY rowid LIMIT 1") or [0]
        faulty = self._rows(f"_delivery = {number} AND NOT ({self._mapping.faultless})")
        lines = reading.locate({row - first for row in faulty}) if faulty else {}
        wanted = [record + first for record, line in lines.items() if line == self._correction.line]
        return records_of(self._store, self._mapping, [reading], wanted)

    def _rows(self, where: str) -> list[int]:
        return [row["row"] for row in self._store.rows(f"SELECT rowid AS row FROM {MAPPED} WHERE {where}")]
