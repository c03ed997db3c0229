"""What later deliveries changed of months that had come before, in counts."""

from __future__ import annotations

from collections import defaultdict

from pipeline.model.delivery import Extract
from pipeline.model.period import format_month
from pipeline.model.revision import RevisionCount, RevisionKind
from pipeline.report import figures
from pipeline.report.document import Block, Cell, CellKind, Heading, Row, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, quoted, text

_HEADERS = {
    RevisionKind.ADDED: "Added",
    RevisionKind.REMOVED: "Removed",
    RevisionKind.RECLASSIFIED: "Re-classified",
    RevisionKind.MOVED: "Moved",
    RevisionKind.OUTCOME_CHANGED: "Outcome changed",
    RevisionKind.CHANGED: "Otherwise changed",
}


def blocks(evidence: Evidence) -> list[Block]:
    """A table with a line for each delivery that revised earlier ones; nothing where none did."""
    by_delivery: dict[str, list[RevisionCount]] = defaultdict(list)
    for count in evidence.deliveries.revisions:
        by_delivery[count.delivery].append(count)
    if not by_delivery:
        return []
    extracts = [e for e in evidence.deliveries.extracts if e.delivery in by_delivery]
    table = Table(
        caption=("Records that each delivery changed",),
        columns=(
            TableColumn(("Delivery, and the months it changed",), CellKind.WORDS, 40),
            *(TableColumn((header,), CellKind.NUMBER, 10) for header in _HEADERS.values()),
        ),
        rows=tuple(_row(evidence, extract, by_delivery[extract.delivery]) for extract in extracts),
        note=(
            "Of months that had been delivered before. A record may be changed in more than one way. Rows "
            "without a reference are replaced as a whole: how many alike there are more or fewer is in added "
            "and removed. Figures that rest on what was changed are marked [r]; every change is in the table "
            "of revisions of the warehouse, and any figure can be computed as at an earlier delivery.",
        ),
    )
    return [Heading(("What later deliveries changed",)), table]


def _row(evidence: Evidence, extract: Extract, counts: list[RevisionCount]) -> Row:
    by_kind = {count.kind: count.records + count.rows for count in counts}
    cells = (Cell(_count(evidence, extract, kind, by_kind.get(kind, 0))) for kind in _HEADERS)
    return Row((Cell(_name(evidence, extract)), *cells))


def _name(evidence: Evidence, extract: Extract) -> Text:
    """The file, and the first and last month in which it changed anything."""
    months = [m.month for m in evidence.deliveries.revised_months if m.delivery == extract.delivery]
    name = quoted(extract.file_name, Origin.FILE)
    if not months:
        return text(name)
    ends = dict.fromkeys(map(format_month, (min(months), max(months))))
    return text(name, ": ", Quoted(" to ".join(ends), Origin.PERIOD))


def _count(evidence: Evidence, extract: Extract, kind: RevisionKind, rows: int) -> Text:
    """How many; of sources that are not public, few records are not counted out."""
    if not rows:
        return ("–",)
    if rows < figures.FEWEST_TOLD and not evidence.definitions.policies.is_public(extract.source):
        return ("a few",)
    return figures.counted(rows, f"{extract.delivery}:{kind.value}")
