"""The small queries beside the compiled indicator: population, partner returns, waves, filter steps."""

from collections.abc import Sequence

from sqlglot import exp

from pipeline.definitions.indicator import EVERYTHING, Indicator, Mean, Proportion, Reported
from pipeline.query.compiled import CompiledQuery
from pipeline.query.conditions import Bindings, Conditions, all_of, describe
from pipeline.query.measures import DISTRICT, QUANTITY, counting, in_time
from pipeline.query.request import Request, Side
from pipeline.query.selects import cast, column, curated, grouped, named, select_from, union_all


def _rendered(select: exp.Query, bindings: Bindings) -> CompiledQuery:
    return CompiledQuery(select.sql("duckdb", pretty=True), bindings.values)


def compile_bases(table: str, columns: Sequence[str], area_codes: Sequence[str]) -> CompiledQuery:
    """The populations of the areas: `area_code`, `year` and the columns, a row per area and year."""
    bindings = Bindings()
    codes = [bindings.bind(code) for code in area_codes]
    select = exp.select(column("area_code"), column("year"), *map(column, columns)).from_(curated(table))
    if codes:
        select = select.where(column("area_code").isin(*codes))
    return _rendered(select.order_by("area_code", "year"), bindings)


def compile_returns(
    table: str, measure: Reported, area_codes: Sequence[str], has_status: bool
) -> CompiledQuery:
    """The reported figures of the measure's items: `item`, `area_code`, `period_start`, `period_end`
    (exclusive), `value` (null: reported as not available) and `status`, oldest first."""
    bindings = Bindings()
    items = [bindings.bind(item) for item in (measure.item, measure.of) if item is not None]
    codes = [bindings.bind(code) for code in area_codes]
    status = column("status") if has_status else named(exp.cast(exp.null(), "VARCHAR"), "status")
    names = ("item", "area_code", "period_start", "period_end", "value")
    select = exp.select(*map(column, names), status).from_(curated(table))
    select = select.where(column("item").isin(*items))
    if codes:
        select = select.where(column("area_code").isin(*codes))
    return _rendered(select.order_by("item", "area_code", "period_start", "period_end"), bindings)


def compile_actions(table: str, columns: Sequence[str], absent: Sequence[str]) -> CompiledQuery:
    """The actions of a plan, in no particular order: the columns, and those that it lacks as nulls."""
    nulls = [named(exp.cast(exp.null(), "VARCHAR"), name) for name in absent]
    return _rendered(exp.select(*map(column, columns), *nulls).from_(curated(table)), Bindings())


def compile_sums(table: str, columns: Sequence[str], has_quantity: bool, at_most: int) -> CompiledQuery:
    """The rows of a table summed by columns: those columns and `quantity`, one row for each combination.

    Stops after one row more than `at_most`, by which the caller knows that there are too many.
    """
    keys = [column(name) for name in columns]
    amount = exp.Sum(this=column(QUANTITY) if has_quantity else exp.Literal.number(1))
    total = named(exp.cast(amount, "BIGINT"), QUANTITY)
    select = grouped(select_from(curated(table), *keys, total), keys).limit(at_most + 1, copy=False)
    return _rendered(select, Bindings())


def compile_waves(table: str) -> CompiledQuery:
    """The waves of a survey that have responses: `wave`."""
    select = (
        exp.select(column("wave"))
        .distinct()
        .from_(curated(table))
        .where(column("wave").is_(exp.null()).not_())
    )
    return _rendered(select.order_by("wave"), Bindings())


def compile_waterfall(request: Request, members: Sequence[str] = ()) -> tuple[tuple[str, ...], CompiledQuery]:
    """How many rows are left after each condition of the filter: the conditions in words, and the query.

    The query gives one row: `rows_0` (all rows of the first span), `rows_1` after the first condition,
    and so on, each condition on top of those before it; where districts are given as `members`, one more:
    the rows that lie in them. A row stands for `quantity` crimes. Of a ratio, the rows above the line.
    """
    bindings = Bindings()
    conditions = Conditions(request.types, request.codelists, request.validity, bindings)
    words, tests = _waterfall_steps(request.indicator, conditions, bindings)
    located = any(DISTRICT in table.types for table in request.tables)
    placed = conditions.among(DISTRICT, members) if located and members else exp.false()
    span = request.spans[0]
    if span.wave is not None:
        inside: exp.Expr = exp.EQ(this=column("wave"), expression=bindings.bind(span.wave))
    else:
        inside = exp.and_(
            column("month") >= bindings.bind(span.start), column("month") < bindings.bind(span.end)
        )
    selects = []
    names = [f"rows_{n}" for n in range(len(tests) + 1 + bool(members))]
    for table in (table for table in request.tables if table.side is not Side.DENOMINATOR):
        here = exp.true() if table.area_code in members else exp.false()
        mine = [*tests, placed if DISTRICT in table.types else here]
        amount: exp.Expr = column(QUANTITY) if table.has_quantity else exp.Literal.number(1)
        left = [
            exp.Case().when(all_of(test.copy() for test in mine[:n]), amount).else_(exp.Literal.number(0))
            for n in range(len(names))
        ]
        sums = (named(exp.Sum(this=kept), name) for kept, name in zip(left, names, strict=True))
        selects.append(select_from(curated(table.name), *sums).where(inside.copy(), copy=False))
    every = exp.Subquery(this=union_all(selects), alias=exp.TableAlias(this=exp.to_identifier("kept")))
    totals = (exp.func("COALESCE", exp.Sum(this=column(name)), exp.Literal.number(0)) for name in names)
    whole = (named(cast(total, "BIGINT"), name) for total, name in zip(totals, names, strict=True))
    return words, _rendered(select_from(every, *whole), bindings)


def _waterfall_steps(
    indicator: Indicator, conditions: Conditions, bindings: Bindings
) -> tuple[tuple[str, ...], list[exp.Expr]]:
    """The conditions that a row must meet to be counted in the numerator, in words and compiled."""
    counted, measure = counting(indicator), indicator.measure
    words: list[str] = []
    tests: list[exp.Expr] = []
    for where in (counted.base, counted.numerator or EVERYTHING):
        words += describe(where)
        tests += (exp.paren(test) if isinstance(test, exp.Or) else test for test in conditions.steps(where))
    if isinstance(measure, Proportion) and measure.within_days is not None:
        words.append(f"outcome within {measure.within_days} days of recording")
        tests.append(all_of(in_time(indicator, bindings)))
    if isinstance(measure, Mean):
        words.append(f"{measure.column} recorded")
        tests.append(exp.not_(exp.Is(this=column(measure.column), expression=exp.null())))
    return tuple(words), tests
