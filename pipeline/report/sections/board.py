"""The board paper: two pages, the headlines and what the board is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.report.document import Block, Columns, Heading, Listing, Paragraph, Section
from pipeline.report.evidence import Evidence
from pipeline.report.fit import PAGE_MM, page_height
from pipeline.report.sections import changes, findings, priority, progress, summary
from pipeline.report.text import PageReference, Strong, Text, quoted, text


def sections(evidence: Evidence) -> tuple[Section, Section]:
    """The front page with the scorecard, the back page with the questions."""
    return _front(evidence), _back(evidence)


def _front(evidence: Evidence) -> Section:
    """All measures on the first page; the tiles above them where there is room: the title counts too."""
    title = summary.title(evidence)
    card = replace(progress.table(evidence, pages=False), note=())
    blocks: tuple[Block, ...] = (summary.tiles(evidence.success_measures), card)
    return Section(
        id="scorecard",
        eyebrow=text("Paper for the board · ", quoted(evidence.definitions.partnership.name)),
        title=title,
        blocks=blocks if page_height(title, blocks) <= PAGE_MM else (card,),
    )


def _back(evidence: Evidence) -> Section:
    blocks: list[Block] = [
        Heading(("What the board should know",)),
        Listing(_without_pages(findings.findings(evidence)), numbered=True),
    ]
    if evidence.edition.previous and evidence.changes:
        blocks.append(changes.table(evidence, most=8))
    else:
        blocks += [
            Heading(("What changed since the last edition",)),
            Paragraph(_without_pages([summary.changed(evidence)])[0]),
        ]
    blocks.append(
        Columns(
            (
                (Heading(("What the board is asked",)), Listing(questions(evidence), numbered=True)),
                (Heading(("What we cannot say",)), Paragraph(summary.cannot_say(evidence))),
            )
        )
    )
    return Section(
        id="questions",
        eyebrow=("What the board is asked",),
        title=_title(evidence),
        blocks=tuple(blocks),
        new_page=False,
    )


def _title(evidence: Evidence) -> Text:
    owed = any(measure.awaiting for measure in evidence.assessment.measures)
    return (
        ("Decisions are asked on the priorities, and on the returns still owed",)
        if owed
        else ("Decisions are asked on the priorities",)
    )


def questions(evidence: Evidence) -> tuple[Text, ...]:
    """The question of every priority, with its name."""
    return tuple(
        text(
            Strong(quoted(chosen.title)),
            ": ",
            priority.question(chosen, evidence.measures_of.get(name, ()), evidence),
        )
        for name, chosen in evidence.definitions.priorities.items()
    )


def _without_pages(texts: Sequence[Text]) -> tuple[Text, ...]:
    """The texts without references to pages that the paper does not have."""
    return tuple(tuple(run for run in words if not isinstance(run, PageReference)) for words in texts)
