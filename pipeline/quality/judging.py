"""Having deliveries judged: the process of `pipeline.quality.judge`, asked and checked from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.definitions.expectations import Suite
from pipeline.errors import ExtractError
from pipeline.model.acceptance import ExpectationResult
from pipeline.quality.profile import Profile

PACKAGE_FOLDER = Path(__file__).parents[2]
SECONDS = 600  # longer than any suite takes
JUDGE = (sys.executable, "-P", "-m", "pipeline.quality.judge")  # -P: no module of the folder one stands in


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one delivery."""

    delivery: str
    source: str
    records: int
    compared_with: str
    results: tuple[ExpectationResult, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it cannot be taken without a person's decision; empty where it can."""
        return tuple(reason for result in self.results for reason in result.reasons)


class Judging:
    """The process while it runs. It loads its library while deliveries are read."""

    def __init__(self, process: "subprocess.Popen[str]", result: Path) -> None:
        self._process = process
        self._result = result
        self._asked: dict[str, tuple[str, ...]] = {}

    @classmethod
    @contextmanager
    def started(cls, result: Path, command: Sequence[str] = JUDGE) -> Iterator["Judging"]:
        """A process that will write `result`; it ends, and the file goes, with the block."""
        path = os.pathsep.join(filter(None, (str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH"))))
        shown = None if os.environ.get("ASSESSMENT_DEBUG") else subprocess.DEVNULL
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=shown,
            env=os.environ | {"PYTHONPATH": path, "GX_ANALYTICS_ENABLED": "false"},
            text=True,
            encoding="utf-8",
        )
        try:
            yield cls(process, result)
        finally:
            process.kill()
            with suppress(OSError):  # what it did not read
                process.communicate()
            for left in (result, *result.parent.glob(f".{result.name}.*")):
                left.unlink(missing_ok=True)

    def ask(
        self,
        source: str,
        suite: Suite,
        profiles: Sequence[Profile],
        new: Sequence[str],
        accepted: Sequence[str],
    ) -> None:
        """Have the new deliveries of a source judged; a person has taken those `accepted` already."""
        self._asked[source] = tuple(new)
        self._write(
            {
                "source": source,
                "suite": suite.model_dump(mode="json"),
                "profiles": [asdict(profile) for profile in profiles],
                "new": list(new),
                "accepted": list(accepted),
            }
        )

    def results(self) -> tuple[Judged, ...]:
        """What came of every delivery asked about, source by source.

        Raises ExtractError where the result is missing, incomplete, or an expectation raised: that a
        process ended well proves nothing.
        """
        if not self._asked:
            return ()
        self._write({"result": str(self._result)})
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            status = self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise _unjudged(f"it has not answered for {SECONDS} seconds") from None
        try:
            told = json.loads(self._result.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise _unjudged(f"it ended with status {status} and left no result") from None
        if told["raised"]:
            raise _unjudged("; ".join(told["raised"]))
        return tuple(
            judged
            for source, new in self._asked.items()
            for judged in _judged(source, new, told["sources"].get(source, []))
        )

    def _write(self, line: Mapping[str, Any]) -> None:
        with suppress(OSError):  # a process that is gone leaves no result, and that is told
            if self._process.stdin:
                self._process.stdin.write(json.dumps(line, default=_iso) + "\n")
                self._process.stdin.flush()


def _judged(source: str, new: Sequence[str], told: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
    if [one["delivery"] for one in told] != list(new):
        raise _unjudged(f"{source}: not every delivery has a result")
    for one in told:
        results = tuple(
            ExpectationResult(result["expected"], result["judged"], tuple(result["reasons"]))
            for result in one["results"]
        )
        if not results or not any(result.judged for result in results):
            raise _unjudged(f"{one['delivery']}: no expectation judged anything")
        yield Judged(one["delivery"], source, one["records"], one["compared_with"], results)


def _unjudged(what: str) -> ExtractError:
    return ExtractError(
        f"the new deliveries could not be judged, so nothing was loaded: Great Expectations: {what}. "
        "ASSESSMENT_DEBUG=1 shows what it printed."
    )


def _iso(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()
