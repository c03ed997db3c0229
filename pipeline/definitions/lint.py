"""What the definitions say about each other: rules over the resolved value, with positions in the files.

A rule is a generator of issues. `error_rules` runs those that stop a run, `warnings` those that do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.definitions.codelists import CodeList
from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.faults import Origin, describe, did_you_mean, listed
from pipeline.definitions.indicator import Condition, Denominator, Filter, Indicator, Priority, Rate, Scalar
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.yaml_nodes import Document, Path_
from pipeline.model.contract import CONTRACTS, Column
from pipeline.model.issue import Issue, Severity

REST_OF_FORCE = "rest_of_force"
PARTNERSHIP_SETS = ("partnership", "force")
_NUMBERS = ("INTEGER", "DOUBLE")


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand: the documents by file stem and, for merged values, their origins."""

    documents: dict[str, Document]
    origins: dict[Path_, Origin]
    codelists: dict[str, CodeList]

    def issue(
        self, stem: str, path: Path_, message: str, *, at_key: bool = False, severity: Severity = Severity.ERROR
    ) -> Issue:
        """An issue at a place of a file, found through the defaults where the value was merged in."""
        document = self.documents[stem]
        origin = self.origins.get(path[:2])
        where = origin.of(path[:2], path[2:]) if origin else path
        position = document.key_at(where) if at_key else document.value_at(where)
        return Issue(document.file, position.line, position.column, message, severity)


Rule = Callable[[Definitions, Places], Iterator[Issue]]


def error_rules(definitions: Definitions, places: Places) -> list[Issue]:
    """Every error that the definitions make together."""
    return [issue for rule in ERROR_RULES for issue in rule(definitions, places)]


def warnings(definitions: Definitions, places: Places, today: date) -> list[Issue]:
    """Every doubt about them; `today` decides what is past its review."""
    found = [issue for rule in WARNING_RULES for issue in rule(definitions, places)]
    return [*found, *past_review(definitions, places, today)]


# --- Sources, columns, code lists --------------------------------------------------------------


def unknown_sources(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source that sources.yaml does not declare."""
    known = definitions.sources
    if definitions.partnership.main_source not in known:
        name = definitions.partnership.main_source
        message = f"main_source: unknown source '{name}'; allowed: {listed(known)}{did_you_mean(name, known)}"
        yield places.issue("partnership", ("main_source",), message)
    for name in definitions.policies.sources:
        if name not in known:
            message = f"unknown source '{name}'; allowed: {listed(known)}{did_you_mean(name, known)}"
            yield places.issue("policies", ("sources", name), message, at_key=True)
    for indicator in definitions.indicators.values():
        for index, name in enumerate(indicator.sources):
            if name not in known:
                inner: Path_ = ("source",) if isinstance(indicator.source, str) else ("source", index)
                message = f"{indicator.id}: unknown source '{name}'; allowed: {listed(known)}{did_you_mean(name, known)}"
                yield places.issue("indicators", ("indicators", indicator.id, *inner), message)


def columns_and_values(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A part or column that the source's mapping does not supply; a value that can never stand in its column."""
    for indicator in definitions.indicators.values():
        path: Path_ = ("indicators", indicator.id)
        tables: list[dict[str, Column]] = []
        for name in indicator.sources:
            source = definitions.sources.get(name)
            if source is None:
                continue
            found = supplied_columns(source, indicator.measure.table)
            if found is None:
                message = (
                    f"{indicator.id}: the source {name} has no part '{indicator.measure.table}'; "
                    f"allowed: {listed(source.parts)}{did_you_mean(indicator.measure.table, source.parts)}"
                )
                yield places.issue("indicators", (*path, "measure", "table"), message)
            else:
                tables.append(found)
        if len(tables) < len(indicator.sources):
            continue
        shared = {name: column for name, column in tables[0].items() if all(name in table for table in tables)}
        anywhere = {name: column for table in tables for name, column in table.items()}
        check = _ColumnCheck(definitions, places, indicator)
        for inner, conditions in _filters(indicator):
            yield from check.filter((*path, *inner), conditions, shared)
        entity = getattr(indicator.measure, "entity", None)
        if entity is not None and entity not in shared:
            yield check.unknown((*path, "measure", "entity"), entity, shared, at_key=False)
        for index, breakdown in enumerate(indicator.by):
            by: Path_ = (*path, "by", index)
            if breakdown.column is not None and breakdown.column not in anywhere:
                yield check.unknown((*by, "column"), breakdown.column, anywhere, at_key=False)
            yield from check.breakdown(by, breakdown.groups or {})
            for category, denominator in breakdown.over.items():
                yield from _denominator(definitions, places, indicator, (*by, "over", category), denominator)
        if isinstance(indicator.measure, Rate):
            yield from _denominator(definitions, places, indicator, (*path, "measure", "over"), indicator.measure.over)


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
        where = f" (part {self.indicator.measure.table})" if self.indicator.measure.table else ""
        message = (
            f"{self.indicator.id}: unknown column '{name}' of {' and '.join(self.indicator.sources)}{where}; "
            f"allowed: {listed(columns, most=40)}{did_you_mean(name, columns)}"
        )
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
            yield self.refuse((*path, "is"), f"{column.name} is no flag; `is` belongs to flags, use `in` or `answered`")
        if condition.between is not None and column.type not in _NUMBERS:
            yield self.refuse((*path, "between"), f"{column.name} is no number; `between` belongs to numbers, use `in`")
        for operator in ("in", "not_in", "any_of"):
            for index, value in enumerate(stated.get(operator, ())):
                fault = _value_fault(column, value)
                if fault:
                    yield self.refuse((*path, operator, index), f"{column.name}: {fault}")

    def codelist(self, path: Path_, name: str) -> Iterator[Issue]:
        known = self.definitions.codelists
        if name not in known:
            message = f"unknown code list '{name}'; allowed: {listed(known, most=40)}{did_you_mean(name, known)}"
            yield self.refuse(path, message)

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
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else (
            f"found {describe(value)}; allowed: a number"
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
        known = definitions.sources
        message = f"{indicator.id}: unknown source '{over.table}'; allowed: {listed(known)}{did_you_mean(over.table, known)}"
        yield places.issue("indicators", (*path, "table"), message)
        return
    columns = supplied_columns(source) or {}
    numbers = [name for name, column in columns.items() if column.type in _NUMBERS and name != "year"]
    if over.column not in numbers:
        message = (
            f"{indicator.id}: unknown column '{over.column}' of {over.table}; "
            f"allowed: {listed(numbers)}{did_you_mean(over.column, numbers)}"
        )
        yield places.issue("indicators", (*path, "column"), message)


# --- Areas, windows, bands ---------------------------------------------------------------------


def unknown_areas(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """An area set that partnership.yaml does not declare; a rank of fewer than three areas."""
    sets = [*PARTNERSHIP_SETS, *definitions.partnership.area_sets]
    for indicator in definitions.indicators.values():
        path: Path_ = ("indicators", indicator.id)
        for index, name in enumerate(indicator.areas):
            if name not in sets:
                message = f"{indicator.id}: unknown area set '{name}'; allowed: {listed(sets)}{did_you_mean(name, sets)}"
                yield places.issue("indicators", (*path, "areas", index), message)
        for index, compare in enumerate(indicator.compare):
            here: Path_ = (*path, "compare", index)
            yield from _comparator(definitions, places, indicator, here, [*sets, REST_OF_FORCE])


def _comparator(
    definitions: Definitions, places: Places, indicator: Indicator, path: Path_, sets: list[str]
) -> Iterator[Issue]:
    compare = indicator.compare[int(path[-1])]
    if compare.to in ("period", "baseline") and compare.ending is None:
        message = f"{indicator.id}: a comparison with a {compare.to} needs `ending: YYYY-MM`, its last month"
        yield places.issue("indicators", path, message)
    if compare.to not in ("rank", "average", "change_of"):
        return
    if compare.of is None:
        message = f"{indicator.id}: `{compare.to}` needs `of`, an area set; allowed: {listed(sets)}"
        yield places.issue("indicators", path, message)
    elif compare.of not in sets:
        message = f"{indicator.id}: unknown area set '{compare.of}'; allowed: {listed(sets)}{did_you_mean(compare.of, sets)}"
        yield places.issue("indicators", (*path, "of"), message)
    elif compare.to == "rank":
        members = definitions.partnership.area_sets.get(compare.of)
        size = len(members.members) if members else 1
        if size < 3:
            message = f"{indicator.id}: a rank of {size} area{'s' if size != 1 else ''} says nothing; it needs at least 3"
            yield places.issue("indicators", (*path, "of"), message)


def bands(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Bands that overlap, leave a gap or run backwards; a breakdown that is cut in two ways or in none."""
    for indicator in definitions.indicators.values():
        for index, breakdown in enumerate(indicator.by):
            path: Path_ = ("indicators", indicator.id, "by", index)
            if breakdown.column is None:
                message = f"{indicator.id}: the breakdown '{breakdown.name}' needs `column`"
                yield places.issue("indicators", path, message)
            if breakdown.bands and breakdown.groups:
                message = f"{indicator.id}: the breakdown '{breakdown.name}' has both bands and groups; choose one"
                yield places.issue("indicators", path, message)
            for category, message in _band_faults(breakdown.bands or {}):
                yield places.issue("indicators", (*path, "bands", category), f"{indicator.id}: {message}")


def _band_faults(bands: dict[str, tuple[int | None, int | None]]) -> Iterator[tuple[str, str]]:
    """Each fault with the band it is told at."""
    ends = {
        name: (float("-inf") if low is None else low, float("inf") if high is None else high)
        for name, (low, high) in bands.items()
    }
    for name, (low, high) in ends.items():
        if high < low:
            yield name, f"the band {name} runs backwards, from {low:g} to {high:g}"
    in_order = sorted(ends, key=lambda name: ends[name])
    for before, after in zip(in_order, in_order[1:], strict=False):
        reached, begins = ends[before][1], ends[after][0]
        if begins <= reached:
            yield after, f"the bands {before} and {after} overlap: both hold {begins:g}"
        elif begins > reached + 1:
            yield after, f"between the bands {before} and {after} nothing holds {reached + 1:g}"


# --- Priorities, measures, uses ----------------------------------------------------------------


def _groups(definitions: Definitions) -> Iterator[tuple[str, str, Priority]]:
    for name, priority in definitions.priorities.items():
        yield "priorities", name, priority
    for name, duty in definitions.duties.items():
        yield "duties", name, duty


def uses(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A use or chart of an unknown indicator; a measure with nothing; uses of which none is the headline."""
    known = definitions.indicators
    for section, name, priority in _groups(definitions):
        for index, chart in enumerate(priority.chart):
            if chart not in known:
                message = f"unknown indicator '{chart}'{did_you_mean(chart, known)}"
                yield places.issue("indicators", (section, name, "chart", index), message)
        for measure_id, measure in priority.measures.items():
            path: Path_ = (section, name, "measures", measure_id)
            for index, use in enumerate(measure.uses):
                if use.use not in known:
                    message = f"{measure_id}: unknown indicator '{use.use}'{did_you_mean(use.use, known)}"
                    yield places.issue("indicators", (*path, "uses", index, "use"), message)
            if not measure.uses and not measure.awaited:
                message = f"{measure_id}: neither `uses` nor `awaiting`; name its indicators, or the return it waits for"
                yield places.issue("indicators", path, message, at_key=True)
            if measure.uses and not measure.awaited and not any(use.headline for use in measure.uses):
                message = f"{measure_id}: none of its uses is the headline; add `headline: true` to one"
                yield places.issue("indicators", (*path, "uses"), message, at_key=True)


def empty_titles(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A title that says nothing."""
    titled: list[tuple[Path_, str]] = [(("indicators", name), i.title) for name, i in definitions.indicators.items()]
    for section, name, priority in _groups(definitions):
        titled.append(((section, name), priority.title))
        titled += [((section, name, "measures", key), measure.title) for key, measure in priority.measures.items()]
    for path, title in titled:
        if not title.strip():
            yield places.issue("indicators", (*path, "title"), f"{path[-1]}: the title is empty")


def unknown_contracts(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A source, or part of one, under a contract that there is not."""
    for name, source in definitions.sources.items():
        named: list[tuple[Path_, str]] = [(("contract",), source.contract)]
        named += [(("parts", key, "contract"), part.contract) for key, part in source.parts.items()]
        for inner, contract in named:
            if contract not in CONTRACTS:
                message = f"{name}: unknown contract '{contract}'; allowed: {listed(CONTRACTS)}{did_you_mean(contract, CONTRACTS)}"
                yield places.issue("sources", ("sources", name, *inner), message)


# --- Warnings ----------------------------------------------------------------------------------


def same_rationale(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A sentence that two priorities share: text pasted from one page to another looks like this."""
    first: dict[str, tuple[str, str]] = {}
    for section, name, priority in _groups(definitions):
        for index, sentence in enumerate(priority.why):
            key = " ".join(sentence.lower().split())
            if key in first and first[key][0] != name:
                message = f"{name}: this reason also stands under {first[key][1]}; was it pasted?"
                yield places.issue("indicators", (section, name, "why", index), message, severity=Severity.WARNING)
            first.setdefault(key, (name, priority.title))


def two_names(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Two indicators that measure the same thing under different names."""
    first: dict[object, str] = {}
    for name, indicator in definitions.indicators.items():
        measured = indicator.model_dump_json(include={"source", "measure", "window", "areas"})
        if measured in first:
            message = f"{name}: measures the same as {first[measured]}; use one name for it"
            yield places.issue("indicators", ("indicators", name), message, at_key=True, severity=Severity.WARNING)
        first.setdefault(measured, name)


def past_review(definitions: Definitions, places: Places, today: date) -> Iterator[Issue]:
    """A definition whose next review has passed."""
    for name, indicator in definitions.indicators.items():
        due = indicator.govern.next_review
        if due is not None and due < today:
            message = f"{name}: its review was due on {due.isoformat()} ({indicator.govern.owner})"
            path: Path_ = ("indicators", name, "govern", "next_review")
            yield places.issue("indicators", path, message, severity=Severity.WARNING)


ERROR_RULES: tuple[Rule, ...] = (
    unknown_contracts,
    unknown_sources,
    columns_and_values,
    unknown_areas,
    bands,
    uses,
    empty_titles,
)
WARNING_RULES: tuple[Rule, ...] = (same_rationale, two_names)
