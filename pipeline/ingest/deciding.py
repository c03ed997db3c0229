"""Deciding: what persons have said of deliveries, and the lines of the ledger that keep it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.definitions.source import Accepted, Source
from pipeline.errors import UsageError
from pipeline.ingest import ledger
from pipeline.ingest.drop_folder import Found
from pipeline.ingest.ledger import Attempt
from pipeline.model.acceptance import DateDecision, Decision


def decision_of(line: Attempt, lines: Sequence[Attempt], sources: Mapping[str, Source]) -> Decision | None:
    """The last decision on a delivery that the ledger has, else that of `accepted:` of its source."""
    for one in reversed(lines):
        if one.result in ("accepted", "declined") and one.delivery == line.delivery:
            at, declined = moment(one.decided), one.result == "declined"
            return Decision(one.delivery, one.by, at.date(), one.reason, at=at, declined=declined)
    for entry in sources[line.source].accepted:
        if line.delivery in (entry.file, _called(line, lines, entry)):
            return Decision(entry.file, entry.by, entry.on, entry.reason)
    return None


def _called(line: Attempt, lines: Sequence[Attempt], entry: Accepted) -> str | None:
    """The delivery that an entry means by the name of this one's file.

    That is the first that was held by the day of the entry, else the last that had come by then; else,
    where the entry was written before the file came, the first, unless it is held: that was looked at.
    """
    if entry.file != line.file:
        return None
    so_called = [
        one for one in ledger.deliveries(lines) if (one.source, one.file) == (line.source, line.file)
    ]
    known = [one for one in so_called if moment(one.received).date() <= entry.on]
    held = [one for one in known if one.result == "held"]
    early = [one for one in so_called[:1] if one.result != "held"]
    meant = held[:1] or known[-1:] or early
    return meant[0].delivery if meant else None


def released(decision: Decision, waiting: Collection[str], lines: Sequence[Attempt]) -> Attempt:
    """The line that takes or declines one of the `waiting`. Raises UsageError where none of that id waits."""
    if decision.delivery not in waiting:
        raise UsageError(
            f"no delivery {decision.delivery!r} is held; held are: {', '.join(waiting) or 'none'}"
        )
    line = next(one for one in ledger.current(lines) if one.delivery == decision.delivery)
    decided = decision.at.isoformat() if decision.at else decision.on.isoformat()
    result = "declined" if decision.declined else "accepted"
    return _signed(line, result, decision.by, decided, decision.reason)


def redated(decision: DateDecision, lines: Sequence[Attempt]) -> Attempt:
    """The line that gives a delivery another date. Raises UsageError where there is no such delivery."""
    there = {line.delivery: line for line in ledger.current(lines)}
    if decision.delivery not in there:
        raise UsageError(f"--redate {decision.delivery}: there is no such delivery in the ledger")
    line = replace(there[decision.delivery], received=decision.received.astimezone(UTC).isoformat())
    return _signed(line, "dated", decision.by, decision.at.isoformat(), decision.reason)


def _signed(line: Attempt, result: str, by: str, decided: str, reason: str) -> Attempt:
    return replace(line, result=result, by=by, decided=decided, reason=reason, results=(), effects=())


def replaces(line: Attempt, held: Attempt) -> bool:
    """Whether a delivery came in the place of one that is held: under its name, and for all its months."""
    return (
        held.result == "held"
        and (line.source, line.file) == (held.source, held.file)
        and line.number > held.number
        and line.first_month <= held.first_month
        and line.last_month >= held.last_month
    )


def misdated(found: Found, line: Attempt) -> str:
    """What is said of a known file that received.csv dates otherwise than the ledger does."""
    return (
        f"{found.name}: received.csv says it came at {found.received:%Y-%m-%dT%H:%M}, and it was received, "
        f"as {line.delivery}, with the date {moment(line.received):%Y-%m-%dT%H:%M}, which it keeps. If that "
        f"is wrong: assessment ingest --redate {line.delivery} --received {found.received:%Y-%m-%dT%H:%M} "
        '--by "NAME" --reason "TEXT"'
    )


def moment(written: str) -> datetime:
    """A moment, or the start of a day, in UTC."""
    read = datetime.fromisoformat(written)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
