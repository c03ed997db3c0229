"""The documents of an edition, put together from their sections: the same evidence, the same document."""

from __future__ import annotations

from dataclasses import replace

from pipeline.report import wording
from pipeline.report.document import Document, Section, numbered
from pipeline.report.evidence import Evidence
from pipeline.report.fit import PAGE_MM, page_height
from pipeline.report.sections import (
    acceptance,
    actions,
    board,
    context,
    coverage,
    detail,
    duties,
    methods,
    overview,
    priority,
    progress,
    provenance,
    quality,
    reading,
    reconciliation,
    residents,
    returns,
    sheets,
    summary,
    wards,
)
from pipeline.report.sections import changes as changes_section
from pipeline.report.text import Origin, Quoted, Text, quoted, text

BETWEEN_MM = 10.0  # between two sections on a page


def compose(evidence: Evidence) -> Document:
    """The strategic assessment."""
    return _document(evidence, "assessment", tuple(_assessment(evidence)), cover=True)


def board_paper(evidence: Evidence) -> Document:
    """The paper for the board, two pages, from the same evidence."""
    return _document(evidence, "board-paper", board.sections(evidence), cover=False)


def quality_page(evidence: Evidence) -> Document:
    """The page on the deliveries: how each was judged, what became of its records, what is missing."""
    sections = (
        acceptance.section(evidence),
        quality.accounting(evidence, "A", with_acceptance=False),
        coverage.section(evidence, "B", whole=True),
        returns.section(evidence),
    )
    kept = tuple(section for section in sections if section is not None)
    return _document(evidence, "quality", kept, cover=False)


def _assessment(evidence: Evidence) -> list[Section]:
    """The sections in order; those that have nothing to stand on are left out."""
    differing = changes_section.section(evidence)
    found: list[Section | None] = [
        summary.section(evidence),
        *([differing] if differing.new_page else []),
        reading.section(),
        context.section(evidence),
        overview.section(evidence),
        overview.categories(evidence),
    ]
    for number, group in enumerate(evidence.definitions.priorities, 1):
        found.append(priority.section(evidence, group, number))
        if any(measure.uses for measure in evidence.measures_of.get(group, ())):
            found.append(following(found[-1], detail.section(evidence, group, number)))
    found += [
        duties.section(evidence),
        progress.section(evidence),
        *([] if differing.new_page else [differing]),
        actions.section(evidence),
        residents.section(evidence),
        returns.section(evidence),
        wards.section(evidence),
        reconciliation.section(evidence),
        quality.accounting(evidence, "A"),
        coverage.section(evidence, "B"),
        sheets.section(evidence, "C"),
        methods.section("D"),
        methods.glossary("E"),
        provenance.section(evidence, "F"),
    ]
    kept = [section for section in found if section is not None]
    return [*kept, provenance.compliance(evidence, "G", [section.id for section in kept])]


def following(before: Section | None, section: Section) -> Section:
    """The section, on the page of the one before where both fit on it."""
    if before is None or not before.new_page:
        return section
    heights = [page_height(part.title, part.blocks) for part in (before, section)]
    return replace(section, new_page=sum(heights) + BETWEEN_MM > PAGE_MM)


def _document(evidence: Evidence, name: str, sections: tuple[Section, ...], cover: bool) -> Document:
    partnership, edition = evidence.definitions.partnership, evidence.edition
    return numbered(
        Document(
            name=name,
            title=quoted(edition.title, Origin.EDITION),
            partnership=quoted(partnership.name),
            area=quoted(partnership.area.name),
            subtitle=_subtitle(evidence),
            control=control(evidence),
            footer=footer(evidence),
            demonstration=edition.demonstration,
            sections=sections,
            cover=cover,
            created=edition.as_at.isoformat(),
            attribution=tuple(quoted(note) for note in partnership.attribution),
        )
    )


def _subtitle(evidence: Evidence) -> Text:
    """The area, and the period of total crime where it is measured."""
    said = text("Crime and disorder in ", quoted(evidence.place))
    periods = [evidence.period_of(name) for name in overview.whole(evidence)]
    found = next((period for period in periods if period is not None), None)
    return text(said, ", ", wording.period(found)) if found else said


def footer(evidence: Evidence) -> Text:
    """What stands at the foot of every page."""
    marking = "DEMONSTRATION DATA · " if evidence.edition.demonstration else ""
    return text(
        marking, evidence.edition.status.value, " · figures as at ", wording.day(evidence.edition.as_at)
    )


def control(evidence: Evidence) -> tuple[tuple[str, Text], ...]:
    """The lines of document control."""
    partnership, edition = evidence.definitions.partnership, evidence.edition
    lines = [
        ("Area", text(quoted(partnership.area.name), " (", Quoted(partnership.area.code, Origin.CODE), ")")),
        (
            "Figures as at",
            text(
                wording.day(edition.as_at), text(" (", edition.as_at_note, ")") if edition.as_at_note else ()
            ),
        ),
        ("Status", (edition.status.value,)),
        ("Edition", quoted(edition.name, Origin.EDITION)),
        ("Made with", text("assessment ", Quoted(edition.version, Origin.EDITION))),
        ("Author", quoted(partnership.author)),
        ("Contact", quoted(partnership.contact)),
    ]
    return tuple((name, value) for name, value in lines if value)
