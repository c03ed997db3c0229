"""Chart values -> Vega-Lite specifications. Pure: the same values give the same specification.

Colours are the Analysis Function's; orange means "here" and nothing else. No legend where a label
will do, uncertainty always drawn, units on the axis, one message a chart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.model.period import MONTH_NAMES
from pipeline.report import maps
from pipeline.report.chartvalues import (
    AreaMap,
    BarChart,
    ChangeChart,
    Chart,
    LineChart,
    RankChart,
    SeriesPoint,
)
from pipeline.report.fit import label_letters, picture_height, wrapped
from pipeline.report.style import BAND, GREY, HERE, INK, NAVY, PALE, RULE, base
from pipeline.report.text import plain
from pipeline.report.ticks import axis_ticks, tick_label

Spec = dict[str, Any]
LINE = "|"  # where a label breaks


def specification(chart: Chart, wide: bool = False) -> Spec:
    """The Vega-Lite specification of a chart, half a page wide or the whole width."""
    match chart:
        case LineChart():
            return _line(chart, wide)
        case ChangeChart():
            return _changes(chart, wide)
        case RankChart():
            return _ranks(chart, wide)
        case BarChart():
            return _bars(chart, wide)
        case AreaMap():
            return maps.specification(chart, wide)


def _labels(ticks: Sequence[float], written: Sequence[str] | None = None) -> str:
    """A Vega expression that writes each tick as we would."""
    words = written or [tick_label(tick) for tick in ticks]
    table = {f"{tick:.12g}": label for tick, label in zip(ticks, words, strict=True)}
    return f"{json.dumps(table, ensure_ascii=False)}[toString(datum.value)]"


def _quantity_axis(ticks: Sequence[float], title: str | None, grid: bool = False) -> Spec:
    return {
        "values": list(ticks),
        "labelExpr": _labels(ticks),
        "title": title,
        "grid": grid,
        "gridColor": PALE,
        "domain": not grid,
        "ticks": not grid,
    }


def _scale(ticks: Sequence[float]) -> Spec:
    return {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False}


def _line(chart: LineChart, wide: bool) -> Spec:
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
            "labelExpr": _labels([float(i) for i, _ in months], [label for _, label in months]),
            "title": None,
            "labelAlign": "center",
            "grid": False,
        },
    }
    height = {
        "field": "value",
        "type": "quantitative",
        "scale": _scale(ticks),
        "axis": _quantity_axis(ticks, None, grid=True),
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


def _names(labels: Sequence[str]) -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(labels), "paddingInner": 0.2, "paddingOuter": 0.2},
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": 400,
            "labelExpr": f"split(datum.label, '{LINE}')",
        },
    }


def _changes(chart: ChangeChart, wide: bool) -> Spec:
    ends = [0.0]
    rows: list[Spec] = []
    for row in chart.rows:
        known = (row.change, row.lower, row.upper, row.bound_lower, row.bound_upper)
        ends += [end for end in known if end is not None]
        rows.append(
            {
                "name": LINE.join(wrapped(plain(row.label), label_letters(chart, wide))),
                "value": row.change,
                "lower": row.lower,
                "upper": row.upper,
                "from": row.bound_lower,
                "to": row.bound_upper,
                "printed": plain(row.printed),
            }
        )
    ticks = axis_ticks(min(ends), max(ends), 6)
    names = _names([row["name"] for row in rows])
    across: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": _scale(ticks),
        "axis": _quantity_axis(ticks, f"change, {chart.unit}"),
    }
    bounded = [row for row in rows if row["from"] is not None and row["to"] is not None]
    limited = [row for row in rows if row["lower"] is not None and row["upper"] is not None]
    layers: list[Spec] = [
        {
            "data": {"values": [{"value": 0}]},
            "mark": {"type": "rule", "color": RULE},
            "encoding": {"x": across},
        },
    ]
    if bounded:
        layers.append(
            {
                "data": {"values": bounded},
                "mark": {"type": "bar", "color": BAND, "height": 12},
                "encoding": {"x": {**across, "field": "from"}, "x2": {"field": "to"}, "y": names},
            }
        )
    if limited:
        layers.append(
            {
                "data": {"values": limited},
                "mark": {"type": "rule", "color": NAVY, "strokeWidth": 1.8},
                "encoding": {"x": {**across, "field": "lower"}, "x2": {"field": "upper"}, "y": names},
            }
        )
    layers += [
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "color": NAVY, "size": 55, "opacity": 1},
            "encoding": {"x": across, "y": names},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "dy": -10, "fontWeight": 600, "color": NAVY},
            "encoding": {"x": across, "y": names, "text": {"field": "printed"}},
        },
    ]
    return base(wide, picture_height(chart, wide)) | {"layer": layers}


def _ranks(chart: RankChart, wide: bool) -> Spec:
    rows: list[Spec] = [
        {
            "name": row.label,
            "value": row.value,
            "lower": row.lower,
            "upper": row.upper,
            "end": row.value if row.upper is None else row.upper,
            "printed": plain(row.printed),
            "own": row.own,
        }
        for row in chart.rows
    ]
    top = max((row["end"] for row in rows), default=1.0)
    ticks = axis_ticks(0.0, top * 1.08, 4)
    names = _names([row["name"] for row in rows])
    across: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": _scale(ticks),
        "axis": _quantity_axis(ticks, chart.unit) | {"grid": True, "domain": True, "ticks": True},
    }
    colour = {"condition": {"test": "datum.own", "value": HERE}, "value": NAVY}
    limited = [row for row in rows if row["lower"] is not None and row["upper"] is not None]
    layers: list[Spec] = []
    if limited:
        layers.append(
            {
                "data": {"values": limited},
                "mark": {"type": "rule", "strokeWidth": 1.8},
                "encoding": {
                    "x": {**across, "field": "lower"},
                    "x2": {"field": "upper"},
                    "y": names,
                    "color": colour,
                },
            }
        )
    layers += [
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": across, "y": names, "color": colour},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "left", "dx": 7},
            "encoding": {
                "x": {**across, "field": "end"},
                "y": names,
                "text": {"field": "printed"},
                "color": {"condition": {"test": "datum.own", "value": INK}, "value": INK},
            },
        },
    ]
    return base(wide, picture_height(chart, wide)) | {"layer": layers}


def _bars(chart: BarChart, wide: bool) -> Spec:
    rows: list[Spec] = [
        {
            "name": LINE.join(wrapped(plain(row.label), label_letters(chart, wide))),
            "value": row.value,
            "reference": row.reference,
            "printed": plain(row.printed),
        }
        for row in chart.rows
    ]
    highest = max([row["value"] for row in rows] + [row["reference"] or 0.0 for row in rows], default=1.0)
    ticks = axis_ticks(0.0, highest * 1.12, 5 if wide else 3)
    names = _names([row["name"] for row in rows])
    across: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": _scale(ticks),
        "axis": _quantity_axis(ticks, chart.unit),
    }
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "bar", "color": NAVY},
            "encoding": {"x": across, "y": names},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
            "encoding": {"x": across, "y": names, "text": {"field": "printed"}},
        },
    ]
    marked = [row for row in rows if row["reference"] is not None]
    if marked:
        layers.append(
            {
                "data": {"values": marked},
                "mark": {"type": "tick", "color": GREY, "thickness": 2.4, "size": 18},
                "encoding": {"x": {**across, "field": "reference"}, "y": names},
            }
        )
    return base(wide, picture_height(chart, wide)) | {"layer": layers}
