"""What an edition is: its date, its name, the edition before it, and whether it would be a new one."""

import hashlib
import hmac
import json
import re
from datetime import date, datetime, timedelta

import pipeline
from pipeline.definitions.resolved import Definitions
from pipeline.editions.record import MANIFEST, EditionRecord, read_editions
from pipeline.errors import ComputationError, UsageError
from pipeline.model.delivery import AsAt, Deliveries
from pipeline.model.edition import EditionInfo, EditionStatus
from pipeline.workspace import Workspace, sha256_of

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names that Windows keeps


def edition_date(definitions: Definitions, deliveries: Deliveries, asked: AsAt | None) -> tuple[date, str]:
    """The edition's date, and where it came from when nobody set it.

    The day of `--as-at` where it names one (a delivery does not), else `as_at` of the partnership, else the
    latest publication date that sources declare, else the latest received date. Raises ComputationError
    where there is none of these.
    """
    if isinstance(asked, datetime):
        return asked.date(), ""
    given = asked if isinstance(asked, date) else definitions.partnership.as_at
    if given:
        return given, ""
    declared = [source.published_on for source in definitions.sources.values() if source.published_on]
    if declared:
        return max(declared), "the latest publication date that a source declares"
    if deliveries.extracts:
        return max(extract.received.date() for extract in deliveries.extracts), "the latest received date"
    raise ComputationError("no extract has been received, so there is nothing to compute")


def edition_name(definitions: Definitions, deliveries: Deliveries, as_at: date, quarterly: bool) -> str:
    """`<year>-annual` or `<year>-q<n>` of the main source's last complete month that was over by `as_at`."""
    partnership = definitions.partnership
    month = deliveries.coverage.last_complete_month(
        partnership.main_source, (partnership.own_area.code,), as_at + timedelta(days=1)
    )
    if month is None:
        raise ComputationError(
            f"{partnership.main_source}: no complete month has been delivered for {partnership.area.name}, "
            "so the edition has no period to be named after. Receive its extracts, or name it with --edition."
        )
    return f"{month.year}-q{(month.month + 2) // 3}" if quarterly else f"{month.year}-annual"


def identify(
    workspace: Workspace,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: AsAt | None,
    name: str | None,
    quarterly: bool,
) -> tuple[EditionInfo, EditionRecord | None]:
    """What the new edition is called, and the edition it is compared with (None for the first).

    That is the latest one of another name that is not dated later. Raises UsageError where the name is no
    folder name everywhere, or names a final edition (names differ by more than their capitals).
    """
    day, note = edition_date(definitions, deliveries, as_at)
    name = name or edition_name(definitions, deliveries, day, quarterly)
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise UsageError(
            f"--edition {name}: use letters, digits, dashes, underscores and dots, no dot at an end"
        )
    earlier = read_editions(workspace.editions)
    same = [record for record in earlier if record.name.casefold() == name.casefold()]
    if any(record.status is EditionStatus.FINAL for record in same):
        raise UsageError(f"{name} is a final edition and is never replaced; name the new one with --edition")
    others = [record for record in earlier if record not in same and record.as_at <= day]
    previous = others[-1] if others else None
    edition = EditionInfo(
        name=name,
        title=f"{definitions.partnership.title} {day.year}",
        as_at=day,
        as_at_note=note,
        version=pipeline.__version__,
        demonstration=definitions.partnership.demonstration,
        previous=previous.name if previous else "",
    )
    return edition, previous


def inputs_digest(workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: date) -> str:
    """A digest of everything that an edition's figures and words are made of.

    It is published, so it is keyed with the workspace's secret where there is one: the hash of a small
    return could be guessed back to its contents.
    """
    parts = [definitions.digest, deliveries.warehouse_digest, as_at.isoformat(), pipeline.__version__]
    for template in sorted(workspace.templates.glob("*.*")):
        parts.append(f"{template.name} {hashlib.sha256(template.read_bytes()).hexdigest()}")
    text = "\n".join(parts).encode()
    secret = workspace.secret() if workspace.secret_file.is_file() else b""
    return hmac.new(secret, b"inputs:" + text, "sha256").hexdigest()


def is_new(
    workspace: Workspace, definitions: Definitions, deliveries: Deliveries, as_at: AsAt | None
) -> bool:
    """Whether no edition has been published from exactly these extracts, definitions and date.

    One without its receipt was published by a run that was stopped before its end, or on another machine:
    it is published again.
    """
    day, _ = edition_date(definitions, deliveries, as_at)
    digest = inputs_digest(workspace, definitions, deliveries, day)
    return not any(
        record.status is EditionStatus.FINAL or _has_receipt(workspace, record)
        for record in read_editions(workspace.editions)
        if record.inputs_digest == digest
    )


def _has_receipt(workspace: Workspace, record: EditionRecord) -> bool:
    receipt = workspace.receipts / f"{record.name}.json"
    try:
        manifest = json.loads(receipt.read_text(encoding="utf-8"))["manifest"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(manifest == sha256_of(workspace.editions / record.name / MANIFEST))
