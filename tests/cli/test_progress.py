"""A bar with files and rows, on a terminal and for what takes over two seconds only."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.cli import progress
from tests.three_areas import three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a terminal as POSIX has it")
ROWS = 792


def on_a_terminal(*arguments: object, after_seconds: float) -> tuple[str, str]:
    """What `assessment` shows on a terminal of 80 columns, and what it prints as its result.

    What takes longer than `after_seconds` is long.
    """
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    started = f"from pipeline.cli import main, progress\nprogress.AFTER_SECONDS = {after_seconds}\nmain()\n"
    command = [sys.executable, "-c", started, *map(str, arguments)]
    shown: list[bytes] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, text=True, env=os.environ | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        reader = threading.Thread(target=lambda: shown.extend(_all_of(ours)))
        reader.start()
        result, _ = process.communicate()
        reader.join()
    os.close(ours)
    assert process.returncode == 0, b"".join(shown)
    return b"".join(shown).decode(), result


def _all_of(terminal: int) -> list[bytes]:
    read: list[bytes] = []
    while True:
        try:
            block = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            block = b""
        if not block:
            return read
        read.append(block)


def test_a_bar_with_files_and_rows_for_what_takes_long(tmp_path: Path) -> None:
    root = three_areas(tmp_path / "workspace")  # its delivery is judged, which takes a while
    shown, result = on_a_terminal("ingest", "--workspace", root, after_seconds=0.1)
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown))
    bars = [line for line in lines if "━" in line]
    assert any(
        re.match(rf"  judging the new deliveries +━+ 1 of 1 files, {ROWS} rows +0:00:\d\d", bar)
        for bar in bars
    )
    assert max(map(len, lines)) <= 80
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")  # the cursor is shown again
    assert "\x1b" not in result
    assert result.startswith("source ")


@pytest.mark.parametrize(("flag", "after_seconds"), [("--json", 0), ("--workspace=.", 600)])
def test_no_bar_for_a_machine_or_for_what_is_quick(tmp_path: Path, flag: str, after_seconds: float) -> None:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    shown, _ = on_a_terminal("ingest", flag, "--workspace", root, after_seconds=after_seconds)
    assert "\x1b" not in shown


def test_two_seconds_are_long() -> None:
    assert progress.AFTER_SECONDS == 2


def test_elsewhere_each_step_is_a_line(tmp_path: Path) -> None:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    command = [str(Path(sys.executable).with_name("assessment")), "ingest", "--workspace", str(root)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stderr.splitlines()[:2] == [
        "  reading crimes (0 of 1 files, 0 rows)",
        f"  read (1 of 1 files, {ROWS} rows)",
    ]
