"""`assessment purge`: a person, or a whole delivery, leaves the workspace."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import HERE, answer, fail
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import DifferenceError, UsageError
from pipeline.workspace import Workspace, now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.editions.purged import Marked
    from pipeline.ingest import Overstaying
    from pipeline.ingest.purging import Outcome, Scan


STILL, UNREAD = "STILL", "could not be searched"


def purge(
    workspace: WorkspaceOption = HERE,
    delivery: Annotated[
        str | None, typer.Option(metavar="ID", help="This whole delivery, and nobody in particular.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="ID", help="Only in deliveries of this source.")
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides; kept in the ledger.")] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept in the ledger.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a person, or a whole delivery, out of everything.

    A person's reference is read from standard input, one line, so that no log holds it.
    Records that hold it stay as events, without the person: their extracts are replaced by
    redacted ones, what is derived is made anew, editions built on them are marked, and every
    file is then searched for the reference. Keys, months and codes that have the same text stay,
    and are told by column. This cannot be undone.
    """
    from pipeline.definitions.load import load
    from pipeline.editions.purged import mark_editions
    from pipeline.ingest.purging import Reference, purge_delivery, purge_person, purged_in
    from pipeline.ingest.references import hash_of
    from pipeline.model.acceptance import Decision

    if not dry_run and not (by.strip() and reason.strip()):
        raise UsageError('a purge is on record: `assessment purge --by "NAME" --reason "TEXT"`')
    if delivery and (source or dry_run):
        raise UsageError("--delivery goes with neither --source nor --dry-run")
    place = Workspace.at(workspace)
    decision = Decision(delivery or "", by.strip(), now().date(), reason.strip())
    with place.locked():
        definitions = load(place.config)
        if delivery:
            outcome = purge_delivery(place, definitions, decision, now())
        else:
            reference = Reference.read(_line())
            if place.secret_file.is_file():
                reference = Reference(reference.text, (hash_of(place.secret(), reference.text),))
            outcome = purge_person(place, definitions, reference, decision, now(), source, dry_run)
        marked = () if dry_run else mark_editions(place, definitions, purged_in(place))
    answer(as_json, _json(outcome, marked), lambda: _text(outcome, marked, dry_run))
    if outcome.copies:
        fail("copies of the delivery are still in the workspace; see above", DifferenceError.exit_code)
    if any(one.in_free_text for one in outcome.staying):
        fail("the reference stands in free text that is stored; see above", DifferenceError.exit_code)
    if outcome.scan and (outcome.scan.found or outcome.scan.unread):
        fail("the reference may still be in the workspace; see above", DifferenceError.exit_code)


def retention_lines(overstaying: "Sequence[Overstaying]") -> "Iterator[str]":
    """Which extracts are kept for too long, and the command that takes each out."""
    for one in overstaying:
        yield (
            f"{one.file_name} was to be kept until {one.until} (`retain_months:`). Take it out: "
            f'assessment purge --delivery {one.delivery} --by "NAME" --reason "TEXT"'
        )


def _line() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Reference (not shown)", hide_input=True, prompt_suffix=": ", err=True))
    return sys.stdin.readline()


def _json(outcome: "Outcome", marked: "tuple[Marked, ...]") -> dict[str, Any]:
    scan = outcome.scan
    return {
        "deliveries": list(outcome.deliveries),
        "redacted_records": dict(outcome.records),
        "redacted_beside": dict(outcome.beside),
        "removed_from_drop_folder": [path.name for path in outcome.removed],
        "left_in_other_sources": list(outcome.untouched),
        "staying": [asdict(one) for one in outcome.staying],
        "marked_editions": [asdict(one) for one in marked],
        "copies": [str(path) for path in outcome.copies],
        "not_rebuilt": outcome.not_rebuilt or None,
        "scan": {
            "files": scan.files,
            "inside": scan.inside,
            "bytes": scan.size_bytes,
            "found_in": [str(path) for path in scan.found],
            "not_read": [str(path) for path in scan.unread],
        }
        if scan
        else None,
    }


def _text(outcome: "Outcome", marked: "tuple[Marked, ...]", dry_run: bool) -> str:
    from pipeline.cli.words import wrapped

    lines = list(_changes(outcome, "would be " if dry_run else "")) or ["no delivery holds the reference"]
    lines += [f"removed from the drop folder: {path.name}" for path in outcome.removed]
    lines += [f"left as it is, of another source: {name}" for name in outcome.untouched]
    lines += _staying_lines(outcome)
    lines += [f"{STILL} A COPY: {path}" for path in outcome.copies]
    for one in marked:
        lines.append(f"edition {one.edition}: marked, inputs purged: {', '.join(one.deliveries)}")
    if outcome.not_rebuilt:
        lines.append(f"the warehouse was removed, and cannot be made again yet: {outcome.not_rebuilt}")
    if outcome.scan:
        lines += _scan_lines(outcome.scan, bool(outcome.staying))
    if not dry_run:
        lines.append(
            "Copies outside the workspace, backups and the supplier's own files are for you to see to."
        )
    # A path is never broken.
    return "\n".join(line if line.startswith((STILL, UNREAD)) else wrapped(line, 0, 2) for line in lines)


def _changes(outcome: "Outcome", would: str) -> "Iterator[str]":
    """What is taken out of what. Of an archive that is written anew most deliveries are as they were."""
    as_they_were = 0
    for name in outcome.deliveries:
        if name in outcome.records:
            yield f"{name}: {would}redacted, {_records(outcome.records[name])}"
        elif outcome.scan is None and not would:
            yield f"{name}: purged, all of it"
        else:
            as_they_were += 1
    for name, records in outcome.beside.items():
        yield f"{name}, which no source asks for: {would}redacted, {_records(records)}"
    if as_they_were:
        others = "1 other delivery" if as_they_were == 1 else f"{as_they_were:,} other deliveries"
        yield f"{others} of the same archives: as they were; the archives {would or 'are '}written anew"


def _staying_lines(outcome: "Outcome") -> "Iterator[str]":
    """What stays, by column: as another thing of the same letters, or as part of a longer one."""
    for one in outcome.staying:
        values = "1 value" if one.values == 1 else f"{one.values:,} values"
        yield (
            f"{one.file}: {values} under {one.column!r} with the same text, or in a longer one, "
            + ("stays" if one.values == 1 else "stay")
            + ": not the person's reference there"
        )
    for one in outcome.staying:
        if one.in_free_text:
            yield (
                f"{one.file}: {one.in_free_text:,} of them in free text under {one.column!r}, which stays "
                "and may be about the person: read it, and take out the delivery with --delivery where it is"
            )


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _scan_lines(scan: "Scan", stays: bool) -> list[str]:
    lines = [
        f"searched {scan.files:,} files of config/, data/ and reports/, {scan.size_bytes:,} bytes, and "
        f"{scan.inside:,} members, tables and streams inside them: the reference is in "
        f"{len(scan.found) or 'none'} of them" + (", but for what stays" if stays else "")
    ]
    lines += [f"{STILL} IN: {path}" for path in scan.found]
    return lines + [f"{UNREAD}: {path}" for path in scan.unread]
