"""A line by month as a Vega-Lite specification: usual range, mean, gaps, and the year before behind it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.period import MONTH_NAMES
from pipeline.report.axes import Spec, labels, quantity_axis, scale
from pipeline.report.chartvalues import LineChart, SeriesPoint
from pipeline.report.fit import picture_height
from pipeline.report.style import BAND, GREY, NAVY, PALE, base
from pipeline.report.ticks import axis_ticks


def specification(chart: LineChart, wide: bool) -> Spec:
    """The specification of a line chart."""
    points = chart.points
    values = [p.value for p in (*points, *chart.earlier) if p.value is not None]
    tops = values + [level.upper for level in chart.levels if level.upper is not None]
    ticks = axis_ticks(0.0, max(tops, default=1.0), 4)
    months = _month_ticks(points)
    position = {
        "field": "position",
        "type": "quantitative",
        "scale": {"domain": [-0.4, len(points) - 0.6], "nice": False, "zero": False},
        "axis": {
            "values": [index for index, _ in months],
            "labelExpr": labels([float(i) for i, _ in months], [label for _, label in months]),
            "title": None,
            "labelAlign": "center",
            "grid": False,
        },
    }
    height = {
        "field": "value",
        "type": "quantitative",
        "scale": scale(ticks),
        "axis": quantity_axis(ticks, None, grid=True),
    }
    drawn = _stretches(points)
    layers: list[Spec] = []
    for level in chart.levels:
        ends = {"position": level.first - 0.4, "until": level.last + 0.4}
        if level.lower is not None and level.upper is not None:
            row = {**ends, "value": level.lower, "top": level.upper}
            layers.append(
                {
                    "data": {"values": [row]},
                    "mark": {"type": "rect", "color": BAND},
                    "encoding": {
                        "x": position,
                        "x2": {"field": "until"},
                        "y": height,
                        "y2": {"field": "top"},
                    },
                }
            )
        layers.append(
            {
                "data": {"values": [{**ends, "value": level.centre}]},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3], "strokeWidth": 1},
                "encoding": {"x": position, "x2": {"field": "until"}, "y": height},
            }
        )
    gaps = [{"position": i - 0.5, "until": i + 0.5} for i, p in enumerate(points) if p.value is None]
    if gaps:
        layers.append(
            {
                "data": {"values": gaps},
                "mark": {"type": "rect", "color": PALE},
                "encoding": {"x": position, "x2": {"field": "until"}},
            }
        )
    if chart.earlier:
        layers.append(
            {
                "data": {"values": _stretches(chart.earlier)},
                "mark": {"type": "line", "color": GREY, "strokeWidth": 1.2},
                "encoding": {"x": position, "y": height, "detail": {"field": "stretch", "type": "nominal"}},
            }
        )
    layers.append(
        {
            "data": {"values": drawn},
            "mark": {
                "type": "line",
                "color": NAVY,
                "strokeWidth": 1.6,
                "point": {"size": 14, "filled": True, "color": NAVY},
            },
            "encoding": {"x": position, "y": height, "detail": {"field": "stretch", "type": "nominal"}},
        }
    )
    return base(wide, picture_height(chart, wide)) | {"layer": layers}


def _stretches(points: Sequence[SeriesPoint]) -> list[Spec]:
    """The points with a value, each with the number of the unbroken stretch it is in."""
    rows: list[Spec] = []
    stretch = 0
    for index, point in enumerate(points):
        if point.value is None:
            stretch += 1
        else:
            rows.append({"position": index, "value": point.value, "stretch": stretch})
    return rows


def _month_ticks(points: Sequence[SeriesPoint]) -> list[tuple[int, str]]:
    """Positions and labels of the axis: the first month, then every twelfth."""
    if not points:
        return []
    return [
        (index, f"{MONTH_NAMES[point.month.month - 1][:3]} {point.month.year}")
        for index, point in enumerate(points)
        if index % (12 if len(points) > 14 else 6) == 0
    ]
