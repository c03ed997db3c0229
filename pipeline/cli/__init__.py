"""The command line: `commands` reads flags and calls stages, `words` says what came of it."""

from pipeline.cli.commands import main

__all__ = ["main"]
