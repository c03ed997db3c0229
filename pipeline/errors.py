"""Every way a run can end badly, and the exit code a scheduler sees.

    AssessmentError            1   a fault of ours
    ├── UsageError             2   the command or the set-up is not usable
    │   └── NoRoomError        2   the disk is full
    ├── DefinitionError       10   a file under config/ is wrong
    ├── ExtractError          11   a delivered file is missing, altered or unreadable
    ├── ComputationError      12   a figure could not be computed
    ├── ReportError           13   a document could not be made
    ├── DisclosureError       14   what would be published could identify somebody
    ├── LockedError           15   another run holds the workspace
    ├── NotApprovedError      16   a final edition lacks its approval
    ├── HeldError             17   a delivery waits for a person's decision
    └── DifferenceError       18   verification found a difference

The command line prints the message of these, without a traceback, and exits with their code.
Messages name the item, the file and line, what was found, what is allowed and the next step;
they never hold a person's data.
"""


class AssessmentError(Exception):
    """The root. `str(error)` is what the user reads; it may have several lines."""

    exit_code = 1


class UsageError(AssessmentError):
    """The command line, the environment or the workspace's set-up cannot be used as it is."""

    exit_code = 2


class NoRoomError(UsageError):
    """The disk cannot hold what is to be written; the message says how much that is, and how much is free."""


class DefinitionError(AssessmentError):
    """One or more files of `config/` are wrong; the message holds every error found in the run.

    `issues` are the same errors one by one, each with its place, where they are known apart.
    """

    exit_code = 10

    def __init__(self, message: str, issues: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.issues = issues


class ExtractError(AssessmentError):
    """A delivered file is missing, renamed, altered or unreadable, or its rows do not add up."""

    exit_code = 11


class ComputationError(AssessmentError):
    """A figure could not be computed from the curated tables."""

    exit_code = 12


class ReportError(AssessmentError):
    """A document could not be rendered, or prints what its evidence does not hold."""

    exit_code = 13


class DisclosureError(AssessmentError):
    """What would be published could reveal a protected figure."""

    exit_code = 14


class LockedError(AssessmentError):
    """Another run holds the workspace; the message names its process and start."""

    exit_code = 15


class NotApprovedError(AssessmentError):
    """A final edition was asked for without the approval it needs."""

    exit_code = 16


class HeldError(AssessmentError):
    """A delivery waits for a recorded decision."""

    exit_code = 17


class DifferenceError(AssessmentError):
    """Verification found a difference between what is published and what is computed."""

    exit_code = 18
