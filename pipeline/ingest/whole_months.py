"""Whole months: those that a person took as they are, far below their neighbours or without any row."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import DecidedMonths, Source
from pipeline.definitions.words import did_you_mean
from pipeline.errors import UsageError
from pipeline.ingest.ledger import Attempt
from pipeline.model.acceptance import MonthDecision
from pipeline.model.delivery import Coverage, MonthState
from pipeline.model.period import format_month, format_months, parse_month

RESULT = "whole"


def line_of(decision: MonthDecision) -> Attempt:
    """A decision as the ledger keeps it."""
    return Attempt(
        result=RESULT,
        delivery="",
        source=decision.source,
        file="",
        sha256="",
        size_bytes=0,
        received=datetime.combine(decision.on, time(), UTC).isoformat(),
        supplier="",
        encoding="",
        licence="",
        reason=decision.reason,
        by=decision.by,
        decided=decision.on.isoformat(),
        first_month=format_month(decision.month),
        area_code=decision.area_code,
    )


def decisions(attempts: Sequence[Attempt]) -> tuple[MonthDecision, ...]:
    """The decisions that the ledger has, in their order."""
    return tuple(
        MonthDecision(
            line.source,
            parse_month(line.first_month),
            line.area_code,
            line.by,
            date.fromisoformat(line.decided),
            line.reason,
        )
        for line in attempts
        if line.result == RESULT
    )


def notes(source: Source, decided: Sequence[MonthDecision]) -> dict[tuple[str, date], str]:
    """Who took which month of an area as whole, and why; under the area '' for all areas."""
    found: dict[tuple[str, date], str] = {}
    for one in source.accepted_months:
        for area in one.areas or ("",):
            for month in one.months:
                found[area, parse_month(month)] = _note(one.by, one.on, one.reason)
    for decision in decided:
        if decision.source == source.id:
            note = _note(decision.by, decision.on, decision.reason)
            found[decision.area_code, decision.month] = note
    return found


def _note(by: str, on: date, reason: str) -> str:
    return f"taken as whole by {by} on {on}: {reason}"


def known_incomplete(source: Source, area_code: str, month: date) -> list[DecidedMonths]:
    """What was written down about a month that its count alone does not show to be incomplete."""
    return [
        known
        for known in source.incomplete
        if format_month(month) in known.months and (not known.areas or area_code in known.areas)
    ]


def require_open(coverage: Coverage, definitions: Definitions, decision: MonthDecision) -> None:
    """Raise UsageError unless the decision makes a month whole that is not, so that none is about nothing."""
    months = [month for month in coverage.months if month.source == decision.source]
    if not months:
        sources = {month.source for month in coverage.months}
        hint = did_you_mean(decision.source, sources) or f"; there is one for: {', '.join(sorted(sources))}"
        raise UsageError(f"{decision.source} has no coverage by month{hint}")
    name = f"{decision.source} {format_month(decision.month)}"
    open_ = [month for month in months if month.state is not MonthState.DELIVERED]
    meant = [month for month in open_ if decision.area_code in ("", month.area_code)]
    if decision.month not in {month.month for month in meant}:
        where = f" in {decision.area_code}" if decision.area_code else ""
        held = format_months({month.month for month in meant}) or "none"
        raise UsageError(f"{name} is not held as incomplete{where}; held are: {held}")
    force = definitions.partnership.force.code
    short = [m.area_code for m in open_ if m.month == decision.month and m.area_code != force]
    if decision.area_code == force and short:
        raise UsageError(
            f"{name}: {force} is whole once each of its districts is, and {', '.join(short)} "
            f"{'is' if len(short) == 1 else 'are'} not; take those: "
            f"--accept {decision.source}/{format_month(decision.month)}/{short[0]}"
        )
    source = definitions.sources[decision.source]
    for area_code in short:
        for known in known_incomplete(source, area_code, decision.month):
            if decision.area_code in ("", area_code):
                raise UsageError(
                    f"{name} is known to be incomplete in {area_code}, by {known.by} on {known.on}: "
                    f"{known.reason}. That goes before a decision that it is whole: take it out of "
                    f"`incomplete:` of {source.id} in config/sources.yaml first"
                )
