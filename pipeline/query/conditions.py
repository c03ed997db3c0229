"""Filters compiled to expressions that are true or false for every row, never null.

A row whose column is null satisfies only `answered: false`; so every condition says outright that its
column is recorded. `not` turns a filter round whole: the rows it leaves out are exactly those it would
have kept, rows with null columns among them. A filter and its opposite always add up to all rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlglot import exp

from pipeline.definitions.indicator import Condition, Filter, Scalar
from pipeline.definitions.measure import KEYWORD
from pipeline.query.selects import column

Bounds = tuple[date | None, date | None]
"""When a code is in force: from the first month (included) to the second (excluded), None for open."""


class Bindings:
    """The values bound to one query, numbered as they come: `$1`, `$2`, ..."""

    def __init__(self) -> None:
        self._values: list[object] = []

    def bind(self, value: object) -> exp.Expr:
        """The parameter that stands for `value`."""
        self._values.append(value)
        return exp.Parameter(this=exp.Literal.number(len(self._values)))

    @property
    def values(self) -> tuple[object, ...]:
        """Every value, `$1` first."""
        return tuple(self._values)


def all_of(parts: Iterable[exp.Expr]) -> exp.Expr:
    """All hold; true where there is none."""
    found = list(parts)
    return exp.and_(*found) if found else exp.true()


class Conditions:
    """Compiles filters for tables whose columns have the given types."""

    def __init__(
        self,
        types: Mapping[str, str],
        codelists: Mapping[str, tuple[str, ...]],
        validity: Mapping[str, Mapping[str, Bounds]],
        bindings: Bindings,
    ) -> None:
        self._types = types
        self._codelists = codelists
        self._validity = validity
        self._bindings = bindings

    def holds(self, where: Filter) -> exp.Expr:
        """The filter as one expression."""
        return all_of(self.steps(where))

    def steps(self, where: Filter) -> Iterator[exp.Expr]:
        """Its conditions one by one, in the order written, `any` and `not` last; all must hold."""
        for name, condition in where.columns.items():
            yield self._condition(name, condition)
        if where.any_:
            yield exp.or_(*(exp.paren(self.holds(part)) for part in where.any_))
        if where.not_ is not None:
            yield exp.not_(exp.paren(self.holds(where.not_)))

    def among(self, name: str, values: Iterable[Scalar]) -> exp.Expr:
        """The column is recorded and is one of the values. False for every row where there is none."""
        bound = [self._bindings.bind(self._typed(name, value)) for value in values]
        if not bound:
            return exp.false()
        return exp.and_(_recorded(name), column(name).isin(*bound))

    def between(self, name: str, low: float | None, high: float | None) -> exp.Expr:
        """The column is recorded and lies between the ends, both included; None leaves an end open."""
        parts = [_recorded(name)]
        if low is not None:
            parts.append(column(name) >= self._bindings.bind(_number(low)))
        if high is not None:
            parts.append(column(name) <= self._bindings.bind(_number(high)))
        return exp.and_(*parts)

    def listed(self, name: str, codelist: str) -> exp.Expr:
        """The column is a code of the list that is in force in the row's month."""
        bounds = self._validity.get(codelist, {})
        codes = self._codelists[codelist]
        parts = [self.among(name, [code for code in codes if code not in bounds])]
        for bound in dict.fromkeys(bounds[code] for code in codes if code in bounds):
            held = [self.among(name, [code for code in codes if bounds.get(code) == bound])]
            since, until = bound
            if since is not None:
                held.append(column("month") >= self._bindings.bind(since))
            if until is not None:
                held.append(column("month") < self._bindings.bind(until))
            parts.append(exp.and_(*held))
        return parts[0] if len(parts) == 1 else exp.or_(*parts)

    def _condition(self, name: str, condition: Condition) -> exp.Expr:
        parts: list[exp.Expr] = []
        if condition.in_ is not None:
            parts.append(self.among(name, condition.in_))
        if condition.in_codelist is not None:
            parts.append(self.listed(name, condition.in_codelist))
        if condition.not_in is not None:
            parts += [_recorded(name), exp.not_(exp.paren(self.among(name, condition.not_in)))]
        if condition.any_of is not None:
            flags = [exp.Is(this=column(str(flag)), expression=exp.true()) for flag in condition.any_of]
            parts.append(exp.or_(*flags) if name == KEYWORD else self.among(name, condition.any_of))
        if condition.between is not None:
            parts.append(self.between(name, *condition.between))
        if condition.is_ is not None:
            wanted = exp.true() if condition.is_ else exp.false()
            parts.append(exp.Is(this=column(name), expression=wanted))
        if condition.answered is not None:
            recorded = _recorded(name)
            parts.append(recorded if condition.answered else exp.not_(exp.paren(recorded)))
        return exp.and_(*(exp.paren(part) if isinstance(part, exp.Or) else part for part in parts))

    def _typed(self, name: str, value: Scalar) -> Scalar:
        # A code such as 104 is a number to YAML and text to the table; DuckDB would compare as numbers.
        if self._types.get(name) == "VARCHAR" and not isinstance(value, str):
            return str(value)
        return value


def columns_of(where: Filter) -> Iterator[str]:
    """The columns a filter reads, repeats included; keywords are columns of their own."""
    for name, condition in where.columns.items():
        if name == KEYWORD and condition.any_of is not None:
            yield from (str(flag) for flag in condition.any_of)
        else:
            yield name
    for part in where.any_:
        yield from columns_of(part)
    if where.not_ is not None:
        yield from columns_of(where.not_)


def describe(where: Filter) -> tuple[str, ...]:
    """Its conditions in words, in the order of `Conditions.steps`."""
    found = [f"{name} {_words(condition)}" for name, condition in where.columns.items()]
    if where.any_:
        found.append(" or ".join(f"({' and '.join(describe(part)) or 'every row'})" for part in where.any_))
    if where.not_ is not None:
        found.append(f"not ({' and '.join(describe(where.not_)) or 'every row'})")
    return tuple(found)


def _words(condition: Condition) -> str:
    parts = []
    if condition.in_ is not None:
        parts.append(f"in {_list(condition.in_)}")
    if condition.in_codelist is not None:
        parts.append(f"in code list {condition.in_codelist}")
    if condition.not_in is not None:
        parts.append(f"recorded and not in {_list(condition.not_in)}")
    if condition.any_of is not None:
        parts.append(f"any of {_list(condition.any_of)}")
    if condition.between is not None:
        low, high = condition.between
        parts.append(
            f"from {'any' if low is None else _number(low)} to {'any' if high is None else _number(high)}"
        )
    if condition.is_ is not None:
        parts.append("flagged" if condition.is_ else "recorded as not flagged")
    if condition.answered is not None:
        parts.append("recorded" if condition.answered else "not recorded")
    return " and ".join(parts)


def _list(values: Iterable[Scalar]) -> str:
    return ", ".join(str(value) for value in values)


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _recorded(name: str) -> exp.Expr:
    return exp.not_(exp.Is(this=column(name), expression=exp.null()))
