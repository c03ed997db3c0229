"""The command itself: what every subcommand shares, how it speaks, and how it ends."""

import errno
import json
import os
import shutil
import signal
import sys
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from pipeline.cli.progress import Bar, Stage
from pipeline.errors import AssessmentError, DefinitionError, NoRoomError

app = typer.Typer(
    name="assessment",
    help="From police, survey and partner extracts to a partnership's strategic assessment.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)

HERE = Path()
_bar = Bar()


# What stops a run from outside: the keyboard, the system, a terminal that is closed.
STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main() -> None:
    """Run a command. A user's mistake is told in plain words and exits with its own code.

    With `--json` it is told as one JSON object on standard output as well. A fault of ours (exit 1) names
    where it happened, not what the data were; the traceback, which may quote rows, is shown only where
    ASSESSMENT_DEBUG is set. A stop from outside undoes what is under way and exits with 128 and its number.
    """
    stopped_by: list[signal.Signals] = []

    def stop(number: int, _: object) -> None:
        for every in STOPS:
            signal.signal(every, signal.SIG_IGN)  # undoing takes a moment, and is not to be stopped
        stopped_by.append(signal.Signals(number))
        raise KeyboardInterrupt

    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` and the like go on
            signal.signal(number, stop)
    try:
        app()
    except BaseException as error:
        if stopped_by:  # libraries turn it into errors of their own
            name = stopped_by[0].name
            fail(
                f"stopped ({name}); nothing half-written was left. Run it again to finish.",
                128 + stopped_by[0],
            )
        _end(error)


def _end(error: BaseException) -> NoReturn:
    """Say what ended a command, and exit with its code."""
    if isinstance(error, AssessmentError):
        if "--json" in sys.argv:
            say(json.dumps({"error": _as_json(error)}, ensure_ascii=False, indent=1))
        fail(str(error), error.exit_code)
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    if not isinstance(error, Exception) or os.environ.get("ASSESSMENT_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        fail("the disk is full. Make room, then run it again.", NoRoomError.exit_code)
    if isinstance(error, OSError) and error.filename:
        fail(f"{error.filename}: {error.strerror or type(error).__name__}", 1)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    fail(f"a fault of ours ({where}). Set ASSESSMENT_DEBUG=1 to see all of it.", 1)


def _as_json(error: AssessmentError) -> dict[str, Any]:
    told: dict[str, Any] = {"exit_code": error.exit_code, "message": str(error)}
    if isinstance(error, DefinitionError):
        from pipeline.cli.words import issue_json
        from pipeline.model.issue import Issue

        told["issues"] = [issue_json(issue) for issue in error.issues if isinstance(issue, Issue)]
    return told


def fail(message: str, exit_code: int) -> NoReturn:
    """End with a message on standard error and an exit code."""
    complain(f"assessment: {message}")
    raise SystemExit(exit_code) from None


def say(text: str = "") -> None:
    """Print a result."""
    _bar.hide()
    print(text, flush=True)


def complain(text: str) -> None:
    """Print an error or a warning: on a terminal within its width, elsewhere one line each."""
    _bar.hide()
    print(fitted(text, sys.stderr), file=sys.stderr, flush=True)


def progress(step: str) -> None:
    """Print what is being done, apart from the result; on a terminal a bar says so while it takes long."""
    print(f"  {step}", file=sys.stderr, flush=True)
    _bar.at(Stage(step))


def counted(step: str, files: int, of: int, rows: int) -> None:
    """The same of a step that takes in files: how many of how many it has taken, and their rows."""
    stage = Stage(step, files, of, rows)
    if not sys.stderr.isatty():
        print(f"  {step} ({stage.counted})", file=sys.stderr, flush=True)
    _bar.at(stage)


def answer(as_json: bool, value: dict[str, Any], text: Callable[[], str]) -> None:
    """Print the result of a command, as JSON or as text."""
    say(json.dumps(value, ensure_ascii=False, indent=1) if as_json else text())


def fitted(text: str, stream: TextIO) -> str:
    """The text with long lines broken at the terminal's width; as it is where there is no terminal.

    A program that reads messages finds one a line, and a place in a file is never broken.
    """
    if not stream.isatty():
        return text
    width = max(40, shutil.get_terminal_size().columns)
    lines = (
        textwrap.wrap(line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
    return "\n".join("\n".join(line) for line in lines)
