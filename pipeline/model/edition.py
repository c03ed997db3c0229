"""An edition: one published set of outputs, and what differs between it and the one before."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.model.comparison import Verdict
from pipeline.model.observation import ReleasedObservation


class EditionStatus(StrEnum):
    """A draft may be replaced; a final edition never changes."""

    DRAFT = "draft"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInfo:
    """What identifies an edition on its cover and in the foot of every page.

    `as_at_note` says where the date came from when nobody set it (`the latest received date`); empty
    otherwise. `version` is the version of the software. `previous` names the edition that `Change`
    values compare with; empty where this is the first.
    """

    name: str  # 2026-annual
    title: str  # Strategic assessment 2026
    as_at: date
    as_at_note: str = ""
    status: EditionStatus = EditionStatus.DRAFT
    version: str
    demonstration: bool = False
    previous: str = ""


class ChangeCause(StrEnum):
    """Why a figure or verdict differs from the last edition's; the closed list of what can be told apart."""

    NEW_PERIOD = "new_period"  # the window moved on
    REVISED = "revised"  # the same period, delivered again with other rows
    RETURNED = "returned"  # awaited then, delivered now
    DEFINITION = "definition"  # the definition was edited
    NEW_INDICATOR = "new_indicator"  # not in the last edition
    DROPPED = "dropped"  # no longer in this one
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One headline indicator that reads differently from the last edition.

    The figures after are released observations of this edition; the figures before are what the last
    edition printed, read from its `results.csv`. Either side is None where that edition had none.
    """

    indicator: str
    title: str
    area_code: str
    area_name: str
    unit: str
    period_before: str  # as `Period.key`; empty where the last edition had none
    period_after: str
    value_before: float | None
    after: ReleasedObservation | None
    verdict_before: Verdict | None
    verdict_after: Verdict | None
    cause: ChangeCause

    @property
    def verdict_changed(self) -> bool:
        """Whether the two editions judge differently."""
        return self.verdict_before != self.verdict_after
