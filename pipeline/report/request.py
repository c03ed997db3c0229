"""The data request to a supplier: the same text as Markdown and as a document of two pages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from pipeline.definitions.request import Request, Tier, Wanted
from pipeline.definitions.resolved import Partnership
from pipeline.report.document import (
    Block,
    Cell,
    Document,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.text import Strong, Text, quoted, text

TEXT_WIDTH = 80
HEADINGS = ("Heading", "What it is", "How it is written", "File")
WIDTHS = (23, 37, 30, 10)


def document_of(request: Request, partnership: Partnership, created: str) -> Document:
    """The request as a document: why and how on top, then tier by tier. `created` is its ISO date."""
    opening: list[Block] = [
        Paragraph(quoted(_addressed(request, partnership))),
        Paragraph(quoted(request.purpose)),
        Listing(tuple(map(quoted, request.delivery))),
    ]
    closing: list[Block] = [
        Listing(tuple(map(quoted, (*request.handling, request.retention)))),
        Paragraph(quoted(_elsewhere(request)), quiet=True),
    ]
    sections = [
        Section(id="request", eyebrow=("Data request",), title=quoted(request.title), blocks=tuple(opening)),
        *(_tier(number, tier) for number, tier in enumerate(request.tiers, 1)),
        Section(
            id="handling",
            eyebrow=("Handling",),
            title=("How the data are kept",),
            blocks=tuple(closing),
            new_page=False,
        ),
    ]
    return Document(
        name="data-request",
        title=quoted(request.title),
        partnership=quoted(partnership.name),
        area=quoted(partnership.area.name),
        subtitle=(),
        control=(),
        footer=quoted(f"{partnership.name} · {created}"),
        demonstration=False,
        sections=tuple(sections),
        cover=False,
        created=created,
    )


def markdown_of(request: Request, partnership: Partnership) -> str:
    """The same as Markdown, in lines that fit a terminal."""
    lines = [f"# {request.title}", "", *_filled(_addressed(request, partnership)), ""]
    lines += [*_filled(request.purpose), "", *_items(request.delivery)]
    for number, tier in enumerate(request.tiers, 1):
        lines += ["", f"## Tier {number}: {tier.title}", "", *_filled(f"Gateway. {tier.gateway}")]
        for file, heading in request.files.items():
            fields = [field for field in tier.fields if field.file == file]
            if fields:
                lines += ["", f"### {heading}", ""]
                lines += _items(f"{f.header}: {f.meaning} ({f.written})" for f in fields)
        for said, titles in _unlocked(tier):
            lines += ["", said, "", *_items(titles)]
    lines += ["", "## How the data are kept", "", *_items((*request.handling, request.retention)), ""]
    return "\n".join([*lines, *_filled(_elsewhere(request))]) + "\n"


def _filled(words: str) -> list[str]:
    return textwrap.wrap(words, TEXT_WIDTH, break_on_hyphens=False)


def _items(entries: Iterable[str]) -> Iterator[str]:
    for words in entries:
        yield from textwrap.wrap(
            words, TEXT_WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
        )


def _addressed(request: Request, partnership: Partnership) -> str:
    contact = f" ({partnership.contact})" if partnership.contact else ""
    return (
        f"To {request.supplier}, from {partnership.name}{contact}, for {partnership.area.name} "
        f"({partnership.area.code})."
    )


def _tier(number: int, tier: Tier) -> Section:
    table = Table(
        caption=quoted(f"Fields of tier {number}"),
        columns=tuple(
            TableColumn((heading,), width=width) for heading, width in zip(HEADINGS, WIDTHS, strict=True)
        ),
        rows=tuple(Row(tuple(Cell(quoted(cell)) for cell in _cells(field))) for field in tier.fields),
        hidden_caption=True,
    )
    blocks: list[Block] = [Paragraph(text(Strong(("Gateway. ",)), quoted(tier.gateway))), table]
    for said, titles in _unlocked(tier):
        blocks.append(Paragraph(text(Strong(quoted(f"{said} ")), _listed(titles))))
    return Section(
        id=f"tier-{'abc'[number - 1]}",
        eyebrow=quoted(f"Tier {number}"),
        title=quoted(tier.title),
        blocks=tuple(blocks),
        new_page=False,
    )


def _unlocked(tier: Tier) -> Iterator[tuple[str, tuple[str, ...]]]:
    if tier.whole:
        count = f"{len(tier.whole)} success measure{'s' if len(tier.whole) > 1 else ''}"
        yield f"With it {count} can be counted:", tier.whole
    if tier.in_part:
        yield "In part:", tier.in_part


def _listed(titles: tuple[str, ...]) -> Text:
    return quoted("; ".join(titles) + ".")


def _cells(field: Wanted) -> tuple[str, ...]:
    return field.header, field.meaning, field.written, field.file


def _elsewhere(request: Request) -> str:
    return (
        f"Of the {request.measures} success measures of the partnership, {len(request.elsewhere)} rest on "
        "surveys and on returns of other partners; nothing is asked of the police for these."
    )
