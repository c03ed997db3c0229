"""Rules over columns, values and code lists: does an indicator ask for what can be there?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.indicator import (
    Condition,
    Count,
    DerivedMeasure,
    Filter,
    Indicator,
    Mean,
    Proportion,
    Ratio,
    Repeat,
    Scalar,
    Survey,
)
from pipeline.definitions.measure import KEYWORD
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import describe, did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.area import AreaKind
from pipeline.model.contract import Column
from pipeline.model.issue import Issue

_NUMBERS = ("INTEGER", "DOUBLE")


def columns_and_values(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A part or column that the mapping does not supply; a value that can never stand in its column."""
    for indicator in definitions.indicators.values():
        if isinstance(indicator.measure, DerivedMeasure):
            continue  # its parts are checked
        check = _ColumnCheck(definitions, places, indicator)
        tables = []
        for name in indicator.sources:
            source = definitions.sources.get(name)
            found = supplied_columns(source, indicator.measure.table) if source else None
            if found is not None:
                tables.append(found)
            elif source is not None:
                message = unknown(f"part of {name}:", indicator.measure.table, source.parts)
                yield check.refuse(("measure", "table"), message)
        if tables and len(tables) == len(indicator.sources):
            anywhere = {name: column for table in tables for name, column in table.items()}
            shared = {n: column for n, column in anywhere.items() if all(n in table for table in tables)}
            yield from check.measure(shared)
            yield from check.below_the_line()
            yield from check.breakdowns(anywhere)
            yield from check.areas(anywhere)


def _filters(indicator: Indicator) -> Iterator[tuple[Path_, Filter]]:
    """Every filter of a measure and where it stands in the indicator."""
    measure: Any = indicator.measure
    for name in ("where", "among"):
        if isinstance(found := getattr(measure, name, None), Filter):
            yield ("measure", name), found
    whole = getattr(measure, "of", None)
    if isinstance(found := getattr(whole, "where", None), Filter):
        yield ("measure", "of", "where"), found


@dataclass(frozen=True, slots=True)
class _ColumnCheck:
    """One indicator against the columns of its sources; paths are inside the indicator."""

    definitions: Definitions
    places: Places
    indicator: Indicator

    def refuse(self, path: Path_, message: str, *, at_key: bool = False) -> Issue:
        where: Path_ = ("indicators", self.indicator.id, *path)
        return self.places.issue("indicators", where, f"{self.indicator.id}: {message}", at_key=at_key)

    def unknown(self, path: Path_, name: str, columns: dict[str, Column], *, at_key: bool = False) -> Issue:
        part = f" (part {self.indicator.measure.table})" if self.indicator.measure.table else ""
        kind = f"column of {' and '.join(self.indicator.sources)}{part}:"
        return self.refuse(path, unknown(kind, name, columns), at_key=at_key)

    def measure(self, columns: dict[str, Column]) -> Iterator[Issue]:
        """What the measure counts: it must be in every source."""
        measure = self.indicator.measure
        for path, conditions in _filters(self.indicator):
            yield from self.filter(path, conditions, columns)
        if isinstance(measure, Repeat):
            yield from self.repeat(measure, columns)
        if isinstance(measure, Mean):
            numbers = {name: column for name, column in columns.items() if column.type in _NUMBERS}
            if measure.column not in numbers:
                yield self.unknown(("measure", "column"), measure.column, numbers)
        if isinstance(measure, Proportion) and measure.within_days is not None:
            for name in ("recorded_on", "outcome_on"):
                if name not in columns:
                    yield self.unknown(("measure", "within_days"), name, columns)

    def below_the_line(self) -> Iterator[Issue]:
        """The rows a ratio divides by: their part of their source, and the columns that choose them."""
        measure = self.indicator.measure
        if not isinstance(measure, Ratio):
            return
        path: Path_ = ("measure", "over")
        for name in self.indicator.over_sources:
            source = self.definitions.sources.get(name)
            columns = supplied_columns(source, measure.over.table) if source else None
            if columns is not None:
                below = Count(type="count", unit=measure.unit, table=measure.over.table)
                other = self.indicator.model_copy(update={"source": name, "measure": below})
                check = _ColumnCheck(self.definitions, self.places, other)
                yield from check.filter((*path, "where"), measure.over.where, columns)
            elif source is not None:
                message = unknown(f"part of {name}:", measure.over.table, source.parts)
                yield self.refuse((*path, "table"), message)

    def repeat(self, measure: Repeat, columns: dict[str, Column]) -> Iterator[Issue]:
        """Who repeats, and settings that belong to another of the three definitions."""
        for index, name in enumerate(measure.entities):
            if name not in columns:
                inner: Path_ = () if isinstance(measure.entity, str) else (index,)
                yield self.unknown(("measure", "entity", *inner), name, columns)
        if measure.report == "lookback" and "recorded_on" not in columns:
            yield self.unknown(("measure", "report"), "recorded_on", columns)
        for setting, report in (("at_least", "people"), ("lookback_months", "lookback")):
            if setting in measure.model_fields_set and measure.report != report:
                told = f"`{setting}` belongs to `report: {report}`; this one reports {measure.report}"
                yield self.refuse(("measure", setting), told)

    def breakdowns(self, columns: dict[str, Column]) -> Iterator[Issue]:
        """How totals are cut: it is enough where one source has the column."""
        known = self.definitions.codelists
        for index, breakdown in enumerate(self.indicator.by):
            if breakdown.cross:
                continue  # its parts stand beside it
            cut = breakdown.column or "offence"
            if cut not in columns:
                yield self.unknown(("by", index, "column"), cut, columns)
            taken: dict[object, str] = {}
            for category, group in (breakdown.groups or {}).items():
                path: Path_ = ("by", index, "groups", category)
                if isinstance(group, str):
                    yield from self.codelist(path, group)
                for code in known.get(group, ()) if isinstance(group, str) else group:
                    if code in taken:
                        yield self.refuse(
                            path, f"'{code}' is in two categories, {taken[code]} and {category}"
                        )
                    taken[code] = category

    def areas(self, columns: dict[str, Column]) -> Iterator[Issue]:
        """Wards and small areas: some source must say which one a row is in."""
        for index, name in enumerate(self.indicator.areas):
            areas = self.definitions.partnership.area_sets.get(name)
            column = f"{areas.kind}_code" if areas else ""
            if areas and areas.kind in (AreaKind.WARD, AreaKind.LSOA) and column not in columns:
                told = f"{name} needs the column {column}, which {' and '.join(self.indicator.sources)} lacks"
                yield self.refuse(("areas", index), told)

    def filter(self, path: Path_, conditions: Filter, columns: dict[str, Column]) -> Iterator[Issue]:
        for name, condition in conditions.columns.items():
            if name == KEYWORD and condition.any_of is not None:
                yield from self.keywords((*path, name, "any_of"), condition.any_of, columns)
            elif name not in columns:
                yield self.unknown((*path, name), name, {**columns, **_BLOCKS}, at_key=True)
            else:
                yield from self.condition((*path, name), condition, columns[name])
        for index, inner in enumerate(conditions.any_):
            yield from self.filter((*path, "any", index), inner, columns)
        if conditions.not_ is not None:
            yield from self.filter((*path, "not"), conditions.not_, columns)

    def keywords(self, path: Path_, names: tuple[Scalar, ...], columns: dict[str, Column]) -> Iterator[Issue]:
        """Keywords are flags: each is a column that is true or false."""
        flags = {name: column for name, column in columns.items() if column.type == "BOOLEAN"}
        for index, name in enumerate(names):
            if name not in flags:
                yield self.unknown((*path, index), str(name), flags)

    def condition(self, path: Path_, condition: Condition, column: Column) -> Iterator[Issue]:
        stated = condition.model_dump(exclude_none=True, by_alias=True)
        if not stated:
            yield self.refuse(path, f"{column.name}: the condition is empty; allowed: {listed(_OPERATORS)}")
        if condition.in_codelist is not None:
            yield from self.codelist((*path, "in_codelist"), condition.in_codelist)
        if condition.is_ is not None and column.type != "BOOLEAN":
            yield self.refuse((*path, "is"), f"{column.name} is no flag; use `in` or `answered`")
        if condition.between is not None and column.type not in _NUMBERS:
            yield self.refuse((*path, "between"), f"{column.name} is no number; use `in`")
        low, high = condition.between or (None, None)
        if low is not None and high is not None and high < low:
            told = f"{column.name}: from {low:g} to {high:g} runs backwards, and no row has such a value"
            yield self.refuse((*path, "between"), told)
        for operator in ("in", "not_in", "any_of"):
            for index, value in enumerate(stated.get(operator, ())):
                fault = _value_fault(column, value)
                if fault:
                    yield self.refuse((*path, operator, index), f"{column.name}: {fault}")

    def codelist(self, path: Path_, name: str) -> Iterator[Issue]:
        known = self.definitions.codelists
        if name not in known:
            yield self.refuse(path, unknown("code list", name, known))
        elif self.definitions.codelist_validity.get(name) and isinstance(self.indicator.measure, Survey):
            told = f"'{name}' has codes that come or go by month, and the answers of a wave have no month"
            yield self.refuse(path, told)


_BLOCKS = {name: Column(name, "", "") for name in ("any", "not")}
_OPERATORS = tuple(field.alias or name for name, field in Condition.model_fields.items())


def _value_fault(column: Column, value: Scalar) -> str:
    """Why a value can never stand in a column, or nothing."""
    if column.type == "BOOLEAN":
        return f"found {describe(value)} for a flag; write `is: true` or `is: false`"
    if column.type in _NUMBERS:
        return (
            ""
            if isinstance(value, int | float) and not isinstance(value, bool)
            else (f"found {describe(value)}; allowed: a number")
        )
    if not isinstance(value, str):
        written = str(value).lower() if isinstance(value, bool) else value
        return f"found {describe(value)}; allowed: a text, so write '{written}'"
    if column.values and value not in column.values:
        return f"found '{value}'{did_you_mean(value, column.values)}; allowed: {listed(column.values)}"
    return ""
