"""The command line. Each command reads its flags, calls one stage, and prints what came of it.

Heavy libraries are imported inside commands, so that `assessment --help` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import check, figures, purge, quality, quarantine, request, returns, verify
from pipeline.cli import ingest as ingesting
from pipeline.cli.app import HERE, answer, app, complain, fail, main, progress, say
from pipeline.cli.options import AsAtOption, EditionOption, FromOption, JsonOption, WorkspaceOption
from pipeline.errors import ReportError
from pipeline.workspace import Workspace, now, write_whole

if TYPE_CHECKING:
    from pipeline.definitions.resolved import Definitions
    from pipeline.editions.build import Built
    from pipeline.model.delivery import AsAt, Deliveries


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    as_json: JsonOption = False,
) -> None:
    """Make a new workspace to edit.

    It holds the demonstration partnership's configuration and a secret of its own.
    """
    from pipeline.editions.starter import start_workspace

    workspace = start_workspace(folder)
    answer(
        as_json,
        {"workspace": str(workspace.root), "secret": str(workspace.secret_file)},
        lambda: "\n".join(
            [
                f"{workspace.root}: a new workspace, with its secret in {workspace.secret_file}",
                "Next: put your area into config/partnership.yaml, or see it work first:",
                f"  assessment demo --workspace {folder}",
                f"  assessment build --workspace {folder}",
            ]
        ),
    )


@app.command()
def demo(
    workspace: WorkspaceOption = HERE,
    quarter: Annotated[
        bool, typer.Option("--quarter", help="Deliver the one further quarter, for `refresh`.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the extracts of a synthetic partnership.

    They go to data/incoming/ with the dates on which they came; config/partnership.yaml
    is set to the date they stand at.
    """
    from pipeline.definitions.edit import with_as_at
    from pipeline.demo import generate
    from pipeline.demo.timeline import END_OF_MAIN, END_OF_QUARTER

    place = Workspace.at(workspace)
    new_secret = place.make_secret()
    summary = generate(place.incoming, quarter=quarter)
    as_at = END_OF_QUARTER if quarter else END_OF_MAIN
    partnership = place.config / "partnership.yaml"
    write_whole(partnership, with_as_at(partnership.read_text(encoding="utf-8"), as_at), private=False)
    rows = sum(count for _, count in summary.rows)
    secret = "; the workspace has a new secret" if new_secret else ""
    answer(
        as_json,
        {"files": dict(summary.rows), "folder": str(place.incoming), "as_at": as_at.isoformat()},
        lambda: (
            f"{len(summary.rows)} demonstration extracts, {rows:,} rows, in {place.incoming}\n"
            f"as_at is now {as_at} in config/partnership.yaml{secret}"
        ),
    )


app.command()(ingesting.ingest)
app.command()(check.check)


@app.command()
def compute(workspace: WorkspaceOption = HERE, as_at: AsAtOption = None, as_json: JsonOption = False) -> None:
    """Compute every figure and print the headlines."""
    from pipeline.cli.published import headlines_text
    from pipeline.cli.words import doubts_json
    from pipeline.definitions.load import load
    from pipeline.editions.build import evaluate
    from pipeline.editions.doubts import told
    from pipeline.editions.identity import edition_date
    from pipeline.ingest import deliveries_as_at
    from pipeline.report.tables import comparison_rows, result_rows

    place = Workspace.at(workspace)
    definitions = load(place.config)
    deliveries = deliveries_as_at(place, definitions, as_at)
    figures.tell_left_out(deliveries)
    day, _ = edition_date(definitions, deliveries, as_at)
    evaluation = evaluate(place, definitions, deliveries, day, progress)
    answer(
        as_json,
        {
            "results": result_rows(evaluation.results),
            "comparisons": comparison_rows(evaluation.assessment),
            **doubts_json(evaluation.doubts.issues, evaluation.doubts.codes),
        },
        lambda: headlines_text(evaluation.assessment, definitions),
    )
    for doubt in told(evaluation.doubts):
        complain(doubt)


app.command()(figures.preview)
app.command()(figures.explain)
app.command()(quality.quality)
app.command()(request.request)
app.command()(quarantine.quarantine)
app.command()(returns.returns)
app.command()(verify.verify)
app.command()(purge.purge)


@app.command()
def report(
    workspace: WorkspaceOption = HERE,
    edition: EditionOption = None,
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish an edition of what has been received."""
    from pipeline.definitions.load import load
    from pipeline.ingest import deliveries_of

    place = Workspace.at(workspace)
    with place.locked():
        built = _publish(place, load(place.config), deliveries_of(place), edition, as_at, quarterly=False)
    _finish(built, as_json)


@app.command()
def build(
    workspace: WorkspaceOption = HERE,
    from_: FromOption = None,
    edition: EditionOption = None,
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Receive, compute and publish: all of it."""
    from pipeline.definitions.load import load

    place = Workspace.at(workspace)
    with place.locked():
        definitions = load(place.config)
        deliveries = ingesting.taken_in(place, definitions, from_, now())
        ingesting.require_none_held(deliveries)
        built = _publish(place, definitions, deliveries, edition, as_at, quarterly=False)
    _finish(built, as_json)


@app.command()
def refresh(
    workspace: WorkspaceOption = HERE,
    from_: FromOption = None,
    edition: EditionOption = None,
    as_at: AsAtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build unattended, where anything is new.

    Publishes a draft edition and says what differs from the last one. With nothing new it
    says so and writes nothing.
    """
    from pipeline.definitions.load import load
    from pipeline.editions.identity import is_new
    from pipeline.ingest import known_at

    place = Workspace.at(workspace)
    with place.locked():
        definitions = load(place.config)
        deliveries = ingesting.taken_in(place, definitions, from_, now())
        ingesting.require_none_held(deliveries)
        deliveries = known_at(place, definitions, deliveries, as_at)
        if not is_new(place, definitions, deliveries, as_at):
            answer(as_json, {"edition": None, "new": False}, lambda: "nothing new; nothing was written")
            return
        built = _publish(place, definitions, deliveries, edition, as_at, quarterly=True)
    _finish(built, as_json)


def _publish(
    place: Workspace,
    definitions: "Definitions",
    deliveries: "Deliveries",
    name: str | None,
    as_at: "AsAt | None",
    *,
    quarterly: bool,
) -> "Built":
    from pipeline.editions.build import evaluate, publish
    from pipeline.editions.identity import identify
    from pipeline.ingest import known_at, require_unaltered

    require_unaltered(place)
    deliveries = known_at(place, definitions, deliveries, as_at)
    figures.tell_left_out(deliveries)
    edition, previous = identify(place, definitions, deliveries, as_at, name, quarterly)
    evaluation = evaluate(place, definitions, deliveries, edition.as_at, progress)
    return publish(place, evaluation, edition, previous, progress)


def _finish(built: "Built", as_json: bool) -> None:
    from pipeline.cli.published import edition_json, edition_text
    from pipeline.cli.words import how_to_get_pdfs

    answer(as_json, edition_json(built), lambda: edition_text(built))
    for doubt in built.warnings:
        complain(doubt)
    if built.without:
        told = f"the PDFs were not made: {built.without}. {how_to_get_pdfs(sys.platform)}"
        fail(told, ReportError.exit_code)


@app.command()
def schema(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Write the schema that editors complete keys by.

    Editors find it by the first line of config/indicators.yaml. With --json it is printed
    and not written.
    """
    from pipeline.definitions.schema import FILE_NAME, schema_text

    path = Workspace.at(workspace).config / FILE_NAME
    if as_json:
        say(schema_text().rstrip())
        return
    write_whole(path, schema_text(), private=False)
    say(f"{path}: written")


if __name__ == "__main__":
    main()
