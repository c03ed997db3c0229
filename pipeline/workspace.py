"""The workspace: its paths, its permissions, its lock, its secret. A workspace can be moved anywhere."""

import errno
import hashlib
import json
import os
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import LockedError, NoRoomError, UsageError

SECRET_BYTES = 32
PART = ".part"  # ends the name of a file that is being written
_LOCKED_BYTE = 1 << 30
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows has none, and hardly any links
SECRET_VARIABLE = "ASSESSMENT_SECRET_FILE"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with `config/`, `data/` and `reports/`."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> "Workspace":
        """The workspace in `folder`. Raises UsageError where there is none."""
        root = folder.resolve()
        if not (root / "config" / "partnership.yaml").is_file():
            raise UsageError(
                f"{folder}: not a workspace (there is no config/partnership.yaml in it). "
                "Name one with --workspace DIR, or make one with `assessment init DIR`."
            )
        return cls(root)

    @property
    def config(self) -> Path:
        """Where definitions live."""
        return self.root / "config"

    @property
    def incoming(self) -> Path:
        """The drop folder."""
        return self.root / "data" / "incoming"

    @property
    def raw(self) -> Path:
        """Extracts as received; only receiving writes here."""
        return self.root / "data" / "raw"

    @property
    def receipts(self) -> Path:
        """Plain hashes and timings; never published."""
        return self.root / "data" / "receipts"

    @property
    def curated(self) -> Path:
        """The warehouse and what stands beside it."""
        return self.root / "data" / "curated"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.curated / "warehouse.duckdb"

    @property
    def editions(self) -> Path:
        """What is published."""
        return self.root / "reports" / "editions"

    @property
    def templates(self) -> Path:
        """The workspace's own templates; the packaged ones serve where a file is absent."""
        return self.root / "reports" / "templates"

    def private_folder(self, path: Path) -> Path:
        """`path`, made if need be, readable by its owner only."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        return path

    @contextmanager
    def passing_folder(self, what: str) -> Iterator[Path]:
        """A private folder for files made on the way, which goes with the block.

        What a killed run leaves of it the next one sweeps away, so the workspace must be held.
        """
        beside = f".{self.warehouse.name}.{what}."
        with tempfile.TemporaryDirectory(prefix=beside, dir=self.private_folder(self.curated)) as folder:
            yield Path(folder)

    def check_private(self) -> None:
        """Raise UsageError where an output is a link to elsewhere, or others can read what was received."""
        folders = (self.root / "data", self.raw, self.curated, self.receipts)
        outputs = (*folders, self.warehouse, self.editions.parent, self.editions)
        for path in (*outputs, *(self.editions.glob("*") if self.editions.is_dir() else ())):
            if path.is_symlink():
                raise UsageError(
                    f"{path}: it is a link to {path.readlink()}, and nothing is written through a link. "
                    "Put the folder itself in its place, or name the workspace that it belongs to."
                )
        if os.name != "posix" or not self.raw.is_dir():
            return
        for path in filter(Path.is_dir, folders):
            mode = path.stat().st_mode & 0o777
            if mode & 0o077:
                raise UsageError(
                    f"{path}: others on this computer can read it (mode {mode:o}), and it holds what was "
                    f"received. Run: chmod -R go-rwx {shlex.quote(str(self.root / 'data'))}"
                )

    @property
    def secret_file(self) -> Path:
        """Where the workspace's secret is: a file outside version control, or the one a variable names."""
        named = os.environ.get(SECRET_VARIABLE)
        return Path(named) if named else self.root / "data" / "secret"

    def secret(self) -> bytes:
        """The secret. Raises UsageError where it is missing, short or readable by others."""
        path = self.secret_file
        if not path.is_file():
            raise UsageError(
                f"{path}: the workspace's secret is missing, and person references are hashed with it. "
                f"`assessment init` makes one; to use another file set {SECRET_VARIABLE}."
            )
        value = path.read_bytes().strip()
        if len(value) < SECRET_BYTES:
            raise UsageError(f"{path}: the secret has {len(value)} bytes; at least {SECRET_BYTES} are needed")
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(f"{path}: the secret can be read by others; run: chmod 600 {path}")
        return value

    def make_secret(self) -> bool:
        """Make a secret where there is none; whether one was made."""
        if self.secret_file.exists():
            return False
        self.private_folder(self.root / "data")
        with os.fdopen(os.open(self.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        return True

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the workspace: one run at a time. Raises LockedError naming the holder and its start.

        The lock is the operating system's, on an open file, so a run that dies lets go of it.
        """
        self.check_private()
        self.private_folder(self.root / "data")
        path = self.root / "data" / ".lock"
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600), "r+") as file:
            if not _lock(file.fileno()):
                file.seek(0)
                raise LockedError(f"{self.root}: another run holds the workspace ({_holder(file.read())})")
            try:
                file.seek(0)
                file.truncate()
                json.dump({"pid": os.getpid(), "started": now().isoformat(timespec="seconds")}, file)
                file.flush()
                self.sweep()
                yield
            finally:
                file.seek(0)
                file.truncate()

    def sweep(self) -> None:
        """Remove what a killed run left half-made. Only the run that holds the workspace may."""
        for folder in (self.raw, self.receipts):
            for left in folder.rglob(f".*{PART}"):
                left.unlink(missing_ok=True)
        for left in self.curated.glob(f".{self.warehouse.name}.*"):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)


@contextmanager
def room_for(what: str, folder: Path, needed_bytes: int = 0) -> Iterator[None]:
    """Write `what` below `folder`. Raises NoRoomError where the disk cannot hold it.

    That is before anything is written where it is known to need more bytes than are free, else when the
    disk is full; all that was free did not do then.
    """
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise _no_room(what, folder, f"{needed_bytes:,}", free_bytes)
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _no_room(what, folder, f"more than {free_bytes:,}", free_bytes) from None


def _no_room(what: str, folder: Path, needed: str, free_bytes: int) -> NoRoomError:
    return NoRoomError(
        f"the disk is full: {what} needs {needed} bytes in {folder}, and {free_bytes:,} are free. "
        "Nothing was published and what was there is as it was. Make room, then run it again."
    )


def write_whole(path: Path, content: str | bytes, private: bool = True) -> None:
    """Write a file through a temporary one beside it, so that it is never half-written.

    A private file is for its owner only.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    mode = 0o600 if private else 0o644
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lock(descriptor: int) -> bool:
    """Take an exclusive lock on an open file; whether it was free."""
    if os.name == "nt":
        import msvcrt

        # A byte far behind the text, and the same one in every run: Windows locks where the file stands.
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']}, started {holder['started']}"
    except (ValueError, KeyError):
        return "it has just started"


def now() -> datetime:
    """The clock, read only at the edges and passed in everywhere else."""
    return datetime.now(UTC)
