"""The board paper: two pages, the headlines and what the board is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.report import beside
from pipeline.report.document import Block, Columns, Heading, Listing, Paragraph, Section
from pipeline.report.evidence import Evidence
from pipeline.report.fit import PAGE_MM, page_height
from pipeline.report.sections import changes, findings, priority, progress, returns, summary
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
    """What to know and what to decide, cut to one page: first changes go, then findings."""
    title = _title(evidence)
    for rows, told in ((8, 8), (6, 8), (4, 7), (3, 6), (2, 5), (0, 5), (0, 4)):
        blocks = _asked(evidence, rows, told)
        if page_height(title, blocks) <= PAGE_MM:
            break
    return Section(id="questions", eyebrow=("What the board is asked",), title=title, blocks=tuple(blocks))


def _asked(evidence: Evidence, rows: int, told: int) -> list[Block]:
    said = findings.findings(evidence)[:told]
    blocks: list[Block] = [
        Heading(("What the board should know",)),
        Listing(_without_pages(said), numbered=True),
    ]
    uses = [use for measure in evidence.success_measures for use in progress.leading(measure)]
    elsewhere = beside.elsewhere_note(evidence, uses)
    blocks += [Paragraph(elsewhere, quiet=True)] if elsewhere else []
    differing = changes.blocks_of(evidence, rows) if rows and evidence.edition.previous else ()
    if not differing:
        blocks.append(Heading(("What changed since the last edition",)))
        blocks.append(Paragraph(_without_pages([summary.changed(evidence)])[0]))
    blocks += differing
    blocks.append(
        Columns(
            (
                (Heading(("What the board is asked",)), Listing(questions(evidence), numbered=True)),
                (
                    Heading(("What we cannot say",)),
                    Paragraph(summary.cannot_say(evidence)),
                    *([Paragraph(owed)] if (owed := returns.owed_line(evidence)) else []),
                ),
            )
        )
    )
    return blocks


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
