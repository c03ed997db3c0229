"""What indicators read: their filters, wherever they stand, and the columns they read by codes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from pipeline.definitions.indicator import Condition, Filter, Indicator
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.yaml_nodes import Path_

OFFENCE = "offence"  # the column of a breakdown by groups that names none
_CLASS = re.compile(r"[A-Za-z]*[0-9]+")


def code_class(code: str) -> str:
    """What codes of one kind share: `8` of 8N and 8P; a code without a number is its own class."""
    match = _CLASS.match(code)
    return match[0] if match else code


@dataclass(frozen=True, slots=True)
class FilterPlace:
    """A filter, where it stands in its indicator, and the sources and part whose rows it is asked of."""

    path: Path_
    where: Filter
    sources: tuple[str, ...]
    part: str | None


def filters_of(indicator: Indicator) -> Iterator[FilterPlace]:
    """Every filter of a measure, whatever its type; a denominator may have a source or part of its own."""
    measure = indicator.measure
    part = getattr(measure, "table", None)
    yield from _filters_in(measure, ("measure",), indicator.sources, part)


def _filters_in(
    model: BaseModel, path: Path_, sources: tuple[str, ...], part: str | None
) -> Iterator[FilterPlace]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        here = (*path, field.alias or name)
        if isinstance(value, Filter):
            yield FilterPlace(here, value, sources, part)
        elif isinstance(value, BaseModel):
            own = getattr(value, "source", None)
            if isinstance(own, str):  # another source: no part of it, unless it names one
                yield from _filters_in(value, here, (own,), getattr(value, "table", None))
            else:
                yield from _filters_in(value, here, sources, getattr(value, "table", None) or part)


def conditions_of(where: Filter, path: Path_ = ()) -> Iterator[tuple[Path_, str, Condition]]:
    """Every condition of a filter at any depth: its path, its column and itself."""
    for name, condition in where.columns.items():
        yield (*path, name), name, condition
    for index, inner in enumerate(where.any_):
        yield from conditions_of(inner, (*path, "any", index))
    if where.not_ is not None:
        yield from conditions_of(where.not_, (*path, "not"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One column of a source as one indicator reads it by codes: through lists, or written out."""

    source: str
    part: str | None
    column: str
    indicator: str
    codelists: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def table(self) -> str:
        """The curated table that holds the column."""
        return f"{self.source}_{self.part}" if self.part else self.source


def readings(definitions: Definitions) -> tuple[Reading, ...]:
    """Every reading of a column by codes, in the order of the indicators."""
    return tuple(r for indicator in definitions.indicators.values() for r in _readings(indicator))


def _readings(indicator: Indicator) -> Iterator[Reading]:
    for place in filters_of(indicator):
        for _, column, condition in conditions_of(place.where):
            lists: tuple[str, ...] = (condition.in_codelist,) if condition.in_codelist else ()
            codes = tuple(str(v) for v in (*(condition.in_ or ()), *(condition.not_in or ())))
            if lists or codes:
                for source in place.sources:
                    yield Reading(source, place.part, column, indicator.id, lists, codes)
    part = getattr(indicator.measure, "table", None)
    for breakdown in indicator.by:
        groups = (breakdown.groups or {}).values()
        lists = tuple(group for group in groups if isinstance(group, str))
        codes = tuple(str(code) for group in groups if not isinstance(group, str) for code in group)
        if lists or codes:
            for source in indicator.sources:
                yield Reading(source, part, breakdown.column or OFFENCE, indicator.id, lists, codes)
