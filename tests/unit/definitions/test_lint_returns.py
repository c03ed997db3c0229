"""What suppliers are said to owe: of which items, for which periods, each of one supplier."""

import pytest

from pipeline.definitions.load import check, load
from tests.unit.definitions.conftest import Config

POPULATION = "  population:\n"
RETURNS = """\
  returns:
    title: Returns
    supplier: partners
    files: [returns.csv]
    contract: returns
    columns:
      item: Item
      area_code: Area
      period_start: Start
      period_end: End
      value: Value
    expected:
      - {supplier: Housing, every: quarter, due_days: 30, since: 2023-01, items: [cases]}
"""
OWED = "{supplier: Housing, every: quarter, due_days: 30, since: 2023-01, items: [cases]}"


@pytest.fixture
def config(config: Config) -> Config:
    config.change("sources.yaml", POPULATION, RETURNS + POPULATION)
    return config


@pytest.mark.parametrize(
    ("owed", "told"),
    [
        (
            "{supplier: Housing, every: quarter, due_days: 30, since: 2023-02, items: [cases]}",
            "27:66: returns: 2023-02 begins no quarter; allowed: 01, 04, 07, 10 as its month",
        ),
        (
            "{supplier: Housing, every: financial_year, due_days: 30, since: 2023-01, items: [cases]}",
            "returns: 2023-01 begins no financial year; allowed: 04 as its month",
        ),
        ("{supplier: Housing, every: month, due_days: 30, since: 2023-02}", "returns: needs `items`"),
        (
            f"{OWED}\n      - {OWED.replace('Housing', 'Police')}",
            "returns: 'cases' is expected of Housing already",
        ),
        (OWED.replace("quarter", "fortnight"), "found 'fortnight'"),
        (OWED.replace("30", "-1"), "due_days"),
    ],
)
def test_what_is_owed_wrongly(config: Config, owed: str, told: str) -> None:
    config.change("sources.yaml", OWED, owed)
    (error,) = config.errors()
    assert told in error


def test_items_of_a_source_without_items(config: Config) -> None:
    config.change(
        "sources.yaml",
        "    contract: crimes\n    columns:\n",
        "    contract: crimes\n    expected:\n"
        "      - {supplier: police, every: month, due_days: 9, since: 2023-01, items: [x]}\n    columns:\n",
    )
    (error,) = config.errors()
    assert "crimes: items belong to sources of returns; this one holds crimes" in error


def test_an_item_that_nobody_owes_is_told(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "priorities:\n",
        "  evictions:\n    title: Evictions\n    source: returns\n"
        "    window: {kind: calendar_quarter}\n"
        "    measure: {type: reported, item: evictions, of: cases, unit: '%'}\npriorities:\n",
    )
    assert load(config.folder).indicators
    _, warnings = check(config.folder, load(config.folder).partnership.as_at)  # type: ignore[arg-type]
    told = [warning.message for warning in warnings if warning.rule == "unexpected_items"]
    assert told == [
        "evictions: nobody is expected to report 'evictions', so nobody will be asked for it; add it under "
        "`expected:` of returns"
    ]
