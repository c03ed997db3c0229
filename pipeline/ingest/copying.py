"""Copying: files of the drop folder into the write-once store, hashed on their way."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.workspace import PART, Workspace, room_for, sha256_of

BLOCK_BYTES = 1 << 18  # larger ones are new memory each time
COPYING_THREADS = 2  # one copies while the other waits for the disk


class Copies:
    """The copies that a run makes, under passing names until they are put in their place."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._made: dict[Path, Path] = {}  # by what they are copies of

    def hashes(self, paths: Sequence[Path], known_sizes: set[int]) -> dict[Path, str]:
        """The sha256 of each file; where no known file has its size, a copy is made in the same pass."""
        with ThreadPoolExecutor(COPYING_THREADS) as pool:
            return dict(zip(paths, pool.map(lambda path: self._take(path, known_sizes), paths), strict=True))

    def put(self, origin: Path, target: Path, sha256: str) -> None:
        """Put a file's bytes in their place, by one rename."""
        with _receiving(origin):
            if origin not in self._made and self._copy(origin) != sha256:
                raise ExtractError(f"{origin}: it changed while it was being received; try again")
            self._workspace.private_folder(target.parent)
            self._made.pop(origin).replace(target)

    def remove(self) -> None:
        """Remove the copies that were not put anywhere."""
        for copy in self._made.values():
            copy.unlink(missing_ok=True)
        self._made.clear()

    def _take(self, path: Path, known_sizes: set[int]) -> str:
        with _receiving(path):
            return sha256_of(path) if path.stat().st_size in known_sizes else self._copy(path)

    def _copy(self, path: Path) -> str:
        """Copy a file into the store under a passing name; the hash of what was copied."""
        digest = hashlib.sha256()
        room = room_for(path.name, self._workspace.raw, path.stat().st_size)
        with room, path.open("rb") as origin:
            descriptor, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=self._workspace.raw)
            self._made[path] = Path(name)
            with os.fdopen(descriptor, "wb") as copy:
                while block := origin.read(BLOCK_BYTES):
                    digest.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
        return digest.hexdigest()


@contextlib.contextmanager
def _receiving(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExtractError(f"{path}: cannot be received ({error.strerror})") from None
