"""Rules over targets and published figures: the periods they name, and where a path leads."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

HEADLINE = "want: down, headline: true}"
ROLLING = "  window: {kind: rolling, months: 12}\n"


def with_target(config: Config, target: str, want: str = "down") -> None:
    config.change("indicators.yaml", HEADLINE, f"want: {want}, headline: true, target: {target}}}")


def warnings(config: Config) -> list[str]:
    return [warning.message for warning in load(config.folder).warnings]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (
            "{value: 250, by: 2025-28}",
            "found '2025-28'; allowed: a financial year, 2025-26, or a month YYYY-MM",
        ),
        ("{value: 250, by: 2025-00}", "found '2025-00'"),
        ("{value: 250, by: 0000-01}", "found '0000-01'"),
        ("{value: 250, by: 2025-26, from: {period: 2021-31, value: 300}}", "found '2021-31'"),
        ("{value: 250, by: 2025-26, steps: {2024-99: 270}}", "found '2024-99'"),
        (
            "{value: 250, by: 2025-26, from: {period: 2031-32, value: 300}}",
            "the path has 2031-32 on it, which is not before the target's 2025-26",
        ),
        (
            "{value: 250, by: 2025-26, steps: {2029-30: 300}}",
            "the path has 2029-30 on it, which is not before the target's 2025-26",
        ),
        (
            "{value: 250, by: 2025-26, from: {period: 2023-24, value: 300}, steps: {2022-23: 290}}",
            "the path has 2022-23 on it, which is not after its start, 2023-24",
        ),
        (
            "{value: 5000, by: 2025-26, from: {period: 2021-22, value: 600}}",
            "the path leads from 600 to 5000, but `want` is down",
        ),
    ],
)
def test_a_path_that_cannot_be_walked(config: Config, target: str, told: str) -> None:
    with_target(config, target)
    (error,) = config.errors()
    assert f"burglary: {told}" in error


def test_a_path_that_can(config: Config) -> None:
    with_target(
        config,
        "{value: 250, by: 2025-26, from: {period: 2021-22, value: 300}, steps: {2023-24: 280, 2024-09: 270}}",
    )
    assert warnings(config) == []


def test_a_path_that_leads_down_where_up_is_wanted(config: Config) -> None:
    with_target(config, "{value: 250, by: 2025-26, from: {period: 2021-22, value: 300}}", "up")
    (error,) = config.errors()
    assert "the path leads from 300 to 250, but `want` is up" in error


def test_a_target_without_a_direction(config: Config) -> None:
    with_target(config, "{value: 250, by: 2025-26}", "neither")
    (error,) = config.errors()
    assert "burglary: a target needs a direction; found `want: neither`; allowed: up, down" in error


def test_a_target_of_an_unknown_indicator_is_told_once(config: Config) -> None:
    config.change("indicators.yaml", "use: burglary, " + HEADLINE,
                  "use: theft, want: down, headline: true, target: {value: 1, by: 2025-99}}")  # fmt: skip
    (error,) = config.errors()
    assert "unknown indicator 'theft'" in error


@pytest.mark.parametrize(
    ("kind", "name", "allowed"),
    [
        ("financial_year", "2025-06", "a financial year, 2025-26"),
        ("calendar_year", "2025-26", "the month that ends a calendar year, 2025-12"),
        ("financial_quarter", "2025-05", "the month that ends a quarter, 2025-06"),
        ("calendar_quarter", "2025-01", "the month that ends a quarter, 2025-06"),
    ],
)
def test_a_period_that_the_window_cannot_end(config: Config, kind: str, name: str, allowed: str) -> None:
    config.change("indicators.yaml", ROLLING, f"  window: {{kind: {kind}}}\n")
    with_target(config, f"{{value: 250, by: {name}}}")
    (error,) = config.errors()
    assert f"found '{name}', which ends no {kind.replace('_', ' ')}; allowed: {allowed}" in error


def test_a_target_that_was_due(config: Config) -> None:
    with_target(config, "{value: 250, by: 2019-20}")
    assert warnings(config) == ["burglary: its target was due by 2019-20; agree a new one or leave it out"]


PUBLISHED = "    title: Burglary\n    published: [{period: '%s', in: last year's report, all: 3}]\n"


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("2021-29", "found '2021-29'; allowed: a financial year"),
        ("last year", "this names no period; allowed: a financial year, 2021-22, or a month YYYY-MM"),
    ],
)
def test_published_for_a_period_that_there_is_not(config: Config, period: str, told: str) -> None:
    config.change("indicators.yaml", "    title: Burglary\n", PUBLISHED % period)
    (error,) = config.errors()
    assert f"burglary: {told}" in error


def test_published_for_a_year_that_is_not_over(config: Config) -> None:
    config.change("indicators.yaml", "    title: Burglary\n", PUBLISHED % "2030-31")
    assert warnings(config) == ["burglary: published for 2030-31, which is not over yet"]
