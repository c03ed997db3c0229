"""Chart values -> Vega-Lite specifications. Pure: the same values give the same specification.

Colours are the Analysis Function's; orange means "here" and nothing else. No legend where a label
will do, uncertainty always drawn, units on the axis, one message a chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report import linechart, maps
from pipeline.report.axes import Spec, layer, quantity_axis, scale
from pipeline.report.chartvalues import (
    AreaMap,
    BarChart,
    ChangeChart,
    Chart,
    LineChart,
    RankChart,
)
from pipeline.report.fit import label_letters, picture_height, wrapped
from pipeline.report.style import BAND, GREY, HERE, INK, NAVY, RULE, base
from pipeline.report.text import plain
from pipeline.report.ticks import axis_ticks

LINE = "|"  # where a label breaks


def specification(chart: Chart, wide: bool = False) -> Spec:
    """The Vega-Lite specification of a chart, half a page wide or the whole width."""
    match chart:
        case LineChart():
            return linechart.specification(chart, wide)
        case ChangeChart():
            return _changes(chart, wide)
        case RankChart():
            return _ranks(chart, wide)
        case BarChart():
            return _bars(chart, wide)
        case AreaMap():
            return maps.specification(chart, wide)


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
        "scale": scale(ticks),
        "axis": quantity_axis(ticks, f"change, {chart.unit}"),
    }
    bounded = [row for row in rows if row["from"] is not None and row["to"] is not None]
    limited = [row for row in rows if row["lower"] is not None and row["upper"] is not None]
    layers = [layer([{"value": 0}], {"type": "rule", "color": RULE}, x=across)]
    if bounded:
        band = {"type": "bar", "color": BAND, "height": 12}
        layers.append(layer(bounded, band, x={**across, "field": "from"}, x2={"field": "to"}, y=names))
    if limited:
        line = {"type": "rule", "color": NAVY, "strokeWidth": 1.8}
        layers.append(layer(limited, line, x={**across, "field": "lower"}, x2={"field": "upper"}, y=names))
    dot = {"type": "point", "filled": True, "color": NAVY, "size": 55, "opacity": 1}
    layers.append(layer(rows, dot, x=across, y=names))
    near = 0.08 * (ticks[-1] - ticks[0])  # a label there would be crossed by the line at zero
    for side, align, nudge in ((-1, "right", -4), (0, "center", 0), (1, "left", 4)):
        placed = [row for row in rows if _side(row["value"], near) == side]
        words = {"type": "text", "dy": -12, "dx": nudge, "align": align, "fontWeight": 600, "color": NAVY}
        if placed:
            layers.append(layer(placed, words, x=across, y=names, text={"field": "printed"}))
    return base(wide, picture_height(chart, wide)) | {"layer": layers}


def _side(change: float, near: float) -> int:
    """On which side of a dot close to zero its label stands: -1 left, 1 right, 0 above it."""
    if abs(change) >= near:
        return 0
    return -1 if change < 0 else 1


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
        "scale": scale(ticks),
        "axis": quantity_axis(ticks, chart.unit) | {"grid": True, "domain": True, "ticks": True},
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
    ticks = axis_ticks(0.0, highest, 5 if wide else 3)
    room = highest * (1.14 if wide else 1.25)  # for the number behind the longest bar
    names = _names([row["name"] for row in rows])
    across: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": scale((0.0, room)),
        "axis": quantity_axis([tick for tick in ticks if tick <= room], chart.unit),
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
