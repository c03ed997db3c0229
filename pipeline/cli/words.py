"""What the commands print: plain lines that fit a terminal of 80 columns, and the same as JSON values."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.cli.accounting import flagged_lines, set_aside_lines
from pipeline.cli.coverage import field_lines
from pipeline.model.acceptance import DateDecision, Decided, Decision
from pipeline.model.delivery import Deliveries, MonthState
from pipeline.model.issue import Issue
from pipeline.model.period import format_month

if TYPE_CHECKING:
    from pipeline.quality import Found

WIDTH = 80
FEW = 5  # files that are named before the rest is counted


def wrapped(text: str, indent: int, hanging: int | None = None) -> str:
    """The text in lines of 80 columns, all but the first indented by `hanging`."""
    further = " " * (indent if hanging is None else hanging)
    return textwrap.fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=further)


def issue_json(issue: Issue) -> dict[str, Any]:
    """A warning or an error at its place, for machines."""
    return {
        "severity": issue.severity.value,
        "rule": issue.rule,
        "file": issue.file,
        "line": issue.line,
        "column": issue.column,
        "message": issue.message,
    }


def doubts_json(issues: Iterable[Issue], codes: Iterable["Found"]) -> dict[str, Any]:
    """What is doubtful in the definitions, for machines."""
    return {
        "warnings": [issue_json(issue) for issue in issues],
        "unknown_codes": [_code_json(code) for code in codes],
    }


def _code_json(found: "Found") -> dict[str, Any]:
    """A code in no list; where nobody said which codes there may be, how many codes of the column are."""
    told = {
        name: format_month(value) if isinstance(value, date) else value
        for name, value in asdict(found).items()
    }
    return told | {"kind": "unknown_code" if "code" in told else "unlisted_column"}


def deliveries_text(deliveries: Deliveries) -> str:
    """The accounting of every source in a line, then the months that are not whole."""
    lines = [f"{'source':<28}{'files':>6}{'read':>11}{'loaded':>11}{'quarantined':>12}{'other':>9}"]
    for source in dict.fromkeys(account.source for account in deliveries.accounting):
        accounts = [account for account in deliveries.accounting if account.source == source]
        read, loaded = sum(a.read for a in accounts), sum(a.loaded for a in accounts)
        quarantined = sum(a.quarantined for a in accounts)
        other = read - loaded - quarantined
        lines.append(f"{source:<28}{len(accounts):>6}{read:>11,}{loaded:>11,}{quarantined:>12,}{other:>9,}")
    lines.append("other: unchanged, identical or conflicting rows; every row is accounted for")
    told = (*_told_of_files(deliveries), *revision_lines(deliveries), *_gaps(deliveries))
    return "\n".join([*lines, *(wrapped(line, 0, 2) for line in told)])


def revision_lines(deliveries: Deliveries) -> Iterable[str]:
    """What each delivery changed of months that had come before, a line each."""
    names = {extract.delivery: extract.file_name for extract in deliveries.extracts}
    for delivery in dict.fromkeys(count.delivery for count in deliveries.revisions):
        counts = [count for count in deliveries.revisions if count.delivery == delivery]
        told = ", ".join(f"{c.records + c.rows:,} {c.kind.value.replace('_', ' ')}" for c in counts)
        yield f"{names[delivery]} ({delivery}) revises earlier deliveries: {told}"


def _told_of_files(deliveries: Deliveries) -> Iterable[str]:
    """What an analyst should know of files that were taken: columns not stored, what is hidden, links."""
    extra: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for account in deliveries.accounting:
        if account.extra_columns:
            extra.setdefault((account.source, account.extra_columns), []).append(account.file_name)
    for (source, columns), files in extra.items():
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        yield (
            f"{files[0]}{more}: not stored, because {source} does not name them: {', '.join(columns)} "
            f"(if that is meant, add them under `{source}: ignored:`)"
        )
    yield from flagged_lines(deliveries)
    yield from set_aside_lines(deliveries)
    for account in deliveries.accounting:
        yield from (f"{account.file_name}: {note}" for note in account.notes)
    for name, delivery in deliveries.kept_out:
        yield (
            f"{name}: it was purged, as {delivery}, and is not taken in again; remove it from the drop "
            "folder, and ask the supplier for one without what was purged"
        )
    for name in deliveries.links:
        yield f"{name}: a link that leads out of the drop folder; it was not followed"


def quarantined_text(rows: Sequence[dict[str, Any]], total: int) -> str:
    """Quarantined rows by file and line, with the rule and the reason; never the value."""
    lines = [wrapped(f"{r['file']}:{r['line']}: {r['column']}: {r['reason']}", 0, 2) for r in rows]
    if total > len(rows):
        lines.append(f"and more, of {total:,} quarantined rows in all: `assessment quarantine` lists them")
    return "\n".join(lines)


def _gaps(deliveries: Deliveries) -> Iterable[str]:
    """The months that are not whole, by source, area and state; the columns that came empty."""
    gaps: dict[tuple[str, str, MonthState], list[str]] = {}
    for month in deliveries.coverage.months:
        if month.state is not MonthState.DELIVERED:
            found = gaps.setdefault((month.source, month.area_code, month.state), [])
            found.append(format_month(month.month))
    for (source, area, state), months in gaps.items():
        yield f"{source} {area} {state.words}: {', '.join(months)}"
    yield from field_lines(deliveries.coverage)
    if any(state is MonthState.INCOMPLETE for _, _, state in gaps):
        yield (
            "a month that is right as it is can be taken as whole: "
            '`assessment ingest --accept SOURCE/YYYY-MM --by "NAME" --reason "TEXT"`'
        )


def delivery_lines(deliveries: Deliveries) -> Iterable[str]:
    """What an ingest took and what it refused, a line each, for the course of a build."""
    new = len(deliveries.new)
    yield (
        f"{new} new {'extract' if new == 1 else 'extracts'}, {deliveries.recognised_files} received before, "
        f"{deliveries.other_files} other files that no source asks for"
    )
    yield from (f"no source asks for {other}" for other in deliveries.others[:FEW])
    if deliveries.other_files > FEW:
        yield f"nor for {deliveries.other_files - FEW:,} more"
    yield from deliveries.misdated
    yield from undeclared_lines(deliveries.undeclared)
    for account in deliveries.accounting:
        if account.quarantined:
            rows = "row" if account.quarantined == 1 else "rows"
            quarantined = f"{account.quarantined:,} {rows} quarantined"
            yield f"{account.file_name}: {quarantined}; `assessment quarantine` says why"
    holes = list(_gaps(deliveries))
    if holes:
        yield f"months not delivered whole: {len(holes)} lines in `assessment ingest`; Annex B of the report"


def decided_line(decision: Decided) -> str:
    """Who took what as it is, left it out, or dated it, and why."""
    if isinstance(decision, Decision):
        what = "declined" if decision.declined else "accepted"
        return f"{decision.delivery}: {what} by {decision.by}, {decision.on}: {decision.reason}"
    if isinstance(decision, DateDecision):
        came = f"{decision.delivery}: came at {decision.received:%Y-%m-%dT%H:%M}"
        return f"{came}, by {decision.by}, {decision.at:%Y-%m-%d}: {decision.reason}"
    where = f"{decision.source} {format_month(decision.month)} {decision.area_code}".rstrip()
    return f"{where}: taken as whole by {decision.by}, {decision.on}: {decision.reason}"


def undeclared_lines(undeclared: Iterable[tuple[str, int]]) -> Iterable[str]:
    """Deliveries that count no more, because their source is gone from config/sources.yaml."""
    for name, count in undeclared:
        deliveries = "1 delivery" if count == 1 else f"{count:,} deliveries"
        yield (
            f"{name}: config/sources.yaml declares no such source, so {deliveries} received for it "
            f"{'does' if count == 1 else 'do'} not count. If it was renamed, give it the id {name} back"
        )


def left_out_line(deliveries: Deliveries) -> str:
    """Which deliveries do not count, because they were received, or taken by a person, later."""
    first, every = deliveries.later[0], len(deliveries.later) + len(deliveries.extracts)
    came = "received" if all(e.known == e.received for e in deliveries.later) else "received or taken"
    return (
        f"{len(deliveries.later)} of {every} deliveries do not count: they were {came} later, the first, "
        f"{first.delivery}, on {first.known:%Y-%m-%d %H:%M}"
    )


def how_to_get_pdfs(platform: str) -> str:
    """The command that installs what PDFs need, for a `sys.platform`."""
    if platform == "darwin":
        return "To install what they need: brew install pango harfbuzz"
    if platform == "win32":
        return "docs/how-to/windows.md says how to install what they need."
    return (
        "To install what they need, on Debian or Ubuntu: "
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )
