"""What the commands print: plain lines that fit a terminal of 80 columns, and the same as JSON values."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.cli.coverage import field_lines
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Priority
from pipeline.model.acceptance import Decision, MonthDecision
from pipeline.model.assessment import Assessment, MeasureResult
from pipeline.model.delivery import Deliveries, MonthState
from pipeline.model.edition import Change
from pipeline.model.issue import Issue
from pipeline.model.period import format_month
from pipeline.model.rounding import round_half_away

if TYPE_CHECKING:
    from pipeline.editions.build import Built
    from pipeline.quality import Found

WIDTH = 80


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
    lines = [f"{'source':<28}{'files':>6}{'read':>11}{'loaded':>11}{'refused':>9}{'other':>9}"]
    for source in dict.fromkeys(account.source for account in deliveries.accounting):
        accounts = [account for account in deliveries.accounting if account.source == source]
        read, loaded = sum(a.read for a in accounts), sum(a.loaded for a in accounts)
        refused = sum(a.quarantined for a in accounts)
        other = read - loaded - refused
        lines.append(f"{source:<28}{len(accounts):>6}{read:>11,}{loaded:>11,}{refused:>9,}{other:>9,}")
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
    yield from _flagged(deliveries)
    for account in deliveries.accounting:
        yield from (f"{account.file_name}: {note}" for note in account.notes)
    for name, delivery in deliveries.kept_out:
        yield (
            f"{name}: it was purged, as {delivery}, and is not taken in again; remove it from the drop "
            "folder, and ask the supplier for one without what was purged"
        )
    for name in deliveries.links:
        yield f"{name}: a link that leads out of the drop folder; it was not followed"


def _flagged(deliveries: Deliveries) -> Iterable[str]:
    """Rows that were loaded although something about them is doubtful, a line for each source and rule."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for account in deliveries.accounting:
        for header, _, reason, rows in account.flags:
            found.setdefault((account.source, header, reason), []).append(rows)
    for (source, header, reason), counts in found.items():
        files = f", in {len(counts):,} files" if len(counts) > 1 else ""
        yield f"{source}: {sum(counts):,} rows loaded and flagged{files}: {header}: {reason}"


def refused_text(rows: Sequence[dict[str, Any]], total: int) -> str:
    """Refused rows by file and line, with the rule and the reason; never the value."""
    lines = [wrapped(f"{r['file']}:{r['line']}: {r['column']}: {r['reason']}", 0, 2) for r in rows]
    if total > len(rows):
        lines.append(f"and more, of {total:,} refused rows in all: `assessment quarantine` lists them")
    return "\n".join(lines)


def _gaps(deliveries: Deliveries) -> Iterable[str]:
    """The months that are not whole, by source, area and state; the columns that came empty."""
    gaps: dict[tuple[str, str, MonthState], list[str]] = {}
    for month in deliveries.coverage.months:
        if month.state is not MonthState.DELIVERED:
            found = gaps.setdefault((month.source, month.area_code, month.state), [])
            found.append(format_month(month.month))
    for (source, area, state), months in gaps.items():
        yield f"{source} {area} {state.value}: {', '.join(months)}"
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
    yield from undeclared_lines(deliveries.undeclared)
    for account in deliveries.accounting:
        if account.quarantined:
            rows = "row" if account.quarantined == 1 else "rows"
            refused = f"{account.quarantined:,} {rows} refused"
            yield f"{account.file_name}: {refused}; `assessment quarantine` says why"
    holes = list(_gaps(deliveries))
    if holes:
        yield f"months not delivered whole: {len(holes)} lines in `assessment ingest`; Annex B of the report"


def decided_line(decision: Decision | MonthDecision) -> str:
    """Who took what as it is, and why."""
    if isinstance(decision, Decision):
        return f"{decision.delivery}: accepted by {decision.by}, {decision.on}: {decision.reason}"
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
    """Which deliveries do not count, because they were received later."""
    first, every = deliveries.later[0], len(deliveries.later) + len(deliveries.extracts)
    return (
        f"{len(deliveries.later)} of {every} deliveries do not count: they were received later, the first, "
        f"{first.delivery}, on {first.received:%Y-%m-%d %H:%M}"
    )


def measures_text(definitions: Definitions, examples: int) -> str:
    """Every success measure and duty with its indicators, or the return it awaits and from whom."""
    lines: list[str] = []
    for group in (*definitions.priorities.values(), *definitions.duties.values()):
        lines.append(group.title)
        for measure in group.measures.values():
            lines.append(wrapped(measure.title, 2))
            lines.extend(
                wrapped(f"{'headline' if u.headline else 'beside it'}: {u.use} (want {u.want})", 4)
                for u in measure.uses
            )
            lines.extend(
                wrapped(f"awaits {w.item or 'a return'} from {w.owner}: {w.reason}", 4)
                for w in measure.awaited
            )
        lines.append("")
    priorities, duties = definitions.priorities, definitions.duties
    lines.append(
        f"{_count(priorities)} success measures in {len(priorities)} priorities, "
        f"{len(duties)} statutory duties, {len(definitions.indicators)} indicators, "
        f"{examples} worked examples: all in order"
    )
    carried = carries(definitions)
    of_all = (
        f"Of {len(definitions.indicators)} indicators {carried['examples']} have a worked example, "
        f"{carried['why']} say why they matter, {carried['checked_by']} name who checked them"
    )
    return "\n".join([*lines[:-1], *textwrap.wrap(lines[-1], WIDTH), *textwrap.wrap(of_all, WIDTH)])


def carries(definitions: Definitions) -> dict[str, int]:
    """How many indicators have a worked example, a reason and somebody who checked them."""
    indicators = definitions.indicators.values()
    return {
        "examples": sum(bool(indicator.examples) for indicator in indicators),
        "why": sum(bool(indicator.why) for indicator in indicators),
        "checked_by": sum(indicator.govern.checked_by is not None for indicator in indicators),
    }


def measures_json(definitions: Definitions) -> dict[str, Any]:
    """The same for machines."""
    return {
        kind: {
            group_id: {
                measure_id: {
                    "title": measure.title,
                    "uses": [
                        use.model_dump(mode="json", include={"use", "want", "headline"})
                        for use in measure.uses
                    ],
                    "awaiting": [awaited.model_dump(mode="json") for awaited in measure.awaited],
                }
                for measure_id, measure in group.measures.items()
            }
            for group_id, group in groups.items()
        }
        for kind, groups in (("priorities", definitions.priorities), ("duties", definitions.duties))
    }


def _count(groups: dict[str, Priority]) -> int:
    return sum(len(group.measures) for group in groups.values())


def headlines_text(assessment: Assessment, definitions: Definitions) -> str:
    """The verdict of every measure, and the figures behind its headlines."""
    groups = {**definitions.priorities, **definitions.duties}
    lines: list[str] = []
    group = ""
    for measure in assessment.measures:
        if measure.group != group:
            group = measure.group
            lines += ["", groups[group].title]
        lines.append(wrapped(f"{_verdict(measure.verdict.value):<18}{measure.title}", 2, 20))
        lines.extend(_figures(measure))
    return "\n".join(lines).strip()


def _figures(measure: MeasureResult) -> Iterable[str]:
    for use in measure.uses:
        seen = use.observation
        if seen is None or not use.headline:
            continue
        value = (
            _number(seen.value) if seen.value is not None else f"no figure: {seen.reason or seen.state.value}"
        )
        yield wrapped(
            f"{use.title}: {value} {seen.unit if seen.value is not None else ''}, {seen.period.label}", 20
        )


def _verdict(verdict: str) -> str:
    return verdict.replace("_", " ")


def _number(value: float | None) -> str:
    if value is None:
        return "no figure"
    return f"{round_half_away(value, 0 if value == int(value) else 1):,}"


def edition_text(built: "Built") -> str:
    """Where the edition is, and what differs from the last one."""
    lines = [f"{built.folder}: published ({built.edition.status.value}, figures as at {built.edition.as_at})"]
    if built.edition.as_at_note:
        lines.append(f"the date is {built.edition.as_at_note}")
    if built.edition.previous:
        lines.append(
            f"{len(built.changes)} headline figures or verdicts differ from {built.edition.previous}"
        )
        judged_first = sorted(built.changes, key=lambda change: not change.verdict_changed)
        lines.extend(wrapped(_change(change), 2, 4) for change in judged_first)
    pdf = built.folder / "assessment.pdf"
    if pdf.is_file():
        lines.append(f"PDF: {pdf}")
    return "\n".join(lines)


def _change(change: Change) -> str:
    after = change.after.value if change.after else None
    text = (
        f"{change.title}: {_number(change.value_before)} ({change.period_before or 'not in it'}) -> "
        f"{_number(after)} ({change.period_after or 'no longer in it'}), "
        f"{change.cause.value.replace('_', ' ')}"
    )
    if change.verdict_changed:
        before, now = (v.value if v else "none" for v in (change.verdict_before, change.verdict_after))
        text += f"; verdict {_verdict(before)} -> {_verdict(now)}"
    return text


def edition_json(built: "Built") -> dict[str, Any]:
    """The same for machines."""
    return {
        "edition": built.edition.name,
        "new": True,
        "folder": str(built.folder),
        "as_at": built.edition.as_at.isoformat(),
        "previous": built.edition.previous or None,
        "changes": [
            {
                "indicator": change.indicator,
                "cause": change.cause.value,
                "period_before": change.period_before or None,
                "value_before": change.value_before,
                "period_after": change.period_after or None,
                "value_after": change.after.value if change.after else None,
                "verdict_before": change.verdict_before.value if change.verdict_before else None,
                "verdict_after": change.verdict_after.value if change.verdict_after else None,
            }
            for change in built.changes
        ],
    }


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
