"""The options that several commands share, and how their values are read."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer


def day(text: str) -> date:
    """A date as `--as-at` takes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date written YYYY-MM-DD") from None


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
    date | None,
    typer.Option(metavar="DATE", parser=day, help="The edition's date; by default that of partnership.yaml."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
