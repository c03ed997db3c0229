"""Codes in the data that no list holds: which figures may miss their rows."""

from __future__ import annotations

from pipeline.quality import UnknownCode, UnlistedColumn
from pipeline.report import figures
from pipeline.report.document import Block, Cell, CellKind, Heading, Paragraph, Row, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, text

MOST_CODES = 20
MOST_TITLES = 3


def blocks(evidence: Evidence) -> list[Block]:
    """A table of the unknown codes, and a paragraph for columns without a declared list; mostly nothing."""
    found = evidence.unknown_codes
    codes = [code for code in found if isinstance(code, UnknownCode)]
    columns = [column for column in found if isinstance(column, UnlistedColumn)]
    if not found:
        return []
    blocks: list[Block] = [Heading(("Codes that no list holds",))]
    if codes:
        blocks.append(_table(evidence, codes))
    blocks += [Paragraph(_unlisted(evidence, column), quiet=True) for column in columns]
    return blocks


def _table(evidence: Evidence, codes: list[UnknownCode]) -> Table:
    left_out = len(codes) - MOST_CODES
    more: Text = ()
    if left_out > 0:
        more = text(" ", figures.counted(left_out, "further unknown codes"), " more codes are not shown.")
    return Table(
        caption=("Codes in the extracts that no list holds",),
        columns=(
            TableColumn(("Source and column",), CellKind.WORDS, 30),
            TableColumn(("Code",), CellKind.WORDS, 10),
            TableColumn(("Rows",), CellKind.NUMBER, 10),
            TableColumn(("Months",), CellKind.WORDS, 16),
            TableColumn(("Figures that may miss them",), CellKind.WORDS, 34),
        ),
        rows=tuple(_row(evidence, code) for code in codes[:MOST_CODES]),
        note=text(
            "These rows are loaded, and count in totals; a figure that counts by code lists passes them over "
            "until the code is put into a list.",
            more,
        ),
    )


def _row(evidence: Evidence, code: UnknownCode) -> Row:
    shown = Quoted(code.code, Origin.CODE) if code.code else "not shaped like a code"
    ended = " (outside the months of its lists)" if code.ended else ""
    return Row(
        (
            Cell(_column(evidence, code)),
            Cell(text(shown, ended)),
            Cell(_rows(evidence, code)),
            Cell((Quoted(code.span, Origin.PERIOD),) if code.span else ("–",)),
            Cell(_titles(evidence, code)),
        )
    )


def _column(evidence: Evidence, found: UnknownCode | UnlistedColumn) -> Text:
    source = evidence.definitions.sources[found.source]
    return text(quoted(source.title), ": ", quoted(found.column.replace("_", " ")))


def _rows(evidence: Evidence, code: UnknownCode) -> Text:
    """How many; of sources that are not public, few rows are not counted out."""
    if code.rows < figures.FEWEST_TOLD and not evidence.definitions.policies.is_public(code.source):
        return ("a few",)
    return figures.counted(code.rows, f"{code.table}:{code.column}:{code.code}")


def _titles(evidence: Evidence, code: UnknownCode) -> Text:
    shown = code.indicators[: min(code.likely or MOST_TITLES, MOST_TITLES)]
    rest = len(code.indicators) - len(shown)
    more: Text = ()
    if rest:
        more = text(" and ", figures.counted(rest, f"indicators reading {code.table}.{code.column}"), " more")
    return text(joined("; ", [quoted(evidence.indicator(name).title) for name in shown]), more)


def _unlisted(evidence: Evidence, found: UnlistedColumn) -> Text:
    name = f"{found.table}:{found.column}"
    count = figures.counted(found.codes, f"{name}:codes")
    return text(
        _column(evidence, found), ": ", count, " codes are in no list that an indicator reads, and nobody "
        "has declared which codes there may be. A new code would go unnoticed.",
    )  # fmt: skip
