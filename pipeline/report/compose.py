"""The documents of an edition, put together from their sections. Pure: the same evidence, the same document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.definitions.resolved import Definitions
from pipeline.model.assessment import Assessment
from pipeline.model.delivery import Deliveries
from pipeline.model.edition import Change, EditionInfo
from pipeline.model.observation import Results
from pipeline.model.period import MONTH_NAMES
from pipeline.report.document import Document, Section, numbered
from pipeline.report.evidence import Evidence
from pipeline.report.sections import priority
from pipeline.report.text import Origin, Quoted, Text, quoted, text


def compose(
    definitions: Definitions,
    results: Results,
    assessment: Assessment,
    deliveries: Deliveries,
    edition: EditionInfo,
    changes: tuple[Change, ...] = (),
    boundaries: Mapping[str, Any] | None = None,
) -> Document:
    """The strategic assessment. `boundaries` are GeoJSON geometries by area code, empty for no map."""
    evidence = Evidence(definitions, results, assessment, deliveries, edition, changes, boundaries or {})
    sections: list[Section] = []
    sections += [priority.section(evidence, group, n) for n, group in enumerate(definitions.priorities, 1)]
    return _document(evidence, "assessment", tuple(sections), cover=True)


def _document(evidence: Evidence, name: str, sections: tuple[Section, ...], cover: bool) -> Document:
    partnership, edition = evidence.definitions.partnership, evidence.edition
    return numbered(
        Document(
            name=name,
            title=quoted(edition.title, Origin.EDITION),
            partnership=quoted(partnership.name),
            area=quoted(partnership.area.name),
            subtitle=text("Crime and disorder in ", quoted(partnership.area.name)),
            control=control(evidence),
            footer=footer(evidence),
            demonstration=edition.demonstration,
            sections=sections,
            cover=cover,
            created=edition.as_at.isoformat(),
            attribution=tuple(quoted(note) for note in partnership.attribution),
        )
    )


def day(value: Any) -> Text:
    """A date as a reader writes it: `30 June 2023`."""
    return (Quoted(f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}", Origin.DATE),)


def footer(evidence: Evidence) -> Text:
    """What stands at the foot of every page."""
    marking = "DEMONSTRATION DATA · " if evidence.edition.demonstration else ""
    return text(marking, evidence.edition.status.value, " · figures as at ", day(evidence.edition.as_at))


def control(evidence: Evidence) -> tuple[tuple[str, Text], ...]:
    """The lines of document control."""
    partnership, edition = evidence.definitions.partnership, evidence.edition
    lines = [
        ("Area", text(quoted(partnership.area.name), " (", Quoted(partnership.area.code, Origin.CODE), ")")),
        ("Figures as at", text(day(edition.as_at), text(" (", edition.as_at_note, ")") if edition.as_at_note else ())),
        ("Status", (edition.status.value,)),
        ("Edition", quoted(edition.name, Origin.EDITION)),
        ("Made with", text("assessment ", Quoted(edition.version, Origin.EDITION))),
        ("Author", quoted(partnership.author)),
        ("Contact", quoted(partnership.contact)),
    ]
    return tuple((name, value) for name, value in lines if value)
