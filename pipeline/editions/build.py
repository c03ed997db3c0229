"""From a workspace to a published edition: the whole chain, and nothing but the chain."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pipeline
from pipeline.assess import assess
from pipeline.compute import compare, observe
from pipeline.definitions.resolved import Definitions
from pipeline.disclosure import release
from pipeline.editions.differences import changes
from pipeline.editions.publish import published
from pipeline.editions.record import EditionRecord, inputs_digest, provenance, read_editions, write_manifest
from pipeline.errors import ComputationError, UsageError
from pipeline.model.assessment import Assessment
from pipeline.model.delivery import Deliveries
from pipeline.model.edition import Change, EditionInfo, EditionStatus
from pipeline.model.observation import Results
from pipeline.report import board_paper, compose
from pipeline.report.document import Document
from pipeline.report.html import render
from pipeline.report.pdf import missing_libraries, write_pdf
from pipeline.report.readback import read_back
from pipeline.report.tables import write_comparisons, write_results
from pipeline.store import Store
from pipeline.workspace import Workspace, write_whole

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the evidence amounts to at a date: released figures and their judgements."""

    definitions: Definitions
    deliveries: Deliveries
    as_at: date
    as_at_note: str
    results: Results
    assessment: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A published edition: where it is, what differs from the last one, and what could not be made."""

    edition: EditionInfo
    folder: Path
    changes: tuple[Change, ...]
    assessment: Assessment
    without: str = ""  # why there are no PDFs; empty where there are
    doubts: tuple[str, ...] = ()  # numerals of the PDFs that do not agree with the record of figures


def edition_date(definitions: Definitions, deliveries: Deliveries, asked: date | None) -> tuple[date, str]:
    """The edition's date, and where it came from when nobody set it.

    `--as-at`, else `as_at` of the partnership, else the latest publication date that sources declare,
    else the latest received date. Raises ComputationError where there is none of these.
    """
    if asked or definitions.partnership.as_at:
        return asked or definitions.partnership.as_at or date.max, ""
    declared = [source.published_on for source in definitions.sources.values() if source.published_on]
    if declared:
        return max(declared), "the latest publication date that a source declares"
    if deliveries.extracts:
        return max(extract.received.date() for extract in deliveries.extracts), "the latest received date"
    raise ComputationError("no extract has been received, so there is nothing to compute")


def evaluate(
    workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: date | None, say: Progress
) -> Evaluation:
    """Observations, released, compared and judged. Writes nothing."""
    day, note = edition_date(definitions, deliveries, as_at)
    with Store.reading(workspace.warehouse) as store:
        say("computing the figures")
        observations = observe(store, definitions, deliveries, day)
    results = release(observations, definitions)
    say("comparing and judging")
    comparisons = compare(results, definitions)
    return Evaluation(
        definitions=definitions,
        deliveries=deliveries,
        as_at=day,
        as_at_note=note,
        results=results,
        assessment=assess(comparisons, results, definitions),
    )


def edition_name(definitions: Definitions, deliveries: Deliveries, as_at: date, quarterly: bool) -> str:
    """`<year>-annual` or `<year>-q<n>` of the last complete month of the main source."""
    partnership = definitions.partnership
    month = deliveries.coverage.last_complete_month(
        partnership.main_source, (partnership.own_area.code,), date(as_at.year + 1, 1, 1)
    )
    if month is None:
        raise ComputationError(
            f"{partnership.main_source}: no complete month has been delivered for {partnership.area.name}, "
            "so the edition has no period to be named after. Receive its extracts, or name it with --edition."
        )
    return f"{month.year}-q{(month.month + 2) // 3}" if quarterly else f"{month.year}-annual"


def identify(
    workspace: Workspace, evaluation: Evaluation, name: str | None, quarterly: bool
) -> tuple[EditionInfo, EditionRecord | None]:
    """What the new edition is called, and the edition it is compared with (None for the first).

    Raises UsageError where the name is not a folder name, or names a final edition.
    """
    definitions = evaluation.definitions
    name = name or edition_name(definitions, evaluation.deliveries, evaluation.as_at, quarterly)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise UsageError(f"--edition {name}: use letters, digits, dots, dashes and underscores")
    earlier = read_editions(workspace.editions)
    if any(record.name == name and record.status is EditionStatus.FINAL for record in earlier):
        raise UsageError(
            f"{name} is a final edition and is never replaced; give the new one another --edition name"
        )
    others = [record for record in earlier if record.name != name and record.as_at <= evaluation.as_at]
    previous = others[-1] if others else None
    edition = EditionInfo(
        name=name,
        title=f"{definitions.partnership.title} {evaluation.as_at.year}",
        as_at=evaluation.as_at,
        as_at_note=evaluation.as_at_note,
        version=pipeline.__version__,
        demonstration=definitions.partnership.demonstration,
        previous=previous.name if previous else "",
    )
    return edition, previous


def publish(
    workspace: Workspace,
    evaluation: Evaluation,
    edition: EditionInfo,
    previous: EditionRecord | None,
    say: Progress,
) -> Built:
    """Compose, render and publish an edition by one rename; the last good one stays until then."""
    definitions, deliveries = evaluation.definitions, evaluation.deliveries
    results, assessment = evaluation.results, evaluation.assessment
    differing = changes(previous, assessment, results, definitions)
    secret = workspace.secret() if workspace.secret_file.is_file() else None
    evidence = (
        definitions,
        results,
        assessment,
        deliveries,
        edition,
        differing,
        _boundaries(workspace, definitions),
    )
    say("composing the documents")
    document, paper = compose(*evidence), board_paper(*evidence)
    folder = workspace.editions / edition.name
    without = missing_libraries()
    doubts: list[str] = []
    with published(folder) as new:
        write_results(results, new / "results.csv")
        write_comparisons(assessment, new / "comparisons.csv")
        (new / "assessment.html").write_text(render(document, workspace.templates), encoding="utf-8")
        if not without:
            say("setting the PDFs")
            attached = provenance_document(evaluation, edition, secret)
            write_pdf(document, new / "assessment.pdf", workspace.templates, attached)
            write_pdf(paper, new / "board-paper.pdf", workspace.templates)
            doubts += _doubts(new / "assessment.pdf", document) + _doubts(new / "board-paper.pdf", paper)
        write_manifest(new, edition, definitions, deliveries, assessment, secret)
    _write_receipt(workspace, deliveries, edition)
    return Built(
        edition=edition,
        folder=folder,
        changes=differing,
        assessment=assessment,
        without=without,
        doubts=tuple(doubts),
    )


def _doubts(pdf: Path, document: Document) -> list[str]:
    """What a finished PDF prints that its document does not hold, and the other way round."""
    found = read_back(pdf.read_bytes(), document)
    return [
        *(
            f"{pdf.name}, page {page}: {numeral} is printed and has no source"
            for page, numeral in found.unaccounted
        ),
        *(f"{pdf.name}: {result_id} is not printed as recorded" for result_id in found.missing),
    ]


def provenance_document(evaluation: Evaluation, edition: EditionInfo, secret: bytes | None) -> str:
    """What the PDF carries as `provenance.json`: extracts, definitions and figures behind it."""
    carried = {
        "edition": edition.name,
        "as_at": edition.as_at.isoformat(),
        "software": edition.version,
        "definitions_digest": evaluation.definitions.digest,
        "inputs_digest": inputs_digest(
            evaluation.definitions, evaluation.deliveries, edition.as_at, edition.version
        ),
        "extracts": provenance(evaluation.definitions, evaluation.deliveries, secret),
        "figures": {
            observation.key.result_id: observation.value
            for observation in evaluation.results
            if observation.area == evaluation.definitions.partnership.own_area
            and observation.period.basis != "month"
        },
    }
    return json.dumps(carried, ensure_ascii=False, indent=1)


def _write_receipt(workspace: Workspace, deliveries: Deliveries, edition: EditionInfo) -> None:
    """Keep the plain hashes of the edition's inputs, which are never published."""
    receipt = workspace.private_folder(workspace.receipts) / f"{edition.name}.json"
    inputs = {extract.delivery: extract.sha256 for extract in deliveries.extracts}
    write_whole(receipt, json.dumps({"edition": edition.name, "inputs": inputs}, indent=1) + "\n")


def _boundaries(workspace: Workspace, definitions: Definitions) -> dict[str, Any]:
    """GeoJSON geometries of wards by area code; empty where no source delivers boundaries."""
    outlines: dict[str, Any] = {}
    with Store.reading(workspace.warehouse) as store:
        for source in definitions.sources.values():
            if source.contract == "boundaries" and store.columns(source.id):
                rows = store.fetch(f'SELECT area_code, geometry FROM "{source.id}" ORDER BY area_code')
                outlines.update((row["area_code"], json.loads(row["geometry"])) for row in rows.to_pylist())
    return outlines


def is_new(
    workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: date | None
) -> bool:
    """Whether no edition has been published from exactly these extracts, definitions and date."""
    day, _ = edition_date(definitions, deliveries, as_at)
    digest = inputs_digest(definitions, deliveries, day, pipeline.__version__)
    return all(record.inputs_digest != digest for record in read_editions(workspace.editions))
