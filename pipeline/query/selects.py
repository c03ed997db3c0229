"""Selects built in place. The builders of sqlglot copy what they are given, which took most of the time
of a compilation (a query over five years has hundreds of bound values), so the copies are left out here.
"""

from collections.abc import Sequence

from sqlglot import exp


def column(name: str, table: str | None = None) -> exp.Column:
    """A column, quoted where its name needs it."""
    return exp.column(exp.to_identifier(name), table=table)


def curated(name: str) -> exp.Table:
    """A table of the warehouse, always quoted: its name is that of a source."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def select_from(source: str | exp.Expr, *columns: exp.Expr) -> exp.Select:
    """The columns of a named step, or of a relation; all of them where none is given."""
    relation = exp.to_table(source) if isinstance(source, str) else source
    return exp.select(*(columns or (exp.Star(),)), copy=False).from_(relation, copy=False)


def joined(select: exp.Select, step: str, on: exp.Expr, kind: str = "") -> exp.Select:
    """The select with another step joined to it (`left` or nothing)."""
    return select.join(exp.to_table(step), on=on, join_type=kind or None, copy=False)


def crossed(select: exp.Select, step: str) -> exp.Select:
    """The select with every row of another step beside each of its own."""
    return select.join(exp.to_table(step), join_type="cross", copy=False)


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


def inline(names: Sequence[str], rows: Sequence[Sequence[exp.Expr]], alias: str) -> exp.Values:
    """A relation of the given rows."""
    columns = [exp.to_identifier(name) for name in names]
    return exp.Values(
        expressions=[exp.Tuple(expressions=list(row)) for row in rows],
        alias=exp.TableAlias(this=exp.to_identifier(alias), columns=columns),
    )
