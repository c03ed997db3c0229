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

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlglot import exp

from pipeline.definitions.indicator import Mean, Rate, Ratio, Repeat, Survey
from pipeline.query.compiled import CompiledQuery
from pipeline.query.conditions import Bindings, Conditions, all_of
from pipeline.query.entities import Entities
from pipeline.query.measures import (
    ABOVE,
    BELOW,
    DISTRICT,
    PLACED_BY,
    QUANTITY,
    category,
    columns_needed,
    counting,
    cut_columns,
    in_numerator,
    over_columns_needed,
    ratio,
    sums,
)
from pipeline.query.request import Level, Place, Request, Side, Table
from pipeline.query.selects import (
    cast,
    column,
    curated,
    grouped,
    joined,
    named,
    select_from,
    union_all,
    with_steps,
)
from pipeline.query.spine import CELL, Spine
from pipeline.query.survey_design import SurveyDesign


def compile_indicator(request: Request) -> CompiledQuery:
    """The query of one indicator; one row per cell of the spine, in no particular order.

    Columns: `place` and `period` (keys of the request), `breakdown` and `category` (empty for totals),
    `numerator`, `denominator` (null for counts), `value`; for surveys also `answers`, `weight_squares`,
    `bad_weights`, `variance`, `clusters` and `strata`; for repeats `people`, `times_squared`,
    `rows_in_all` and `rows_without_entity`; for means `squares` and `rows_without`.
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
        self._place_columns = [name for level, name in PLACED_BY.items() if level in levels]
        if levels & {Level.UNLOCATED, Level.ELSEWHERE} and DISTRICT not in self._place_columns:
            self._place_columns.insert(0, DISTRICT)
        measure = self._indicator.measure
        tables = request.tables
        self._entities = Entities(measure, tables, bindings) if isinstance(measure, Repeat) else None
        self._design = SurveyDesign(tables) if isinstance(measure, Survey) else None
        self._unit = (self._entities or self._design or _ROWS).keys
        self._event = self._entities.event if self._entities else []
        part = None
        if counting(self._indicator).numerator is not None:
            part = column("in_numerator")
        if self._design:
            self._sums = self._design.sums(part if part is not None else exp.true())
        else:
            self._sums = sums(self._indicator, part)
        self._has_part = part is not None

    def query(self) -> exp.Select:
        """The whole query."""
        frame = self._frame
        steps: dict[str, exp.Expr | None] = {
            "rows": self._rows(),
            "counted": self._counted(),
            "monthly": self._monthly(),
            "members": frame.members(),
            **self._placements(),
            "places": frame.places(),
            "periods": frame.periods(),
            "cells": frame.cells(),
            "spine": frame.spine(),
        }
        if isinstance(self._indicator.measure, Rate):
            steps["bases"] = frame.bases()
            steps["denominators"] = frame.denominators()
        if self._entities:
            steps["entities"] = self._entities.counted(self._in_cell())
        tallies = self._tallies()
        steps |= self._design.steps(tallies, self._in_cell()) if self._design else {"tallies": tallies}
        value = named(ratio(self._indicator, self._bindings), "value")
        result = select_from("tallies", exp.Star(), value)
        return with_steps(result, {name: step for name, step in steps.items() if step is not None})

    # --- from rows to sums -----------------------------------------------------------------------

    def _rows(self) -> exp.Query:
        wanted = dict.fromkeys((*columns_needed(self._indicator), *over_columns_needed(self._indicator)))
        cuts = chain.from_iterable(cut_columns(self._indicator).values())
        wanted |= dict.fromkeys((*cuts, *self._place_columns, *self._event))
        if self._design:
            wanted |= dict.fromkeys(self._design.columns)
        else:
            wanted[QUANTITY] = None
        selects = [
            select_from(curated(table.name), *(self._supplied(table, name) for name in wanted), *sides)
            for table, sides in zip(self._request.tables, self._sides(), strict=True)
        ]
        return union_all(selects, by_name=True)

    def _sides(self) -> Iterator[list[exp.Expr]]:
        """On which sides of a ratio the rows of each table can count; nothing for other measures."""
        for table in self._request.tables:
            of_ratio = isinstance(self._indicator.measure, Ratio)
            apart = ((ABOVE, Side.DENOMINATOR), (BELOW, Side.NUMERATOR)) if of_ratio else ()
            yield [named(exp.Boolean(this=table.side is not other), name) for name, other in apart]

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
        return named(stands_for, name)

    def _counted(self) -> exp.Select:
        kept = [column(name) for name in (*self._place_columns, self._time, *self._event)]
        if self._time == "month":
            kept.append(column(QUANTITY))
        extra = (self._entities or self._design or _ROWS).of_row()
        if self._has_part:
            extra.append(
                named(in_numerator(self._indicator, self._conditions, self._bindings), "in_numerator")
            )
        for number, breakdown in enumerate(self._indicator.by, 1):
            cut = category(self._indicator, breakdown, self._conditions, self._bindings)
            extra.append(named(cut, f"category_{number}"))
        if isinstance(self._indicator.measure, Mean):
            kept.append(column(self._indicator.measure.column))
        if isinstance(self._indicator.measure, Ratio):
            extra += (named(exp.paren(test), name) for name, test in self._counts_on().items())
            return select_from("rows", *kept, *extra).where(exp.or_(*self._counts_on().values()), copy=False)
        base = list(self._conditions.steps(counting(self._indicator).base))
        select = select_from("rows", *kept, *extra)
        return select.where(all_of(base), copy=False) if base else select

    def _counts_on(self) -> dict[str, exp.Expr]:
        """Whether a row counts above and below the line of a ratio."""
        counted = counting(self._indicator)
        sides = ((ABOVE, counted.base), (BELOW, counted.over or counted.base))
        return {
            name: exp.and_(column(name, "rows"), exp.paren(self._conditions.holds(where)))
            for name, where in sides
        }

    def _monthly(self) -> exp.Query:
        keys = [*self._place_columns, self._time, *self._unit]
        nothing = exp.Literal.string("")
        selects = [self._sums_by(keys, nothing, nothing.copy(), keys)]
        for number, breakdown in enumerate(self._indicator.by, 1):
            cut = f"category_{number}"
            selects.append(self._sums_by(keys, self._bind(breakdown.name), column(cut), [*keys, cut]))
        return union_all(selects)

    def _sums_by(
        self, keys: Sequence[str], breakdown: exp.Expr, category: exp.Expr, groups: Sequence[str]
    ) -> exp.Select:
        cell = (named(breakdown, "breakdown"), named(category, "category"))
        select = select_from("counted", *map(column, keys), *cell, *self._summed())
        return grouped(select, [column(name) for name in groups]) if groups else select

    def _summed(self) -> list[exp.Expr]:
        if self._entities and self._event:
            return [named(self._entities.events(QUANTITY), "numerator")]
        return [named(exp.Sum(this=amount.copy()), name) for name, amount in self._sums.items()]

    # --- from sums to figures --------------------------------------------------------------------

    def _placements(self) -> dict[str, exp.Expr]:
        """The step `placed`; where earlier rows matter, with what came before each."""
        if self._entities and self._entities.looks_back:
            return {"located": self._placed(), "placed": self._entities.chained("located")}
        return {"placed": self._placed()}

    def _placed(self) -> exp.Query:
        carried = [self._time, *self._unit, *CELL, *self._sums]
        levels = {place.level for place in self._request.places}
        selects: list[exp.Select] = []
        for level, name in PLACED_BY.items():
            if level in levels:
                rows = select_from("monthly", column("place"), *map(column, carried))
                on = exp.EQ(this=column(name), expression=column("member"))
                selects.append(joined(rows, "members", on))
        for place in self._request.places:
            if place.level in PLACED_BY:
                continue
            key = named(self._bind(place.key), "place")
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

    def _tallies(self) -> exp.Select:
        keys = [column(name, "spine") for name in ("place", "period", *CELL)]
        if self._entities:
            return self._entity_tallies(self._entities, keys)
        amounts = [named(_sum_or_nothing(column(name, "placed")), name) for name in self._sums]
        if isinstance(self._indicator.measure, Rate):
            amounts.append(named(cast(exp.Max(this=self._frame.denominator()), "DOUBLE"), "denominator"))
        elif "denominator" not in self._sums:
            amounts.append(named(cast(exp.null(), "DOUBLE"), "denominator"))
        select = joined(select_from("spine", *keys, *amounts), "placed", self._in_cell(), "LEFT")
        if isinstance(self._indicator.measure, Rate):
            on = exp.and_(
                exp.EQ(this=column("place", "denominators"), expression=column("place", "spine")),
                exp.EQ(this=column("year", "denominators"), expression=column("base_year", "spine")),
            )
            select = joined(select, "denominators", on, "LEFT")
        return grouped(select, keys)

    def _entity_tallies(self, entities: Entities, keys: list[exp.Column]) -> exp.Select:
        same = [
            exp.EQ(this=column(key, "entities"), expression=column(key, "spine"))
            for key in ("place", "period", *CELL)
        ]
        # A cell without rows has no entities; the join must not make it look like one unknown entity.
        totals = (named(_sum_or_nothing(amount), name) for name, amount in entities.amounts().items())
        select = joined(select_from("spine", *keys, *totals), "entities", exp.and_(*same), "LEFT")
        return grouped(select, keys)


class _Rows:
    """Rows as they are: nothing is told apart besides place and time."""

    keys: tuple[str, ...] = ()

    def of_row(self) -> list[exp.Expr]:
        return []


_ROWS = _Rows()


def _sum_or_nothing(amount: exp.Expr) -> exp.Expr:
    total = exp.func("COALESCE", exp.Sum(this=amount), exp.Literal.number(0))
    return cast(total, "DOUBLE")
