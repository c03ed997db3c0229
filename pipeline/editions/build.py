"""From a workspace to a published edition: the whole chain, and nothing but the chain."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.assess import assess
from pipeline.compute import compare, observe
from pipeline.compute.actions import read_actions
from pipeline.definitions.resolved import Definitions
from pipeline.disclosure import release
from pipeline.editions.differences import changes
from pipeline.editions.doubts import Doubts, doubts, told
from pipeline.editions.identity import inputs_digest
from pipeline.editions.publish import published
from pipeline.editions.record import MANIFEST, EditionRecord, exhibited, provenance, write_manifest
from pipeline.ingest import acceptances_of, expected_returns, warehouse
from pipeline.model.action import Action
from pipeline.model.assessment import Assessment
from pipeline.model.delivery import Deliveries
from pipeline.model.edition import Change, EditionInfo
from pipeline.model.observation import Results
from pipeline.model.returns import Return
from pipeline.report import Evidence, board_paper, compose, quality_page
from pipeline.report.document import Document
from pipeline.report.html import render
from pipeline.report.pdf import missing_libraries, write_pdf
from pipeline.report.readback import read_back
from pipeline.report.tables import write_comparisons, write_results
from pipeline.workspace import Workspace, room_for, sha256_of, write_whole

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the evidence amounts to at a date: released figures and their judgements."""

    definitions: Definitions
    deliveries: Deliveries
    results: Results
    assessment: Assessment
    doubts: Doubts
    returns: tuple[Return, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A published edition: where it is, what differs from the last one, and what could not be made."""

    edition: EditionInfo
    folder: Path
    changes: tuple[Change, ...]
    assessment: Assessment
    without: str = ""  # why there are no PDFs; empty where there are
    warnings: tuple[str, ...] = ()  # about definitions, and numerals that the record does not hold


def evaluate(
    workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: date, say: Progress
) -> Evaluation:
    """Observations as at a day, released, compared and judged. Writes nothing."""
    with warehouse(workspace, deliveries) as store:
        say("computing the figures")
        observations = observe(store, definitions, deliveries, as_at)
        results = release(observations, definitions)
        doubtful = doubts(store, results, definitions, workspace.config)
        returns = expected_returns(store, definitions, deliveries, as_at)
    say("comparing and judging")
    comparisons = compare(results, definitions)
    return Evaluation(
        definitions=definitions,
        deliveries=deliveries,
        results=results,
        assessment=assess(comparisons, results, definitions, returns),
        doubts=doubtful,
        returns=returns,
    )


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
    evidence = Evidence(
        definitions=definitions,
        results=results,
        assessment=assessment,
        deliveries=deliveries,
        edition=edition,
        changes=differing,
        boundaries=_boundaries(workspace, definitions, deliveries),
        actions=_actions(workspace, definitions, deliveries, edition.as_at),
        unknown_codes=evaluation.doubts.codes,
        acceptances=acceptances_of(workspace, definitions),
        returns=evaluation.returns,
    )
    say("composing the documents")
    document, paper = compose(evidence), board_paper(evidence)
    folder = workspace.editions / edition.name
    inputs = inputs_digest(workspace, definitions, deliveries, edition.as_at)
    without = missing_libraries()
    misprints: list[str] = []
    with room_for(f"edition {edition.name}", workspace.root), published(folder) as new:
        write_results(results, new / "results.csv")
        write_comparisons(assessment, new / "comparisons.csv")
        for page in (document, quality_page(evidence)):
            (new / f"{page.name}.html").write_text(render(page, workspace.templates), encoding="utf-8")
        if not without:
            say("setting the PDFs")
            attached = provenance_document(evaluation, edition, secret, inputs)
            write_pdf(document, new / "assessment.pdf", workspace.templates, attached)
            write_pdf(paper, new / "board-paper.pdf", workspace.templates)
            misprints += _misprints(new / "assessment.pdf", document)
            misprints += _misprints(new / "board-paper.pdf", paper)
        extracts = provenance(definitions, deliveries, secret)
        write_manifest(new, edition, definitions, assessment, extracts, inputs, exhibited(document))
    _write_receipt(workspace, deliveries, edition)
    return Built(
        edition=edition,
        folder=folder,
        changes=differing,
        assessment=assessment,
        without=without,
        warnings=(*told(evaluation.doubts), *(f"warning: {found}" for found in misprints)),
    )


def _misprints(pdf: Path, document: Document) -> list[str]:
    """What a finished PDF prints that its document does not hold, and the other way round."""
    found = read_back(pdf.read_bytes(), document)
    return [
        *(
            f"{pdf.name}, page {page}: {numeral} is printed and has no source"
            for page, numeral in found.unaccounted
        ),
        *(f"{pdf.name}: {result_id} is not printed as recorded" for result_id in found.missing),
    ]


def provenance_document(
    evaluation: Evaluation, edition: EditionInfo, secret: bytes | None, inputs: str
) -> str:
    """What the PDF carries as `provenance.json`: extracts, definitions and figures behind it."""
    carried = {
        "edition": edition.name,
        "as_at": edition.as_at.isoformat(),
        "software": edition.version,
        "definitions_digest": evaluation.definitions.digest,
        "inputs_digest": inputs,
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
    """Keep the plain hashes of the edition's inputs, which are never published, and of its manifest."""
    receipt = workspace.private_folder(workspace.receipts) / f"{edition.name}.json"
    inputs = {extract.delivery: extract.sha256 for extract in deliveries.extracts}
    manifest = sha256_of(workspace.editions / edition.name / MANIFEST)
    told = {"edition": edition.name, "manifest": manifest, "inputs": inputs}
    write_whole(receipt, json.dumps(told, indent=1) + "\n")


def _actions(
    workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: date
) -> tuple[Action, ...]:
    """The actions of the partnership's plan as they stood on a day; empty where no source delivers any."""
    with warehouse(workspace, deliveries) as store:
        return read_actions(store, definitions, as_at)


def _boundaries(workspace: Workspace, definitions: Definitions, deliveries: Deliveries) -> dict[str, Any]:
    """GeoJSON geometries of wards by area code; empty where no source delivers boundaries."""
    outlines: dict[str, Any] = {}
    with warehouse(workspace, deliveries) as store:
        for source in definitions.sources.values():
            if source.contract == "boundaries" and store.columns(source.id):
                rows = store.fetch(f'SELECT area_code, geometry FROM "{source.id}" ORDER BY area_code')
                outlines.update((row["area_code"], json.loads(row["geometry"])) for row in rows.to_pylist())
    return outlines
