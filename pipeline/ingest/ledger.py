"""The ledger: one line for every attempt to deliver a file, with its result. Lines are only added."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.model.acceptance import ExpectationResult

DELIVERIES = ("received", "held")  # results of attempts that are deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to deliver a file for a source, and what became of it.

    received    it is the delivery that it names
    duplicate   its bytes are those of the earlier delivery that it names
    refused     it could not be read, for the reason given; it names no delivery
    held        it is the delivery that it names, and is not loaded until a person accepts it
    accepted    a person, `by`, decided at the moment `decided` to take the held delivery that it names
    declined    the same to leave it out for good
    dated       a person, `by`, decided at the moment `decided` that the delivery that it names was received
                at the moment `received`
    whole       a person, `by`, decided on the day `decided` that the source's `first_month` is whole in the
                area `area_code`, in all of them where it is empty; it names no delivery
    purged      a person, `by`, had personal data taken out of the delivery that it names, on the day
                `decided`; `sha256` is that of the file in its place, empty where the whole delivery went

    Where the source has a suite, `results` are those of its expectations on `records` records, against
    the delivery `compared_with`; where it is held, `effects` says what taking it changes of others.

    `first_month` and `last_month` are those of its rows, YYYY-MM, where they have months.

    A file of an archive is called `archive.zip/2021-01/street.csv`; `archive` is then the sha256 of the
    archive as it was received, which is what the raw store keeps.
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
    archive: str = ""
    archive_size_bytes: int = 0
    stated_records: int | None = None
    records: int = 0
    compared_with: str = ""
    results: tuple[ExpectationResult, ...] = ()
    effects: tuple[str, ...] = ()
    by: str = ""
    decided: str = ""
    first_month: str = ""
    last_month: str = ""
    area_code: str = ""

    @property
    def stored(self) -> str:
        """The sha256 of the stored file that holds the bytes, which is its folder's name."""
        return self.archive or self.sha256

    @property
    def stored_in(self) -> str:
        """`<sha256>/<name>` of the stored file that holds the bytes."""
        return f"{self.stored}/{self.file.partition('/')[0] if self.archive else self.file}"

    @property
    def member(self) -> str:
        """The file's path in its archive; empty where it came by itself."""
        return self.file.partition("/")[2] if self.archive else ""

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


def deliveries(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The attempts that are deliveries, each with the date that persons corrected it to."""
    dated = {line.delivery: line.received for line in attempts if line.result == "dated"}
    return [
        replace(line, received=dated.get(line.delivery, line.received))
        for line in attempts
        if line.result in DELIVERIES
    ]


def current(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The deliveries among the attempts, each with the file that is in its place now, and its right date.

    Those of which nothing was left by a purge are not among them.
    """
    purged = {line.delivery: line for line in attempts if line.result == "purged"}
    found = []
    for line in deliveries(attempts):
        left = purged.get(line.delivery, line)
        if left.sha256:
            found.append(
                replace(
                    line,
                    sha256=left.sha256,
                    size_bytes=left.size_bytes,
                    archive=left.archive,
                    archive_size_bytes=left.archive_size_bytes,
                )
            )
    return found


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
        results = tuple(
            ExpectationResult(one["expected"], one["judged"], tuple(one["reasons"]))
            for one in written.get("results", ())
        )
        known = {f.name: written[f.name] for f in fields(Attempt) if f.name in written}
        attempt = Attempt(**(known | {"results": results, "effects": tuple(written.get("effects", ()))}))
        datetime.fromisoformat(attempt.received)
        _ = attempt.result in ("refused", "whole") or attempt.number
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ExtractError(
            f"{place}: this line of the ledger cannot be read, so it is not known what was delivered. "
            "Restore the file from a backup."
        ) from None
    return attempt
