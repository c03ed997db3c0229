"""`assessment check`: whether the definitions are in order, and what an extract can support."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import support
from pipeline.cli.app import HERE, answer, complain
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import DefinitionError
from pipeline.workspace import Workspace, now


def check(
    workspace: WorkspaceOption = HERE,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="Say which success measures this extract can support; no more."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the definitions and name what measures await.

    Every success measure is named with its indicators, or the return it awaits and from
    whom, and every mapping is tried without a file. Needs no data; where extracts have been
    received, codes in them that no list holds are told too, with the indicators that may miss
    them, and deliveries of sources that are declared no more.
    """
    from pipeline.cli.measures import carries, measures_json, measures_text
    from pipeline.cli.words import doubts_json, undeclared_lines
    from pipeline.compute.examples import run_examples
    from pipeline.definitions.load import check as check_definitions
    from pipeline.editions.doubts import Doubts, codes_in, told
    from pipeline.ingest import stale_corrections, undeclared_in, unusable_mappings

    place = Workspace.at(workspace)
    if from_:
        support.support(place, from_, as_json)
        return
    definitions, warnings = check_definitions(place.config, now().date())
    examples = run_examples(definitions, place.config)
    found = codes_in(place, definitions)
    undeclared = undeclared_in(place, definitions)
    for warning in (
        *told(Doubts(warnings, found)),
        *(f"warning: {line}" for line in undeclared_lines(undeclared)),
        *stale_corrections(place, definitions, now().date()),
    ):
        complain(warning)
    if unusable := unusable_mappings(definitions):
        raise DefinitionError("\n".join(("no file can be taken in as declared:", *unusable)))
    answer(
        as_json,
        measures_json(definitions)
        | {"examples": examples, "indicators_with": carries(definitions), **doubts_json(warnings, found)}
        | {"undeclared": dict(undeclared)},
        lambda: measures_text(definitions, examples),
    )
