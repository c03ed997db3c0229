"""`assessment quality`: how each delivery was judged, and what its records became."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import HERE, answer
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import UsageError
from pipeline.model.acceptance import Standing
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.model.acceptance import Acceptance


def quality(
    workspace: WorkspaceOption = HERE,
    delivery: Annotated[
        str | None, typer.Argument(metavar="DELIVERY", help="One delivery, with every expectation.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Months, areas and columns of each source instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show how deliveries were judged, and which are held.

    Sources with a suite in config/expectations/ are judged, delivery by delivery, before they
    are loaded. Counts only: no value of a row is shown.
    """
    from pipeline.definitions.load import load
    from pipeline.ingest import acceptances_of

    place = Workspace.at(workspace)
    if coverage:
        _coverage(place, as_json)
        return
    definitions = load(place.config)
    found = acceptances_of(place, definitions)
    if delivery is not None:
        found = tuple(one for one in found if one.delivery == delivery)
        if not found:
            raise UsageError(f"no suite has judged a delivery {delivery!r}; `assessment quality` lists them")
    told = {
        "suites": list(definitions.suites),
        "deliveries": [acceptance_json(one) for one in found],
    }
    answer(as_json, told, lambda: _one(found[0]) if delivery else _all(found, tuple(definitions.suites)))


def _coverage(place: Workspace, as_json: bool) -> None:
    from pipeline.cli.coverage import coverage_json, coverage_text
    from pipeline.definitions.load import load
    from pipeline.ingest import deliveries_of
    from pipeline.store import Store

    found = deliveries_of(place).coverage
    partnership = load(place.config).partnership
    force = partnership.force
    names = {area.code: area.name for area in (partnership.area, *force.districts)}
    names[force.code] = f"{force.name} (force)"
    with Store.reading(place.warehouse) as store:
        answer(as_json, coverage_json(found, store), lambda: coverage_text(found, names))


def acceptance_json(one: "Acceptance") -> dict[str, Any]:
    """A judged delivery for machines."""
    decision = one.decision
    return {
        "delivery": one.delivery,
        "source": one.source,
        "file": one.file_name,
        "received": one.received,
        "records": one.records if one.results else None,
        "compared_with": one.compared_with or None,
        "standing": one.standing.value,
        "reasons": list(one.reasons),
        "effects": list(one.effects),
        "expectations": [
            {"expected": result.expected, "judged": result.judged, "failed": len(result.reasons)}
            for result in one.results
        ],
        "decision": {"by": decision.by, "on": decision.on.isoformat(), "reason": decision.reason}
        if decision
        else None,
    }


def _all(found: "Sequence[Acceptance]", suites: Sequence[str]) -> str:
    """A line for each delivery, and why the ones that are not as expected are not."""
    from pipeline.cli.words import wrapped

    if not found:
        sources = ", ".join(suites) or "no source"
        return f"no delivery has been judged yet; suites in config/expectations/ are there for: {sources}"
    lines = [f"{'delivery':<32}{'records':>10}  {'expectations':<14}standing"]
    for one in found:
        met = sum(not result.reasons for result in one.results)
        records, judged = f"{one.records:,}", f"{met} of {len(one.results)} met"
        if not one.results:
            records, judged = "", "no suite"
        lines.append(f"{one.delivery:<32}{records:>10}  {judged:<14}{one.standing.value}")
        lines += [wrapped(line, 2, 4) for line in _why(one)]
    return "\n".join(lines)


def _one(one: "Acceptance") -> str:
    """Every expectation of one delivery."""
    from pipeline.cli.words import wrapped

    against = f", compared with {one.compared_with}" if one.compared_with else ""
    lines = [f"{one.delivery} ({one.file_name}), {one.records:,} records{against}: {one.standing.value}"]
    for result in one.results:
        mark = "not met" if result.reasons else "met" if result.judged else "nothing to compare with"
        lines.append(wrapped(f"{result.expected}: {mark}", 2, 4))
        lines += [wrapped(f"- {reason}", 4, 6) for reason in result.reasons]
    if one.decision:
        lines.append(wrapped(_decided(one), 2, 4))
    return "\n".join(lines)


def _why(one: "Acceptance") -> Iterator[str]:
    yield from (f"- {reason}" for reason in one.reasons)
    if one.standing is Standing.HELD:
        yield from (f"- {effect}" for effect in one.effects)
    if one.decision:
        yield _decided(one)


def _decided(one: "Acceptance") -> str:
    decision = one.decision
    return f"{one.standing.value} by {decision.by} on {decision.on}: {decision.reason}" if decision else ""
