"""How to read the report: arrow, interval, verdict, signs in brackets."""

from __future__ import annotations

from pipeline.report import wording
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Columns,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.text import Origin, Quoted, Text, text

_95: Text = (Quoted("95%", Origin.METHOD),)


_LEFT: tuple[tuple[str, tuple[Text, ...]], ...] = (
    (
        "The arrow and the change",
        (
            (
                "↑ and ↓ say which way the number went, → that it came out the same. The change is in "
                "per cent for counts and rates. Between two percentages it is in percentage points (pp).",
            ),
            text(
                "Where either count is under ",
                Quoted("50", Origin.METHOD),
                ", no percentage is printed: a few cases more or less would make a dramatic one. The "
                "counts are told instead.",
            ),
        ),
    ),
    (
        "The interval",
        (
            text(
                "Counts of crime vary from year to year by chance alone. The ",
                _95,
                " interval is the range in which the underlying change plausibly lies. Where it includes "
                "zero, the figures do not show that anything changed. They do not show that nothing did, "
                "either: the text then says how large a change would probably have been seen.",
            ),
        ),
    ),
)
_RIGHT: tuple[tuple[str, tuple[Text, ...]], ...] = (
    (
        "What is not recorded",
        (
            (
                "Some records lack an age, a place or another detail. They are shown as a category of "
                "their own and never left out of totals. Where their share moves, a change in a category "
                "may only be better recording. The report then gives the range in which the change could "
                "lie, and calls nothing a change that could be made by those records: such a line is "
                "marked [u].",
            ),
        ),
    ),
    (
        "Ranks",
        (
            (
                "A rank stands beside its value and the ranks it could have by chance. Areas with nearly "
                "the same rate can swap places from one year to the next without anything having "
                "happened.",
            ),
        ),
    ),
    (
        "Causes",
        (
            (
                "This report says what changed and how sure that is. It does not say why. Interpretation "
                "belongs to the partners who know what was done and what happened.",
            ),
        ),
    ),
)


def section() -> Section:
    """The same in every edition."""
    return Section(
        id="reading",
        eyebrow=("How to read this report",),
        title=("An arrow says where a number went; a word says what we make of it",),
        blocks=(Columns((_told(_LEFT), _told(_RIGHT))), _verdicts(), _signs()),
        contents=("How to read this report",),
    )


def _told(topics: tuple[tuple[str, tuple[Text, ...]], ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for title, paragraphs in topics:
        blocks.append(Heading((title,)))
        blocks += [Paragraph(words) for words in paragraphs]
    return tuple(blocks)


def _verdicts() -> Table:
    rows = tuple(
        Row((Cell(wording.verdict(verdict)), Cell((f"{meaning[0].upper()}{meaning[1:]}.",))))
        for verdict, meaning in wording.MEANINGS.items()
    )
    columns = (
        TableColumn(("Verdict",), CellKind.WORDS, 24),
        TableColumn(("What it means",), CellKind.WORDS, 76),
    )
    return Table(caption=("The verdicts",), columns=columns, rows=rows, whole=True)


SIGNS = (
    ("[b]", "break in the series: how things are counted, or life itself, changed between the two periods"),
    ("[c]", "confidential: too few people for the figure to be published"),
    ("[p]", "provisional: the supplier expects to revise it"),
    ("[r]", "revised since it was first delivered"),
    ("[u]", "low reliability: gaps in recording could explain the difference"),
    ("[x]", "not supplied, or not comparable because months are missing"),
    ("[z]", "not applicable"),
)


def _signs() -> Table:
    rows = tuple(
        Row((Cell((sign,)), Cell((f"{meaning[0].upper()}{meaning[1:]}.",)))) for sign, meaning in SIGNS
    )
    columns = (
        TableColumn(("Sign",), CellKind.WORDS, 24),
        TableColumn(("What it means",), CellKind.WORDS, 76),
    )
    return Table(caption=("Signs in brackets",), columns=columns, rows=rows, whole=True)
