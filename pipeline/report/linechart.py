"""A line by month as a Vega-Lite specification: usual range, mean, gaps, and the year before behind it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.period import MONTH_NAMES
from pipeline.report.axes import Spec, labels, layer, quantity_axis, scale
from pipeline.report.chartvalues import Level, LineChart, SeriesPoint
from pipeline.report.fit import picture_height
from pipeline.report.style import BAND, GREY, NAVY, PALE, base
from pipeline.report.ticks import axis_ticks


def specification(chart: LineChart, wide: bool) -> Spec:
    """The specification of a line chart."""
    points = chart.points
    values = [p.value for p in (*points, *chart.earlier) if p.value is not None]
    tops = values + [level.upper for level in chart.levels if level.upper is not None]
    ticks = axis_ticks(0.0, max(tops, default=1.0), 4)
    across = _months(points)
    up: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": scale(ticks),
        "axis": quantity_axis(ticks, None, grid=True),
    }
    stretch: Spec = {"field": "stretch", "type": "nominal"}
    until: Spec = {"field": "until"}
    layers = [made for level in chart.levels for made in _level(level, across, up)]
    gaps = [{"position": i - 0.5, "until": i + 0.5} for i, p in enumerate(points) if p.value is None]
    if gaps:
        layers.append(layer(gaps, {"type": "rect", "color": PALE}, x=across, x2=until))
    if chart.earlier:
        grey = {"type": "line", "color": GREY, "strokeWidth": 1.2}
        layers.append(layer(_stretches(chart.earlier), grey, x=across, y=up, detail=stretch))
    dots = {"size": 14, "filled": True, "color": NAVY}
    navy = {"type": "line", "color": NAVY, "strokeWidth": 1.6, "point": dots}
    layers.append(layer(_stretches(points), navy, x=across, y=up, detail=stretch))
    return base(wide, picture_height(chart, wide)) | {"layer": layers}


def _months(points: Sequence[SeriesPoint]) -> Spec:
    """The axis of months: positions, of which the first and every twelfth are named."""
    months = _month_ticks(points)
    return {
        "field": "position",
        "type": "quantitative",
        "scale": {"domain": [-0.4, len(points) - 0.6], "nice": False, "zero": False},
        "axis": {
            "values": [index for index, _ in months],
            "labelExpr": labels([float(index) for index, _ in months], [name for _, name in months]),
            "title": None,
            "labelAlign": "center",
            "grid": False,
        },
    }


def _level(level: Level, across: Spec, up: Spec) -> list[Spec]:
    """The band of the usual range, where there is one, and the mean."""
    ends = {"position": level.first - 0.4, "until": level.last + 0.4}
    until: Spec = {"field": "until"}
    dashed = {"type": "rule", "color": GREY, "strokeDash": [4, 3], "strokeWidth": 1}
    mean = layer([{**ends, "value": level.centre}], dashed, x=across, x2=until, y=up)
    if level.lower is None or level.upper is None:
        return [mean]
    row = {**ends, "value": level.lower, "top": level.upper}
    return [
        layer([row], {"type": "rect", "color": BAND}, x=across, x2=until, y=up, y2={"field": "top"}),
        mean,
    ]


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
