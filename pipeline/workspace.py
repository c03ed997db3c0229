"""The workspace: its paths, its permissions, its lock, its secret. A workspace can be moved anywhere."""

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import LockedError, UsageError

SECRET_BYTES = 32
_LOCKED_BYTE = 1 << 30
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
        self.private_folder(self.root / "data")
        path = self.root / "data" / ".lock"
        with path.open("a+") as file:
            if not _lock(file.fileno()):
                file.seek(0)
                raise LockedError(f"{self.root}: another run holds the workspace ({_holder(file.read())})")
            try:
                file.seek(0)
                file.truncate()
                json.dump({"pid": os.getpid(), "started": now().isoformat(timespec="seconds")}, file)
                file.flush()
                yield
            finally:
                file.seek(0)
                file.truncate()


def write_whole(path: Path, text: str, private: bool = True) -> None:
    """Write a file through a temporary one beside it, so that it is never half-written.

    A private file is for its owner only.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    mode = 0o600 if private else 0o644
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


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
