"""`assessment ingest`: receiving extracts, and deciding on those that wait."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import propose as proposing
from pipeline.cli import purge, quality, quarantine
from pipeline.cli.app import HERE, answer, complain, counted, fail, progress, say
from pipeline.cli.options import FromOption, JsonOption, WorkspaceOption, moment
from pipeline.errors import HeldError, UsageError
from pipeline.workspace import Workspace, now

if TYPE_CHECKING:
    from pipeline.definitions.resolved import Definitions
    from pipeline.model.acceptance import Decided
    from pipeline.model.delivery import Deliveries

SHOWN_ROWS = 50


def ingest(
    workspace: WorkspaceOption = HERE,
    from_: FromOption = None,
    received: Annotated[
        datetime | None,
        typer.Option(metavar="DATETIME", parser=moment, help="When they came; now by default."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="ID", help="Take FILE as this source, whatever its name.")
    ] = None,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="One file, with --source.")] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="DELIVERY",
            help="Take this held delivery as it is; SOURCE/YYYY-MM, or SOURCE/YYYY-MM/AREA, takes a month "
            "that is held as incomplete as whole.",
        ),
    ] = None,
    decline: Annotated[
        str | None,
        typer.Option(metavar="DELIVERY", help="Leave this held delivery out for good; it is kept."),
    ] = None,
    redate: Annotated[
        str | None,
        typer.Option(metavar="DELIVERY", help="Say that this delivery came on the date of --received."),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    propose: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draft a source for a file that none declares; receive nothing."),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="With --propose: add the draft to config/sources.yaml.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Receive extracts and rebuild the curated tables.

    Every row is checked, and accounted for in what is printed. A delivery that is not what its
    source's suite expects is held: kept, not loaded, exit 17, until --accept takes it or --decline
    leaves it out. Decisions need --by and --reason.
    """
    from pipeline.cli.accounting import accounting_json
    from pipeline.cli.words import deliveries_text, quarantined_text
    from pipeline.definitions.load import load
    from pipeline.ingest.accepting import held_text
    from pipeline.store import Store

    if (source is None) != (file is None):
        raise UsageError("--source ID and FILE go together: `assessment ingest --source police_crimes FILE`")
    if source and from_:
        raise UsageError("--source ID FILE takes in that file alone, so no --from goes with it")
    place = Workspace.at(workspace)
    if propose:
        proposing.propose(place, propose, add, as_json)
        return
    if add:
        raise UsageError("--add goes with --propose FILE")
    require_past(received)
    decision = decided(accept, decline, redate, by, reason, received)
    with place.locked():
        only = (source, file) if source and file else None
        came = None if redate else received
        deliveries = taken_in(place, load(place.config), from_, came or now(), only, decision)
        if came and not deliveries.new:
            complain(_dates_nothing(came))
    with Store.reading(place.warehouse) as store:
        rows = store.fetch(f"SELECT * FROM quarantine ORDER BY file, line LIMIT {SHOWN_ROWS}").to_pylist()
    quarantined = sum(account.quarantined for account in deliveries.accounting)
    counts = [accounting_json(account) for account in deliveries.accounting]
    held = [quality.acceptance_json(one) for one in deliveries.waiting]
    revisions = [asdict(count) for count in deliveries.revisions]
    told = {
        "deliveries": counts,
        "quarantined": {"records": quarantined, "first": rows},
        "held": held,
        "revisions": revisions,
        "corrections": [quarantine.correction_json(one) for one in deliveries.corrections],
    }
    answer(as_json, told, lambda: deliveries_text(deliveries))
    if rows and not as_json:
        say(quarantined_text(rows, quarantined))
    if deliveries.waiting:
        fail(held_text(deliveries.waiting), HeldError.exit_code)


def require_past(received: datetime | None) -> None:
    """Raise UsageError for a moment that is still to come: later deliveries would count as older ones."""
    if received and received > now():
        raise UsageError(
            f"--received {received:%Y-%m-%dT%H:%M}: that is in the future. Give the moment at which the "
            "files came; without --received they came now."
        )


def decided(
    accept: str | None,
    decline: str | None,
    redate: str | None,
    by: str | None,
    reason: str | None,
    received: datetime | None,
) -> "Decided | None":
    """What a person decides, and why: one decision with a name and a reason, or none."""
    from pipeline.model.acceptance import DateDecision, Decision

    taken = [text.strip() for text in (accept, decline, redate) if text is not None]
    signed = [text.strip() for text in (by, reason) if text is not None]
    if not taken and not signed:
        return None
    if len(taken) != 1 or len(signed) != 2 or not all(taken + signed):
        raise UsageError(
            "--accept, --by and --reason go together, as do --decline and --redate with these two; one "
            'decision at a time: `assessment ingest --accept DELIVERY --by "NAME" --reason "TEXT"`'
        )
    (item,), (name, why) = taken, signed
    at = now()
    if redate:
        if received is None:
            raise UsageError(f"--redate {item}: say with --received DATETIME when it came")
        return DateDecision(item, received, name, at, why)
    if accept and "/" in item:
        return _month(item, name, why)
    return Decision(item, name, at.date(), why, at=at, declined=decline is not None)


def _month(item: str, by: str, reason: str) -> "Decided":
    from pipeline.model.acceptance import MonthDecision
    from pipeline.model.period import parse_month

    source, month, area = (*item.split("/", 2), "")[:3]
    try:
        return MonthDecision(source, parse_month(month), area, by, now().date(), reason)
    except ValueError:
        raise UsageError(
            f"--accept {item}: {month!r} is no month written YYYY-MM, as in police_crimes/2024-03"
        ) from None


def _dates_nothing(received: datetime) -> str:
    return (
        f"--received {received:%Y-%m-%dT%H:%M} dates nothing: every file that was found had been received "
        "before, and keeps its date. To correct one: assessment ingest --redate DELIVERY "
        '--received DATETIME --by "NAME" --reason "TEXT"'
    )


def taken_in(
    place: Workspace,
    definitions: "Definitions",
    paths: list[Path] | None,
    received: datetime,
    only: tuple[str, Path] | None = None,
    decision: "Decided | None" = None,
) -> "Deliveries":
    """Receive what is new, telling what came of it as it goes. The workspace must be held."""
    from pipeline.cli.words import decided_line, delivery_lines
    from pipeline.ingest import lacking, overstaying, run

    for path in paths or ():
        if not path.exists():
            raise UsageError(f"--from {path}: there is no such file or folder")
    folders = paths or [place.incoming]
    deliveries = run(
        place, definitions, folders, received, only, progress=counted, decision=decision, today=now().date()
    )
    for line in delivery_lines(deliveries):
        progress(line)
    for name, why in lacking(definitions, deliveries.extracts).items():
        progress(f"{name} has no delivery yet, and {why}")
    for line in purge.retention_lines(overstaying(place, definitions.sources, now().date())):
        complain(line)
    if decision:
        progress(decided_line(decision))
    for correction in deliveries.corrections:
        if correction.told:
            complain(f"warning: {correction.as_warning}")
    return deliveries


def require_none_held(deliveries: "Deliveries") -> None:
    """Raise HeldError where a delivery is held: publishing waits for it; `report` publishes without it."""
    from pipeline.ingest.accepting import held_text

    if deliveries.waiting:
        rest = "\n\nNothing was published. `assessment report` publishes what has been taken."
        raise HeldError(held_text(deliveries.waiting) + rest)
