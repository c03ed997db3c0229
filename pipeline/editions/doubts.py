"""What figures and deliveries make doubtful in the definitions: warnings that only a built workspace has."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.definitions.lint_words import past_review
from pipeline.definitions.load import issue_at
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Target, Use
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue
from pipeline.model.observation import ReleasedObservation, Results
from pipeline.model.rounding import round_half_away
from pipeline.quality import Found, UnknownCode, unknown_codes
from pipeline.store import Store
from pipeline.workspace import Workspace

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is doubtful in definitions that are well formed: issues at their places, codes in the data."""

    issues: tuple[Issue, ...] = ()
    codes: tuple[Found, ...] = ()


def doubts(store: Store, results: Results, definitions: Definitions, config: Path) -> Doubts:
    """Everything that figures and deliveries make doubtful, and what is past its review."""
    issues = (*overdue(definitions), *target_doubts(results, definitions, config))
    return Doubts(issues, unknown_codes(store, definitions))


def overdue(definitions: Definitions) -> tuple[Issue, ...]:
    """The definitions past their review, among all warnings about them."""
    return tuple(issue for issue in definitions.warnings if issue.rule == past_review.__name__)


def codes_in(workspace: Workspace, definitions: Definitions) -> tuple[Found, ...]:
    """Unknown codes in what a workspace has received; nothing where it has received nothing."""
    if not workspace.warehouse.is_file():
        return ()
    with Store.reading(workspace.warehouse) as store:
        return unknown_codes(store, definitions)


def told(found: Doubts) -> tuple[str, ...]:
    """The doubts as warnings, a line each."""
    return (*map(str, found.issues), *(f"warning: {code}" for code in code_doubts(found.codes)))


def target_doubts(results: Results, definitions: Definitions, config: Path) -> tuple[Issue, ...]:
    """Targets that lie inside the present interval of their figure.

    Reaching such a target could not be told from staying where one is, so it asks for nothing.
    """
    own = definitions.partnership.own_area.code
    found = []
    for path, use, target in _targets(definitions):
        now = _latest(results, use.use, own)
        if now is None or now.lower is None or now.upper is None:
            continue
        if now.lower <= target.value <= now.upper:
            message = (
                f"{use.use}: the target, {target.named(now.unit)}, lies inside the present 95% limits "
                f"({_number(now.lower)} to {_number(now.upper)}, {now.period.label}): "
                "reaching it could not be told from no change"
            )
            found.append(issue_at(config, path, message))
    return tuple(found)


def _targets(definitions: Definitions) -> Iterator[tuple[Path_, Use, Target]]:
    for section, groups in (("priorities", definitions.priorities), ("duties", definitions.duties)):
        for group, priority in groups.items():
            for name, measure in priority.measures.items():
                for index, use in enumerate(measure.uses):
                    if use.target is not None:
                        path = (section, group, "measures", name, "uses", index, "target", "value")
                        yield path, use, use.target


def _latest(results: Results, indicator: str, area_code: str) -> ReleasedObservation | None:
    """The total of the latest window that has a value; a month only where nothing longer is computed."""
    totals = [o for o in results if (o.indicator, o.area.code, o.breakdown) == (indicator, area_code, "")]
    known = [o for o in totals if o.value is not None]
    longer = [o for o in known if o.period.basis != "month"]
    return max(longer or known, key=lambda o: o.period, default=None)


def code_doubts(found: tuple[Found, ...]) -> tuple[str, ...]:
    """Codes in the data that no list holds, a sentence each, with the indicators that may miss them."""
    return tuple(map(_told, found))


def _told(found: Found) -> str:
    where = f"{found.table}.{found.column}"
    rows = f"{found.rows:,} {'row' if found.rows == 1 else 'rows'}"
    if not isinstance(found, UnknownCode):
        codes = f"{found.codes:,} {'code' if found.codes == 1 else 'codes'}"
        return (
            f"{where}: {codes} ({rows}) in no list that an indicator reads. Name the lists that hold every "
            f"code with `codes: {{{found.column}: [...]}}` under {found.source} in sources.yaml: then only "
            "codes that are new are told, one by one"
        )
    span = found.span
    told = f"{rows}, {span}" if span else rows
    touched = _named(found)
    if found.ended:
        return (
            f"{where}: {found.code} ({told}) stands outside the months for which its lists hold it; {touched}"
        )
    if not found.code:
        return f"{where}: {rows} hold values that do not look like codes and are in no list; {touched}"
    return f"{where}: the code {found.code} ({told}) is in no list; {touched}"


def _named(found: UnknownCode) -> str:
    names = found.indicators
    shown = list(names[: found.likely or MOST_NAMED][:MOST_NAMED])
    rest = len(names) - len(shown)
    more = f" and {rest} more that {'reads' if rest == 1 else 'read'} this column" if rest else ""
    return f"it may be missing from {', '.join(shown)}{more}"


def _number(value: float) -> str:
    return f"{round_half_away(value, 0 if value == int(value) else 1):,}"
