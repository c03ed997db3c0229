"""`assessment request`: what to ask a supplier for, and empty files to fill."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import HERE, answer, fail
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import ReportError, UsageError
from pipeline.workspace import Workspace, now, write_whole

if TYPE_CHECKING:
    from pipeline.definitions.request import Request
    from pipeline.definitions.resolved import Definitions


def request(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Of whom: police.")],
    workspace: WorkspaceOption = HERE,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write it there, as Markdown and PDF, with empty files to fill."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the data request to send to a supplier.

    Two pages: the fields in three tiers, the success measures that each tier unlocks, and the
    legal gateway of each. With --to also as PDF, with empty files and a data dictionary.
    """
    from pipeline.cli.words import how_to_get_pdfs
    from pipeline.definitions.load import load
    from pipeline.definitions.request import kinds, request_of
    from pipeline.report.request import markdown_of

    if kind not in kinds():
        raise UsageError(f"there is no request {kind!r}; there are: {', '.join(kinds())}")
    place = Workspace.at(workspace)
    definitions = load(place.config)
    made = request_of(kind, definitions)
    text = markdown_of(made, definitions.partnership)
    if to is None:
        answer(as_json, asdict(made) | {"folder": None, "files": []}, lambda: text.rstrip("\n"))
        return
    parts, missing = _files(kind, made, definitions, place.templates)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in parts.items():
        write_whole(to / name, content, private=False)
    answer(
        as_json,
        asdict(made) | {"folder": str(to), "files": sorted(parts)},
        lambda: "\n".join([f"{to}:", *(f"  {name}" for name in sorted(parts))]),
    )
    if missing:
        fail(f"request.pdf was not made: {missing}. {how_to_get_pdfs(sys.platform)}", ReportError.exit_code)


def _files(
    kind: str, made: "Request", definitions: "Definitions", templates: Path
) -> tuple[dict[str, bytes], str]:
    """What is written, by name, and why the PDF is not among it."""
    from pipeline.report.blank_files import blank_csv, blank_workbook, dictionary_csv
    from pipeline.report.pdf import missing_libraries, pdf_bytes
    from pipeline.report.request import document_of, markdown_of

    today = now()
    parts = {
        "request.md": markdown_of(made, definitions.partnership).encode(),
        "fields.csv": dictionary_csv([field for file in made.files for field in made.headers(file)]),
    }
    for file in made.files:
        parts[f"{kind}_{file}.csv"] = blank_csv(made.headers(file))
        parts[f"{kind}_{file}.xlsx"] = blank_workbook(made.headers(file), today)
    missing = missing_libraries()
    if not missing:
        document = document_of(made, definitions.partnership, today.date().isoformat())
        parts["request.pdf"] = pdf_bytes(document, templates)
    return parts, missing
