"""Axes whose every tick and label is ours, so that a chart prints no numeral that we did not write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.report.style import PALE
from pipeline.report.ticks import tick_label

Spec = dict[str, Any]


def labels(ticks: Sequence[float], written: Sequence[str] | None = None) -> str:
    """A Vega expression that writes each tick as we would."""
    words = written or [tick_label(tick) for tick in ticks]
    table = {f"{tick:.12g}": label for tick, label in zip(ticks, words, strict=True)}
    return f"{json.dumps(table, ensure_ascii=False)}[toString(datum.value)]"


def quantity_axis(ticks: Sequence[float], title: str | None, grid: bool = False) -> Spec:
    """An axis of amounts with our ticks; with a grid it has no line of its own."""
    return {
        "values": list(ticks),
        "labelExpr": labels(ticks),
        "title": title,
        "grid": grid,
        "gridColor": PALE,
        "domain": not grid,
        "ticks": not grid,
    }


def scale(ticks: Sequence[float]) -> Spec:
    """A scale from the first tick to the last."""
    return {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False}


def layer(rows: Sequence[Spec], mark: Spec, **channels: Spec) -> Spec:
    """One mark drawn for each of the rows."""
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": channels}
