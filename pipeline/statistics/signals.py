"""Special-cause signals of a control chart, by the NHS "Making data count" rules.

The rules are those of NHSRplotthedots (ptd_calculate_point_type.R): every member of a run or
trend of seven is marked; of three points in a row on one side, two must lie between the near
limit and the limit, and those are marked. A hole ends every run, trend and group of three.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

RUN_LENGTH = 7
"""Points in a row on one side of the centre, or rising, or falling, that make a signal."""


class Signal(Enum):
    """Why a point is not ordinary variation."""

    OUTSIDE = "outside_limits"
    RUN = "seven_on_one_side"
    TREND = "seven_in_one_direction"
    NEAR_LIMIT = "two_of_three_near_limit"


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One plotted point, in the unit of the series (for u charts, events per `per`).

    `value` is None at a hole. Centre and limits are None in a phase without limits, and at a
    point of a u chart without a base; otherwise lower <= near_lower <= centre <= near_upper <=
    upper. A value on a limit is within it. `signals` is in the order of `Signal`, empty for
    common cause; `high` says which way they point (True: high or rising), None without signals.
    """

    value: float | None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None
    signals: tuple[Signal, ...] = ()
    high: bool | None = None


def mark_signals(points: Sequence[ControlPoint], symmetrical: bool) -> list[ControlPoint]:
    """Return the points of one phase with their signals.

    Where values do not lie evenly about their centre (`symmetrical` False), only points outside
    the limits and trends count: the other two rules would signal by chance alone.
    """
    sides = [_side(point.value, point.centre) for point in points]
    outside = {i for i, point in enumerate(points) if _beyond(point, point.lower, point.upper)}
    close = {
        i
        for i, point in enumerate(points)
        if i not in outside and _beyond(point, point.near_lower, point.near_upper)
    }
    steps = [_side(b.value, a.value) for a, b in pairwise(points)]
    trends: dict[int, int] = {}
    for start, direction in _stretches(steps, RUN_LENGTH - 1):
        trends.update(dict.fromkeys(range(start, start + RUN_LENGTH), direction))
    runs = {i for start, _ in _stretches(sides, RUN_LENGTH) for i in range(start, start + RUN_LENGTH)}
    near: set[int] = set()
    for start, _ in _stretches(sides, 3):
        members = close.intersection(range(start, start + 3))
        if len(members) >= 2:
            near |= members
    if not symmetrical:
        runs, near = set(), set()
    found = (
        (Signal.OUTSIDE, outside),
        (Signal.RUN, runs),
        (Signal.TREND, trends),
        (Signal.NEAR_LIMIT, near),
    )
    marked: list[ControlPoint] = []
    for i, point in enumerate(points):
        signals = tuple(signal for signal, members in found if i in members)
        high = None
        if signals:
            high = (trends[i] if signals == (Signal.TREND,) else sides[i]) > 0
        marked.append(replace(point, signals=signals, high=high))
    return marked


def _side(value: float | None, reference: float | None) -> int:
    """Return 1 above, -1 below, 0 on the reference (rounding error aside) or where either lacks."""
    if value is None or reference is None:
        return 0
    if math.isclose(value, reference, abs_tol=1e-12):
        return 0
    return 1 if value > reference else -1


def _beyond(point: ControlPoint, lower: float | None, upper: float | None) -> bool:
    """Return whether the point lies outside the two lines, rounding error aside."""
    return _side(point.value, lower) < 0 or _side(point.value, upper) > 0


def _stretches(signs: Sequence[int], length: int) -> Iterable[tuple[int, int]]:
    """Yield (start, sign) wherever `length` signs in a row are the same and not 0."""
    for start in range(len(signs) - length + 1):
        first = signs[start]
        if first != 0 and all(sign == first for sign in signs[start : start + length]):
            yield start, first
