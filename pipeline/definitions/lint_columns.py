"""Rules over sources, columns, values and code lists: does an indicator ask for what can be there?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.faults import describe, did_you_mean, listed, unknown
from pipeline.definitions.indicator import Condition, Denominator, Filter, Indicator, Rate, Scalar
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.contract import CONTRACTS, Column
from pipeline.model.issue import Issue

_NUMBERS = ("INTEGER", "DOUBLE")


def unknown_sources(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source that sources.yaml does not declare."""
    known = definitions.sources
    if definitions.partnership.main_source not in known:
        name = definitions.partnership.main_source
        yield places.issue("partnership", ("main_source",), f"main_source: {unknown('source', name, known)}")
    for name in definitions.policies.sources:
        if name not in known:
            yield places.issue("policies", ("sources", name), unknown("source", name, known), at_key=True)
    for indicator in definitions.indicators.values():
        for index, name in enumerate(indicator.sources):
            if name not in known:
                inner: Path_ = ("source",) if isinstance(indicator.source, str) else ("source", index)
                message = f"{indicator.id}: {unknown('source', name, known)}"
                yield places.issue("indicators", ("indicators", indicator.id, *inner), message)


def columns_and_values(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A part or column that the mapping does not supply; a value that can never stand in its column."""
    for indicator in definitions.indicators.values():
        path: Path_ = ("indicators", indicator.id)
        tables: list[dict[str, Column]] = []
        for name in indicator.sources:
            source = definitions.sources.get(name)
            if source is None:
                continue
            found = supplied_columns(source, indicator.measure.table)
            if found is None:
                part = unknown(f"part of {name}:", indicator.measure.table, source.parts)
                message = f"{indicator.id}: {part}"
                yield places.issue("indicators", (*path, "measure", "table"), message)
            else:
                tables.append(found)
        if len(tables) < len(indicator.sources):
            continue
        shared = {
            name: column for name, column in tables[0].items() if all(name in table for table in tables)
        }
        anywhere = {name: column for table in tables for name, column in table.items()}
        check = _ColumnCheck(definitions, places, indicator)
        for inner, conditions in _filters(indicator):
            yield from check.filter((*path, *inner), conditions, shared)
        entity = getattr(indicator.measure, "entity", None)
        if entity is not None and entity not in shared:
            yield check.unknown((*path, "measure", "entity"), entity, shared, at_key=False)
        for index, breakdown in enumerate(indicator.by):
            by: Path_ = (*path, "by", index)
            cut = breakdown.column or "offence"
            if cut not in anywhere:
                yield check.unknown((*by, "column"), cut, anywhere, at_key=False)
            yield from check.breakdown(by, breakdown.groups or {})
            for category, denominator in breakdown.over.items():
                yield from _denominator(definitions, places, indicator, (*by, "over", category), denominator)
        if isinstance(indicator.measure, Rate):
            over: Path_ = (*path, "measure", "over")
            yield from _denominator(definitions, places, indicator, over, indicator.measure.over)


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
    definitions: Definitions
    places: Places
    indicator: Indicator

    def unknown(self, path: Path_, name: str, columns: dict[str, Column], *, at_key: bool) -> Issue:
        part = f" (part {self.indicator.measure.table})" if self.indicator.measure.table else ""
        kind = f"column of {' and '.join(self.indicator.sources)}{part}:"
        message = f"{self.indicator.id}: {unknown(kind, name, columns)}"
        return self.places.issue("indicators", path, message, at_key=at_key)

    def filter(self, path: Path_, conditions: Filter, columns: dict[str, Column]) -> Iterator[Issue]:
        for name, condition in conditions.columns.items():
            if name not in columns:
                yield self.unknown((*path, name), name, {**columns, **_BLOCKS}, at_key=True)
            else:
                yield from self.condition((*path, name), condition, columns[name])
        for index, inner in enumerate(conditions.any_):
            yield from self.filter((*path, "any", index), inner, columns)
        if conditions.not_ is not None:
            yield from self.filter((*path, "not"), conditions.not_, columns)

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
        for operator in ("in", "not_in", "any_of"):
            for index, value in enumerate(stated.get(operator, ())):
                fault = _value_fault(column, value)
                if fault:
                    yield self.refuse((*path, operator, index), f"{column.name}: {fault}")

    def codelist(self, path: Path_, name: str) -> Iterator[Issue]:
        known = self.definitions.codelists
        if name not in known:
            yield self.refuse(path, unknown("code list", name, known))

    def breakdown(self, path: Path_, groups: dict[str, str | tuple[Scalar, ...]]) -> Iterator[Issue]:
        known = self.definitions.codelists
        taken: dict[object, str] = {}
        for category, group in groups.items():
            here: Path_ = (*path, "groups", category)
            if isinstance(group, str):
                yield from self.codelist(here, group)
            for code in known.get(group, ()) if isinstance(group, str) else group:
                if code in taken:
                    yield self.refuse(here, f"'{code}' is in two categories, {taken[code]} and {category}")
                taken[code] = category

    def refuse(self, path: Path_, message: str) -> Issue:
        return self.places.issue("indicators", path, f"{self.indicator.id}: {message}")


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
        return f"found '{value}'; allowed: {listed(column.values)}{did_you_mean(value, column.values)}"
    return ""


def _denominator(
    definitions: Definitions, places: Places, indicator: Indicator, path: Path_, over: Denominator
) -> Iterator[Issue]:
    source = definitions.sources.get(over.table)
    if source is None:
        message = f"{indicator.id}: {unknown('source', over.table, definitions.sources)}"
        yield places.issue("indicators", (*path, "table"), message)
        return
    columns = supplied_columns(source) or {}
    numbers = [name for name, column in columns.items() if column.type in _NUMBERS and name != "year"]
    if over.column not in numbers:
        message = f"{indicator.id}: {unknown(f'column of {over.table}:', over.column, numbers)}"
        yield places.issue("indicators", (*path, "column"), message)


def unknown_contracts(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source, or part of one, under a contract that there is not."""
    for name, source in definitions.sources.items():
        named: list[tuple[Path_, str]] = [(("contract",), source.contract)]
        named += [(("parts", key, "contract"), part.contract) for key, part in source.parts.items()]
        for inner, contract in named:
            if contract not in CONTRACTS:
                message = f"{name}: {unknown('contract', contract, CONTRACTS)}"
                yield places.issue("sources", ("sources", name, *inner), message)
