"""The only owner of Great Expectations, in a process of its own: `python -m pipeline.quality.judge`.

It imports the library first, which takes seconds, and then answers what stands on its standard input,
one JSON object a line: a source's suite and profiles, and at last the path of the result file. Without
that last line nothing is written. The library draws no page and keeps nothing: the context is ephemeral.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.definitions.expectations import Suite
from pipeline.quality.frames import Compared, Expected, compared, expectations
from pipeline.quality.profile import Profile
from pipeline.workspace import write_whole

RESULT = "result"
_LINE = "line"


class RaisedError(Exception):
    """An expectation raised, or its result does not cover what was to be judged; the text names it."""


class Judge:
    """Great Expectations over frames in memory."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would write to its makers
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations
            from great_expectations.data_context.types.base import ProgressBarsConfig
            from great_expectations.expectations.core.expect_column_values_to_be_between import (
                ExpectColumnValuesToBeBetween,
            )

            self._suite = great_expectations.ExpectationSuite
            self._between = ExpectColumnValuesToBeBetween
            context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("profiles").add_dataframe_asset("deliveries")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")
        self.version = str(great_expectations.__version__)

    def judge(
        self,
        name: str,
        suite: Suite,
        profiles: Sequence[Profile],
        new: Sequence[str],
        accepted: Sequence[str],
    ) -> list[dict[str, Any]]:
        """What came of each new delivery, in their order.

        A delivery is compared with the last one that is not held, so one that is held has those after
        it judged once more.
        """
        held: set[str] = set()
        while True:
            deliveries = compared(suite, profiles, set(new), held)
            found = self._outcomes(name, expectations(suite, deliveries), deliveries)
            failing = [
                one["delivery"] for one in found if any(result["reasons"] for result in one["results"])
            ]
            waiting = [name for name in failing if name not in held and name not in accepted]
            if not waiting or waiting[0] == found[-1]["delivery"]:
                return found
            held.add(waiting[0])

    def _outcomes(
        self, name: str, expected: Sequence[Expected], deliveries: Sequence[Compared]
    ) -> list[dict[str, Any]]:
        failed = self._failed_lines(name, expected)
        found = []
        for one in deliveries:
            own = one.profile.delivery
            results = [
                {
                    "expected": expectation.words,
                    "judged": sum(
                        line.delivery == own and line.figure is not None for line in expectation.lines
                    ),
                    "reasons": [
                        line.reason
                        for number, line in enumerate(expectation.lines)
                        if line.delivery == own and number in failed[expectation.name]
                    ],
                }
                for expectation in expected
            ]
            found.append(
                {
                    "delivery": own,
                    "records": one.profile.records,
                    "compared_with": one.last.delivery if one.last else "",
                    "results": results,
                }
            )
        return found

    def _failed_lines(self, name: str, expected: Sequence[Expected]) -> dict[str, set[int]]:
        """The numbers of each expectation's lines that are not as expected, by its name.

        Raises RaisedError where a result is missing, raised, or does not cover every line.
        """
        import pandas

        longest = max(len(expectation.lines) for expectation in expected)
        frame = pandas.DataFrame({_LINE: range(longest)})
        suite = self._suite(name=name)
        for expectation in expected:
            figures = [line.figure for line in expectation.lines]
            column = pandas.Series(figures + [None] * (longest - len(figures)), dtype="float64")
            frame[expectation.name] = column
            suite.add_expectation(
                self._between(
                    column=expectation.name,
                    min_value=expectation.low,
                    max_value=expectation.high,
                    strict_min=expectation.strict,
                    strict_max=expectation.strict,
                )
            )
        result = self._batches.get_batch({"dataframe": frame}).validate(
            suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_LINE]}
        )
        by_column = {one["expectation_config"]["kwargs"]["column"]: one for one in _plain(result)}
        return {
            expectation.name: _failed(expectation, by_column.get(expectation.name), name)
            for expectation in expected
        }


def _plain(result: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.to_json_dict()["results"]
    return found


def _failed(expectation: Expected, result: dict[str, Any] | None, suite: str) -> set[int]:
    """The lines that one result names. It must be there, must not have raised, and must add up."""
    place = f"{suite}: {expectation.name}"
    if result is None:
        raise RaisedError(f"{place}: there is no result")
    if _raised(result["exception_info"]):
        raise RaisedError(f"{place}: the expectation raised")
    counts = result["result"]
    wanted = sum(line.figure is not None for line in expectation.lines)
    if counts["element_count"] - (counts.get("missing_count") or 0) != wanted:
        raise RaisedError(f"{place}: not every figure was judged")
    lines = {int(index[_LINE]) for index in counts.get("unexpected_index_list") or ()}
    if len(lines) != counts["unexpected_count"] or result["success"] != (not lines):
        raise RaisedError(f"{place}: the result contradicts itself")
    return lines


def _raised(exception: dict[str, Any]) -> bool:
    """The library writes one exception, or one for each metric."""
    if "raised_exception" in exception:
        return bool(exception["raised_exception"])
    return any(inner.get("raised_exception") for inner in exception.values())


def answer(lines: Iterable[str]) -> int:
    """Judge what the lines ask for and write the result file; the exit status, which proves nothing."""
    judge = Judge()
    sources: dict[str, Any] = {}
    raised: list[str] = []
    for line in lines:
        asked = json.loads(line)
        if RESULT in asked:
            told = {"great_expectations": judge.version, "sources": sources, "raised": raised}
            write_whole(Path(asked[RESULT]), json.dumps(told, ensure_ascii=False))
            return 0
        profiles = [_profile(one) for one in asked["profiles"]]
        suite = Suite.model_validate_json(json.dumps(asked["suite"]))
        try:
            sources[asked["source"]] = judge.judge(
                asked["source"], suite, profiles, asked["new"], asked["accepted"]
            )
        except RaisedError as error:
            raised.append(str(error))
    return 1


def _profile(written: dict[str, Any]) -> Profile:
    months = tuple((date.fromisoformat(month), area, rows) for month, area, rows in written["months"])
    return Profile(**{**written, "months": months})


if __name__ == "__main__":
    raise SystemExit(answer(sys.stdin))
