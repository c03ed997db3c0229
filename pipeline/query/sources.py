"""The small queries beside the compiled indicator: population, partner returns, waves, filter steps."""

from collections.abc import Sequence

from sqlglot import exp

from pipeline.definitions.indicator import Reported
from pipeline.query.compiled import CompiledQuery
from pipeline.query.conditions import Bindings, Conditions, all_of, describe
from pipeline.query.measures import QUANTITY, counting
from pipeline.query.request import Request
from pipeline.query.selects import column, curated, grouped, select_from


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
    status = column("status") if has_status else exp.alias_(exp.cast(exp.null(), "VARCHAR"), "status")
    names = ("item", "area_code", "period_start", "period_end", "value")
    select = exp.select(*map(column, names), status).from_(curated(table))
    select = select.where(column("item").isin(*items))
    if codes:
        select = select.where(column("area_code").isin(*codes))
    return _rendered(select.order_by("item", "area_code", "period_start", "period_end"), bindings)


def compile_sums(table: str, columns: Sequence[str], has_quantity: bool, at_most: int) -> CompiledQuery:
    """The rows of a table summed by columns: those columns and `quantity`, one row for each combination.

    Stops after one row more than `at_most`, by which the caller knows that there are too many.
    """
    keys = [column(name) for name in columns]
    amount = exp.Sum(this=column(QUANTITY) if has_quantity else exp.Literal.number(1))
    total = exp.alias_(exp.cast(amount, "BIGINT"), QUANTITY)
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


def compile_waterfall(
    request: Request, members: Sequence[str] = ()
) -> tuple[tuple[str, ...], CompiledQuery]:
    """How many rows are left after each condition of the filter: the conditions in words, and the query.

    The query gives one row: `rows_0` (all rows of the first span), `rows_1` after the first condition,
    and so on, each condition on top of those before it; and where districts are given as `members`, one
    more after the last: the rows that lie in them. A row stands for `quantity` crimes.
    """
    bindings = Bindings()
    conditions = Conditions(request.types, request.codelists, request.validity, bindings)
    counted = counting(request.indicator)
    filters = [counted.base] + ([counted.part] if counted.part is not None else [])
    words = [text for where in filters for text in describe(where)]
    tests = [test for where in filters for test in conditions.steps(where)]
    tests = [exp.paren(test) if isinstance(test, exp.Or) else test for test in tests]
    span = request.spans[0]
    if span.wave is not None:
        inside: exp.Expr = exp.EQ(this=column("wave"), expression=bindings.bind(span.wave))
    else:
        inside = exp.and_(
            column("month") >= bindings.bind(span.start), column("month") < bindings.bind(span.end)
        )
    selects = []
    for table in request.tables:
        amount: exp.Expr = column("quantity") if table.has_quantity else exp.Literal.number(1)
        steps = [
            exp.alias_(
                exp.Sum(
                    this=exp.Case()
                    .when(all_of(t.copy() for t in tests[:n]), amount)
                    .else_(exp.Literal.number(0))
                ),
                f"rows_{n}",
            )
            for n in range(len(tests) + 1)
        ]
        selects.append(exp.select(*steps).from_(curated(table.name)).where(inside.copy()))
    union = selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False)
    names = [f"rows_{n}" for n in range(len(tests) + 1)]
    total = exp.select(
        *(
            exp.alias_(
                exp.cast(exp.func("COALESCE", exp.Sum(this=column(n)), exp.Literal.number(0)), "BIGINT"), n
            )
            for n in names
        )
    ).from_(exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("kept"))))
    return tuple(words), _rendered(total, bindings)
