"""An indicator compiled to one query: a few named steps from curated rows to numerator and denominator.

    rows         the rows of every source, in the columns needed
    counted      the rows that the filter keeps, each with its part and its categories
    monthly      sums by place column, month and category: the only pass over the rows
    placed       the same under the key of each place; a row may belong to several
    cells        the categories: the declared ones and those that occur
    spine        every place x period x category wanted, whether rows exist or not
    denominators the population of each place in the base year of each period (rates)
    entities     how often each person or place occurs in each cell (repeats)
    tallies      numerator and denominator of each cell of the spine

and last the ratio. Whatever stands in a definition is bound, never written into the text. A query over
many periods costs one scan, because windows are sums of months.
"""

from collections.abc import Sequence

from sqlglot import exp

from pipeline.definitions.indicator import Rate, Repeat, Survey
from pipeline.query.compiled import CompiledQuery
from pipeline.query.conditions import Bindings, Conditions, all_of
from pipeline.query.measures import (
    DISTRICT,
    QUANTITY,
    WARD,
    WEIGHT,
    category,
    columns_needed,
    counting,
    cut_columns,
    in_part,
    ratio,
    sums,
)
from pipeline.query.request import Level, Place, Request, Table
from pipeline.query.selects import cast, column, curated, grouped, joined, select_from, union_all, with_steps
from pipeline.query.spine import CELL, Spine

REFERENCE = "crime_ref"
CRIME = (REFERENCE, "offence")
"""What tells crimes apart in a table that may have several rows of one; a reference alone may repeat."""


def compile_indicator(request: Request) -> CompiledQuery:
    """The query of one indicator; one row per cell of the spine, in no particular order.

    Columns: `place` and `period` (keys of the request), `breakdown` and `category` (empty for totals),
    `numerator`, `denominator` (null for counts), `value`; for surveys also `answers` and
    `weight_squares`; for repeats also `rows_in_all` and `rows_without_entity`.
    Raises TypeError for a reported figure and ValueError where no table, place or period is given.
    """
    if not (request.tables and request.places and request.spans):
        raise ValueError(f"{request.indicator.id}: nothing to count: no table, no place or no period")
    bindings = Bindings()
    tree = _Compiler(request, bindings).query()
    return CompiledQuery(tree.sql("duckdb", pretty=True, copy=False), bindings.values)


class _Compiler:
    """The steps of one query, built in the order they are read."""

    def __init__(self, request: Request, bindings: Bindings) -> None:
        self._request = request
        self._indicator = request.indicator
        self._bind = bindings.bind
        self._bindings = bindings
        self._frame = Spine(request, bindings)
        self._conditions = Conditions(request.types, request.codelists, request.validity, bindings)
        self._time = "wave" if request.by_wave else "month"
        levels = {place.level for place in request.places}
        self._place_columns = [DISTRICT] if levels - {Level.EVERYTHING, Level.WARDS} else []
        self._place_columns += [WARD] if Level.WARDS in levels else []
        measure = self._indicator.measure
        self._entity = [measure.entity] if isinstance(measure, Repeat) else []
        # One crime with two victims at an address happened there once: crimes are counted, not rows.
        known = [name for name in CRIME if all(name in table.types for table in request.tables)]
        self._event = known if self._entity and known[:1] == [REFERENCE] else []
        self._weighted = isinstance(measure, Survey) and all(WEIGHT in t.types for t in request.tables)
        part = None
        if counting(self._indicator).part is not None:
            part = column("in_part")
        self._sums = sums(self._indicator, part, self._weighted)
        self._has_part = part is not None

    def query(self) -> exp.Select:
        """The whole query."""
        frame = self._frame
        steps: dict[str, exp.Expr | None] = {
            "rows": self._rows(),
            "counted": self._counted(),
            "monthly": self._monthly(),
            "members": frame.members(),
            "placed": self._placed(),
            "places": frame.places(),
            "periods": frame.periods(),
            "cells": frame.cells(),
            "spine": frame.spine(),
        }
        if isinstance(self._indicator.measure, Rate):
            steps["bases"] = frame.bases()
            steps["denominators"] = frame.denominators()
        if self._entity:
            steps["entities"] = self._entities()
        steps["tallies"] = self._tallies()
        value = exp.alias_(ratio(self._indicator, self._bindings), "value")
        result = select_from("tallies", exp.Star(), value)
        return with_steps(result, {name: step for name, step in steps.items() if step is not None})

    # --- from rows to sums -----------------------------------------------------------------------

    def _rows(self) -> exp.Query:
        wanted = dict.fromkeys((*columns_needed(self._indicator), *cut_columns(self._indicator).values()))
        wanted |= dict.fromkeys((*self._place_columns, *self._event))
        if self._weighted:
            wanted[WEIGHT] = None
        elif self._time == "month":
            wanted[QUANTITY] = None
        selects = [
            select_from(curated(table.name), *(self._supplied(table, name) for name in wanted))
            for table in self._request.tables
        ]
        return union_all(selects, by_name=True)

    def _supplied(self, table: Table, name: str) -> exp.Expr:
        if name in table.types:
            return column(name)
        if name == QUANTITY:
            stands_for: exp.Expr = exp.Literal.number(1)
        elif name == DISTRICT:
            stands_for = self._bind(table.area_code)
        else:
            # A source without the column of a breakdown: its rows still count in the total.
            stands_for = cast(exp.null(), self._request.types.get(name, "VARCHAR"))
        return exp.alias_(stands_for, name)

    def _counted(self) -> exp.Select:
        kept = [column(name) for name in (*self._place_columns, self._time, *self._entity, *self._event)]
        if self._weighted:
            kept.append(column(WEIGHT))
        elif self._time == "month":
            kept.append(column(QUANTITY))
        extra: list[exp.Expr] = []
        if self._has_part:
            extra.append(exp.alias_(in_part(self._indicator, self._conditions, self._bindings), "in_part"))
        for number, breakdown in enumerate(self._indicator.by, 1):
            cut = category(breakdown, self._conditions, self._bindings)
            extra.append(exp.alias_(cut, f"category_{number}"))
        base = list(self._conditions.steps(counting(self._indicator).base))
        if self._weighted:
            base.append(column(WEIGHT) > exp.Literal.number(0))
        select = select_from("rows", *kept, *extra)
        return select.where(all_of(base), copy=False) if base else select

    def _monthly(self) -> exp.Query:
        keys = [*self._place_columns, self._time, *self._entity]
        nothing = exp.Literal.string("")
        selects = [self._sums_by(keys, nothing, nothing.copy(), keys)]
        for number, breakdown in enumerate(self._indicator.by, 1):
            cut = f"category_{number}"
            selects.append(self._sums_by(keys, self._bind(breakdown.name), column(cut), [*keys, cut]))
        return union_all(selects)

    def _sums_by(
        self, keys: Sequence[str], breakdown: exp.Expr, category: exp.Expr, groups: Sequence[str]
    ) -> exp.Select:
        cell = (exp.alias_(breakdown, "breakdown"), exp.alias_(category, "category"))
        select = select_from("counted", *map(column, keys), *cell, *self._summed())
        return grouped(select, [column(name) for name in groups]) if groups else select

    def _summed(self) -> list[exp.Expr]:
        if self._event:
            return [exp.alias_(self._events(), "numerator")]
        return [exp.alias_(exp.Sum(this=amount.copy()), name) for name, amount in self._sums.items()]

    def _events(self) -> exp.Expr:
        """How many crimes a group of rows is: distinct references; rows without one, each by itself."""
        referenced = exp.not_(exp.Is(this=column(REFERENCE), expression=exp.null()))
        crime = exp.Case().when(referenced, exp.Tuple(expressions=[column(name) for name in self._event]))
        single = exp.Case().when(referenced.copy(), exp.Literal.number(0)).else_(column(QUANTITY))
        return exp.Count(this=exp.Distinct(expressions=[crime])) + exp.Sum(this=single)

    # --- from sums to figures --------------------------------------------------------------------

    def _placed(self) -> exp.Query:
        carried = [self._time, *self._entity, *CELL, *self._sums]
        levels = {place.level for place in self._request.places}
        selects: list[exp.Select] = []
        for level, name in ((Level.DISTRICTS, DISTRICT), (Level.WARDS, WARD)):
            if level in levels:
                rows = select_from("monthly", column("place"), *map(column, carried))
                on = exp.EQ(this=column(name), expression=column("member"))
                selects.append(joined(rows, "members", on))
        for place in self._request.places:
            if place.level in (Level.DISTRICTS, Level.WARDS):
                continue
            key = exp.alias_(self._bind(place.key), "place")
            rows = select_from("monthly", key, *map(column, carried))
            if place.level is not Level.EVERYTHING:
                rows = rows.where(self._belongs(place), copy=False)
            selects.append(rows)
        return union_all(selects)

    def _belongs(self, place: Place) -> exp.Expr:
        unlocated = exp.Is(this=column(DISTRICT), expression=exp.null())
        if place.level is Level.UNLOCATED:
            return unlocated
        inside = self._conditions.among(DISTRICT, place.members)
        return exp.and_(exp.not_(unlocated), exp.not_(exp.paren(inside)))

    def _in_cell(self) -> exp.Expr:
        """Joins `placed` to the cells of the spine that its rows belong to."""
        same: list[exp.Expr] = [
            exp.EQ(this=column(name, "placed"), expression=column(name, "spine")) for name in ("place", *CELL)
        ]
        if self._time == "wave":
            same.append(exp.EQ(this=column("wave", "placed"), expression=column("wave", "spine")))
        else:
            month = column("month", "placed")
            same.append(exp.GTE(this=month, expression=column("first_month", "spine")))
            same.append(exp.LT(this=month.copy(), expression=column("next_month", "spine")))
        return exp.and_(*same)

    def _entities(self) -> exp.Select:
        """How often each entity occurs in each cell; rows with no entity stay together under null."""
        (entity,) = self._entity
        keys = [*(column(name, "spine") for name in ("place", "period", *CELL)), column(entity, "placed")]
        times = exp.alias_(exp.Sum(this=column("numerator", "placed")), "times")
        return grouped(joined(select_from("spine", *keys, times), "placed", self._in_cell()), keys)

    def _tallies(self) -> exp.Select:
        keys = [column(name, "spine") for name in ("place", "period", *CELL)]
        if self._entity:
            return self._entity_tallies(keys)
        amounts = [exp.alias_(_sum_or_nothing(column(name, "placed")), name) for name in self._sums]
        if isinstance(self._indicator.measure, Rate):
            amounts.append(exp.alias_(cast(exp.Max(this=self._frame.denominator()), "DOUBLE"), "denominator"))
        elif "denominator" not in self._sums:
            amounts.append(exp.alias_(cast(exp.null(), "DOUBLE"), "denominator"))
        select = joined(select_from("spine", *keys, *amounts), "placed", self._in_cell(), "LEFT")
        if isinstance(self._indicator.measure, Rate):
            on = exp.and_(
                exp.EQ(this=column("place", "denominators"), expression=column("place", "spine")),
                exp.EQ(this=column("year", "denominators"), expression=column("base_year", "spine")),
            )
            select = joined(select, "denominators", on, "LEFT")
        return grouped(select, keys)

    def _entity_tallies(self, keys: list[exp.Column]) -> exp.Select:
        (entity,) = self._entity
        measure = self._indicator.measure
        assert isinstance(measure, Repeat)
        name, times = column(entity, "entities"), column("times", "entities")
        known = exp.not_(exp.Is(this=name, expression=exp.null()))
        often = exp.and_(known, times >= self._bind(measure.at_least))
        unknown = exp.Is(this=name.copy(), expression=exp.null())
        one, nothing = exp.Literal.number(1), exp.Literal.number(0)
        amounts = {
            "numerator": exp.Case().when(often, one).else_(nothing),
            "denominator": exp.Case().when(known.copy(), one).else_(nothing),
            "rows_in_all": times.copy(),
            "rows_without_entity": exp.Case().when(unknown, times.copy()).else_(nothing),
        }
        same = [
            exp.EQ(this=column(key, "entities"), expression=column(key, "spine"))
            for key in ("place", "period", *CELL)
        ]
        # A cell without rows has no entities; the join must not make it look like one unknown entity.
        totals = (exp.alias_(_sum_or_nothing(amount), name) for name, amount in amounts.items())
        select = joined(select_from("spine", *keys, *totals), "entities", exp.and_(*same), "LEFT")
        return grouped(select, keys)


def _sum_or_nothing(amount: exp.Expr) -> exp.Expr:
    total = exp.func("COALESCE", exp.Sum(this=amount), exp.Literal.number(0))
    return cast(total, "DOUBLE")
