"""The options that several commands share, and how their values are read."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.model.delivery import AsAt

DELIVERY = re.compile(r"[a-z][a-z0-9_]*-[0-9]{4,}")
DATE_LENGTH = len("YYYY-MM-DD")


def as_at(text: str) -> AsAt:
    """A date, a moment or a delivery's id, as `--as-at` takes them; a moment without a zone is UTC."""
    if DELIVERY.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text) if len(text) <= DATE_LENGTH else moment(text)
    except (ValueError, typer.BadParameter):
        raise typer.BadParameter(
            f"{text} is not a date written YYYY-MM-DD, a date and time written YYYY-MM-DDTHH:MM, "
            "or the id of a delivery, such as police_crimes-0003"
        ) from None


def moment(text: str) -> datetime:
    """A date and time as `--received` takes it; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date and time written YYYY-MM-DDTHH:MM") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", "-w", metavar="DIR", help="The workspace; the current folder by default."),
]
FromOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--from",
        metavar="PATH",
        help="A folder to search, or a file; may be repeated. By default the workspace's data/incoming/.",
    ),
]
EditionOption = Annotated[str | None, typer.Option(metavar="NAME", help="The edition's folder name.")]
AsAtOption = Annotated[
    Any,  # a date, a datetime or a delivery's id: `AsAt | None`, which typer cannot take
    typer.Option(
        metavar="DATE|DATETIME|DELIVERY",
        parser=as_at,
        help="Only what had been received by then, and periods over by then; by default everything, as at "
        "the date of partnership.yaml.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
