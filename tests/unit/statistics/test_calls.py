"""Every method by the name and arguments of the design, and an answer for every kind of thin series."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from datetime import date
from enum import Enum

import pytest

from pipeline import statistics as s

DAY, START, END = date(2021, 6, 1), date(2021, 4, 1), date(2022, 4, 1)

# Each call as the design writes it; further arguments have defaults or are the data itself.
CALLS: dict[str, Callable[[], object]] = {
    "poisson_interval": lambda: s.poisson_interval(count=12, level=0.95),
    "rate_interval": lambda: s.rate_interval(12, 1_000, per=1_000, level=0.95),
    "wilson_interval": lambda: s.wilson_interval(successes=3, n=10, level=0.95),
    "rate_ratio": lambda: s.rate_ratio(30, 1_000, 20, 1_000),
    "compare_counts": lambda: s.compare_counts(before=120, after=100, dispersion=1.3),
    "compare_proportions": lambda: s.compare_proportions(3, 10, 4, 12),
    "compare_share_with_parent": lambda: s.compare_share_with_parent(3, 10, 20, 100),
    "dispersion": lambda: s.dispersion(series=[10.0, 12.0] * 18),
    "control_chart xmr": lambda: s.control_chart(series=[10.0, 12.0] * 12, kind="xmr"),
    "control_chart c": lambda: s.control_chart(series=[1, 0, 2] * 8, kind="c"),
    "control_chart u": lambda: s.control_chart(series=[1, 0, 2] * 8, kind="u", bases=[28, 30, 31] * 8),
    "control_chart g": lambda: s.control_chart(series=[9, 40, 17] * 8, kind="g"),
    "directly_standardised_rate": lambda: s.directly_standardised_rate([20, 40], [900, 800], [5_500, 6_000]),
    "funnel_limits": lambda: s.funnel_limits([1_000, 2_000], 0.01),
    "rank_intervals": lambda: s.rank_intervals([10, 20, 20], [1_000, 1_000, 1_000]),
    "survey_proportion": lambda: s.survey_proportion(
        [True, False, True, None], weights=[1, 2, 1, 1], strata=[1, 1, 2, 2], clusters=[1, 2, 3, 4]
    ),
    "benjamini_hochberg": lambda: s.benjamini_hochberg([0.01, 0.2]),
    "smallest_detectable_change": lambda: s.smallest_detectable_change(400, power=0.8),
    "unknown_bounds": lambda: s.unknown_bounds(100, 90, 200, 190, 5, 9),
    "repeat_rates": lambda: s.repeat_rates([("a", DAY)], START, END, records_from=date(2020, 4, 1)),
    "concentration": lambda: s.concentration([0, 0, 3, 1]),
    "harm_weighted": lambda: s.harm_weighted({"8N": 3}, {"8N": 184}),
}

THIN: dict[str, list[float | None]] = {
    "empty": [],
    "single": [3.0],
    "single missing": [None],
    "single zero": [0.0],
    "two": [3.0, 5.0],
    "constant": [4.0] * 48,
    "zero": [0.0] * 48,
    "missing": [None] * 48,
    "holes": [4.0, None, 6.0] * 16,
    "zeros and holes": [0.0, None] * 24,
    "one event": [*[0.0] * 47, 1.0],
    "last missing": [*[4.0, 6.0] * 23, 5.0, None],
}


def whole(series: list[float | None]) -> list[int]:
    return [int(value) for value in series if value is not None]


def numbers(series: list[float | None]) -> list[float]:
    return [value for value in series if value is not None]


ON_SERIES: dict[str, Callable[[list[float | None]], object]] = {
    "dispersion": s.dispersion,
    "control_chart xmr": s.control_chart,
    "control_chart c": lambda x: s.control_chart(x, "c", want="down", target=1.0),
    "control_chart u": lambda x: s.control_chart(x, "u", bases=[30.0] * len(x), want="up", target=0.1),
    "control_chart u, no bases": lambda x: s.control_chart(x, "u", bases=[None] * len(x)),
    "control_chart g": lambda x: s.control_chart(x, "g"),
    "seasonality": s.seasonality,
    "same_months": s.same_months,
    "directly_standardised_rate": lambda x: s.directly_standardised_rate(
        numbers(x), [100.0] * len(numbers(x)), [1.0] * len(numbers(x))
    ),
    "directly_standardised_rate, nobody": lambda x: s.directly_standardised_rate(
        numbers(x), [0.0] * len(numbers(x)), [1.0] * len(numbers(x))
    ),
    "funnel_limits": lambda x: s.funnel_limits(x, 0.5),
    "funnel_limits of none": lambda x: s.funnel_limits(x, 0.0),
    "funnel_limits of proportions": lambda x: s.funnel_limits(x, 0.5, kind="proportion"),
    "funnel_limits of all": lambda x: s.funnel_limits(x, 1.0, kind="proportion"),
    "rank_intervals": lambda x: s.rank_intervals(x, [1_000.0] * len(x)),
    "rank_intervals, no bases": lambda x: s.rank_intervals(x, [0.0] * len(x)),
    "survey_proportion": lambda x: s.survey_proportion([None if v is None else v > 4 for v in x]),
    "survey_proportion by stratum": lambda x: s.survey_proportion(
        [None if v is None else v > 4 for v in x], strata=range(len(x)), clusters=[0] * len(x)
    ),
    "survey_proportion, self-selected": lambda x: s.survey_proportion(
        [None if v is None else v > 4 for v in x], sample_design="self_selected"
    ),
    "benjamini_hochberg": lambda x: s.benjamini_hochberg([None if v is None else v / 10 for v in x]),
    "concentration": lambda x: s.concentration(whole(x)),
    "repeat_rates": lambda x: s.repeat_rates([(v, DAY) for v in x], START, END, records_from=START),
    "harm_weighted": lambda x: s.harm_weighted(
        {str(i): v for i, v in enumerate(numbers(x))}, {"0": 7.0}, 0.0
    ),
}

# Pairs of counts: what a comparison could be asked of the first and last of a thin series.
PAIRS = [(0.0, 0.0), (0.0, 5.0), (5.0, 0.0), (1.0, 1.0), (0.0, 500.0), (500.0, 0.0), (300.0, 300.0)]
ON_PAIRS: dict[str, Callable[[float, float], object]] = {
    "poisson_interval": lambda a, b: (s.poisson_interval(a), s.poisson_interval(b)),
    "rate_interval": s.rate_interval,
    "wilson_interval": lambda a, b: s.wilson_interval(min(a, b), b),
    "rate_ratio": lambda a, b: s.rate_ratio(a, 1_000, b, 1_000),
    "rate_ratio, no base": lambda a, b: s.rate_ratio(a, 0, b, 0),
    "compare_counts": s.compare_counts,
    "compare_changes": lambda a, b: (s.compare_changes(a, b, b, a), s.compare_changes(a, b, 9, 9)),
    "compare_proportions": lambda a, b: s.compare_proportions(0, a, b, b),
    "compare_share_with_parent": lambda a, b: s.compare_share_with_parent(a, a, a, a + b),
    "smallest_detectable_change": lambda a, b: s.smallest_detectable_change(a, 1.0 + b),
    "unknown_bounds": lambda a, b: s.unknown_bounds(a, b, a, b, b, a),
    "pro_rata_area": lambda a, b: s.pro_rata_area(a, b, a, b, b, a),
    "harm_weighted": lambda a, b: s.harm_weighted({"1": a, "2": b}, {"1": 0.0, "2": 1.0}, base=b),
}


def figures(value: object) -> list[float]:
    """Every number inside a result, however deep."""
    if isinstance(value, Enum | str | date) or value is None:
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, tuple):
        return [number for part in value for number in figures(part)]
    assert dataclasses.is_dataclass(value), f"a result of type {type(value)}"
    return [n for field in dataclasses.fields(value) for n in figures(getattr(value, field.name))]


@pytest.mark.parametrize("name", CALLS)
def test_each_method_is_called_as_the_design_writes_it(name: str) -> None:
    assert name.split()[0] in s.__all__
    found = figures(CALLS[name]())
    assert found
    assert all(math.isfinite(number) for number in found)


@pytest.mark.parametrize("interval", [s.poisson_interval(3), s.rate_interval(3, 9), s.wilson_interval(3, 9)])
def test_an_interval_is_a_value_with_two_limits(interval: s.Interval) -> None:
    assert interval.lower is not None
    assert interval.upper is not None
    assert interval.lower < interval.upper


@pytest.mark.parametrize("name", ON_SERIES)
@pytest.mark.parametrize("series", THIN)
def test_every_thin_series_has_an_answer_of_finite_numbers(name: str, series: str) -> None:
    assert all(math.isfinite(number) for number in figures(ON_SERIES[name](list(THIN[series]))))


@pytest.mark.parametrize("name", ON_PAIRS)
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_pair_of_counts_has_an_answer_of_finite_numbers(name: str, a: float, b: float) -> None:
    assert all(math.isfinite(number) for number in figures(ON_PAIRS[name](a, b)))
