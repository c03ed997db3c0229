"""Rows that a definition could not decide on, because a column that it asks for is empty.

A filter `victim_age_years: {between: [0, 24]}` leaves out victims of unknown age as surely as those who are
older. Here they are counted, by column and cell: the rows that satisfy all else, with a value there and
without. Each column is looked at apart, so a row that lacks two of them is counted for neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.definitions.indicator import (
    EVERYTHING,
    Condition,
    Filter,
    Indicator,
    Mean,
    Share,
    ShareOf,
)
from pipeline.model.contract import UNRECORDED_WHEN_EMPTY
from pipeline.model.observation import Gap
from pipeline.query import Request, Side, compile_indicator, counting
from pipeline.store import Store

Cell = tuple[str, str, str, str]
"""Place, period, breakdown and category, as the query names them."""


def gaps(store: Store, request: Request) -> dict[Cell, tuple[Gap, ...]]:
    """The gaps behind each cell of a request; none where the definition asks for no column that can lack.

    Conditions inside `any` and `not` are taken as they are, and so is a survey, whose base is who answered.
    Rows of a repeat that name nobody have a limit of their own (`entity_missing_max_pct`).
    """
    found: dict[Cell, tuple[Gap, ...]] = {}
    if request.by_wave:
        return found
    tables = tuple(replace(t, side=Side.BOTH) for t in request.tables if t.side is not Side.DENOMINATOR)
    for column, rest, of_base in _doubtful(request.indicator):
        recorded = Filter.model_validate({column: {"answered": True}})
        share = Share(type="share", where=recorded, of=ShareOf(where=rest))
        asked = request.indicator.model_copy(update={"measure": share})
        query = compile_indicator(replace(request, indicator=asked, tables=tables))
        for row in store.rows(query.sql, query.params):
            gap = Gap(column, row["numerator"], row["denominator"] - row["numerator"], of_base)
            cell = (row["place"], row["period"], row["breakdown"], row["category"])
            found[cell] = (*found.get(cell, ()), gap)
    return found


def _doubtful(indicator: Indicator) -> Iterator[tuple[str, Filter, bool]]:
    """Each column that decides on a row and may be empty, all else that is asked, whether of the base."""
    counted, measure = counting(indicator), indicator.measure
    for name, rest in _tested(counted.base):
        yield name, rest, True
    for name, rest in _tested(counted.numerator or EVERYTHING):
        yield name, _both(counted.base, rest), False
    if isinstance(measure, Mean):
        yield measure.column, counted.base, True


def _tested(where: Filter) -> Iterator[tuple[str, Filter]]:
    """Each condition on a column that may be empty, and the filter without it."""
    conditions: Mapping[str, Condition] = where.columns
    for name, condition in conditions.items():
        if name in UNRECORDED_WHEN_EMPTY and condition.answered is None:
            others = {other: conditions[other] for other in conditions if other != name}
            yield name, Filter.model_validate({**others, "any": where.any_, "not": where.not_})


def _both(one: Filter, other: Filter) -> Filter:
    """The rows that satisfy two filters, which may ask for the same column."""
    return Filter.model_validate({"any": (one,), "not": {"not": other}})
