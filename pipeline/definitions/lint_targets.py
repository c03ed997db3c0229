"""Rules over targets and published figures: are their periods real, in order, of the right kind?"""

import re
from collections.abc import Iterator
from datetime import date

from pipeline.definitions.indicator import Indicator, Window
from pipeline.definitions.lint_words import groups_of
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Target, Use
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.comparison import Want
from pipeline.model.issue import Issue

_ENDS = {
    "financial_year": ((3,), "a financial year, 2025-26"),
    "calendar_year": ((12,), "the month that ends a calendar year, 2025-12"),
    "financial_quarter": ((3, 6, 9, 12), "the month that ends a quarter, 2025-06"),
    "calendar_quarter": ((3, 6, 9, 12), "the month that ends a quarter, 2025-06"),
}
"""The months in which a window can end, where not all, and how to name one."""


def _last_month(name: str) -> date | None:
    """The last month of a named period: `2025-26` is a financial year; None where it is no period."""
    first, second = int(name[:4]), int(name[5:])
    if first < 1:
        return None
    if second == (first + 1) % 100:
        return date(first + 1, 3, 1)
    return date(first, second, 1) if 1 <= second <= 12 else None


def _fault(name: str, window: Window) -> str:
    """Why a name is no period of the window's kind, or nothing."""
    last = _last_month(name)
    if last is None:
        return f"found '{name}'; allowed: a financial year, 2025-26, or a month YYYY-MM"
    months, allowed = _ENDS.get(window.kind, ((), ""))
    if months and last.month not in months:
        return f"found '{name}', which ends no {window.kind.replace('_', ' ')}; allowed: {allowed}"
    return ""


def targets(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A target that asks for no direction, at no real time, or whose path is not in order."""
    for path, use, target in _targets(definitions):
        indicator = definitions.indicators.get(use.use)
        if indicator is None:
            continue  # told where the use stands
        if use.want is Want.NEITHER:
            message = f"{use.use}: a target needs a direction; found `want: neither`; allowed: up, down"
            yield places.issue("indicators", path, message, at_key=True)
        if indicator.only_multi_year:
            message = f"{use.use}: only_multi_year: its figures are measured against nothing; leave it out"
            yield places.issue("indicators", path, message, at_key=True)
        faults = [(inner, _fault(name, indicator.window)) for inner, name in _named(target)]
        for inner, fault in faults:
            if fault:
                yield places.issue("indicators", (*path, *inner), f"{use.use}: {fault}")
        if not any(fault for _, fault in faults):
            yield from _order(places, path, use, target)


def _order(places: Places, path: Path_, use: Use, target: Target) -> Iterator[Issue]:
    """What of a path is not before the target; a path that leads the wrong way."""
    start = target.from_.period if target.from_ else None
    for inner, name in _named(target)[1:]:
        if _end(name) >= _end(target.by):
            message = f"{use.use}: the path has {name} on it, which is not before the target's {target.by}"
            yield places.issue("indicators", (*path, *inner), message)
        elif start is not None and name != start and _end(name) <= _end(start):
            message = f"{use.use}: the path has {name} on it, which is not after its start, {start}"
            yield places.issue("indicators", (*path, *inner), message)
    if target.from_ is not None and use.want is not Want.NEITHER:
        gain = target.value - target.from_.value
        if gain < 0 if use.want is Want.UP else gain > 0:
            message = (
                f"{use.use}: the path leads from {target.from_.value:g} to {target.value:g}, "
                f"but `want` is {use.want}"
            )
            yield places.issue("indicators", (*path, "value"), message)


def targets_over(definitions: Definitions, places: Places, as_at: date) -> Iterator[Issue]:
    """A target that was due, or a figure published for a time, before or after the edition's date."""
    for path, use, target in _targets(definitions):
        last = _last_month(target.by)
        if last is not None and last < as_at.replace(day=1):
            message = f"{use.use}: its target was due by {target.by}; agree a new one or leave it out"
            yield places.doubt("indicators", (*path, "by"), message)
    for indicator in definitions.indicators.values():
        for index, published in enumerate(indicator.published):
            last = _last_month(published.period) if _NAMED.fullmatch(published.period) else None
            if last is not None and last > as_at:
                message = f"{indicator.id}: published for {published.period}, which is not over yet"
                yield places.doubt("indicators", (*_published(indicator, index), "period"), message)


_NAMED = re.compile(r"\d{4}-\d{2}")


def published_periods(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A published figure of a period that there is not, or that no window of the indicator covers."""
    for indicator in definitions.indicators.values():
        for index, published in enumerate(indicator.published):
            if indicator.window.kind == "wave":
                continue  # printed under whatever name its source gives the wave
            named = _NAMED.fullmatch(published.period) is not None
            fault = _fault(published.period, indicator.window) if named else _NO_NAME
            if fault:
                path = (*_published(indicator, index), "period")
                yield places.issue("indicators", path, f"{indicator.id}: {fault}")


_NO_NAME = "this names no period; allowed: a financial year, 2021-22, or a month YYYY-MM"


def _published(indicator: Indicator, index: int) -> Path_:
    return ("indicators", indicator.id, "published", index)


def _named(target: Target) -> list[tuple[Path_, str]]:
    """The periods that a target names, its own first, each with where it stands."""
    found: list[tuple[Path_, str]] = [(("by",), target.by)]
    if target.from_ is not None:
        found.append((("from", "period"), target.from_.period))
    return found + [(("steps", name), name) for name in target.steps]


def _end(name: str) -> date:
    last = _last_month(name)
    assert last is not None
    return last


def _targets(definitions: Definitions) -> Iterator[tuple[Path_, Use, Target]]:
    """Every target of every use, with where it stands."""
    for section, group, priority in groups_of(definitions):
        for name, measure in priority.measures.items():
            for index, use in enumerate(measure.uses):
                if use.target is not None:
                    yield (section, group, "measures", name, "uses", index, "target"), use, use.target
