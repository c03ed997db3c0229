"""The record of an edition: `manifest.json`, written once and read by the next edition."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.definitions.resolved import Definitions
from pipeline.errors import ReportError
from pipeline.model.assessment import Assessment, UseResult
from pipeline.model.comparison import Verdict
from pipeline.model.delivery import Deliveries, Extract
from pipeline.model.edition import EditionInfo, EditionStatus
from pipeline.model.period import Period, format_month
from pipeline.report.document import Document, Exhibit, figures_in, flat
from pipeline.report.text import plain

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What an edition printed of one indicator; `value` is None where it printed no number."""

    indicator: str
    title: str
    unit: str
    period: Period | None
    value: float | None
    verdict: Verdict | None
    definition: str  # sha256 of the indicator's definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibited:
    """A numbered chart or map of the assessment: its finding, and each figure in it with its result id."""

    name: str  # FIG-3
    section: str
    title: str
    figures: tuple[tuple[str, str], ...]  # as printed, and the id of the result


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRecord:
    """One published edition, as its manifest tells it."""

    name: str
    as_at: date
    status: EditionStatus
    inputs_digest: str
    headlines: tuple[Headline, ...]
    exhibits: tuple[Exhibited, ...] = ()


def exhibited(document: Document) -> tuple[Exhibited, ...]:
    """The record of every exhibit of a document, in reading order."""
    return tuple(
        Exhibited(
            name=exhibit.name,
            section=section.id,
            title=plain(exhibit.title),
            figures=tuple((figure.text, figure.result_id) for figure in figures_in(exhibit)),
        )
        for section in document.sections
        for exhibit in flat(section.blocks)
        if isinstance(exhibit, Exhibit)
    )


def headlines(assessment: Assessment, definitions: Definitions) -> tuple[Headline, ...]:
    """The headline indicators of every success measure and duty, once, in the order of the strategy.

    Where a measure names no headline, all its indicators speak for it.
    """
    uses = {
        use.indicator: use
        for measure in assessment.measures
        for use in [use for use in measure.uses if use.headline] or measure.uses
    }
    return tuple(_headline(use, definitions) for use in uses.values())


def _headline(use: UseResult, definitions: Definitions) -> Headline:
    seen = use.observation
    return Headline(
        indicator=use.indicator,
        title=use.title,
        unit=seen.unit if seen else "",
        period=seen.period if seen else None,
        value=seen.value if seen else None,
        verdict=use.judgement.verdict if use.judgement else None,
        definition=definition_digest(definitions, use.indicator),
    )


WORDS = {"title", "said_as", "why", "caveats", "stands_for", "govern", "published", "examples"}


def definition_digest(definitions: Definitions, indicator: str) -> str:
    """sha256 of what an indicator's figures depend on: its definition less its words, and its code lists."""
    definition = definitions.indicators[indicator].model_dump_json(exclude=WORDS)
    codelists = {name: codes for name, codes in definitions.codelists.items() if f'"{name}"' in definition}
    return hashlib.sha256((definition + json.dumps(codelists, sort_keys=True)).encode()).hexdigest()


def provenance(
    definitions: Definitions, deliveries: Deliveries, secret: bytes | None
) -> list[dict[str, Any]]:
    """The extracts behind an edition, as they may be published.

    The digest is the plain sha256 where the source's policy is `open`, since a small file's hash can be
    guessed back to its contents; otherwise it is keyed with the workspace's secret, or absent without one.
    """
    return [_provenance(extract, definitions, secret) for extract in deliveries.extracts]


def _provenance(extract: Extract, definitions: Definitions, secret: bytes | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "source": extract.source,
        "delivery": extract.delivery,
        "file": extract.file_name,
        "supplier": extract.supplier,
        "received": extract.received.isoformat(timespec="seconds"),
        "first_month": format_month(extract.first_month) if extract.first_month else None,
        "last_month": format_month(extract.last_month) if extract.last_month else None,
    }
    return entry | published_as(extract.source, extract.sha256, definitions, secret)


def published_as(source: str, sha256: str, definitions: Definitions, secret: bytes | None) -> dict[str, str]:
    """The digest by which an extract may be named in public: empty where there can be none."""
    if definitions.policies.is_public(source):
        return {"sha256": sha256}
    if secret:
        return {"keyed_digest": hmac.new(secret, b"extract:" + sha256.encode(), "sha256").hexdigest()}
    return {}


def write_manifest(
    folder: Path,
    edition: EditionInfo,
    definitions: Definitions,
    assessment: Assessment,
    extracts: list[dict[str, Any]],
    inputs: str,
    exhibits: tuple[Exhibited, ...] = (),
) -> None:
    """Write `manifest.json` into a folder that already holds every other output.

    `extracts` are what `provenance` gives; `inputs` is the digest of everything the edition is made of;
    `exhibits` are the numbered ones of the assessment.
    """
    outputs = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "edition": {
            "name": edition.name,
            "title": edition.title,
            "as_at": edition.as_at.isoformat(),
            "as_at_note": edition.as_at_note,
            "status": edition.status.value,
            "previous": edition.previous,
            "demonstration": edition.demonstration,
        },
        "partnership": definitions.partnership.name,
        "software": {"name": "assessment", "version": edition.version},
        "inputs_digest": inputs,
        "definitions_digest": definitions.digest,
        "extracts": extracts,
        "headlines": [_headline_json(headline) for headline in headlines(assessment, definitions)],
        "measures": [
            {"group": measure.group, "measure": measure.measure, "verdict": measure.verdict.value}
            for measure in assessment.measures
        ],
        "exhibits": [
            {"name": e.name, "section": e.section, "title": e.title, "figures": [list(f) for f in e.figures]}
            for e in exhibits
        ],
        "outputs": [
            {
                "file": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in outputs
        ],
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _headline_json(headline: Headline) -> dict[str, Any]:
    period = headline.period
    return {
        "indicator": headline.indicator,
        "title": headline.title,
        "unit": headline.unit,
        "period": period.key if period else None,
        "period_start": period.start.isoformat() if period else None,
        "period_end": period.end.isoformat() if period else None,
        "basis": period.basis if period else None,
        "value": headline.value,
        "verdict": headline.verdict.value if headline.verdict else None,
        "definition": headline.definition,
    }


def read_editions(folder: Path) -> tuple[EditionRecord, ...]:
    """Every published edition of a workspace, oldest first; folders without a manifest are passed over.

    Raises ReportError where a manifest cannot be read or stands in another edition's folder.
    """
    paths = [path for path in sorted(folder.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith(".")]
    return tuple(sorted(map(_read, paths), key=lambda record: (record.as_at, record.name)))


def _read(path: Path) -> EditionRecord:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        name = manifest["edition"]["name"]
        record = EditionRecord(
            name=name,
            as_at=date.fromisoformat(manifest["edition"]["as_at"]),
            status=EditionStatus(manifest["edition"]["status"]),
            inputs_digest=manifest["inputs_digest"],
            headlines=tuple(_read_headline(entry) for entry in manifest["headlines"]),
            exhibits=tuple(_read_exhibit(entry) for entry in manifest.get("exhibits", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"{path}: not the manifest of an edition ({type(error).__name__}: {error}). "
            "Restore it, or move its folder out of reports/editions/."
        ) from None
    if name != path.parent.name:
        raise ReportError(
            f"{path}: this is the manifest of {name}; a copy of an edition belongs outside reports/editions/"
        )
    return record


def _read_headline(entry: dict[str, Any]) -> Headline:
    period = None
    if entry["period_start"]:
        start, end = date.fromisoformat(entry["period_start"]), date.fromisoformat(entry["period_end"])
        period = Period(start, end, entry["basis"])
    return Headline(
        indicator=entry["indicator"],
        title=entry["title"],
        unit=entry["unit"],
        period=period,
        value=entry["value"],
        verdict=Verdict(entry["verdict"]) if entry["verdict"] else None,
        definition=entry["definition"],
    )


def _read_exhibit(entry: dict[str, Any]) -> Exhibited:
    return Exhibited(
        name=entry["name"],
        section=entry["section"],
        title=entry["title"],
        figures=tuple((printed, result_id) for printed, result_id in entry["figures"]),
    )
