"""Editions whose inputs were purged: marked by a file beside them, since what is published stays as it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.definitions.resolved import Definitions
from pipeline.editions.record import MANIFEST, published_as
from pipeline.ingest.purging import Purged
from pipeline.workspace import Workspace, write_whole

MARK = ".inputs-purged.json"  # follows the edition's name


@dataclass(frozen=True, slots=True)
class Marked:
    """An edition, and its deliveries that are no longer what it was built on."""

    edition: str
    deliveries: tuple[str, ...]


def mark_editions(
    workspace: Workspace, definitions: Definitions, purged: tuple[Purged, ...]
) -> tuple[Marked, ...]:
    """Mark every edition that is built on what was purged since; take the mark off those that are not."""
    marked = tuple(_marked(workspace, definitions, purged))
    by_edition = {one.edition: one for one in marked}
    for path in workspace.editions.glob(f"*{MARK}"):
        if path.name.removesuffix(MARK) not in by_edition:
            path.unlink()
    days = {one.delivery: one.on for one in purged}
    for one in marked:
        inputs = [{"delivery": name, "purged_on": days[name]} for name in one.deliveries]
        told = {"edition": one.edition, "mark": "inputs purged", "inputs": inputs}
        text = json.dumps(told, indent=1) + "\n"
        write_whole(workspace.editions / f"{one.edition}{MARK}", text, private=False)
    return marked


def _marked(workspace: Workspace, definitions: Definitions, purged: tuple[Purged, ...]) -> Iterator[Marked]:
    secret = workspace.secret() if workspace.secret_file.is_file() else None
    by_delivery = {one.delivery: one for one in purged}
    for manifest in sorted(workspace.editions.glob(f"[!.]*/{MANIFEST}")):
        names = []
        for entry in _extracts(manifest):
            one = by_delivery.get(entry.get("delivery", ""))
            if one and not (one.sha256 and _is(entry, one, definitions, secret)):
                names.append(one.delivery)
        if names:
            yield Marked(manifest.parent.name, tuple(names))


def _extracts(manifest: Path) -> list[dict[str, str]]:
    try:
        found: list[dict[str, str]] = json.loads(manifest.read_text(encoding="utf-8"))["extracts"]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # `verify` says that the manifest cannot be read
    return found


def _is(entry: dict[str, str], one: Purged, definitions: Definitions, secret: bytes | None) -> bool:
    """Whether an edition was built on what is left of the delivery."""
    digest = published_as(one.source, one.sha256, definitions, secret)
    return bool(digest) and digest.items() <= entry.items()
