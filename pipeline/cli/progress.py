"""A bar on the terminal for what takes long: what is being done, files, rows and time so far.

The only owner of rich, which loads when a bar appears. Where standard error is no terminal, none does.
"""

import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

AFTER_SECONDS = 2.0
BAR_COLUMNS = 8  # leaves room for the rest in 80


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done: files and rows so far; `of` how many files, 0 where none are counted."""

    step: str
    files: int = 0
    of: int = 0
    rows: int = 0

    @property
    def counted(self) -> str:
        """How far it has come; empty where nothing is counted."""
        return f"{self.files} of {self.of} files, {self.rows:,} rows" if self.of else ""


class Bar:
    """A bar that appears when a run has taken two seconds, and goes with its first result."""

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._stage = Stage("")
        self._timer: threading.Timer | None = None
        self._shown: Progress | None = None

    def at(self, stage: Stage) -> None:
        """Show what is being done, from now or as soon as it has taken long."""
        with self._turn:
            self._stage = stage
            if self._shown:
                self._update(self._shown)
            elif self._timer is None and sys.stderr.isatty() and "--json" not in sys.argv:
                self._timer = threading.Timer(AFTER_SECONDS, self._appear)
                self._timer.daemon = True
                self._timer.start()

    def hide(self) -> None:
        """Take the bar away: a result is to be printed."""
        with self._turn:
            if self._timer:
                self._timer.cancel()
            if self._shown:
                self._shown.stop()
            self._timer = self._shown = None

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._turn:
            if self._timer is not threading.current_thread():
                return  # it was hidden meanwhile
            self._shown = Progress(
                TextColumn("  {task.description}", markup=False),
                BarColumn(BAR_COLUMNS),
                TextColumn("{task.fields[counted]}", markup=False),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                redirect_stdout=False,  # results may go to a file
                transient=True,
            )
            self._shown.add_task("", counted="")
            self._update(self._shown)
            self._shown.start()

    def _update(self, shown: "Progress") -> None:
        stage = self._stage
        shown.update(
            shown.task_ids[0],
            description=stage.step,
            completed=stage.files,
            total=stage.of or None,  # none: it moves to and fro
            counted=stage.counted,
        )
