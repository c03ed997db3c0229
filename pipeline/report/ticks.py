"""Axis ticks and map classes, computed here so that every numeral on a chart is ours."""

from __future__ import annotations

import math

from pipeline.model.rounding import round_half_away
from pipeline.report import numbers

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def axis_ticks(lowest: float, highest: float, wanted: int = 5) -> tuple[float, ...]:
    """Round numbers that cover `lowest` to `highest`, about `wanted` of them, in equal steps.

    >>> axis_ticks(0, 363)
    (0.0, 100.0, 200.0, 300.0, 400.0)
    """
    if not highest > lowest:
        highest = lowest + 1.0
    raw = (highest - lowest) / max(wanted - 1, 1)
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in STEPS if size * factor >= raw * (1 - 1e-9))
    first = math.floor(lowest / step + 1e-9)
    last = math.ceil(highest / step - 1e-9)
    return tuple(float(round(index * step, 10)) for index in range(first, last + 1))


def tick_label(tick: float) -> str:
    """A tick as printed: as many decimals as it has, at most two."""
    places = next((n for n in (0, 1) if abs(tick - float(round_half_away(tick, n))) < 1e-9), 2)
    return numbers.number(tick, places)


def natural_breaks(values: tuple[float, ...], classes: int) -> tuple[float, ...]:
    """Round numbers that split `values` into at most `classes` groups, each alike inside.

    The split with the least sum of squares within groups (Fisher 1958, "On grouping for maximum
    homogeneity", JASA 53; known to mapmakers as Jenks), found exactly. A break is the roundest number
    in the gap between two groups: a value equal to it belongs to the upper group.
    """
    ordered = sorted(values)
    count = len(ordered)
    classes = min(classes, len(set(ordered)))
    if classes < 2:
        return ()
    total = [0.0]
    squares = [0.0]
    for value in ordered:
        total.append(total[-1] + value)
        squares.append(squares[-1] + value * value)

    def spread(first: int, last: int) -> float:
        """Sum of squares about the mean of ordered[first:last]."""
        inside = total[last] - total[first]
        return squares[last] - squares[first] - inside * inside / (last - first)

    best = [spread(0, last) if last else 0.0 for last in range(count + 1)]
    starts: list[list[int]] = []
    for groups in range(2, classes + 1):
        nearest = [math.inf] * (count + 1)
        start = [0] * (count + 1)
        for last in range(groups, count + 1):
            for first in range(groups - 1, last):
                apart = ordered[first - 1] < ordered[first]
                cost = best[first] + spread(first, last)
                if apart and cost < nearest[last] - 1e-12:
                    nearest[last], start[last] = cost, first
        best = nearest
        starts.append(start)
    cuts: list[int] = []
    last = count
    for start in reversed(starts):
        last = start[last]
        cuts.append(last)
    return tuple(_roundest(ordered[cut - 1], ordered[cut]) for cut in sorted(cuts))


def _roundest(below: float, upto: float) -> float:
    """The number with the fewest digits in (below, upto]."""
    for exponent in range(math.ceil(math.log10(max(abs(upto), 1e-9))) + 1, -7, -1):
        for factor in (10.0, 5.0, 2.0, 1.0):
            step = factor * 10.0 ** (exponent - 1)
            candidate = math.floor(upto / step + 1e-12) * step
            if below < candidate <= upto:
                return float(round(candidate, 8))
    return upto
