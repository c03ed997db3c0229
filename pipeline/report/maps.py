"""A choropleth: outlines projected here, classes by natural breaks, names written where they fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipeline.report.chartvalues import AreaMap
from pipeline.report.fit import picture_height
from pipeline.report.style import INK, PALE, SEQUENCE, base, picture_width
from pipeline.report.ticks import natural_breaks, tick_label

Spec = dict[str, Any]
Ring = list[list[float]]
NO_VALUE = "no figure"
NAME_SIZE = 9.5  # px
LETTER = 0.47  # mean width of a letter over the size of the type, Source Sans 3


def class_labels(breaks: Sequence[float]) -> tuple[str, ...]:
    """The classes in words: `under 25`, `25 to under 40`, `40 and over`."""
    if not breaks:
        return ("all alike",)
    edges = [tick_label(edge) for edge in breaks]
    middle = [f"{low} to under {high}" for low, high in pairwise(edges)]
    return (f"under {edges[0]}", *middle, f"{edges[-1]} and over")


def class_of(value: float, breaks: Sequence[float]) -> int:
    """The class a value is in, 0 the lowest; a value on a break is in the upper class."""
    return sum(value >= edge for edge in breaks)


def specification(chart: AreaMap, wide: bool) -> Spec:
    """The Vega-Lite specification of a map."""
    width, height = picture_width(wide), picture_height(chart, wide)
    values = tuple(area.value for area in chart.areas if area.value is not None)
    breaks = natural_breaks(values, len(SEQUENCE))
    labels = class_labels(breaks)
    colours = _colours(len(labels))
    outlines = _projected(chart)
    missing = any(area.value is None for area in chart.areas)
    features = [
        {
            "type": "Feature",
            "properties": {
                "class": NO_VALUE if area.value is None else labels[class_of(area.value, breaks)],
                "name": area.name,
            },
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        }
        for area, polygons in zip(chart.areas, outlines, strict=True)
    ]
    domain = [*labels, *([NO_VALUE] if missing else [])]
    legend = {
        "title": chart.unit,
        "orient": "bottom" if not wide else "right",
        "symbolType": "square",
        "symbolSize": 130,
        "symbolStrokeWidth": 0.5,
        "columns": 2 if not wide else 1,
        "labelLimit": 200,
        "titleLimit": 300,
    }
    layers: list[Spec] = [
        {
            "data": {"values": features, "format": {"type": "json"}},
            "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.9},
            "encoding": {
                "color": {
                    "field": "properties.class",
                    "type": "nominal",
                    "sort": None,
                    "scale": {"domain": domain, "range": [*colours, *([PALE] if missing else [])]},
                    "legend": legend,
                }
            },
        }
    ]
    if chart.named:
        layers += _names(chart, outlines, breaks, len(labels), width, height)
    made = base(wide, height)
    return made | {"projection": {"type": "identity", "reflectY": True}, "layer": layers}


def _colours(classes: int) -> tuple[str, ...]:
    """From pale to dark, as far apart as the number of classes allows."""
    if classes == 1:
        return (SEQUENCE[1],)
    steps = len(SEQUENCE) - 1
    return tuple(SEQUENCE[round(index * steps / (classes - 1))] for index in range(classes))


def _polygons(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else list(coordinates)


def _projected(chart: AreaMap) -> list[list[list[Ring]]]:
    """The outlines on a plane: degrees of longitude shrunk by the cosine of the middle latitude.

    True to shape within 0.1 % over a city; no great-circle arithmetic, so the winding of rings is
    of no account.
    """
    shapes = [_polygons(area.geometry) for area in chart.areas]
    latitudes = [point[1] for shape in shapes for polygon in shape for point in polygon[0]]
    shrink = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2)) if latitudes else 1.0
    return [
        [
            [[[round(x * shrink, 6), round(y, 6)] for x, y, *_ in ring] for ring in polygon]
            for polygon in shape
        ]
        for shape in shapes
    ]


def _centre(ring: Ring) -> tuple[float, float, float]:
    """Centroid and area of a ring (shoelace)."""
    area = across = up = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area += cross
        across += (x0 + x1) * cross
        up += (y0 + y1) * cross
    if area == 0:
        return ring[0][0], ring[0][1], 0.0
    return across / (3 * area), up / (3 * area), abs(area) / 2


def _wrapped(name: str, limit: float) -> list[str]:
    """The name on lines of at most `limit` letters where words allow."""
    lines = [""]
    for part in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(part) > limit:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return lines


def _chord(ring: Ring, height: float, across: float) -> float:
    """The width of the ring at `height`, of the stretch that holds `across`."""
    cuts = sorted(
        x0 + (height - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (y0 <= height) != (y1 <= height)
    )
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return next((right - left for left, right in pairs if left <= across <= right), 0.0)


def _names(
    chart: AreaMap,
    outlines: list[list[list[Ring]]],
    breaks: Sequence[float],
    classes: int,
    width: int,
    height: int,
) -> list[Spec]:
    """Text layers with the names that fit in their areas: white on the dark classes, ink on the pale."""
    points = [point for shape in outlines for polygon in shape for point in polygon[0]]
    wide = max(x for x, _ in points) - min(x for x, _ in points)
    tall = max(y for _, y in points) - min(y for _, y in points)
    pixels = min((width - 150) / wide, height / tall) * 0.97
    rows: dict[bool, list[Spec]] = {True: [], False: []}
    for area, shape in zip(chart.areas, outlines, strict=True):
        ring = max((polygon[0] for polygon in shape), key=lambda r: _centre(r)[2])
        across, up, _ = _centre(ring)
        room = _chord(ring, up, across) * pixels
        lines = _wrapped(area.name, room / (NAME_SIZE * LETTER))
        if max(len(line) for line in lines) * NAME_SIZE * LETTER > room or len(lines) > 3:
            continue
        dark = area.value is not None and class_of(area.value, breaks) >= classes - 2 and classes > 2
        for number, line in enumerate(lines):
            rows[dark].append({"x": across, "y": up, "name": line, "line": number - (len(lines) - 1) / 2})
    return [
        {
            "data": {"values": [row for row in found if row["line"] == line]},
            "mark": {
                "type": "text",
                "fontSize": NAME_SIZE,
                "dy": line * NAME_SIZE * 1.08,
                "color": "white" if dark else INK,
                "fontWeight": 600,
            },
            "encoding": {
                "longitude": {"field": "x", "type": "quantitative"},
                "latitude": {"field": "y", "type": "quantitative"},
                "text": {"field": "name"},
            },
        }
        for dark, found in rows.items()
        for line in sorted({row["line"] for row in found})
    ]
