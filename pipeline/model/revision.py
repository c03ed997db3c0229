"""Revisions: what a later delivery changed of months that had come before."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RevisionKind(StrEnum):
    """What became of a record. One record may be several: reclassified, and its outcome changed."""

    ADDED = "added"  # of a month that had come without it, or back after it had gone
    REMOVED = "removed"
    RECLASSIFIED = "reclassified"
    MOVED = "moved"
    OUTCOME_CHANGED = "outcome_changed"
    CHANGED = "changed"  # in any other column


@dataclass(frozen=True, slots=True, order=True)
class RevisionCount:
    """How many records one delivery changed in one way.

    `records` have a key (a crime with two victims is one). `rows` have none: they are replaced as a
    whole, and what is told is how many alike there were more, or fewer, than before.
    """

    delivery: str
    source: str
    kind: RevisionKind
    records: int
    rows: int


@dataclass(frozen=True, slots=True, order=True)
class RevisedMonth:
    """A month of a district in which a delivery changed something.

    `district` is empty for rows without a place, `column` where rows came or went, and else names the
    curated column that reads otherwise now.
    """

    delivery: str
    source: str
    month: date
    district: str
    column: str
