"""Colours and type of charts. The palette is the Analysis Function's; the page's own is in `print.css`."""

from __future__ import annotations

from typing import Any

NAVY = "#12436D"
HERE = "#F46A25"
INK = "#1D1D1D"
GREY = "#6F6F6F"
RULE = "#8C8C8C"
PALE = "#E6E6E6"
BAND = "#DCE6F0"
SEQUENCE = ("#E1ECF5", "#B5D0EA", "#6BACE6", "#2073BC", "#12436D")

FONT = "Source Sans 3"
HALF_WIDTH = 321  # px at 96 to the inch: 85 mm
WIDE_WIDTH = 672  # 178 mm


def picture_width(wide: bool) -> int:
    """The width of a picture in pixels."""
    return WIDE_WIDTH if wide else HALF_WIDTH


def base(wide: bool, height: int) -> dict[str, Any]:
    """What every specification begins with; the size is that of the whole picture."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 10.5,
        "titleFontSize": 10.5,
        "titleFontWeight": "normal",
        "labelColor": "#3D3D3D",
        "titleColor": "#3D3D3D",
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": PALE,
        "tickSize": 4,
        "labelOverlap": False,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": picture_width(wide),
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 8, "top": 6, "bottom": 2},
        "background": None,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "text": {"font": FONT, "fontSize": 10.5},
            "legend": {
                "labelFont": FONT,
                "titleFont": FONT,
                "labelFontSize": 10.5,
                "titleFontSize": 10.5,
                "titleFontWeight": "normal",
            },
        },
    }
