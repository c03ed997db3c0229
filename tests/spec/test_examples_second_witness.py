"""The figures of the worked examples, counted once more without the engine."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.definitions.resolved import Definitions
from pipeline.model.period import add_months, parse_month
from tests import oracle
from tests.spec.pages import PAGES, Example, Row, examples
from tests.spec.worked import curated, load_only, shown

COUNTED = ("count", "rate", "proportion", "share", "ratio", "mean", "repeat")
EXAMPLES = [e for page in PAGES for e in examples(page) if e.named("results.csv") and not e.refusal]
AT_LEAST = 0.8
"""At least this part of the figures on the pages is of such measures."""


def definition(example: Example, row: Row) -> dict[str, Any]:
    """The indicator of a row of results, as the page writes it."""
    written: dict[str, dict[str, Any]] = {}
    for file in example.files:
        if file.name == "indicators.yaml":
            written |= file.plain["indicators"]
    return written[row["indicator"]] if "indicator" in row else next(iter(written.values()))


def recounted(example: Example, row: Row, definitions: Definitions) -> float | None:
    """The value of one row of results, by the second witness; None where it does not know the measure."""
    written = definition(example, row)
    measure, lists = written["measure"], definitions.codelists
    if measure["type"] not in COUNTED or definitions.codelist_validity:
        return None
    source = written.get("source", "crimes")
    area, breakdown, category = row.get("area_code", "amber"), row.get("breakdown"), row.get("category")
    cuts = {cut["name"]: cut for cut in written.get("by", ())}
    cut = dict(cuts.get(breakdown, {}))
    if "cross" in cut:
        cut["cross"] = [cuts[part] for part in cut["cross"]]
    tables = {found: held.rows for found, held in curated(example, definitions).items()}

    def chosen(table: str) -> list[dict[str, Any]]:
        return [
            {"quantity": 1, **found}
            for found in map(dict, tables.get(table, ()))
            if area
            in ("woodshire", found.get("district_code"), found.get("ward_code"), found.get("lsoa_code"))
            and (not cut or oracle.category(found, cut, lists) == category)
        ]

    over = measure.get("over", {})
    below = over.get("source", source) + (f"_{over['table']}" if over.get("table") else "")
    first, last = (parse_month(month) for month in row["period"].split("/"))
    if measure["type"] == "rate":
        over = cut.get("over", {}).get(category, over)
    base = _base(over, [dict(found) for found in tables.get("population", ())], area, first, last)
    rows = chosen(source + (f"_{measure['table']}" if measure.get("table") else ""))
    return oracle.figures(measure, rows, first, add_months(last, 1), lists, base, chosen(below))[2]


def _base(
    over: dict[str, Any], population: list[dict[str, Any]], area: str, first: date, last: date
) -> float | None:
    """The population in the year wanted, or the nearest there is."""
    found = {row["year"]: row.get(over.get("column", "")) for row in population if row["area_code"] == area}
    if not found:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    wanted = max(found) if over.get("year") == "latest" else add_months(first, months // 2).year
    return found[min(found, key=lambda year: (abs(year - wanted), -year))]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}: {example.title}")
def test_the_second_witness_finds_the_same(example: Example, tmp_path: Path) -> None:
    definitions = load_only(example, tmp_path / "config")
    for row in figures(example):
        value = recounted(example, row, definitions)
        if value is not None:
            assert shown(float(value), len(row["value"].partition(".")[2])) == row["value"], row


def figures(example: Example) -> list[Row]:
    """The rows of results with a number."""
    return [row for table in example.named("results.csv") for row in table.rows if row.get("value")]


def test_most_figures_have_two_witnesses() -> None:
    kinds = [definition(e, row)["measure"]["type"] for e in EXAMPLES for row in figures(e)]
    assert sum(kind in COUNTED for kind in kinds) >= AT_LEAST * len(kinds)
