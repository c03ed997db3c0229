"""Publishing a folder so that a reader sees the old edition or the new one, never a mixture."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ReportError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # renameat2(2), Linux
_RENAME_SWAP = 2  # renamex_np(2), macOS


@contextmanager
def published(target: Path) -> Iterator[Path]:
    """A new, empty folder that takes the place of `target` when the block ends well.

    Where the block ends badly the new folder is removed and `target` stays as it was. What earlier,
    killed runs left, of this edition or of another, is mended first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _recover(target.parent)
    new = target.with_name(f".{target.name}.new")
    new.mkdir()
    try:
        yield new
        for path in sorted(new.rglob("*")):
            if path.is_file():
                _sync(path)
        _sync(new)
        try:
            _replace(new, target)
        except PermissionError:
            raise ReportError(
                f"{target}: cannot be replaced; close its files in other programs, then build again"
            ) from None
        _sync(target.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _recover(editions: Path) -> None:
    for aside in editions.glob(".*.old"):
        target = editions / aside.name.removeprefix(".").removesuffix(".old")
        if not target.exists():
            aside.rename(target)
    for leftover in (*editions.glob(".*.old"), *editions.glob(".*.new")):
        shutil.rmtree(leftover, ignore_errors=True)


def _replace(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    if _exchange(new, target):  # `new` now holds the old edition, and the caller removes it
        return
    aside = target.with_name(f".{target.name}.old")  # two renames; `_recover` mends a stop between them
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can; whether it did."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            folders = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
            return int(library.renameat2(*folders, _RENAME_EXCHANGE)) == 0
        if sys.platform == "darwin":
            return int(library.renamex_np(os.fsencode(one), os.fsencode(other), _RENAME_SWAP)) == 0
    except (OSError, AttributeError, TypeError):
        pass
    return False


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
