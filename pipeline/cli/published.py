"""What the commands print of figures: verdicts, and what differs from the last edition."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.cli.words import wrapped
from pipeline.definitions.resolved import Definitions
from pipeline.model.assessment import Assessment, MeasureResult
from pipeline.model.edition import Change
from pipeline.model.rounding import round_half_away

if TYPE_CHECKING:
    from pipeline.editions.build import Built


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
