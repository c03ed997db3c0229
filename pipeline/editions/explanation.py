"""One figure explained: its definition, its query, the rows left by each condition, its files, its result."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.compute import explain as explain_indicator
from pipeline.definitions.load import load, merged
from pipeline.editions.identity import edition_date
from pipeline.ingest import deliveries_of
from pipeline.model.delivery import Extract
from pipeline.model.observation import Observation
from pipeline.store import Store
from pipeline.workspace import Workspace


def explain(workspace: Workspace, indicator: str, as_at: date | None) -> str:
    """The explanation as text for a terminal.

    Raises UsageError for an unknown id and ComputationError where nothing has been ingested.
    """
    definitions = load(workspace.config)
    deliveries = deliveries_of(workspace)
    day, _ = edition_date(definitions, deliveries, as_at)
    with Store.reading(workspace.warehouse) as store:
        found = explain_indicator(store, definitions, deliveries, day, indicator)
    own = definitions.partnership.own_area
    query = found.query
    parts = {
        f"{indicator}: {definitions.indicators[indicator].title}": merged(workspace.config, indicator),
        "SQL": query.sql if query else "none: " + "; ".join(found.obstacles),
        "Bound values": "\n".join(f"${n}  {_bound(value)}" for n, value in enumerate(query.params, 1))
        if query
        else "",
        f"Rows left by each condition, {found.period.label}": "\n".join(
            f"{step.left:>10,}  {step.condition}" + (f"  (removes {step.removed:,})" if step.removed else "")
            for step in found.steps
        ),
        "Files": "\n".join(
            _file(extract, definitions.policies.is_public(extract.source)) for extract in found.extracts
        ),
        f"Result for {own.name}, as at {day}": "\n".join(
            _results(o for o in found.observations if o.area == own and o.period.basis != "month")
        ),
    }
    told = (f"{title}\n{textwrap.indent(text.rstrip(), '  ')}" for title, text in parts.items() if text)
    return "\n\n".join(told)


def _bound(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_bound, value))}]"
    return value.isoformat() if isinstance(value, date) else repr(value)


def _file(extract: Extract, is_open: bool) -> str:
    """A file with its hash: a plain one only where its source's figures are already public."""
    digest = f"sha256 {extract.sha256}" if is_open else "sha256 in data/receipts/"
    return f"{extract.file_name}\n    received {extract.received:%Y-%m-%d %H:%M}, {digest}"


def _results(observations: Iterable[Observation]) -> Iterator[str]:
    for o in observations:
        cell = f" {o.breakdown}: {o.category}," if o.breakdown else ""
        if o.value is None:
            yield f"{o.period.key}{cell} {o.state.value}: {o.reason}"
            continue
        text = f"{o.period.key}{cell} {o.value:,.10g} {o.unit}"
        if o.denominator is not None:
            text += f" = {o.numerator:,.10g} of {o.denominator:,.10g}"
        if o.lower is not None and o.upper is not None:
            text += f", 95% limits {o.lower:,.5g} to {o.upper:,.5g}"
        yield text + (f" [{', '.join(sorted(mark.value for mark in o.marks))}]" if o.marks else "")
