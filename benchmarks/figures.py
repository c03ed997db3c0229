"""The answers to the questions, three times: by the pipeline, by SQL written by hand, by pandas.

An answer holds every cell, zeros among them, with its 95 % limits. The answers are compared before anything
is timed. Pandas is asked for less: the cells that rest on rows, and no limits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
from scipy.special import chdtri, ndtri

from benchmarks.questions import FORCE, LAST_MONTH, OWN, YEARS, Question
from benchmarks.streets import DISTRICTS, FIRST_MONTH
from pipeline.model.observation import UNKNOWN, Observation
from pipeline.model.period import Period
from pipeline.store import Store

Cell = tuple[str, str, str, str]  # indicator, area code, first/last month, category (empty for totals)
Answer = tuple[float, float | None, float | None, float | None]  # numerator, value, its two limits
Answers = dict[Cell, Answer]


def of_pipeline(observations: Sequence[Observation]) -> Answers:
    """What the pipeline found, but for the force's rows by whether they have a place."""
    return {
        (o.indicator, o.area.code, o.period.key, o.category): _answer(
            o.numerator or 0, o.value, o.lower, o.upper
        )
        for o in observations
        if o.breakdown != "location"
    }


def _answer(numerator: float, *figures: float | None) -> Answer:
    value, lower, upper = (None if figure is None else round(figure, 9) for figure in figures)
    return numerator, value, lower, upper


def without_limits(answers: Answers) -> dict[Cell, tuple[float, float | None]]:
    """Numerator and value of the cells that rest on any row."""
    return {cell: (n, value) for cell, (n, value, _, _) in answers.items() if value is not None and n}


# --- by SQL ---------------------------------------------------------------------------------------

SUMS = """
WITH counted AS (
    SELECT month, coalesce(district_code, '') AS district, coalesce({cut}, '{unknown}') AS cut,
        sum(quantity) AS n, sum(CASE WHEN {part} THEN quantity ELSE 0 END) AS part
    FROM police_street WHERE category IN ({categories}) GROUP BY ALL
), sums AS (
    SELECT year(month) || '-01/' || year(month) || '-12' AS period, coalesce(district, '{force}') AS area,
        coalesce(cut, '') AS cut, sum(n) AS n, sum(part) AS part
    FROM counted WHERE year(month) IN ({years}) GROUP BY GROUPING SETS (
        (year(month)), (year(month), cut), (year(month), district), (year(month), district, cut)
    )
    UNION ALL
    SELECT strftime(month, '%Y-%m/%Y-%m'), coalesce(district, '{force}'), '', sum(n), sum(part)
    FROM counted GROUP BY GROUPING SETS ((month), (month, district))
    UNION ALL
    SELECT strftime(month, '%Y-%m/%Y-%m'), district, cut, n, part FROM counted WHERE district = '{own}'
)
"""
"""The sums of a question by area, period and category, from one pass over the rows."""

FIGURES = """
, years AS (
    SELECT year || '-01/' || year || '-12' AS period FROM (SELECT unnest([{years}]) AS year)
), months AS (
    SELECT strftime(month, '%Y-%m/%Y-%m') AS period
    FROM range(DATE '{first}', DATE '{last}' + INTERVAL 1 MONTH, INTERVAL 1 MONTH) AS calendar (month)
), areas AS (
    SELECT unnest([{areas}]) AS area
), cuts AS (
    SELECT cut FROM counted UNION SELECT '{unknown}'
), wanted AS (
    SELECT period, area, cut FROM years, areas, (FROM cuts UNION ALL SELECT '')
    UNION ALL SELECT period, area, '' FROM months, areas
    UNION ALL SELECT period, '{own}', cut FROM months, cuts
), figures AS (
    SELECT period, area, cut, coalesce(n, 0) AS n, coalesce(part, 0) AS part
    FROM wanted LEFT JOIN sums USING (period, area, cut)
)
"""
"""The figures asked for: a cell without rows is a zero."""

COUNTS = """
SELECT period, area, cut, n AS numerator, n AS value,
    coalesce(exact.lower, n * (1 - 1 / (9 * n) - {z} / (3 * sqrt(n))) ** 3) AS lower,
    coalesce(exact.upper, (n + 1) * (1 - 1 / (9 * (n + 1)) + {z} / (3 * sqrt(n + 1))) ** 3) AS upper
FROM figures LEFT JOIN (VALUES {exact}) AS exact (count, lower, upper) ON n = count
"""
"""Counts with Poisson limits: from a table below 10, Byar's from 10."""

PERCENTAGES = """
SELECT period, area, cut, part AS numerator, 100 * p AS value,
    CASE p WHEN 0 THEN 0 ELSE 100 * (2 * n * p + {z2} - {z} * sqrt({z2} + 4 * n * p * (1 - p)))
        / (2 * (n + {z2})) END AS lower,
    CASE p WHEN 1 THEN 100 ELSE 100 * (2 * n * p + {z2} + {z} * sqrt({z2} + 4 * n * p * (1 - p)))
        / (2 * (n + {z2})) END AS upper
FROM (SELECT *, part / nullif(n, 0) AS p FROM figures)
"""
"""Percentages with Wilson's limits."""

Z = float(ndtri(0.975))
EXACT = ", ".join(
    f"({n}, {chdtri(2 * n, 0.975) / 2 if n else 0.0}, {chdtri(2 * n + 2, 0.025) / 2})" for n in range(10)
)


def written(question: Question, only_sums: bool = False) -> str:
    """The SQL that a careful analyst would write for the question; years are calendar years here."""
    figures = FIGURES + (PERCENTAGES if question.outcomes else COUNTS)
    return (SUMS + ("FROM sums" if only_sums else figures)).format(
        cut=question.cut,
        unknown=UNKNOWN,
        own=OWN,
        force=FORCE,
        part=f"outcome IN ({_quoted(question.outcomes)})" if question.outcomes else "true",
        categories=_quoted(question.categories),
        years=", ".join(str(year.start.year) for year in YEARS),
        first=FIRST_MONTH,
        last=LAST_MONTH,
        areas=_quoted((*DISTRICTS, FORCE)),
        exact=EXACT,
        z=Z,
        z2=Z * Z,
    )


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def ask_sql(store: Store, asked: Sequence[Question], only_sums: bool = False) -> list[pa.Table]:
    """One query a question."""
    return [store.fetch(written(question, only_sums)) for question in asked]


def of_sql(asked: Sequence[Question], tables: Sequence[pa.Table]) -> Answers:
    """The same figures from the results of the queries."""
    return {
        (question.id, row["area"], row["period"], row["cut"]): _answer(
            row["numerator"], row["value"], row["lower"], row["upper"]
        )
        for question, table in zip(asked, tables, strict=True)
        for row in table.to_pylist()
    }


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


def of_pandas(
    asked: Sequence[Question], answered: Sequence[Sequence[Grouped]]
) -> dict[Cell, tuple[float, float | None]]:
    """The same figures from the groupings, but for limits and cells without rows."""
    found: dict[Cell, tuple[float, float | None]] = {}
    for question, groupings in zip(asked, answered, strict=True):
        for grouped in groupings:
            for index, rows, part in grouped.sums.itertuples(name=None):
                key = index if isinstance(index, tuple) else (index,)
                level = dict(zip(grouped.levels, key, strict=False))
                area = level.get("district_code", FORCE)
                numerator = part if question.outcomes else rows
                if numerator and (area == FORCE or area in DISTRICTS):
                    period = Period.month(_day(level["month"])).key if "month" in level else grouped.period
                    cell = (question.id, area, period, level.get("cut", ""))
                    value = 100 * part / rows if question.outcomes else rows
                    found[cell] = (numerator, round(value, 9))
    return found


def _day(stamp: object) -> date:
    assert isinstance(stamp, pd.Timestamp)
    return stamp.date()
