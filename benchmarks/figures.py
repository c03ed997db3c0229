"""A hundred questions, each answered three times: by the pipeline, by SQL written by hand, by pandas.

A question is a count or a proportion, cut by one column, for eight districts and the force, for two years
and every month. The answers are compared before anything is timed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import pandas as pd
import pyarrow as pa

from benchmarks.streets import ANTISOCIAL, CATEGORIES, DISTRICTS, FIRST_MONTH, MONTHS, OUTCOMES
from pipeline.definitions.indicator import Indicator
from pipeline.model.observation import UNKNOWN, Observation
from pipeline.model.period import Period, add_months
from pipeline.store import Store

CRIMES = tuple(category for category in CATEGORIES if category != ANTISOCIAL)
OWN, FORCE = DISTRICTS[0], "E23000901"
LAST_MONTH = add_months(FIRST_MONTH, MONTHS - 1)
LAST_YEAR = Period.ending(LAST_MONTH, 12, "rolling_12")
YEARS = (LAST_YEAR.shifted(-12), LAST_YEAR)

Cell = tuple[str, str, str, str]  # indicator, area code, first/last month, category (empty for totals)
Answers = dict[Cell, tuple[float, float]]  # numerator and value of each cell that has any row


@dataclass(frozen=True)
class Question:
    """The crimes of some categories, cut by a column; with outcomes, the percentage that ended so."""

    id: str
    categories: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    cut: str = "outcome"

    @property
    def indicator(self) -> Indicator:
        """The question as the pipeline is asked it."""
        counted = {"category": {"in": self.categories}}
        if self.outcomes:
            part = {"outcome": {"in": self.outcomes}}
            measure = {"type": "proportion", "among": counted, "where": part}
        else:
            measure = {"type": "count", "unit": "crimes", "where": counted}
        return Indicator.model_validate(
            {
                "id": self.id,
                "title": self.id,
                "source": "police_street",
                "measure": measure,
                "by": [{"name": self.cut, "column": self.cut}],
                "areas": ["partnership", "districts", "force"],
                "window": {"kind": "rolling", "months": 12},
                "compare": [{"to": "previous_year"}],
                "govern": {"owner": "Benchmark analyst"},
            }
        )


def questions(number: int) -> tuple[Question, ...]:
    """The first `number` questions of a fixed list of 117."""
    pairs = list(zip(CRIMES, CRIMES[1:] + CRIMES[:1], strict=True))
    counts = (Question(f"count_{n}", (crime,)) for n, crime in enumerate(CRIMES))
    sets = (Question(f"pair_{n}", pair, cut="category") for n, pair in enumerate(pairs))
    ended = (
        Question(f"ended_{n}_{m}", pair, (outcome,), "category")
        for m, outcome in enumerate(OUTCOMES[:7])
        for n, pair in enumerate(pairs)
    )
    return tuple(chain(counts, sets, ended))[:number]


def of_pipeline(observations: Sequence[Observation]) -> Answers:
    """What the pipeline found; cells that rest on no row are left out."""
    return {
        (o.indicator, o.area.code, o.period.key, o.category): (o.numerator or 0, round(o.value or 0, 9))
        for o in observations
        if o.breakdown != "location" and (o.denominator or o.numerator)
    }


# --- by SQL ---------------------------------------------------------------------------------------

SQL = """
WITH counted AS (
    SELECT strftime(month, '%Y-%m') AS month, year(month) AS year, coalesce(district_code, '') AS district,
        coalesce({cut}, '{unknown}') AS cut, quantity AS n, CASE WHEN {part} THEN quantity ELSE 0 END AS part
    FROM police_street WHERE category IN ({categories})
)
SELECT year || '-01/' || year || '-12' AS period, district, cut, sum(n) AS n, sum(part) AS part FROM counted
GROUP BY GROUPING SETS ((year), (year, cut), (year, district), (year, district, cut))
UNION ALL
SELECT month || '/' || month, district, NULL, sum(n), sum(part) FROM counted
GROUP BY GROUPING SETS ((month), (month, district))
UNION ALL
SELECT month || '/' || month, district, cut, sum(n), sum(part) FROM counted
WHERE district = '{own}' GROUP BY month, district, cut
"""


def written(question: Question) -> str:
    """The SQL that an analyst would write for the question; years are calendar years here."""
    outcomes = ", ".join(f"'{outcome}'" for outcome in question.outcomes)
    return SQL.format(
        cut=question.cut,
        unknown=UNKNOWN,
        own=OWN,
        part=f"outcome IN ({outcomes})" if outcomes else "true",
        categories=", ".join(f"'{category}'" for category in question.categories),
    )


def ask_sql(store: Store, asked: Sequence[Question]) -> list[pa.Table]:
    """One query a question."""
    return [store.fetch(written(question)) for question in asked]


def of_sql(asked: Sequence[Question], tables: Sequence[pa.Table]) -> Answers:
    """The same figures from the results of the queries; null stands for all districts, all categories."""
    found: Answers = {}
    for question, table in zip(asked, tables, strict=True):
        for row in table.to_pylist():
            area = FORCE if row["district"] is None else row["district"]
            if area == FORCE or area in DISTRICTS:
                cell = (question.id, area, row["period"], row["cut"] or "")
                found[cell] = _answer(question, int(row["n"]), int(row["part"]))
    return found


def _answer(question: Question, rows: int, part: int) -> tuple[float, float]:
    return (part, round(100 * part / rows, 9)) if question.outcomes else (rows, rows)


# --- by pandas ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grouped:
    """Sums of one grouping: which levels its index has, and for which period where no level says."""

    period: str
    levels: tuple[str, ...]
    sums: pd.DataFrame


def ask_pandas(frame: pd.DataFrame, asked: Sequence[Question]) -> list[list[Grouped]]:
    """The same figures from a frame of the curated table that is in memory already."""
    return [list(_grouped(frame, question)) for question in asked]


def _grouped(frame: pd.DataFrame, question: Question) -> Iterator[Grouped]:
    counted = frame[frame["category"].isin(question.categories)]
    part = counted["quantity"].where(counted["outcome"].isin(question.outcomes), 0)
    cut = counted[question.cut].fillna(UNKNOWN)
    counted = counted.assign(part=part, cut=cut)
    months, district = counted["month"], "district_code"
    for year in YEARS:
        rows = counted[(months >= pd.Timestamp(year.start)) & (months < pd.Timestamp(year.end))]
        yield Grouped(year.key, (), rows[["quantity", "part"]].sum().to_frame().T)
        for levels in (["cut"], [district], [district, "cut"]):
            yield Grouped(year.key, tuple(levels), rows.groupby(levels)[["quantity", "part"]].sum())
    own = counted[counted[district] == OWN]
    for rows, levels in (
        (counted, ["month"]),
        (counted, ["month", district]),
        (own, ["month", district, "cut"]),
    ):
        yield Grouped("", tuple(levels), rows.groupby(levels)[["quantity", "part"]].sum())


def of_pandas(asked: Sequence[Question], answered: Sequence[Sequence[Grouped]]) -> Answers:
    """The same figures from the groupings."""
    found: Answers = {}
    for question, groupings in zip(asked, answered, strict=True):
        for grouped in groupings:
            for index, rows, part in grouped.sums.itertuples(name=None):
                key = index if isinstance(index, tuple) else (index,)
                level = dict(zip(grouped.levels, key, strict=False))
                area = level.get("district_code", FORCE)
                if rows and (area == FORCE or area in DISTRICTS):
                    period = Period.month(_day(level["month"])).key if "month" in level else grouped.period
                    cell = (question.id, area, period, level.get("cut", ""))
                    found[cell] = _answer(question, rows, part)
    return found


def _day(stamp: object) -> date:
    assert isinstance(stamp, pd.Timestamp)
    return stamp.date()
