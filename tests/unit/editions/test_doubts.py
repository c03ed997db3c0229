"""What only figures can make doubtful in a definition: a target that is no target."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.definitions.load import load
from pipeline.editions.doubts import Doubts, target_doubts, told
from pipeline.model.issue import Severity
from pipeline.model.observation import ReleasedObservation, Results, State
from pipeline.model.period import Period, parse_month
from tests.unit.definitions.conftest import Config

YEAR = Period.ending(parse_month("2023-03"), 12, "rolling_12")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    made = Config(tmp_path / "config")
    target = "headline: true, target: {value: 240, by: 2025-26}}"
    made.change("indicators.yaml", "headline: true}", target)
    return made


def doubted(config: Config, *figures: dict[str, Any]) -> list[str]:
    definitions = load(config.folder)
    given = {
        "indicator": "burglary",
        "area": definitions.partnership.own_area,
        "period": YEAR,
        "value": 230.0,
        "unit": "crimes",
        "state": State.VALUE,
    }
    results = Results(tuple(ReleasedObservation(**{**given, **figure}) for figure in figures))
    issues = target_doubts(results, definitions, config.folder)
    assert all(issue.severity is Severity.WARNING for issue in issues)
    return list(told(Doubts(issues)))


def test_a_target_inside_the_present_limits_is_told_where_it_stands(config: Config) -> None:
    assert doubted(config, {"lower": 201.4, "upper": 261.0}) == [
        "config/indicators.yaml:17:76: warning: burglary: the target, 240 by 2025-26, lies inside the "
        "present 95% limits (201.4 to 261, year to March 2023): reaching it could not be told from no change"
    ]


@pytest.mark.parametrize(
    "figure",
    [
        {"lower": 190.0, "upper": 239.0},
        {"lower": 241.0, "upper": 290.0},
        {"lower": None, "upper": None},
        {"value": None, "state": State.NOT_SUPPLIED},
        {"lower": 200.0, "upper": 260.0, "breakdown": "age", "category": "U25"},
        {"lower": 200.0, "upper": 260.0, "indicator": "another"},
    ],
)
def test_any_other_target_is_one(config: Config, figure: dict[str, Any]) -> None:
    assert doubted(config, figure) == []


def test_the_latest_window_decides_and_not_a_month(config: Config) -> None:
    within, outside = {"lower": 200.0, "upper": 260.0}, {"lower": 300.0, "upper": 360.0}
    month = {"period": Period.month(parse_month("2023-06"))}
    before = {"period": YEAR.shifted(-12)}
    assert doubted(config, outside, {**within, **month}, {**within, **before}) == []
    assert len(doubted(config, within, {**outside, **month}, {**outside, **before})) == 1


def test_where_there_are_only_months_the_last_month_decides(config: Config) -> None:
    month = {"period": Period.month(parse_month("2023-06"))}
    assert len(doubted(config, {"lower": 200.0, "upper": 260.0, **month})) == 1
