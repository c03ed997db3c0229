"""Issues: what is wrong, or doubtful, in a file a person wrote."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the run; a warning is printed and goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One thing found in a file: where, what, and what to do about it. Lines and columns count from 1.

    `rule` names the rule that found it, for whoever sorts issues; it is no part of what they say.
    """

    file: str
    line: int
    column: int
    message: str
    severity: Severity = Severity.ERROR
    rule: str = field(default="", compare=False)

    def __str__(self) -> str:
        mark = "" if self.severity is Severity.ERROR else "warning: "
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.message}"
