"""Runs of `assessment` that are killed, for real, just before a step that changes files.

A run is a process of its own, forked from one that has the libraries loaded. Python announces to an audit
hook (PEP 578) every file that is opened, renamed or removed: there the process kills itself, with SIGKILL.
The software under test knows nothing of it.
"""

import hashlib
import io
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipeline.store import Store
from pipeline.workspace import Workspace

PRELOADED = ["pipeline.cli.commands", "pipeline.definitions.load", "pipeline.editions.build", "vl_convert"]
CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")
TO_WRITE = os.O_WRONLY | os.O_RDWR
SECONDS = 120
NOT_COMPARED = (".lock", "warehouse.duckdb", "warehouse.sha256")  # who held it last; rows, not bytes
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Step:
    """A moment of a run: what is about to happen, as an audit event and what it is about to happen to."""

    name: str
    event: str
    what: str  # a regular expression; paths are those in the workspace

    def __str__(self) -> str:
        return self.name

    def announced(self, event: str, what: str) -> bool:
        """Whether the event is this step."""
        return event == self.event and re.search(self.what, what) is not None


@dataclass(frozen=True)
class State:
    """What a workspace holds: the sha256 of every file but the warehouse's, and that of its tables."""

    files: dict[str, str]
    tables: str

    @property
    def editions(self) -> dict[str, str]:
        """The files that are published."""
        return {
            path: sha256 for path, sha256 in self.files.items() if re.match(r"reports/editions/[^.]", path)
        }

    @property
    def raw(self) -> dict[str, str]:
        """The extracts in the raw store."""
        return {
            path: sha256 for path, sha256 in self.files.items() if re.match(r"data/raw/\w{64}/[^.]", path)
        }


def run(
    root: Path,
    *arguments: str,
    before: Step | None = None,
    by: signal.Signals = signal.SIGKILL,
    after_seconds: float | None = None,
    events: Path | None = None,
    pdfs: bool = True,
    given: str = "",
) -> int:
    """The exit status of `assessment` with the arguments in a workspace; KILLED where it was.

    It is killed just before a step, by SIGKILL or another signal, or after so many seconds. To `events` goes
    a line for every event that changes files of the workspace. Without PDFs it runs as where Pango is absent.
    `given` is what it reads from standard input.
    """
    process = _start(root, arguments, before, by, events, pdfs, given)
    process.join(SECONDS if after_seconds is None else after_seconds)
    if after_seconds is not None:
        process.kill()
        process.join()
    assert process.exitcode is not None, f"assessment {arguments} did not end"
    return process.exitcode


@contextmanager
def halted(root: Path, *arguments: str, before: Step, pdfs: bool = False) -> Iterator[BaseProcess]:
    """A run that stands still before a step, for as long as the block lasts; then it goes on to its end."""
    process = _start(root, arguments, before, signal.SIGSTOP, None, pdfs)
    assert process.pid is not None
    try:
        deadline = time.monotonic() + SECONDS
        while not _stands_still(process.pid):
            assert process.is_alive(), f"assessment {arguments} did not come to: {before}"
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        if process.is_alive():
            os.kill(process.pid, signal.SIGCONT)
        process.join(SECONDS)


def _stands_still(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.startswith("T")


def _start(
    root: Path,
    arguments: Sequence[str],
    before: Step | None,
    by: signal.Signals,
    events: Path | None,
    pdfs: bool,
    given: str = "",
) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_main, args=(root, arguments, before, by, events, pdfs, given))
    process.start()
    return process


def _main(
    root: Path,
    arguments: Sequence[str],
    before: Step | None,
    by: signal.Signals,
    events: Path | None,
    pdfs: bool,
    given: str,
) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # whatever the tests were started with
    said = os.open(output(root), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.stdin = io.StringIO(given)
    if not pdfs:
        hidden = root.parent / "hidden"
        hidden.mkdir(exist_ok=True)
        (hidden / "weasyprint.py").write_text('raise OSError("cannot load library: no such file")\n')
        sys.path.insert(0, str(hidden))
    noted = os.open(events, os.O_WRONLY | os.O_CREAT, 0o600) if events else None

    def heed(event: str, details: tuple[object, ...]) -> None:
        what = _changed(event, details, root)
        if what is None:
            return
        if noted is not None:
            os.write(noted, f"{event} {what}\n".encode())
        if before and before.announced(event, what):
            os.kill(os.getpid(), by)

    sys.addaudithook(heed)
    sys.argv = ["assessment", *arguments, "--workspace", str(root)]
    from pipeline.cli import main

    main()


def output(root: Path) -> Path:
    """What the last run printed."""
    return root.parent / f"{root.name}.output"


def _changed(event: str, details: tuple[object, ...], root: Path) -> str | None:
    """What of the workspace an event is about to change; None where nothing."""
    if event == "ctypes.dlsym":  # a swap of two folders is a call into the system's library
        return str(details[1]) if "rename" in str(details[1]) else None
    if event == "subprocess.Popen":
        return " ".join(map(str, details[1])) if "pipeline" in str(details[1]) else None  # type: ignore[call-overload]
    if event == "open":
        path, _, flags = details
        what = str(path) if isinstance(flags, int) and flags & TO_WRITE else ""
    else:
        what = " ".join(map(str, details[:2])) if event in CHANGING else ""
    return what.replace(f"{root}/", "") if str(root) in what else None


def state(root: Path) -> State:
    """Everything a workspace holds, hidden files and what was left behind included."""
    files = {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in NOT_COMPARED
    }
    return State(files, tables(root))


def tables(root: Path) -> str:
    """A digest of every row of every table of the warehouse; empty where there is none."""
    warehouse = Workspace(root).warehouse
    if not warehouse.is_file():
        return ""
    digest = hashlib.sha256()
    with Store.reading(warehouse) as store:
        for table in store.tables():
            digest.update(f"{table}\n".encode())
            for row in sorted(map(repr, store.fetch(f'SELECT * FROM "{table}"').to_pylist())):
                digest.update(f"{row}\n".encode())
    return digest.hexdigest()
