"""Selects built in place, from names that are names already.

The builders of sqlglot copy what they are given and parse what is text, which took most of the time of a
compilation; here nothing is copied and nothing parsed.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlglot import exp


def column(name: str, table: str | None = None) -> exp.Column:
    """A column, quoted where its name needs it."""
    return exp.Column(this=exp.to_identifier(name), table=exp.to_identifier(table) if table else None)


def named(value: exp.Expr, name: str) -> exp.Expr:
    """The value under the name of a column of the result."""
    return exp.Alias(this=value, alias=exp.to_identifier(name))


def step(name: str) -> exp.Table:
    """A named step of the query, to select from."""
    return exp.Table(this=exp.to_identifier(name))


def curated(name: str) -> exp.Table:
    """A table of the warehouse, always quoted: its name is that of a source."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def select_from(source: str | exp.Expr, *columns: exp.Expr) -> exp.Select:
    """The columns of a named step, or of a relation; all of them where none is given."""
    relation = step(source) if isinstance(source, str) else source
    return exp.Select(expressions=list(columns or (exp.Star(),)), from_=exp.From(this=relation))


def joined(
    select: exp.Select, relation: str | exp.Table, on: exp.Expr, side: str | None = None
) -> exp.Select:
    """The select with another step or table joined to it; `side` LEFT keeps rows that have no match."""
    other = step(relation) if isinstance(relation, str) else relation
    select.append("joins", exp.Join(this=other, on=on, side=side))
    return select


def crossed(select: exp.Select, name: str) -> exp.Select:
    """The select with every row of another step beside each of its own."""
    select.append("joins", exp.Join(this=step(name), kind="CROSS"))
    return select


def with_steps(select: exp.Select, steps: Mapping[str, exp.Expr]) -> exp.Select:
    """The select after its named steps, in their order."""
    ctes = [
        exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))
        for name, query in steps.items()
    ]
    select.set("with_", exp.With(expressions=ctes))
    return select


def cast(value: exp.Expr, kind: str) -> exp.Cast:
    """The value as a DuckDB type, e.g. `DOUBLE`."""
    return exp.Cast(this=value, to=_type(kind).copy())


@cache
def _type(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb")


def grouped(select: exp.Select, keys: Sequence[exp.Column]) -> exp.Select:
    """The select grouped by the columns."""
    return select.group_by(*(key.copy() for key in keys), copy=False)


def union_all(selects: Sequence[exp.Select], by_name: bool = False) -> exp.Query:
    """The rows of all selects; matched by the names of their columns, or by their order."""
    if len(selects) == 1:
        return selects[0]
    union = exp.union(*selects, distinct=False, copy=False)
    for part in union.find_all(exp.Union):
        part.set("by_name", by_name)
    return union


def listed(columns: Mapping[str, exp.Expr]) -> exp.Select:
    """A row for each element of lists of one length: the lists by column."""
    return exp.Select(expressions=[named(exp.Explode(this=each), name) for name, each in columns.items()])
