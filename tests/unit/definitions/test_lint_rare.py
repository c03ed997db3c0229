"""An indicator of rare deaths may ask for nothing from which a single year could be told."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

BURGLARY = "    title: Burglary\n"
FIVE_YEARS = "    window: {kind: rolling, months: 60, ending: 2023-03}\n    only_multi_year: true\n"


def test_a_sum_over_several_years_is_allowed(config: Config) -> None:
    config.change("indicators.yaml", BURGLARY, BURGLARY + FIVE_YEARS)
    assert load(config.folder).indicators["burglary"].only_multi_year


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "    window: {kind: rolling, months: 24}\n    only_multi_year: true\n",
            "needs a rolling window of at least 36 months",
        ),
        (
            "    window: {kind: financial_year}\n    only_multi_year: true\n",
            "needs a rolling window of at least 36 months",
        ),
        (
            "    window: {kind: rolling, months: 36, ending: 2023-03, also: [2022-03]}\n"
            "    only_multi_year: true\n",
            "spans that overlap give single years away; leave it out",
        ),
        (
            "    window: {kind: rolling, months: 60}\n    only_multi_year: true\n",
            "its span would move on with every edition and overlap the last; found 'latest_complete'; "
            "name its last month, YYYY-MM, and the next one 60 months later",
        ),
        (
            FIVE_YEARS + "    published: [{period: 2022-03, in: last year's report, all: 3}]\n",
            "spans that overlap give single years away; found '2022-03'; allowed: 2023-03",
        ),
        (
            FIVE_YEARS + "    by: [{name: place, column: place}]\n",
            "its figures are never broken down; leave it out",
        ),
        (FIVE_YEARS + "    areas: [two]\n", "its figures are never of smaller areas; found 'two'"),
        (
            FIVE_YEARS + "    compare: [{to: previous_year}]\n",
            "its figures are compared with nothing; found 'previous_year'; use `compare: []`",
        ),
    ],
)
def test_what_would_tell_a_single_year_is_refused(config: Config, written: str, told: str) -> None:
    config.change("indicators.yaml", BURGLARY, BURGLARY + written)
    assert any(f"burglary: only_multi_year: {told}" in error for error in config.errors())


DERIVED = """\
  deaths:
    title: Deaths
    window: {kind: rolling, months: 60, ending: 2023-03}
    measure: {type: derived, sum: [burglary], unit: deaths}
"""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("    compare: [{to: previous_year}]\n", "its figures are compared with nothing"),
        ("    areas: [two]\n", "its figures are never of smaller areas"),
        ("    published: [{period: 2022-03, in: last year, all: 3}]\n", "spans that overlap"),
    ],
)
def test_a_figure_made_of_rare_deaths_is_one_of_them(config: Config, written: str, told: str) -> None:
    config.change("indicators.yaml", BURGLARY, BURGLARY + FIVE_YEARS)
    config.change("indicators.yaml", "priorities:\n", DERIVED + written + "priorities:\n")
    assert any(f"deaths: only_multi_year: {told}" in error for error in config.errors())


def test_rare_deaths_have_no_target(config: Config) -> None:
    config.change("indicators.yaml", BURGLARY, BURGLARY + FIVE_YEARS)
    config.change("indicators.yaml", "headline: true}", "headline: true, target: {value: 0, by: 2024-03}}")
    (error,) = config.errors()
    assert "burglary: only_multi_year: its figures are measured against nothing" in error
