"""Verifying what is published: every output of an edition against its manifest, and any file against all."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.definitions.resolved import Definitions
from pipeline.editions.purged import MARK
from pipeline.editions.record import MANIFEST
from pipeline.errors import UsageError
from pipeline.ingest import verifying
from pipeline.model.verification import Difference, Verified
from pipeline.workspace import Workspace, sha256_of

RESTORE = "Restore it from a backup, or build the edition again."


def verify(workspace: Workspace, definitions: Definitions) -> tuple[Verified, ...]:
    """The raw store, the warehouse and every edition of a workspace."""
    editions = sorted(workspace.editions.glob("[!.]*/"))
    return (
        verifying.verify_raw(workspace),
        verifying.verify_warehouse(workspace, definitions),
        *(verify_edition(workspace, folder) for folder in editions),
    )


def verify_file(workspace: Workspace, path: Path) -> Verified:
    """One file: an output of an edition, wherever a copy of it lies, or an extract.

    Raises UsageError where there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    path = path.resolve()
    if path.is_relative_to(workspace.raw):
        return verifying.verify_stored(workspace, path)
    folder = (
        workspace.editions / path.relative_to(workspace.editions).parts[0]
        if _within(path, workspace)
        else None
    )
    if folder is not None and (folder / MANIFEST).is_file():
        edition = verify_edition(workspace, folder)
        own = tuple(one for one in edition.differences if one.what == str(path))
        return Verified(str(path), f"the manifest of {folder.name}", own)
    return _copy(workspace, path)


def _within(path: Path, workspace: Workspace) -> bool:
    return path.is_relative_to(workspace.editions) and path.parent != workspace.editions


def verify_edition(workspace: Workspace, folder: Path) -> Verified:
    """The outputs of one edition against its manifest, and the manifest against the receipt of its build."""
    subject = f"edition {folder.name}"
    path = folder / MANIFEST
    outputs = _outputs(path)
    if outputs is None:
        damage = Difference(str(path), "the manifest of an edition", "a file that cannot be read", RESTORE)
        return Verified(subject, "its manifest", (damage,))
    is_marked = folder.with_name(f"{folder.name}{MARK}").exists()
    return Verified(
        subject,
        f"{len(outputs):,} outputs, against its manifest{'; marked: inputs purged' if is_marked else ''}",
        (*_manifest(workspace, path), *_differing(folder, outputs)),
    )


def _differing(folder: Path, outputs: dict[str, str]) -> Iterator[Difference]:
    for name, sha256 in outputs.items():
        path = folder / name
        there = sha256_of(path) if path.is_file() else ""
        if there != sha256:
            found = f"sha256 {there}" if there else verifying.NOTHING
            yield Difference(str(path), f"sha256 {sha256}", found, RESTORE)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST and path.relative_to(folder).as_posix() not in outputs:
            added = "a file that the edition was not published with"
            yield Difference(str(path), verifying.NOTHING, added, "Move it out of the edition's folder.")


def _manifest(workspace: Workspace, path: Path) -> Iterator[Difference]:
    """The manifest against the hash that the build wrote to `data/receipts/`, where that is at hand."""
    receipt = workspace.receipts / f"{path.parent.name}.json"
    try:
        expected = json.loads(receipt.read_text(encoding="utf-8"))["manifest"]
    except (OSError, ValueError, KeyError, TypeError):
        return  # published on another machine, or by an earlier version
    found = sha256_of(path)
    if found != expected:
        yield Difference(str(path), f"sha256 {expected}", f"sha256 {found}", RESTORE)


def _outputs(manifest: Path) -> dict[str, str] | None:
    """By output: the sha256 it was published with. None where the manifest cannot be read."""
    try:
        entries: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
        return {str(entry["file"]): str(entry["sha256"]) for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy(workspace: Workspace, path: Path) -> Verified:
    """A file that lies elsewhere: which output of which edition, or which delivery, it is."""
    sha256 = sha256_of(path)
    same_name = []
    for manifest in sorted(workspace.editions.glob(f"[!.]*/{MANIFEST}")):
        edition = manifest.parent.name
        outputs = _outputs(manifest) or {}
        outputs[MANIFEST] = sha256_of(manifest)
        for name, expected in outputs.items():
            if expected == sha256:
                return Verified(str(path), f"it is {name} of edition {edition}, as published")
            if Path(name).name == path.name:
                same_name.append(f"sha256 {expected} ({edition})")
    deliveries = verifying.deliveries_with(workspace, sha256)
    if deliveries:
        return Verified(str(path), f"it is the file of {', '.join(deliveries)}, as received")
    expected = " or ".join(same_name) or "an output of an edition, or a file that was received"
    asked = "Ask where the file comes from; what was published stands in reports/editions/."
    return Verified(
        str(path),
        "every edition and every delivery of the workspace",
        (Difference(str(path), expected, f"sha256 {sha256}", asked),),
    )
