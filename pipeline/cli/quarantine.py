"""`assessment quarantine`: the rows that are in no figure, and those that were loaded and are doubtful."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.app import HERE, answer
from pipeline.cli.options import JsonOption, WorkspaceOption
from pipeline.errors import UsageError
from pipeline.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from pipeline.model.correction import CorrectionResult
    from pipeline.store import Store

SHOWN_ROWS = 50
QUARANTINED, FLAGGED = "quarantined", "flagged"  # what was decided of a row
COLUMNS = ("decision", "source", "delivery", "file", "line", "column", "rule", "reason")
Broken = dict[str, Any]


def quarantine(
    workspace: WorkspaceOption = HERE,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Rows of this source only.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write every row to this CSV file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the rows that are quarantined, and those that are flagged.

    A quarantined row counts in no figure until the supplier sends it right, or an entry of
    config/corrections.yaml releases it. A flagged row is loaded; one thing about it is doubtful.
    Each is named by file and line, with the rule and the reason. Values are never shown.
    """
    from pipeline.definitions.load import load
    from pipeline.ingest import deliveries_of
    from pipeline.store import Store

    place = Workspace.at(workspace)
    definitions = load(place.config)
    if source is not None and source not in definitions.sources:
        raise UsageError(f"there is no source {source!r}; there are: {', '.join(definitions.sources)}")
    deliveries = deliveries_of(place)
    with Store.reading(place.warehouse) as store:
        found = [*_rows(store, "quarantine", QUARANTINED, source), *_rows(store, "flagged", FLAGGED, source)]
    flagged: dict[tuple[str, ...], int] = {
        (account.delivery, *flag[:3]): flag[3] for account in deliveries.accounting for flag in account.flags
    }
    totals = _totals(found, flagged)
    if to is not None:
        _require_free(to, place)
        write_whole(to, _csv(found))
    told = {"rules": totals, "rows": found, "file": str(to) if to else None}
    answer(as_json, told, lambda: _text(found, totals, to))


def _require_free(to: Path, place: Workspace) -> None:
    """Raise UsageError where the list would take the place of anything but an earlier list."""
    path = to.resolve()
    if any(path.is_relative_to(folder) for folder in (place.config, place.root / "data", place.editions)):
        raise UsageError(f"--to {to}: the list cannot go where the workspace keeps its own files")
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"--to {to}: name a file, in a folder that is there")
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            if file.readline().rstrip("\n") != ",".join(COLUMNS):
                raise UsageError(f"--to {to}: it is there already and is no such list; name another file")


def correction_json(one: "CorrectionResult") -> dict[str, Any]:
    """What came of an entry of corrections.yaml, for machines."""
    return {
        "line": one.line,
        "source": one.source,
        "rule": one.rule,
        "state": one.state.value,
        "records": one.records,
        "by": one.by,
        "on": one.on.isoformat(),
        "until": one.until.isoformat(),
        "reason": one.reason,
        "told": one.told,
    }


def _rows(store: "Store", table: str, decision: str, source: str | None) -> list[Broken]:
    """The rows of one of the two tables, in the order of files and lines."""
    chosen = "WHERE source = $1 " if source else ""
    rows = store.rows(
        f'SELECT source, delivery, file, line, "column", rule, reason FROM {table} {chosen}'
        "ORDER BY source, delivery, line, rule",
        [source] if source else [],
    )
    return [{"decision": decision, **row} for row in rows]


def _totals(found: Sequence[Broken], flagged: dict[tuple[str, ...], int]) -> list[dict[str, Any]]:
    """How many rows break each rule. Of flagged rows only the first are listed, and all are counted."""
    totals: dict[tuple[str, ...], int] = {}
    counted: set[tuple[str, ...]] = set()
    for row in found:
        key = (row["decision"], row["source"], row["column"], row["rule"], row["reason"])
        own = (row["delivery"], row["column"], row["rule"], row["reason"])
        if row["decision"] == QUARANTINED:
            totals[key] = totals.get(key, 0) + 1
        elif own not in counted:
            counted.add(own)
            totals[key] = totals.get(key, 0) + flagged.get(own, 0)
    names = ("decision", "source", "column", "rule", "reason")
    return [dict(zip(names, key, strict=True)) | {"rows": rows} for key, rows in totals.items()]


def _text(found: Sequence[Broken], totals: Sequence[dict[str, Any]], to: Path | None) -> str:
    from pipeline.cli.words import wrapped

    if not found:
        return "no row is quarantined, and none is flagged"
    lines: list[str] = []
    for decision, meaning in (
        (QUARANTINED, "quarantined: kept, and in no figure"),
        (FLAGGED, "flagged: loaded, and doubtful"),
    ):
        own = [one for one in totals if one["decision"] == decision]
        if own:
            lines.append(meaning)
            lines += [wrapped(f"{one['rows']:,} of {one['source']}: {_rule(one)}", 2, 4) for one in own]
    if to is not None:
        return "\n".join([*lines, f"{to}: {len(found):,} lines"])
    lines += [
        wrapped(f"{row['file']}:{row['line']}: {_rule(row)} ({row['decision']})", 0, 2)
        for row in found[:SHOWN_ROWS]
    ]
    if len(found) > SHOWN_ROWS:
        lines.append(f"and {len(found) - SHOWN_ROWS:,} more; --to FILE.csv writes them all")
    if any(row["decision"] == QUARANTINED for row in found):
        lines.append(
            wrapped(
                "To release a row that is right, or whose value you know, write an entry into "
                "config/corrections.yaml: docs/how-to/release-a-row.md.",
                0,
            )
        )
    return "\n".join(lines)


def _rule(row: dict[str, Any]) -> str:
    """What a row is not; a rule about the whole record names no column."""
    return f"{row['column']}: {row['reason']}" if row["column"] else str(row["reason"])


def _csv(found: Sequence[Broken]) -> str:
    """Every row for a spreadsheet; a text that it would run as a formula stands behind an apostrophe."""
    from pipeline.report.tables import as_text

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([as_text(row[name]) for name in COLUMNS] for row in found)
    return text.getvalue()
