"""Refusals: the rules that records broke, and the decisions that released some of them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.delivery import Accounting
from pipeline.report import figures
from pipeline.report.document import Block, Cell, CellKind, Heading, Listing, Row, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, quoted, sentence_case, text

Broken = tuple[str, str, str, str]  # source, header, rule, reason


def blocks(evidence: Evidence) -> list[Block]:
    """For the annex on data quality; nothing where no record broke a rule and nothing was decided."""
    accounts = evidence.deliveries.accounting
    refused = _by_rule((a, rule) for a in accounts for rule in a.refusals)
    flagged = _by_rule((a, rule) for a in accounts for rule in a.flags)
    made: list[Block] = []
    if refused or flagged:
        rows = [_row(evidence, broken, count, "quarantined") for broken, count in refused.items()]
        rows += [_row(evidence, broken, count, "loaded") for broken, count in flagged.items()]
        made = [
            Heading(("Rules that records broke",)),
            Table(
                caption=("Records quarantined, and records loaded although one thing is doubtful",),
                columns=(
                    TableColumn(("Source",), CellKind.WORDS, 26),
                    TableColumn(("Column",), CellKind.WORDS, 20),
                    TableColumn(("What it is not",), CellKind.WORDS, 40),
                    TableColumn(("Records",), CellKind.NUMBER, 10),
                    TableColumn(("They were",), CellKind.WORDS, 10),
                ),
                rows=tuple(rows),
                note=(
                    "A record is quarantined where nobody can say how it counts, and counts in no figure "
                    "then. It is loaded where it counts and one thing about it is doubtful. A record that "
                    "breaks two rules is in two lines.",
                ),
            ),
        ]
    decided = tuple(_decisions(evidence))
    if decided:
        made += [Heading(("Decisions to release quarantined records",)), Listing(decided)]
    return made


def _by_rule(found: Iterable[tuple[Accounting, tuple[str, str, str, int]]]) -> dict[Broken, int]:
    """Records by rule, all files of a source together."""
    counts: dict[Broken, int] = {}
    for account, (header, rule, reason, rows) in found:
        key = (account.source, header, rule, reason)
        counts[key] = counts.get(key, 0) + rows
    return counts


def _row(evidence: Evidence, broken: Broken, count: int, became: str) -> Row:
    source, header, rule, reason = broken
    declared = evidence.definitions.sources.get(source)
    return Row(
        (
            Cell(quoted(declared.title if declared else source)),
            Cell(quoted(header or "the whole record", Origin.DELIVERED)),
            Cell(sentence_case(quoted(reason))),
            Cell(figures.counted(count, f"{source}: {header}: {rule}: {became}")),
            Cell((became,)),
        )
    )


def _decisions(evidence: Evidence) -> Iterable[Text]:
    """Every entry of the corrections: who released how many records and why, or why it does not apply."""
    for one in evidence.deliveries.corrections:
        declared = evidence.definitions.sources.get(one.source)
        released = figures.counted(one.records, f"corrections, line {one.line}: records released")
        person = text(". This decision needs a person: ", quoted(one.told, Origin.DELIVERED))
        yield text(
            quoted(declared.title if declared else one.source),
            ": ",
            released,
            " released by ",
            quoted(one.by),
            " on ",
            Quoted(one.on.isoformat(), Origin.DATE),
            ", until ",
            Quoted(one.until.isoformat(), Origin.DATE),
            ": ",
            quoted(one.reason),
            *(person if one.told else ()),
        )
