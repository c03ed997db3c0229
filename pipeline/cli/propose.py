"""`assessment ingest --propose FILE`: a draft mapping of a file that no source declares yet."""

import re
from pathlib import Path

from pipeline.cli.app import answer, progress
from pipeline.errors import DefinitionError, UsageError
from pipeline.workspace import Workspace, now, write_whole


def propose(place: Workspace, file: Path, add: bool, as_json: bool) -> None:
    """Print the draft, or add it to config/sources.yaml."""
    from pipeline.definitions.load import load
    from pipeline.ingest.proposing import propose as draft_of

    if not file.is_file():
        raise UsageError(f"--propose {file}: there is no such file")
    with place.locked(), place.passing_folder("read") as passing:
        made = draft_of(file, load(place.config), now(), passing)
    told = {
        "source": made.source_id,
        "contract": made.contract,
        "draft": made.text,
        "decide": list(made.decisions),
        "records": made.trial.records,
        "sound": made.trial.sound,
        "refused": [
            {"column": header, "reason": reason, "records": count}
            for header, reason, count in made.trial.refused
        ],
        "stopped": made.trial.stopped or None,
    }
    if not add:
        answer(as_json, told | {"added_to": None}, lambda: made.text.rstrip("\n"))
        progress("add it to config/sources.yaml, under `sources:`; --add does that")
        return
    sources = place.config / "sources.yaml"
    before = sources.read_text(encoding="utf-8")
    write_whole(sources, with_source(before, made.text), private=False)
    try:
        load(place.config)
    except DefinitionError as error:
        write_whole(sources, before, private=False)
        raise UsageError(
            f"the draft was not added, because config/ would not be in order with it:\n{error}"
        ) from None
    answer(
        as_json,
        told | {"added_to": str(sources)},
        lambda: (
            f"{made.source_id}: added at the end of {sources}\n"
            f"{len(made.decisions)} lines are marked DECIDE. Then: assessment ingest"
        ),
    )


def with_source(sources: str, draft: str) -> str:
    """The text of `sources.yaml` with the draft at the end of `sources:`; all else stays as it is.

    Raises UsageError where another section follows, so that its end is not the end of the file.
    """
    sections = re.findall(r"(?m)^([a-z_]+):", sources)
    if not sections or sections[-1] != "sources":
        raise UsageError(
            "config/sources.yaml does not end with its section `sources:`; print the draft without --add "
            "and put it there yourself"
        )
    return sources.rstrip("\n") + "\n\n" + draft
