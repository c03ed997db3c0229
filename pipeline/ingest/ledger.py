"""The ledger: one line for every attempt to deliver a file, with its result. Lines are only added."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from pipeline.errors import ExtractError


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to deliver a file for a source, and what became of it.

    received    it is the delivery that it names
    duplicate   its bytes are those of the earlier delivery that it names
    refused     it could not be read, for the reason given; it names no delivery
    """

    result: str
    delivery: str
    source: str
    file: str
    sha256: str
    size_bytes: int
    received: str
    supplier: str
    encoding: str
    licence: str
    reason: str = ""

    @property
    def number(self) -> int:
        """The number of the delivery among those of its source, from 1."""
        return int(self.delivery.rpartition("-")[2])


def read(path: Path) -> list[Attempt]:
    """Every attempt so far, oldest first. Raises ExtractError where a line cannot be read.

    A last line without its end is what a run leaves that was killed while it wrote: it is left out, and
    its file is received again.
    """
    if not path.is_file():
        return []
    lines = _whole(path.read_bytes()).split(b"\n")[:-1]
    return [_attempt(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]


def append(path: Path, attempts: Sequence[Attempt]) -> None:
    """Add lines, in the place of an unfinished last one."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.seek(len(_whole(file.read())))
        file.truncate()
        file.writelines(json.dumps(asdict(attempt)).encode() + b"\n" for attempt in attempts)
        file.flush()
        os.fsync(file.fileno())


def _whole(content: bytes) -> bytes:
    return content[: content.rfind(b"\n") + 1]


def _attempt(line: bytes, place: str) -> Attempt:
    """A line's attempt; fields that an earlier version did not write have their defaults."""
    try:
        written = json.loads(line)
        attempt = Attempt(**{f.name: written[f.name] for f in fields(Attempt) if f.name in written})
        datetime.fromisoformat(attempt.received)
        _ = attempt.result == "refused" or attempt.number
    except (ValueError, TypeError, AttributeError):
        raise ExtractError(
            f"{place}: this line of the ledger cannot be read, so it is not known what was delivered. "
            "Restore the file from a backup."
        ) from None
    return attempt
