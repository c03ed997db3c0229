"""Provenance: the extracts behind the figures; and compliance: what the law asks and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.area import AreaKind
from pipeline.model.delivery import Extract
from pipeline.model.period import format_month
from pipeline.report.document import Cell, CellKind, Paragraph, Row, Section, Table, TableColumn
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, PageReference, Quoted, Text, listed, quoted, text

DIGEST_LETTERS = 16


def section(evidence: Evidence, letter: str) -> Section:
    """Every extract with its span, receipt and digest."""
    extracts = evidence.deliveries.extracts
    columns = (
        TableColumn(("Extract",), CellKind.WORDS, 44),
        TableColumn(("Months",), CellKind.WORDS, 19),
        TableColumn(("Received",), CellKind.WORDS, 13),
        TableColumn(("Digest",), CellKind.WORDS, 24),
    )
    note = text(
        "Digest: the first ", Quoted("16", Origin.METHOD), " characters of the file's "
        "", Quoted("sha256", Origin.METHOD),
        "; the whole of it is in provenance.json, which is attached to this PDF. Where a file's contents "
        "could be guessed back from it, the digest is keyed and stands only there.",
    )  # fmt: skip
    made = text(
        "The definitions of this edition have the digest "
        "", Quoted(evidence.definitions.digest[:DIGEST_LETTERS], Origin.CODE),
        ", its data the digest ", Quoted(evidence.deliveries.warehouse_digest[:DIGEST_LETTERS], Origin.CODE),
        ". The same extracts, definitions and date give the same figures again.",
    )  # fmt: skip
    return Section(
        id="provenance",
        eyebrow=text(f"Annex {letter} · Provenance"),
        title=("Every figure can be traced to the files it was counted from",),
        blocks=(
            Paragraph(made),
            Table(
                caption=("Extracts",),
                columns=columns,
                rows=tuple(_row(evidence, extract) for extract in extracts),
                note=note,
            ),
        ),
        contents=text(f"Annex {letter}: Provenance"),
    )


def _row(evidence: Evidence, extract: Extract) -> Row:
    first, last = extract.first_month, extract.last_month
    if first is None or last is None:
        months = "no months"
    else:
        months = format_month(first) if first == last else f"{format_month(first)} to {format_month(last)}"
    known = extract.source in evidence.definitions.sources
    policy = evidence.definitions.policies.policy(extract.source, AreaKind.DISTRICT) if known else ""
    digest: Text = (
        (Quoted(extract.sha256[:DIGEST_LETTERS], Origin.CODE),)
        if policy == "open"
        else ("keyed, see provenance.json",)
    )
    return Row(
        (
            Cell(quoted(extract.file_name, Origin.FILE)),
            Cell((Quoted(months, Origin.PERIOD),)),
            Cell((Quoted(extract.received.date().isoformat(), Origin.DATE),)),
            Cell(digest),
        )
    )


def compliance(evidence: Evidence, letter: str, present: Sequence[str]) -> Section:
    """The four statutory heads, each with the sections that answer it and what is missing."""
    priorities = [f"priority-{name.replace('_', '-')}" for name in evidence.definitions.priorities]
    substance = _substance(evidence)
    rows = (
        _head(
            "Levels and patterns of crime, disorder and substance misuse",
            [s for s in ("overview", "indicators", *priorities[:1], "wards") if s in present],
            _awaited(evidence) if substance else "Substance misuse: no indicator of it has a figure yet.",
        ),
        _head(
            "Changes in those levels and patterns since the last assessment",
            [s for s in ("changes", "overview") if s in present],
            ""
            if evidence.edition.previous
            else "This is the first edition, so changes are against the year before, not against an "
            "earlier assessment.",
        ),
        _head(
            "Why those changes have occurred",
            [],
            "The partners' signed interpretation is not part of this draft. The software states what "
            "changed and never why.",
        ),
        _head(
            "How far the plan for the previous year was implemented",
            [s for s in ("progress", "actions", *priorities[:1]) if s in present],
            ""
            if "actions" in present
            else "Progress is shown on the success measures. No source delivers the actions of the plan, "
            "with owner, due date and status.",
        ),
    )
    columns = (
        TableColumn(("What the assessment must hold",), CellKind.WORDS, 34),
        TableColumn(("Where it stands",), CellKind.WORDS, 20),
        TableColumn(("What is missing",), CellKind.WORDS, 46),
    )
    law = Quoted("SI 2007/1830", Origin.METHOD)
    return Section(
        id="compliance",
        eyebrow=text(f"Annex {letter} · Compliance"),
        title=("What the law asks of an assessment, where it stands here, and what is missing",),
        blocks=(
            Paragraph(
                text(
                    "In England the Crime and Disorder (Formulation and Implementation of Strategy) "
                    "Regulations (",
                    law,
                    ") ask a partnership's strategy group for a strategic assessment each year. Its "
                    "contents fall under four heads. This page is the software's own reading and no "
                    "legal advice.",
                )
            ),
            Table(caption=("The four heads",), columns=columns, rows=rows),
        ),
        contents=text(f"Annex {letter}: Compliance"),
        new_page=False,
    )


def _head(asked: str, where: Sequence[str], missing: str) -> Row:
    pages = listed([(PageReference(anchor),) for anchor in where]) if where else ("nowhere yet",)
    return Row((Cell((asked,)), Cell(pages), Cell((missing or "nothing",))))


def _awaited(evidence: Evidence) -> str:
    """Whether returns behind the measures are still awaited; the page of progress lists them."""
    if any(measure.awaiting for measure in evidence.assessment.measures):
        return (
            "What the returns still awaited would tell: they are listed under progress, with who owes them."
        )
    return ""


def _substance(evidence: Evidence) -> bool:
    """Whether any indicator about alcohol or drugs has a value."""
    words = ("alcohol", "drug", "substance")
    return any(
        any(word in f"{name} {indicator.title}".lower() for word in words)
        and (found := evidence.latest(name, evidence.own.code)) is not None
        and found.value is not None
        for name, indicator in evidence.definitions.indicators.items()
    )
