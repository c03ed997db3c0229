"""`assessment check --from FILE`: which success measures an extract can support, and what it lacks."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.app import answer
from pipeline.errors import UsageError
from pipeline.workspace import Workspace, now

if TYPE_CHECKING:
    from pipeline.definitions.needs import Need, Support
    from pipeline.ingest.proposing import Extent


def support(place: Workspace, file: Path, as_json: bool) -> None:
    """Print what each success measure could be counted of the file. Nothing is received."""
    from pipeline.definitions.load import load
    from pipeline.definitions.needs import supports
    from pipeline.ingest.proposing import extent_of

    if not file.is_file():
        raise UsageError(f"--from {file}: there is no such file")
    definitions = load(place.config)
    with place.locked(), place.passing_folder("read") as passing:
        extent = extent_of(file, definitions, now(), passing)
    found = supports(definitions, extent.there, extent.contracts)
    answer(as_json, _json(extent, found), lambda: _text(file, extent, found))


def _text(file: Path, extent: "Extent", found: "tuple[Support, ...]") -> str:
    from pipeline.cli.words import wrapped
    from pipeline.definitions.needs import Standing

    absent = len(extent.headings) - len(extent.there & extent.headings.keys())
    lines = [
        wrapped(f"{file.name}: {extent.records:,} records, read as {extent.source}, by {extent.by}", 0, 2)
    ]
    lines.append(f"{absent} of {len(extent.headings)} columns that it could have are missing or empty")
    for standing, heading in (
        (Standing.WHOLE, "Can be counted"),
        (Standing.IN_PART, "In part"),
        (Standing.LACKING, "Cannot be counted"),
        (Standing.ELSEWHERE, "Of other extracts, or of none yet"),
    ):
        group = [one for one in found if one.standing is standing]
        if group:
            lines += ["", f"{heading} ({len(group)} of {len(found)})"]
        for one in group:
            others = f" ({', '.join(one.others)})" if one.others else ""
            lines.append(wrapped(one.title + others, 2, 4))
            lines += [wrapped(line, 4, 6) for line in _lacks(extent, one)]
    return "\n".join(lines)


def _lacks(extent: "Extent", one: "Support") -> Iterator[str]:
    for indicator, needs in one.lacking.items():
        yield f"{indicator} lacks {', '.join(_named(extent, need) for need in needs)}"
    for cut, needs in one.cuts.items():
        yield f"{cut}: no such table without {', '.join(_named(extent, need) for need in needs)}"


def _named(extent: "Extent", need: "Need") -> str:
    """A column with the heading it is expected under."""
    from pipeline.definitions.needs import ROW

    heading = extent.headings.get(need, "")
    what = f"a row for each of the {need.contract}" if need.column == ROW else need.column
    under = f" ({heading})" if heading else ""
    return f"{what}{under}, which is empty" if need in extent.empty else f"{what}{under}"


def _json(extent: "Extent", found: "tuple[Support, ...]") -> dict[str, Any]:
    return {
        "source": extent.source,
        "by": extent.by,
        "records": extent.records,
        "columns": sorted(f"{need.contract}.{need.column}" for need in extent.there),
        "empty": sorted(f"{need.contract}.{need.column}" for need in extent.empty),
        "measures": [
            {
                "priority": one.group,
                "measure": one.measure,
                "title": one.title,
                "standing": one.standing.value,
                "indicators": list(one.carried),
                "lacking": {
                    name: [f"{need.contract}.{need.column}" for need in needs]
                    for name, needs in one.lacking.items()
                },
                "cuts_lost": {
                    name: [f"{need.contract}.{need.column}" for need in needs]
                    for name, needs in one.cuts.items()
                },
                "other_sources": list(one.others),
            }
            for one in found
        ],
    }
