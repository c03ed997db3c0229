"""The worked examples run through the engine: load, observe, release, compare, assess."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.assess import assess
from pipeline.compute import compare, observe
from pipeline.compute.examples import run_examples
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.disclosure import release
from pipeline.errors import AssessmentError
from pipeline.model.assessment import Assessment
from pipeline.model.contract import CONTRACTS
from pipeline.model.delivery import Coverage, Deliveries, MonthCoverage, MonthState
from pipeline.model.observation import Results
from pipeline.model.period import Period, parse_month
from pipeline.model.rounding import round_half_away
from pipeline.report.tables import comparison_rows, result_rows
from pipeline.store import Rows, Store
from tests.spec.pages import COVERAGE, OUTPUTS, Example, Row, Table, partnership

COVERED = Period.ending(parse_month("2023-03"), 36, "rolling_36")
"""The months that every dated source delivered, unless an example says otherwise."""

DEFAULTS = {
    "month": "2022-06",
    "district_code": "amber",
    "area_code": "amber",
    "quantity": "1",
    "status": "final",
}
"""What a row holds in a column that the page leaves out, where its table has such a column."""


@dataclass(frozen=True)
class Ran:
    """What the engine made of an example."""

    definitions: Definitions
    results: Results
    assessment: Assessment


def write_config(example: Example, config: Path) -> None:
    """The partnership's files with those of the example laid over them."""
    files: dict[str, Any] = {}
    for file in (*partnership(), *example.files):
        files[file.name] = _over(files.get(file.name, {}), file.plain) if file.is_yaml else file.text
    for name, content in files.items():
        written = content if isinstance(content, str) else json.dumps(content, indent=1)  # JSON is YAML
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).write_text(written, encoding="utf-8")


def _over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: _over(below.get(key), value) for key, value in above.items()}
    return above


def run(example: Example, config: Path) -> Ran:
    """The example through the engine: load, run its own examples, observe, release, compare, assess."""
    definitions = load_only(example, config)
    as_at = definitions.partnership.as_at
    assert as_at is not None
    if any(indicator.examples for indicator in definitions.indicators.values()):
        run_examples(definitions)
    with Store.in_memory(curated(example, definitions)) as store:
        observed = observe(store, definitions, _deliveries(example, definitions), as_at)
    results = release(observed, definitions)
    assessment = assess(compare(results, definitions), results, definitions)
    return Ran(definitions, results, assessment)


def load_only(example: Example, config: Path) -> Definitions:
    """The example's definitions, resolved."""
    write_config(example, config)
    return load(config)


def refusal(example: Example, config: Path) -> str:
    """The message with which the engine refuses the example."""
    try:
        run(example, config)
    except AssessmentError as refused:
        return f"{refused}\n"
    raise AssertionError(f"{example.page}, {example.title}: nothing was refused")


def curated(example: Example, definitions: Definitions) -> dict[str, Rows]:
    """The rows of the example as curated tables."""
    tables: dict[str, Rows] = {}
    for table in example.tables:
        if table.name in (*OUTPUTS, COVERAGE):
            continue
        types = _types(table.name, definitions)
        assert types, f"{table.name}: no source fills such a table"
        left_out = {name: text for name, text in DEFAULTS.items() if name in types}
        filled = [left_out | row for row in table.rows]
        rows = [{name: value_of(text, types[name]) for name, text in row.items()} for row in filled]
        named = dict.fromkeys(name for row in filled for name in row)
        tables[table.name] = Rows({name: types[name] for name in named}, rows)
    return tables


def _types(table: str, definitions: Definitions) -> dict[str, str]:
    """The DuckDB types of a curated table's columns: its contract's; the questions of a survey are text."""
    for source in definitions.sources.values():
        for part, contract in _contracts(source):
            if table == (f"{source.id}_{part}" if part else source.id):
                known = {c.name: c.type for c in CONTRACTS[contract].columns}
                if CONTRACTS[contract].open_columns:
                    known = dict.fromkeys(source.columns, "VARCHAR") | known
                return known
    return {}


def _contracts(source: Source) -> Iterator[tuple[str, str]]:
    yield "", source.contract
    for name, part in source.parts.items():
        yield name, part.contract


def value_of(text: str, kind: str) -> object:
    """A cell as a value of a DuckDB type; an empty one is not recorded."""
    if not text:
        return None
    match kind:
        case "BOOLEAN":
            return {"yes": True, "no": False}[text]
        case "INTEGER":
            return int(text)
        case "DOUBLE":
            return float(text.replace(",", ""))
        case "DATE":
            return parse_month(text) if len(text) == len("2022-06") else date.fromisoformat(text)
    return text


def _deliveries(example: Example, definitions: Definitions) -> Deliveries:
    """Every month of every dated source for every district, but for what the example says."""
    said = {
        (row.get("source", "crimes"), row.get("district_code") or "amber", row["month"]): row["state"]
        for table in example.named(COVERAGE)
        for row in table.rows
    }
    months, undated = [], set()
    for source in definitions.sources.values():
        if CONTRACTS[source.contract].column("month") is None:
            undated.add(source.id)
            continue
        extra = {parse_month(month) for name, _, month in said if name == source.id}
        for district in definitions.partnership.force.districts:
            for month in sorted({*COVERED.months, *extra}):
                written = said.get((source.id, district.code, f"{month:%Y-%m}"), "delivered")
                state = MonthState(written.replace(" ", "_"))
                rows = 0 if state is MonthState.NOT_DELIVERED else 1
                months.append(MonthCoverage(source.id, district.code, month, rows, state))
    coverage = Coverage(tuple(months), frozenset(undated))
    return Deliveries(extracts=(), accounting=(), coverage=coverage, warehouse_digest="")


def outcome(table: Table, ran: Ran) -> list[Row]:
    """What the engine gives for a table of results, in the table's columns and decimals.

    The rows of the indicators, areas, periods, breakdowns and comparators that the table names, all of
    them; where it has no such column: every indicator, the partnership's area, no breakdown.
    """
    made = _made(table.name, ran)
    keys = _KEYS[table.name]
    wanted = {tuple(_key(row, key) for key in keys) for row in table.rows}
    kept = [row for row in made if tuple(_key(row, key, table.columns) for key in keys) in wanted]
    return [
        {name: shown(row[name], _decimals(table, name, n)) for name in table.columns}
        for n, row in enumerate(kept)
    ]


_KEYS = {
    "results.csv": ("indicator", "area_code", "period", "basis", "breakdown"),
    "comparisons.csv": ("indicator", "area_code", "period", "breakdown", "comparator"),
    "manifest.json": ("group", "measure"),
    "reconciliations": ("indicator", "period_label"),
}
_ABSENT = {"area_code": "amber", "breakdown": ""}


def _key(row: Mapping[str, Any], key: str, columns: Sequence[str] | None = None) -> object:
    """A cell that picks rows; None where the table does not have the column and any will do."""
    if key in _ABSENT:
        return str(row.get(key, _ABSENT[key]))
    if columns is not None and key not in columns:
        return None
    return row.get(key)


def _made(name: str, ran: Ran) -> list[dict[str, Any]]:
    match name:
        case "results.csv":
            return list(result_rows(ran.results))
        case "comparisons.csv":
            rows = zip(comparison_rows(ran.assessment), ran.assessment.judgements, strict=True)
            return [row | {"rule": judgement.rule} for row, judgement in rows]
        case "reconciliations":
            return [
                {column: getattr(found, column) for column in found.__slots__}
                for found in ran.assessment.reconciliations
            ]
    return [
        {"group": found.group, "measure": found.measure, "verdict": found.verdict.value}
        for found in ran.assessment.measures
    ]


def _decimals(table: Table, column: str, number: int) -> int | None:
    """The decimals that the page writes in that row, or else the most in that column; None: no numbers."""
    cells = [row[column] for row in table.rows]
    written = [len(cell.partition(".")[2]) for cell in cells if _NUMBER.fullmatch(cell)]
    if number < len(cells) and _NUMBER.fullmatch(cells[number]):
        return len(cells[number].partition(".")[2])
    return max(written, default=None)


_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def shown(value: object, places: int | None) -> str:
    """A cell as a page writes it: numbers with so many decimals, nothing for no value."""
    if value is None:
        return ""
    if isinstance(value, int | float) and places is not None:
        return f"{round_half_away(value, places):f}"
    return str(value)
