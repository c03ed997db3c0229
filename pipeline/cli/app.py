"""The command itself: what every subcommand shares, how it speaks, and how it ends."""

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

from pipeline.errors import AssessmentError, DefinitionError

app = typer.Typer(
    name="assessment",
    help="From police, survey and partner extracts to a partnership's strategic assessment.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)

HERE = Path()


def main() -> None:
    """Run a command. A user's mistake is told in plain words and exits with its own code.

    With `--json` it is told as one JSON object on standard output as well. A fault of ours (exit 1) names
    where it happened, not what the data were; the traceback, which may quote rows, is shown only where
    ASSESSMENT_DEBUG is set.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop by the system is a stop by a person
    try:
        app()
    except AssessmentError as error:
        if "--json" in sys.argv:
            say(json.dumps({"error": _as_json(error)}, ensure_ascii=False, indent=1))
        fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        fail("stopped; nothing half-written was left", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:
        if os.environ.get("ASSESSMENT_DEBUG"):
            raise
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
    print(text, flush=True)


def complain(text: str) -> None:
    """Print an error or a warning: on a terminal within its width, elsewhere one line each."""
    print(fitted(text, sys.stderr), file=sys.stderr, flush=True)


def progress(step: str) -> None:
    """Print what is being done, apart from the result."""
    print(f"  {step}", file=sys.stderr, flush=True)


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
