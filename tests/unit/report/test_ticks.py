"""Axis ticks and the classes of a map."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.ticks import axis_ticks, natural_breaks, tick_label


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 363, (0, 100, 200, 300, 400)),
        (-20.6, 12.9, (-30, -20, -10, 0, 10, 20)),
        (0, 8.1, (0, 2.5, 5, 7.5, 10)),
        (0, 0, (0, 0.25, 0.5, 0.75, 1)),
    ],
)
def test_ticks_are_round_and_cover_the_values(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert axis_ticks(low, high) == ticks


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(2, 9))
def test_ticks_always_cover_the_values_in_equal_steps(low: float, width: float, wanted: int) -> None:
    ticks = axis_ticks(low, low + width, wanted)
    assert ticks[0] <= low + 1e-6 * max(1.0, abs(low))
    assert ticks[-1] >= low + width - 1e-6 * max(1.0, abs(low + width))
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) <= 1e-6 * max(1.0, max(steps))


def test_a_tick_is_written_with_the_decimals_it_has() -> None:
    assert [tick_label(t) for t in (0, 2.5, -20, 1000, 0.25)] == ["0", "2.5", "−20", "1,000", "0.25"]


def _spread(groups: list[list[float]]) -> float:
    return sum(sum((value - sum(g) / len(g)) ** 2 for value in g) for g in groups)


def _grouped(values: list[float], breaks: tuple[float, ...]) -> list[list[float]]:
    edges = [float("-inf"), *breaks, float("inf")]
    return [[v for v in values if low <= v < high] for low, high in pairwise(edges)]


@given(st.lists(st.integers(0, 60), min_size=4, max_size=9, unique=True), st.integers(2, 4))
def test_classes_have_the_least_spread_of_all_ways_to_cut(values: list[int], classes: int) -> None:
    ordered = [float(v) for v in sorted(values)]
    found = _spread(_grouped(ordered, natural_breaks(tuple(ordered), classes)))
    ways = combinations(range(1, len(ordered)), classes - 1)
    best = min(
        _spread([ordered[a:b] for a, b in zip((0, *cut), (*cut, len(ordered)), strict=True)]) for cut in ways
    )
    assert found == pytest.approx(best, abs=1e-6)


def test_a_place_that_stands_out_has_a_class_of_its_own() -> None:
    values = (24.1, 25.0, 26.2, 27.9, 81.5)
    assert natural_breaks(values, 2) == (50.0,)


def test_alike_values_need_no_classes() -> None:
    assert natural_breaks((3.0, 3.0, 3.0), 5) == ()
