"""What a query does for a survey: weights that can be used, and the variance between the clusters drawn.

The sums are those of `pipeline.statistics.survey_proportion`, which cites the method: the linearised
proportion summed by cluster, and its spread between the clusters of each stratum. People who did not answer
the question, or are not in the cell, stay in the design and out of the estimate.
"""

from collections.abc import Sequence

from sqlglot import exp

from pipeline.query.request import Table
from pipeline.query.selects import cast, column, grouped, joined, named, select_from
from pipeline.query.spine import CELL

WEIGHT, STRATUM, CLUSTER = "weight", "stratum", "cluster"
_CELL = ("place", "period", *CELL)


class SurveyDesign:
    """The steps and columns that a survey adds to its query; what its tables lack is told without."""

    keys = (STRATUM, CLUSTER)

    def __init__(self, tables: Sequence[Table]) -> None:
        self.columns = [n for n in (WEIGHT, *self.keys) if all(n in table.types for table in tables)]

    def of_row(self) -> list[exp.Expr]:
        """The weight of a row, 0 where it cannot be used; its stratum; its cluster, else itself alone."""
        alone = exp.func("CONCAT", exp.Literal.string("r"), exp.Window(this=exp.RowNumber()))
        cluster: exp.Expr = alone
        if CLUSTER in self.columns:
            declared = exp.func("CONCAT", exp.Literal.string("c"), column(CLUSTER))
            cluster = exp.Case().when(_recorded(CLUSTER), declared).else_(alone)
        return [
            named(self._weight(), WEIGHT),
            named(self._stratum(), STRATUM),
            named(cluster, CLUSTER),
        ]

    def sums(self, part: exp.Expr) -> dict[str, exp.Expr]:
        """What is summed over the counted rows, by name; `bad_weights` are the answers left out."""
        one, nothing = exp.Literal.number(1), exp.Literal.number(0)
        weight, usable = column(WEIGHT), column(WEIGHT) > exp.Literal.number(0)
        return {
            "numerator": exp.Case().when(part, weight).else_(nothing),
            "denominator": weight.copy(),
            "answers": exp.Case().when(usable, one).else_(nothing.copy()),
            "weight_squares": weight * weight,
            "bad_weights": exp.Case().when(usable.copy(), nothing.copy()).else_(one.copy()),
        }

    def steps(self, estimates: exp.Select, in_cell: exp.Expr) -> dict[str, exp.Expr]:
        """From the estimates of each cell to `tallies`: the same with `variance`, `clusters`, `strata`.

        `variance` is null where nobody answered.
        """
        return {
            "design": self._design(),
            "estimates": estimates,
            "drawn": self._drawn(in_cell),
            "spreads": self._spreads(),
            "variances": self._variances(),
            "tallies": self._tallies(),
        }

    def _weight(self) -> exp.Expr:
        if WEIGHT not in self.columns:
            return exp.Literal.number(1)
        usable = exp.and_(exp.func("ISFINITE", column(WEIGHT)), column(WEIGHT) > exp.Literal.number(0))
        return exp.Case().when(usable, column(WEIGHT)).else_(exp.Literal.number(0))

    def _stratum(self) -> exp.Expr:
        empty = exp.Literal.string("")
        return exp.func("COALESCE", column(STRATUM), empty) if STRATUM in self.columns else empty

    def _design(self) -> exp.Select:
        """How many clusters each stratum of a wave has, whoever of them answered."""
        alone: exp.Expr = exp.Literal.number(1)
        clusters: exp.Expr = exp.Sum(this=alone)
        if CLUSTER in self.columns:
            single = exp.Case().when(_recorded(CLUSTER), exp.Literal.number(0)).else_(alone)
            clusters = exp.Count(this=exp.Distinct(expressions=[column(CLUSTER)])) + exp.Sum(this=single)
        wave = exp.EQ(this=column("wave", "rows"), expression=column("wave", "periods"))
        found = (named(self._stratum(), STRATUM), named(clusters, "clusters"))
        select = joined(select_from("periods", column("period"), *found), "rows", wave)
        kept = select.where(self._weight() > exp.Literal.number(0), copy=False)
        return kept.group_by(column("period"), self._stratum(), copy=False)

    def _drawn(self, in_cell: exp.Expr) -> exp.Select:
        """What each cluster gives to each cell: its weighted `part` and `whole`."""
        keys = [*(column(n, "spine") for n in _CELL), *(column(n, "placed") for n in self.keys)]
        amounts = (("part", "numerator"), ("whole", "denominator"))
        sums = (named(exp.Sum(this=column(name, "placed")), alias) for alias, name in amounts)
        return grouped(joined(select_from("spine", *keys, *sums), "placed", in_cell), keys)

    def _spreads(self) -> exp.Select:
        """Of each stratum in each cell: the sum of what its clusters add, of its squares, and `clusters`."""
        keys = [*(column(n, "drawn") for n in _CELL), column(STRATUM, "drawn")]
        numerator, denominator = column("numerator", "estimates"), column("denominator", "estimates")
        share = exp.paren(numerator / denominator)
        added = exp.paren(column("part", "drawn") - share * column("whole", "drawn")) / denominator.copy()
        sums = (
            named(exp.Sum(this=added), "added"),
            named(exp.Sum(this=exp.func("POW", added.copy(), exp.Literal.number(2))), "squares"),
            named(exp.Max(this=column("clusters", "design")), "clusters"),
        )
        answered = exp.GT(this=denominator.copy(), expression=exp.Literal.number(0))
        cells = exp.and_(_same(_CELL, "drawn", "estimates"), answered)
        select = joined(select_from("drawn", *keys, *sums), "estimates", cells)
        stratum = _same(("period", STRATUM), "drawn", "design")
        return grouped(joined(select, "design", stratum), keys)

    def _variances(self) -> exp.Select:
        """Of each cell, over its strata; a cluster alone in its stratum is set against all together (0)."""
        clusters, squares = column("clusters"), column("squares")
        mean = exp.paren(column("added") * column("added") / clusters)
        one = exp.Literal.number(1)
        between = clusters.copy() / exp.paren(clusters.copy() - one) * exp.paren(squares - mean)
        spread = exp.Case().when(clusters.copy() > one.copy(), between).else_(squares.copy())
        keys = [column(name) for name in _CELL]
        return grouped(select_from("spreads", *keys, named(exp.Sum(this=spread), "variance")), keys)

    def _tallies(self) -> exp.Select:
        whole = (("clusters", exp.Sum(this=column("clusters"))), ("strata", exp.Count(this=exp.Star())))
        sizes = (named(cast(amount, "BIGINT"), name) for name, amount in whole)
        designs = grouped(select_from("design", column("period"), *sizes), [column("period")])
        inner = exp.Subquery(this=designs, alias=exp.TableAlias(this=exp.to_identifier("designs")))
        columns = [exp.Column(this=exp.Star(), table=exp.to_identifier("estimates"))]
        added = (column("variance", "variances"), column("clusters", "designs"), column("strata", "designs"))
        select = select_from("estimates", *columns, *added)
        select = joined(select, "variances", _same(_CELL, "estimates", "variances"), "LEFT")
        select.append(
            "joins", exp.Join(this=inner, on=_same(("period",), "estimates", "designs"), side="LEFT")
        )
        return select


def _recorded(name: str) -> exp.Expr:
    return exp.not_(exp.Is(this=column(name), expression=exp.null()))


def _same(names: Sequence[str], one: str, other: str) -> exp.Expr:
    return exp.and_(*(exp.EQ(this=column(n, one), expression=column(n, other)) for n in names))
