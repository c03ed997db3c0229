"""The command line: `commands` and `figures` read flags and call stages, `words` says what came of it."""

from pipeline.cli import commands  # declares the commands
from pipeline.cli.app import main

__all__ = ["commands", "main"]
