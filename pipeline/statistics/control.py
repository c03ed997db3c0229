"""Statistical process control charts: XmR for ordinary series, c, u and g for rare events.

Rules and constants are those of NHS England's "Making data count", as in the NHS-R community's
NHSRplotthedots: centre = mean; limits at 2.66 mean moving ranges, near limits at two thirds of
that; moving ranges above 3.267 times their mean are screened out once; special cause is a point
outside the limits, seven in a row on one side of the centre, seven in a row rising or falling, or
two of three on one side near the same limit. Limits of c and u charts: Montgomery, D.C.,
Introduction to Statistical Quality Control, chapter 7; of g charts: Benneyan, J.C. (2001) "Number
between g-type statistical quality control charts", Health Care Management Science 4, 305-318.

Different from it on purpose: limits need 24 unbroken points, not 12; a missing point breaks
runs, trends and moving ranges; limits of counts and rates stop at 0; and a point whose only
signal is a trend points the way of the trend, not to the side it is on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Literal

from pipeline.statistics.signals import ControlPoint, mark_signals

MINIMUM_POINTS = 24
"""A phase gets limits only where this many points follow each other without a hole."""

_LIMIT = 2.66
_SCREEN = 3.267

Kind = Literal["xmr", "c", "u", "g"]
Want = Literal["up", "down", "neither"]


class Variation(Enum):
    """The NHS variation icon of the last point: its nature, then the side it is on."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEITHER_HIGH = "neither_high"
    NEITHER_LOW = "neither_low"
    NO_LIMITS = "no_limits"


class Assurance(Enum):
    """The NHS assurance icon: whether ordinary variation alone meets the target."""

    PASS = "pass"
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart: one point per element of the series, and the icons of its last observed point.

    `phases` are the starting positions of the phases, 0 first. `has_limits` is about the phase of
    the last observed point.
    """

    kind: Kind
    points: tuple[ControlPoint, ...]
    phases: tuple[int, ...]
    variation: Variation
    assurance: Assurance
    has_limits: bool


def control_chart(
    series: Sequence[float | None],
    kind: Kind = "xmr",
    *,
    want: Want = "neither",
    target: float | None = None,
    rebase: Sequence[int | date] = (),
    start: date | None = None,
    bases: Sequence[float | None] | None = None,
    per: float = 1.0,
    floor: float | None = 0.0,
    minimum: int = MINIMUM_POINTS,
) -> ControlChart:
    """Return the control chart of consecutive periods, oldest first; None is a hole.

    `kind`: "xmr" for measurements and ordinary counts; "c" for counts of rare events on an even
    base; "u" for the same on the changing `bases` (plotted per `per`; a base of None or 0 is a
    hole); "g" for the gaps between rare events (days or units), where higher is rarer and only
    points outside the limits and trends are signals, as gaps lie unevenly about their mean.
    `rebase` says where a new phase starts: positions in the series or, where the points are months
    and `start` lies in the first of them, dates: the month that holds the date is the first of the
    phase, and a date outside the series starts none. `want` is the wanted direction. `target` is in
    the unit plotted. Limits never go below `floor` (None: no floor). A phase whose longest unbroken
    stretch is under `minimum` points has no limits and no signals.

    Raises ValueError for an unknown kind or direction, a rebase position not inside the series, a
    date without `start`, bases given for another kind or missing for "u", negative or infinite
    numbers where counts are meant, or a minimum under 2.
    """
    _check(series, kind, want, bases, minimum)
    phases = _phases(len(series), rebase, start)
    exposures = [1.0 if bases is None else (bases[i] or 0.0) / per for i in range(len(series))]
    points: list[ControlPoint] = []
    for first, end in pairwise((*phases, len(series))):
        points += _phase(series[first:end], exposures[first:end], kind, floor, minimum)
    last = next((point for point in reversed(points) if point.value is not None), None)
    return ControlChart(
        kind=kind,
        points=tuple(points),
        phases=phases,
        variation=_variation(last, want),
        assurance=_assurance(last, want, target),
        has_limits=last is not None and last.centre is not None,
    )


def _phases(points: int, rebase: Sequence[int | date], start: date | None) -> tuple[int, ...]:
    """Return the starting positions of the phases, 0 first."""
    starts = {0}
    for at in rebase:
        if isinstance(at, date):
            if start is None:
                raise ValueError(f"a rebase date ({at}) needs `start`, the month of the first point")
            months = (at.year - start.year) * 12 + at.month - start.month
            starts |= {months} & set(range(points))
        elif 0 < at < points:
            starts.add(at)
        else:
            raise ValueError(f"rebase positions must be from 1 to {points - 1}, got {at!r}")
    return tuple(sorted(starts))


def _check(
    series: Sequence[float | None],
    kind: str,
    want: str,
    bases: Sequence[float | None] | None,
    minimum: int,
) -> None:
    """Raise ValueError for arguments that make no chart."""
    if kind not in ("xmr", "c", "u", "g"):
        raise ValueError(f"kind must be 'xmr', 'c', 'u' or 'g', got {kind!r}")
    if want not in ("up", "down", "neither"):
        raise ValueError(f"want must be 'up', 'down' or 'neither', got {want!r}")
    if minimum < 2:
        raise ValueError(f"minimum must be 2 or more, got {minimum!r}")
    if (bases is not None) != (kind == "u"):
        raise ValueError("bases go with kind 'u', and only with it")
    if bases is not None and len(bases) != len(series):
        raise ValueError(f"{len(bases)} bases do not go with {len(series)} counts")
    for value in (*series, *(bases or ())):
        if value is not None and not (math.isfinite(value) and (kind == "xmr" or value >= 0)):
            raise ValueError(f"a chart of kind {kind!r} cannot hold {value!r}")


def _phase(
    counts: Sequence[float | None],
    exposures: Sequence[float],
    kind: Kind,
    floor: float | None,
    minimum: int,
) -> list[ControlPoint]:
    """Return the points of one phase, with limits and signals if it is long enough.

    An exposure is a base in units of `per`, 1 throughout but for u charts; 0 makes a hole.
    """
    values = [
        None if count is None or exposure == 0 else count / exposure
        for count, exposure in zip(counts, exposures, strict=True)
    ]
    if _longest_stretch(values) < minimum:
        return [ControlPoint(value) for value in values]
    present = [(v, e) for v, e in zip(values, exposures, strict=True) if v is not None]
    centre = math.fsum(v * e for v, e in present) / math.fsum(e for _, e in present)
    lowest = -math.inf
    if floor is not None and min(v for v, _ in present) >= floor:
        lowest = floor
    even_reach = _reach(values, centre, kind)
    points: list[ControlPoint] = []
    for value, exposure in zip(values, exposures, strict=True):
        if exposure == 0:
            points.append(ControlPoint(None))
            continue
        reach = even_reach / math.sqrt(exposure)
        points.append(
            ControlPoint(
                value=value,
                centre=centre,
                lower=max(lowest, centre - reach),
                upper=centre + reach,
                near_lower=max(lowest, centre - reach * 2.0 / 3.0),
                near_upper=centre + reach * 2.0 / 3.0,
            )
        )
    return mark_signals(points, symmetrical=kind != "g")


def _reach(values: Sequence[float | None], centre: float, kind: Kind) -> float:
    """Return the distance from the centre to a limit, for an exposure of 1."""
    if kind in ("c", "u"):
        return 3.0 * math.sqrt(centre)
    if kind == "g":
        return 3.0 * math.sqrt(centre * (centre + 1.0))
    ranges = [
        abs(after - before) for before, after in pairwise(values) if before is not None and after is not None
    ]
    screen = _SCREEN * math.fsum(ranges) / len(ranges)
    kept = [moved for moved in ranges if moved <= screen]
    return _LIMIT * math.fsum(kept) / len(kept)


def _longest_stretch(values: Sequence[float | None]) -> int:
    """Return the number of points in the longest stretch without a hole."""
    longest = current = 0
    for value in values:
        current = 0 if value is None else current + 1
        longest = max(longest, current)
    return longest


def _variation(last: ControlPoint | None, want: Want) -> Variation:
    """Return the icon of the last observed point."""
    if last is None or last.centre is None:
        return Variation.NO_LIMITS
    if not last.signals:
        return Variation.COMMON_CAUSE
    if want == "neither":
        return Variation.NEITHER_HIGH if last.high else Variation.NEITHER_LOW
    if want == "up":
        return Variation.IMPROVEMENT_HIGH if last.high else Variation.CONCERN_LOW
    return Variation.CONCERN_HIGH if last.high else Variation.IMPROVEMENT_LOW


def _assurance(last: ControlPoint | None, want: Want, target: float | None) -> Assurance:
    """Return whether both limits of the last observed point lie on the wanted side of the target.

    A limit on the target meets it: neither pass nor fail is claimed unless the target lies
    outside the limits.
    """
    if last is None or last.lower is None or last.upper is None:
        return Assurance.NOT_ASSESSED
    if target is None or want == "neither":
        return Assurance.NOT_ASSESSED
    if last.lower <= target <= last.upper:
        return Assurance.HIT_OR_MISS
    return Assurance.PASS if (target < last.lower) == (want == "up") else Assurance.FAIL
