"""An indicator of rare deaths may ask for nothing from which a single year could be told."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

BURGLARY = "    title: Burglary\n"
FIVE_YEARS = "    window: {kind: rolling, months: 60}\n    only_multi_year: true\n"


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
            "    window: {kind: rolling, months: 36, also: [2022-03]}\n    only_multi_year: true\n",
            "spans that overlap give single years away; leave it out",
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
    (error,) = config.errors()
    assert f"burglary: only_multi_year: {told}" in error
