"""What a chart shows, before it is drawn: values, labels and the ids of the results behind them.

Every label that is a number is a text made by `pipeline.report.figures`, so the drawing adds no words
of its own but axis ticks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.report.text import Text


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One month of a line. `value` is None where there is no figure, and `gap` says why in words."""

    month: date
    value: float | None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of a line chart, first to last position (both included), with its mean and usual range."""

    first: int
    last: int
    centre: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """One series by month. `levels` are the phases of a control chart, or one mean without limits."""

    points: tuple[SeriesPoint, ...]
    levels: tuple[Level, ...] = ()
    unit: str
    earlier: tuple[SeriesPoint, ...] = ()  # the same months of the year before, drawn behind
    last_label: Text = ()


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change with its interval and, where unknowns matter, the bounds it could lie in."""

    label: Text
    change: float
    lower: float | None
    upper: float | None
    bound_lower: float | None
    bound_upper: float | None
    printed: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeChart:
    """Changes side by side on one axis, in `unit` (`%`, `percentage points` or that of a mean)."""

    rows: tuple[ChangeRow, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class RankRow:
    """One area's value with its limits; `own` is the partnership's."""

    label: str
    value: float
    lower: float | None
    upper: float | None
    printed: Text
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankChart:
    """Areas in order of a rate."""

    rows: tuple[RankRow, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar; `reference` is a mark to compare it with, or None."""

    label: Text
    value: float
    printed: Text
    reference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars from zero: stages of a return, answers of a survey, records by what became of them."""

    rows: tuple[BarRow, ...]
    unit: str
    reference_label: str = ""


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area of a map; `value` is None where there is none, and it is then drawn hatched grey."""

    code: str
    name: str
    geometry: Mapping[str, Any]  # GeoJSON, WGS 84
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMap:
    """A choropleth. Classes are made by natural breaks, so that places that stand out stand apart."""

    areas: tuple[MapArea, ...]
    unit: str
    named: bool = False  # whether names are written on it


Chart = LineChart | ChangeChart | RankChart | BarChart | AreaMap
