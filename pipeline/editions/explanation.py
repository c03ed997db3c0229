"""Where figures come from: one indicator, or one numbered exhibit of a published edition.

Definition, query, the rows left by each condition, the files behind it, the result.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.compute import Explanation
from pipeline.compute import explain as explain_indicator
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import did_you_mean
from pipeline.definitions.written import written_out
from pipeline.editions.identity import edition_date, inputs_digest
from pipeline.editions.record import EditionRecord, Exhibited, read_editions
from pipeline.errors import UsageError
from pipeline.ingest import deliveries_as_at, deliveries_of, warehouse
from pipeline.model.delivery import AsAt, Deliveries, Extract
from pipeline.model.observation import Observation, ReleasedObservation
from pipeline.report.tables import result_row
from pipeline.store import Store
from pipeline.workspace import Workspace

WIDTH = 80  # columns of a terminal
EXHIBIT = re.compile(r"(?i)fig-?(\d+)")

Parts = dict[str, str]  # text by title


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One indicator explained as at a day. `found.observations` are those of the partnership's own area."""

    definitions: Definitions
    found: Explanation
    as_at: date
    deliveries: Deliveries

    @property
    def results(self) -> tuple[ReleasedObservation, ...]:
        """Its figures for the partnership's own area, months left out."""
        own = self.definitions.partnership.own_area
        return tuple(o for o in self.found.observations if o.area == own and o.period.basis != "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedExhibit:
    """One exhibit of a published edition, and each indicator behind it.

    `moved_on`: extracts, definitions or the software have changed since, so what is explained is how the
    figures are made now, at the edition's date.
    """

    edition: EditionRecord
    exhibit: Exhibited
    moved_on: bool
    indicators: tuple[Explained, ...]


def explain(workspace: Workspace, indicator: str, as_at: AsAt | None) -> Explained:
    """One indicator explained.

    Raises UsageError for an unknown id and ComputationError where nothing has been ingested.
    """
    definitions = load(workspace.config)
    deliveries = deliveries_as_at(workspace, definitions, as_at)
    day, _ = edition_date(definitions, deliveries, as_at)
    with warehouse(workspace, deliveries) as store:
        return _explained(store, definitions, deliveries, day, indicator)


def explain_exhibit(workspace: Workspace, name: str, edition: str | None) -> ExplainedExhibit:
    """An exhibit of an edition (by default the latest), named as it is printed: `FIG-3`.

    Raises UsageError where there is no such edition or exhibit.
    """
    record = _edition(workspace, edition)
    exhibit = _exhibit(record, name)
    definitions, deliveries = load(workspace.config), deliveries_of(workspace)
    # A result's id begins with its indicator; a count of something begins with `count:`.
    there = (part for _, result_id in exhibit.figures for part in result_id.split(":")[:2])
    indicators = [name for name in dict.fromkeys(there) if name in definitions.indicators]
    digest = inputs_digest(workspace, definitions, deliveries, record.as_at)
    with warehouse(workspace, deliveries) as store:
        return ExplainedExhibit(
            edition=record,
            exhibit=exhibit,
            moved_on=digest != record.inputs_digest,
            indicators=tuple(
                _explained(store, definitions, deliveries, record.as_at, name) for name in indicators
            ),
        )


def _explained(
    store: Store, definitions: Definitions, deliveries: Deliveries, day: date, indicator: str
) -> Explained:
    found = explain_indicator(store, definitions, deliveries, day, indicator)
    return Explained(definitions=definitions, found=found, as_at=day, deliveries=deliveries)


def _edition(workspace: Workspace, name: str | None) -> EditionRecord:
    records = {record.name: record for record in read_editions(workspace.editions)}
    if not records:
        raise UsageError("no edition has been published yet, so it has no figures; run `assessment build`")
    if name is None:
        return list(records.values())[-1]
    if name not in records:
        raise UsageError(
            f"there is no edition '{name}'{did_you_mean(name, records)}; there are: {', '.join(records)}"
        )
    return records[name]


def _exhibit(record: EditionRecord, name: str) -> Exhibited:
    match = EXHIBIT.fullmatch(name)
    number = int(match[1]) if match else 0
    if 0 < number <= len(record.exhibits):
        return record.exhibits[number - 1]
    if not record.exhibits:
        raise UsageError(f"{record.name} keeps no record of its figures; build it again")
    raise UsageError(f"{record.name} has no {name}; it has FIG-1 to FIG-{len(record.exhibits)}")


# --- As text -------------------------------------------------------------------------------------


def explained_text(explained: Explained) -> str:
    """The explanation for a terminal."""
    found, query = explained.found, explained.found.query
    definitions, own = explained.definitions, explained.definitions.partnership.own_area
    indicator = definitions.indicators[found.indicator]
    parts: Parts = {
        f"{found.indicator}: {indicator.title}": written_out(indicator),
        "SQL": query.sql if query else "none: " + "; ".join(found.obstacles),
        "Bound values": "\n".join(_wrapped(f"${n}", value) for n, value in enumerate(query.params, 1))
        if query
        else "",
        "Figures it is made of": "\n".join(
            f"{o.indicator}: {line}" for o in found.parts for line in _results([o])
        ),
        f"Rows left by each condition, {found.period.label}": "\n".join(
            textwrap.fill(
                f"{step.left:>10,}  {step.condition}"
                + (f"  (removes {step.removed:,})" if step.removed else ""),
                WIDTH - 2,
                subsequent_indent=" " * 12,
            )
            for step in found.steps
        ),
        "Files": "\n".join(_file(extract, definitions) for extract in found.extracts),
        f"Result for {own.name}, as at {explained.as_at}": "\n".join(
            textwrap.fill(line, WIDTH - 2, subsequent_indent=" " * 4) for line in _results(explained.results)
        ),
    }
    return _told(parts)


def exhibit_text(explained: ExplainedExhibit) -> str:
    """The exhibit, what it prints, and then every indicator behind it, for a terminal."""
    exhibit, edition = explained.exhibit, explained.edition
    head = [exhibit.title, f"section {exhibit.section}, figures as at {edition.as_at}"]
    if explained.moved_on:
        head.append(
            "Since this edition was published extracts, definitions or the software have changed: below "
            "is how its figures are made now."
        )
    printed = "\n".join(f"{text}\n    {result_id}" for text, result_id in exhibit.figures)
    parts = {
        f"{exhibit.name} of {edition.name}": "\n".join(textwrap.fill(line, WIDTH - 2) for line in head),
        "Figures in it, each with its result": printed or "none",
    }
    return "\n\n".join([_told(parts), *map(explained_text, explained.indicators)])


def _told(parts: Parts) -> str:
    told = (f"{title}\n{textwrap.indent(text.rstrip(), '  ')}" for title, text in parts.items() if text)
    return "\n\n".join(told)


def _wrapped(name: str, value: object) -> str:
    return textwrap.fill(f"{name:<5}{_bound(value)}", WIDTH - 2, subsequent_indent=" " * 5)


def _bound(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_bound, value))}]"
    return value.isoformat() if isinstance(value, date) else repr(value)


def _file(extract: Extract, definitions: Definitions) -> str:
    """A file with its hash: a plain one only where its source's figures are already public."""
    is_open = definitions.policies.is_public(extract.source)
    digest = f"sha256 {extract.sha256}" if is_open else "sha256 in data/receipts/"
    return f"{extract.file_name}\n    received {extract.received:%Y-%m-%d %H:%M}\n    {digest}"


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


# --- As values for JSON --------------------------------------------------------------------------


def explained_json(explained: Explained) -> dict[str, Any]:
    """The same for machines; plain hashes only of files whose figures are already public."""
    found, definitions = explained.found, explained.definitions
    indicator = definitions.indicators[found.indicator]
    return {
        "indicator": found.indicator,
        "title": indicator.title,
        "as_at": explained.as_at.isoformat(),
        "period": found.period.key,
        "definition": indicator.model_dump(mode="json", by_alias=True),
        "sql": found.query.sql if found.query else None,
        "params": [_plain(value) for value in found.query.params] if found.query else [],
        "obstacles": list(found.obstacles),
        "steps": [
            {"condition": step.condition, "left": step.left, "removed": step.removed} for step in found.steps
        ],
        "files": [
            {
                "file": extract.file_name,
                "received": extract.received.isoformat(timespec="seconds"),
                "sha256": extract.sha256 if definitions.policies.is_public(extract.source) else None,
            }
            for extract in found.extracts
        ],
        "parts": [result_row(o) for o in found.parts],
        "results": [result_row(o) for o in explained.results],
    }


def exhibit_json(explained: ExplainedExhibit) -> dict[str, Any]:
    """The same for machines."""
    exhibit, edition = explained.exhibit, explained.edition
    return {
        "edition": edition.name,
        "as_at": edition.as_at.isoformat(),
        "exhibit": exhibit.name,
        "section": exhibit.section,
        "title": exhibit.title,
        "figures": [{"printed": text, "result": result_id} for text, result_id in exhibit.figures],
        "moved_on": explained.moved_on,
        "indicators": [explained_json(one) for one in explained.indicators],
    }


def _plain(value: object) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
