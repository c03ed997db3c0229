"""`assessment verify`: whether files are what was received, and what was published."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import HERE, answer, fail
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import DifferenceError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.model.verification import Verified


def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="One file, here or a copy from elsewhere.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Check that nothing was altered: extracts and editions.

    Without FILE: every stored extract, the warehouse, and every output of every edition. With
    FILE: whether that PDF, table, manifest or extract is one of them. A difference is named
    with what was expected and what was found, and ends with exit 18.
    """
    from pipeline.definitions.load import load
    from pipeline.editions import verify as verifying

    place = Workspace.at(workspace)
    if file is not None:
        found: tuple[Verified, ...] = (verifying.verify_file(place, file),)
    else:
        with place.locked():  # what another run has half done would be told as a difference
            found = verifying.verify(place, load(place.config))
    differences = [difference for one in found for difference in one.differences]
    told = {
        "verified": [{"subject": one.subject, "looked_at": one.looked_at} for one in found],
        "differences": [asdict(difference) for difference in differences],
    }
    answer(as_json, told, lambda: _text(found))
    if differences:
        many = f"{len(differences):,} differences" if len(differences) > 1 else "1 difference"
        fail(f"{many} found", DifferenceError.exit_code)


def _text(found: "Sequence[Verified]") -> str:
    """A line for everything that was looked at, and under it every difference."""
    from pipeline.cli.words import wrapped

    lines = []
    for one in found:
        standing = "NOT as it should be" if one.differences else "in order"
        told = f"{one.subject}: {standing} ({one.looked_at})"
        lines.append(told if "/" in one.subject else wrapped(told, 0, 2))  # a path is never broken
        for difference in one.differences:
            lines.append(f"  {difference.what}")
            lines.append(f"    expected: {difference.expected}")
            lines.append(f"    found:    {difference.found}")
            lines.append(wrapped(difference.next_step, 4, 4))
    return "\n".join(lines)
