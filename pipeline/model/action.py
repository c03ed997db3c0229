"""Actions of the partnership's plan: what was to be done, by whom, by when, and how far it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ActionStatus(StrEnum):
    """How far an action is, as its owner reports it."""

    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    DELAYED = "delayed"
    COMPLETE = "complete"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action. `serves` is the id of a priority or duty, empty where it serves all of them."""

    reference: str
    serves: str
    words: str
    owner: str
    due: date
    status: ActionStatus | None  # None: not reported
    completed: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status not in (ActionStatus.COMPLETE, ActionStatus.STOPPED)

    @property
    def was_late(self) -> bool:
        """Whether it was done after the day by which it was due."""
        return self.status is ActionStatus.COMPLETE and (self.completed or self.due) > self.due

    def is_overdue(self, day: date) -> bool:
        """Whether on that day it is still open though the day by which it was due is over."""
        return self.is_open and self.due < day
