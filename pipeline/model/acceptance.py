"""Acceptance: what each new delivery was expected to be, what it was, and who decided where it was not."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Standing(StrEnum):
    """Whether a judged delivery counts."""

    PASSED = "passed"
    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """One expectation of a suite against one delivery.

    `expected` says it in words. `judged` is how many figures of the delivery were compared: none where
    there was nothing to compare them with. `reasons` has a sentence for each that was not as expected,
    the worst first; it never holds a value of a row.
    """

    expected: str
    judged: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision to take a held delivery as it is, or, where `declined`, to leave it out for good.

    `delivery` is its id, or its file name. `at` is the moment, where it is known better than by its day.
    """

    delivery: str
    by: str
    on: date
    reason: str
    at: datetime | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class MonthDecision:
    """A person's decision that a month of a source is whole as it is. `area_code` is empty for all areas."""

    source: str
    month: date
    area_code: str
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class DateDecision:
    """A person's decision that a delivery came at another moment than the ledger says."""

    delivery: str
    received: datetime
    by: str
    at: datetime
    reason: str


Decided = Decision | MonthDecision | DateDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One delivery as its source's suite judged it. `compared_with` is the last one before it, or empty.

    `effects` says what taking it changes of what came before it. Without a suite there are no `results`,
    and only a decision to tell of.
    """

    delivery: str
    source: str
    file_name: str
    received: str
    records: int
    compared_with: str
    results: tuple[ExpectationResult, ...]
    decision: Decision | None = None
    effects: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for everything that was not as expected."""
        return tuple(reason for result in self.results for reason in result.reasons)

    @property
    def standing(self) -> Standing:
        """Passed, or held until a person decides, or accepted or declined by one."""
        if self.decision is not None:
            return Standing.DECLINED if self.decision.declined else Standing.ACCEPTED
        return Standing.HELD if self.reasons else Standing.PASSED
