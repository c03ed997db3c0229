"""Doubts about codes: those that there are not, lists that hold the same, rows that a sum counts twice."""

from collections.abc import Iterator
from itertools import combinations

from pipeline.definitions.columns import closed_values, supplied_columns
from pipeline.definitions.indicator import Condition, DerivedMeasure, Indicator
from pipeline.definitions.places import Places
from pipeline.definitions.readings import FilterPlace, code_class, conditions_of, filters_of
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue, Severity


def declared_codes(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """`codes:` of a source that names a column or a code list that there is not."""
    for name, source in definitions.sources.items():
        columns = dict(supplied_columns(source) or {})
        for part in source.parts:
            columns |= supplied_columns(source, part) or {}
        for column, lists in source.codes.items():
            path: Path_ = ("sources", name, "codes", column)
            if column not in columns:
                message = f"{name}: {unknown('column', column, columns)}"
                yield places.issue("sources", path, message, at_key=True)
            for index, codelist in enumerate(lists):
                if codelist not in definitions.codelists:
                    message = f"{name}: {unknown('code list', codelist, definitions.codelists)}"
                    yield places.issue("sources", (*path, index), message)


def unknown_codes(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A code that an indicator counts and that no list holds of those with every code of the column."""
    told: set[tuple[str, int]] = set()
    for indicator in definitions.indicators.values():
        for place in filters_of(indicator):
            for inner, column, condition in conditions_of(place.where):
                codes = _every_code(definitions, place, column)
                if codes:
                    path = ("indicators", indicator.id, *place.path, *inner)
                    yield from _written(indicator, path, condition, codes, places)
                    yield from _listed(condition, codes, places, told)


def _every_code(definitions: Definitions, place: FilterPlace, column: str) -> set[str]:
    """Every code that the column may have in any of the sources; nothing where one of them does not say."""
    known: set[str] = set()
    for name in place.sources:
        source = definitions.sources.get(name)
        lists = source.codes.get(column, ()) if source else ()
        values = closed_values(source, place.part, column) if source else ()
        if not lists and not values:
            return set()
        known |= {*values, *(code for codelist in lists for code in definitions.codelists.get(codelist, ()))}
    return known


def _written(
    indicator: Indicator, path: Path_, condition: Condition, codes: set[str], places: Places
) -> Iterator[Issue]:
    for operator, values in (("in", condition.in_), ("not_in", condition.not_in)):
        for index, value in enumerate(values or ()):
            if str(value) not in codes:
                message = f"{indicator.id}: unknown code '{value}'{_near(str(value), codes)}"
                yield places.doubt("indicators", (*path, operator, index), message)


def _listed(
    condition: Condition, codes: set[str], places: Places, told: set[tuple[str, int]]
) -> Iterator[Issue]:
    """Codes of a list, told once where they stand in its file, or in the file it includes."""
    found = places.codelists.get(condition.in_codelist or "")
    for code in found.codes if found else ():
        if code.code not in codes and (code.file, code.line) not in told:
            told.add((code.file, code.line))
            message = f"unknown code '{code.code}'{_near(code.code, codes)}"
            yield Issue(code.file, code.line, 1, message, Severity.WARNING)


def _near(code: str, codes: set[str]) -> str:
    """The nearest code; where none is spelt nearly so, those of its class."""
    alike = sorted(other for other in codes if code_class(other) == code_class(code))
    return did_you_mean(code, codes) or (f" (of its class there are: {listed(alike, 6)})" if alike else "")


def same_lists(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Two lists that write out the same codes: the day one of them is changed, the other is forgotten.

    That lists overlap is no fault by itself: violence against women cuts across every other list. It is one
    where rows would be counted twice, in a breakdown (an error) or in a sum (`counted_twice`).
    """
    first: dict[frozenset[str], str] = {}
    for name, found in places.codelists.items():
        codes = frozenset(code.code for code in found.codes)
        own = [code for code in found.codes if code.file.endswith(f"/{name}.txt")]
        if not codes or len(own) < len(codes):  # it includes another, and cannot part from it
            continue
        if codes in first:
            message = f"{name}: holds the same codes as {first[codes]}; use one list, or include it"
            yield Issue(own[0].file, own[0].line, 1, message, Severity.WARNING)
        first.setdefault(codes, name)


def counted_twice(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """Parts of a sum that count the same rows, which the sum would hold twice; parts said to be independent
    that share rows, whose limits and tests would be untrue."""
    for indicator in definitions.indicators.values():
        measure = indicator.measure
        if not isinstance(measure, DerivedMeasure):
            continue
        path: Path_ = ("indicators", indicator.id, "measure")
        for one, other in combinations(_there(definitions, measure.sum), 2):
            shared = _shared(one, other, definitions)
            if shared is not None:
                message = f"{indicator.id}: adds {one.id} and {other.id}, which both count {shared}"
                yield places.doubt("indicators", (*path, "sum"), message)
        for one, other in combinations(_there(definitions, measure.parts), 2):
            shared = _shared(one, other, definitions) if measure.independent else None
            if shared is not None:
                message = (
                    f"{indicator.id}: {one.id} and {other.id} are not independent: both count {shared}; "
                    "leave `independent` out"
                )
                yield places.issue("indicators", (*path, "independent"), message)


def _there(definitions: Definitions, names: tuple[str, ...]) -> list[Indicator]:
    return [definitions.indicators[name] for name in names if name in definitions.indicators]


def _shared(one: Indicator, other: Indicator, definitions: Definitions) -> str | None:
    """What two indicators both count, in words; None where they cannot, or where it cannot be told."""
    counts = {"count", "rate"}
    if not {one.measure.type, other.measure.type} <= counts or not set(one.sources) & set(other.sources):
        return None
    if getattr(one.measure, "table", None) != getattr(other.measure, "table", None):
        return None
    wanted, others = _wanted(one, definitions), _wanted(other, definitions)
    if wanted is None or others is None:
        return None
    named = []
    for column in dict.fromkeys((*wanted, *others)):
        asked = [found[column] for found in (wanted, others) if column in found]
        both = asked[0] if len(asked) == 1 else _values_of_both(*asked)
        if both is None:
            return None
        named.append(f"{column} {_span(*both) if isinstance(both, tuple) else listed(sorted(both), 3)}")
    return f"rows with {' and '.join(named)}" if named else "every row"


Values = set[str] | tuple[float, float]
"""What a column must hold: one of these values, or a number from the first to the second."""


def _values_of_both(one: Values, other: Values) -> Values | None:
    """What both allow; None where that is nothing, or where it cannot be told."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        low, high = max(one[0], other[0]), min(one[1], other[1])
        return (low, high) if low <= high else None
    if isinstance(one, set) and isinstance(other, set):
        return one & other or None
    return None


def _span(low: float, high: float) -> str:
    if low == float("-inf"):
        return f"up to {high:g}"
    return f"{low:g} and over" if high == float("inf") else f"{low:g} to {high:g}"


def _wanted(indicator: Indicator, definitions: Definitions) -> dict[str, Values] | None:
    """What a row must have to be counted, by column; None where one condition says it in another way."""
    found: dict[str, Values] = {}
    for place in filters_of(indicator):
        if place.where.any_ or place.where.not_ is not None:
            return None
        for column, condition in place.where.columns.items():
            values = _values(condition, definitions)
            if values is None:
                return None
            found[column] = values
    return found


def _values(condition: Condition, definitions: Definitions) -> Values | None:
    """What a condition of one word allows; None for several words, or others."""
    if len(condition.model_dump(exclude_none=True)) != 1:
        return None
    if condition.in_codelist is not None:
        return set(definitions.codelists.get(condition.in_codelist, ()))
    if condition.in_ is not None:
        return {str(value) for value in condition.in_}
    if condition.is_ is not None:
        return {"flagged" if condition.is_ else "not flagged"}
    if condition.between is not None:
        low, high = condition.between
        return (float("-inf") if low is None else low, float("inf") if high is None else high)
    return None
