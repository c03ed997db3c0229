"""The worked examples of definitions: tiny rows through the real compiler, and the value they must give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.compute.counted import observe_counted
from pipeline.compute.derived import combine
from pipeline.compute.plan import plan
from pipeline.compute.reported import observe_reported
from pipeline.compute.shared import table_needs
from pipeline.definitions.faults import error_text
from pipeline.definitions.indicator import (
    DerivedMeasure,
    Example,
    Indicator,
    Rate,
    Ratio,
    Repeat,
    Reported,
    Survey,
    Window,
)
from pipeline.definitions.load import issue_at
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source, Wave
from pipeline.errors import DefinitionError
from pipeline.model.area import Area
from pipeline.model.contract import CONTRACTS
from pipeline.model.delivery import Coverage, Deliveries, MonthCoverage, MonthState
from pipeline.model.issue import Issue, Severity
from pipeline.model.observation import Observation, State
from pipeline.model.period import Period, add_months, month_of, parse_month
from pipeline.model.rounding import round_half_away
from pipeline.query import Side, denominator_columns
from pipeline.store import Rows, Store

DEFAULT_MONTH = date(2022, 1, 1)
"""The month of an example's rows that name none; the wave and the base year follow it."""

LATER = date(2032, 1, 1)
"""The day as at which examples are computed: every month over, every outcome ripe."""

WAVE = "example"

REPORTED = ("item", "area_code", "period_start", "period_end", "value", "status")
"""The columns of a table of returns."""


def run_examples(definitions: Definitions, config: Path | None = None) -> int:
    """Run every worked example; how many there are.

    Raises DefinitionError naming each that gives another value than it expects, with its place in the
    files of `config` where that folder is given.
    """
    count, failures = 0, []
    with Store.in_memory() as store:
        for indicator in definitions.indicators.values():
            for number, example in enumerate(indicator.examples, 1):
                count += 1
                found = example_value(store, definitions, indicator, example)
                if not _agrees(found, example.expect):
                    found_instead = (
                        f"{indicator.id}, example {number}: "
                        f"the rows give {_shown(found)}, expected {_shown(example.expect)}"
                    )
                    failures.append(_failure(config, indicator.id, number, found_instead))
    if failures:
        raise DefinitionError(error_text(failures), tuple(failures))
    return count


def _failure(config: Path | None, indicator: str, number: int, message: str) -> Issue:
    if config is None:
        return Issue("config/indicators.yaml", 1, 1, message)
    path = ("indicators", indicator, "examples", number - 1, "expect")
    return issue_at(config, path, message, Severity.ERROR)


def example_value(
    store: Store, definitions: Definitions, indicator: Indicator, example: Example
) -> float | None:
    """The value that the example's rows give for the partnership's own area; None where they give none.

    Columns that the rows leave out are not recorded, apart from these: the month is January 2022 (or that
    of `recorded_on`), the district the partnership's own, `quantity` 1, a survey's wave and weight one and
    the same, and the rows of a reported item are consecutive months. The rows' months are the window, of a
    look-back only the last of them, and those before it are its history. A ratio divides by the rows of
    `over`. The rows of a derived indicator are figures of its parts, `{indicator: id, value: 3}` each.
    """
    own = definitions.partnership.area.code
    if isinstance(indicator.measure, DerivedMeasure):
        return _derived_value(indicator, example, definitions.partnership.own_area)
    rows = [dict(row) for row in example.rows] * example.repeat
    source = indicator.sources[0]
    below: list[dict[str, Any]] = []
    if isinstance(indicator.measure, Reported):
        rows, months = _reported_rows(rows, own)
    else:
        rows, months = _counted_rows(rows, own, isinstance(indicator.measure, Survey))
    if isinstance(indicator.measure, Ratio):
        below, others = _counted_rows([dict(row) for row in example.over] * example.repeat, own, survey=False)
        months += others
    tables = _tables(indicator, definitions, rows, below)
    if isinstance(indicator.measure, Rate):
        tables[indicator.measure.over.table] = _bases(indicator, example.over, own)
    first, last = min(months), max(months)
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    history = 0
    if isinstance(indicator.measure, Repeat) and indicator.measure.report == "lookback":
        first, length, history = last, 1, indicator.measure.lookback_months
    kind = "wave" if isinstance(indicator.measure, Survey) else "rolling"
    ending = "latest" if kind == "wave" else f"{last:%Y-%m}"
    alone = indicator.model_copy(
        update={
            "by": (),
            "compare": (),
            "published": (),
            "areas": ("partnership",),
            "window": Window(kind=kind, months=length, ending=ending),
        }
    )
    wave = Wave(start=first, end=last)
    surveyed = definitions.sources[source].model_copy(update={"waves": {WAVE: wave}})
    settings = definitions.model_copy(update={"sources": {**definitions.sources, source: surveyed}})
    with store.holding(tables):
        if isinstance(indicator.measure, Reported):
            found = observe_reported(store, alone, settings, LATER, with_limits=False)
        else:
            sources, known_from = (
                dict.fromkeys((source, *indicator.over_sources)),
                add_months(first, -history),
            )
            deliveries = _delivered(sources, own, known_from, history + length)
            planned = plan(store, alone, settings, deliveries, LATER)
            found = observe_counted(store, replace(planned, with_limits=False))
    return next((o.value for o in found if o.area.code == own and o.period.basis != "month"), None)


def _derived_value(indicator: Indicator, example: Example, own: Area) -> float | None:
    """The value from rows that each name a part (`indicator`) and its figure (`value`)."""
    assert isinstance(indicator.measure, DerivedMeasure)
    period = Period.month(DEFAULT_MONTH)
    parts = {
        str(row["indicator"]): Observation(
            indicator=str(row["indicator"]),
            area=own,
            period=period,
            value=row["value"],
            unit="",
            state=State.NOT_SUPPLIED if row["value"] is None else State.VALUE,
        )
        for row in example.rows
    }
    observed = {name: [parts[name]] if name in parts else [] for name in indicator.measure.parts}
    return next((o.value for o in combine(indicator, [own], [period], observed)), None)


def _counted_rows(
    rows: list[dict[str, Any]], own: str, survey: bool
) -> tuple[list[dict[str, Any]], list[date]]:
    months = []
    for row in rows:
        recorded = row.get("recorded_on")
        month = row.get("month") or (_day(recorded) if recorded else DEFAULT_MONTH)
        row["month"] = month_of(_day(month))
        months.append(row["month"])
        row.setdefault("district_code", own)
        row.setdefault("quantity", 1)
        if survey:
            row["wave"] = WAVE
    return rows, months or [DEFAULT_MONTH]


def _reported_rows(rows: list[dict[str, Any]], own: str) -> tuple[list[dict[str, Any]], list[date]]:
    seen: dict[str, int] = {}
    months = []
    for row in rows:
        start = add_months(DEFAULT_MONTH, seen.get(row["item"], 0))
        seen[row["item"]] = seen.get(row["item"], 0) + 1
        row.setdefault("area_code", own)
        row.setdefault("period_start", start)
        row.setdefault("period_end", add_months(start, 1))
        months += [month_of(_day(row["period_start"])), add_months(month_of(_day(row["period_end"])), -1)]
    return rows, months or [DEFAULT_MONTH]


def _tables(
    indicator: Indicator,
    definitions: Definitions,
    rows: Sequence[Mapping[str, Any]],
    below: Sequence[Mapping[str, Any]],
) -> dict[str, Rows]:
    """The curated tables that the indicator reads: its own with the rows, another with those `below`.

    A ratio of rows of one table finds both in it.
    """
    if isinstance(indicator.measure, Reported):
        source, part = indicator.sources[0], indicator.measure.table
        return {_name(source, part): _table(definitions.sources[source], part, REPORTED, rows)}
    tables: dict[str, Rows] = {}
    for side, source, part, columns in table_needs(indicator):
        name = _name(source, part)
        held = [*rows, *below] if name in tables else below if side is Side.DENOMINATOR else rows
        if side is Side.DENOMINATOR or source == indicator.sources[0]:
            tables[name] = _table(definitions.sources[source], part, columns, held)
    return tables


def _name(source: str, part: str | None) -> str:
    return f"{source}_{part}" if part else source


def _table(
    source: Source, part_name: str | None, needed: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Rows:
    """The rows as the curated table would hold them: contract types, every column that is needed."""
    part = source.parts.get(part_name or "")
    contracts = [CONTRACTS[name] for name in ((part.contract,) if part else ()) + (source.contract,)]
    types = {column.name: column.type for contract in reversed(contracts) for column in contract.columns}
    placed = () if tuple(needed) == REPORTED else ("district_code", "quantity")
    names = tuple(dict.fromkeys((*needed, *placed, *(name for row in rows for name in row))))
    days = {name for name in names if types.get(name) == "DATE"}
    kept = [
        {name: _day(value) if name in days and value is not None else value for name, value in row.items()}
        for row in rows
    ]
    return Rows({name: types.get(name) or _guessed(name, rows) for name in names}, kept)


def _guessed(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The type of a column outside the contract: text where no value tells it."""
    return "VARCHAR" if all(row.get(name) is None for row in rows) else ""


def _bases(indicator: Indicator, over: Sequence[Mapping[str, Any]], own: str) -> Rows:
    types = {"area_code": "VARCHAR", "year": "INTEGER"} | dict.fromkeys(
        denominator_columns(indicator), "DOUBLE"
    )
    return Rows(types, [{"area_code": own, "year": DEFAULT_MONTH.year, **row} for row in over])


def _delivered(sources: Iterable[str], own: str, first: date, length: int) -> Deliveries:
    months = [add_months(first, n) for n in range(length)]
    coverage = tuple(
        MonthCoverage(source, own, month, 1, MonthState.DELIVERED) for source in sources for month in months
    )
    return Deliveries(extracts=(), accounting=(), coverage=Coverage(coverage), warehouse_digest="")


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    text = str(value)
    return parse_month(text) if len(text) == len("2022-01") else date.fromisoformat(text)


def _agrees(found: float | None, expected: float | None) -> bool:
    """Whether the value is the expected one, at the decimals in which that is written; whole ones exactly."""
    if found is None or expected is None:
        return found is expected
    decimals = repr(expected).partition(".")[2]
    places = len(decimals) if float(decimals or 0) else 9
    return round_half_away(found, places) == round_half_away(expected, places)


def _shown(value: float | None) -> str:
    return "no value" if value is None else f"{value:.6g}"
