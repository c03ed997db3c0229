"""`results.csv` and `comparisons.csv`: every figure of an edition as other programs read it.

UTF-8, comma, one header, null as an empty field, dates ISO, `state` and `verdict` in snake_case, marks
separated by spaces, whole numbers without a decimal point. Rows keep the order of the results.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from pipeline.model.assessment import Assessment
from pipeline.model.comparison import Judgement
from pipeline.model.observation import Mark, ReleasedObservation, Results

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
RESULT_COLUMNS = (
    "indicator", "area_code", "area_name", "period", "period_start", "period_end", "basis", "breakdown",
    "category", "numerator", "denominator", "value", "lower", "upper", "unit", "state", "marks", "reason",
)  # fmt: skip
COMPARISON_COLUMNS = (
    "indicator", "area_code", "period", "breakdown", "category", "comparator", "reference_label",
    "reference_value", "change", "change_percent", "lower", "upper", "p_value", "p_adjusted", "dispersion",
    "detectable_percent", "pro_rata", "pro_rata_lower", "pro_rata_upper", "bound_lower", "bound_upper",
    "verdict", "marks", "reason",
)  # fmt: skip

Field = str | int | float | None
_MEASURED = COMPARISON_COLUMNS[7:21]  # reference_value to bound_upper


def result_rows(results: Results) -> list[dict[str, Field]]:
    """One row an observation; `period_end` is exclusive."""
    return [result_row(observation) for observation in results]


def result_row(o: ReleasedObservation) -> dict[str, Field]:
    """One observation as a row of `results.csv`."""
    values: tuple[Field, ...] = (
        *(o.indicator, o.area.code, o.area.name),
        *(o.period.key, o.period.start.isoformat(), o.period.end.isoformat(), o.period.basis),
        *(o.breakdown, o.category),
        *(whole(number) for number in (o.numerator, o.denominator, o.value, o.lower, o.upper)),
        *(o.unit, o.state.value, _marks(o.marks), o.reason),
    )
    return dict(zip(RESULT_COLUMNS, values, strict=True))


def comparison_rows(assessment: Assessment) -> list[dict[str, Field]]:
    """One row a judgement; `marks` and `reason` are those of the judgement."""
    return [comparison_row(judgement) for judgement in assessment.judgements]


def comparison_row(judgement: Judgement) -> dict[str, Field]:
    """One judgement as a row of `comparisons.csv`."""
    c = judgement.comparison
    o = c.observation
    row: dict[str, Field] = {
        "indicator": o.indicator,
        "area_code": o.area.code,
        "period": o.period.key,
        "breakdown": o.breakdown,
        "category": o.category,
        "comparator": c.comparator,
        "reference_label": c.reference_label,
    }
    row |= {name: whole(getattr(c, name)) for name in _MEASURED}
    row["detectable_percent"] = whole(judgement.detectable)
    return row | {
        "verdict": judgement.verdict.value if judgement.verdict else None,
        "marks": _marks(judgement.marks),
        "reason": judgement.reason,
    }


def write_results(results: Results, path: Path) -> None:
    """Write `results.csv`."""
    _write(path, RESULT_COLUMNS, result_rows(results))


def write_comparisons(assessment: Assessment, path: Path) -> None:
    """Write `comparisons.csv`."""
    _write(path, COMPARISON_COLUMNS, comparison_rows(assessment))


def whole(value: float | None) -> Field:
    """A whole number as an integer, so that it is written `3934` and not `3934.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _marks(marks: frozenset[Mark]) -> str:
    return " ".join(mark.value for mark in Mark if mark in marks)


def as_text(value: Field) -> Field:
    """A text that a spreadsheet would run as a formula behind an apostrophe; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, Field]]) -> None:
    made = StringIO()
    writer = csv.DictWriter(made, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: as_text(value) for name, value in row.items()} for row in rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(made.getvalue())
        file.flush()
        os.fsync(file.fileno())
