"""Corrections: what came of each decision to release refused rows."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class CorrectionState(StrEnum):
    """Whether a correction applies, and if not, why."""

    APPLIED = "applied"
    FIXED = "fixed"  # the newest delivery has the record without the fault
    GONE = "gone"  # no delivery has the record, or no refused record stands there
    OTHER_RULE = "other_rule"  # the record breaks another rule than the one decided on
    NOT_ENOUGH = "not_enough"  # the record breaks further rules, or the value given is none
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # it is dated later than today


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionResult:
    """One entry of `config/corrections.yaml`, at its line, and how many refused records it released.

    `told` says why it does not apply, or no longer to all, and what to do; it is empty where all is well.
    """

    line: int
    source: str
    rule: str
    state: CorrectionState
    records: int
    by: str
    on: date
    until: date
    reason: str
    told: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it held on the day, whatever there was to apply it to."""
        return self.state not in (CorrectionState.EXPIRED, CorrectionState.NOT_YET)

    def also(self, told: str) -> "CorrectionResult":
        """The same with more to know of it."""
        return replace(self, told="; ".join(filter(None, (self.told, told))))

    @property
    def as_warning(self) -> str:
        """What an analyst must know of it, with its place."""
        return f"config/corrections.yaml:{self.line}: {self.told}"
