"""Concentration in places against simulated chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import Concentration, concentration


@pytest.mark.parametrize(
    ("places", "events", "top"), [(158, 26_197, 0.05), (158, 300, 0.05), (1000, 400, 0.02), (20, 60, 0.1)]
)
def test_the_share_by_chance_agrees_with_simulation(places: int, events: int, top: float) -> None:
    draw = np.random.default_rng(2)
    counts = draw.multinomial(events, np.full(places, 1 / places), size=400)
    k = int(np.ceil(round(top * places, 9)))
    simulated = np.sort(counts, axis=1)[:, ::-1][:, :k].sum(axis=1).mean() / events
    result = concentration(counts[0].tolist(), top)
    assert result.top_places == k
    assert result.expected_share == pytest.approx(simulated, rel=0.01)
    assert result.excess is not None
    assert abs(result.excess) < 0.03


def test_few_crimes_over_many_places_are_concentrated_by_chance_alone() -> None:
    # 50 crimes cannot lie in more than 50 of 1,000 places: 5 % of places always hold all
    result = concentration([1] * 50 + [0] * 950)
    assert (result.share, result.expected_share) == pytest.approx((1, 1))
    assert result.excess == pytest.approx(0, abs=1e-9)
    assert result.gini == pytest.approx(0)
    assert result.half_places == 25


def test_crime_in_one_place_is_beyond_chance() -> None:
    result = concentration([1000] + [0] * 99)
    assert (result.share, result.half_places) == (1, 1)
    assert result.excess is not None
    assert result.excess > 0.8
    assert result.gini == pytest.approx(0.99)


def test_even_crime_is_below_chance() -> None:
    result = concentration([10] * 100)
    assert result.share == pytest.approx(0.05)
    assert result.excess is not None
    assert result.excess < 0
    assert result.gini == pytest.approx(0)
    assert result.half_places == 50


def test_shares_of_places_are_rounded_up() -> None:
    assert concentration([1] * 20, 0.05).top_places == 1
    assert concentration([1] * 21, 0.05).top_places == 2
    assert concentration([1] * 21, 1e-12).top_places == 1
    assert concentration([1] * 21, 1.0).share == 1


@pytest.mark.parametrize("counts", [[], [0], [0, 0, 0]])
def test_no_crime_has_no_concentration(counts: list[int]) -> None:
    result = concentration(counts)
    top_places = 1 if counts else 0
    assert result == Concentration(len(counts), 0, top_places, None, None, None, None, None)


def test_one_place_holds_all_of_it() -> None:
    assert concentration([7]) == Concentration(1, 7, 1, 1.0, 1.0, 0.0, 1, 0.0)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.floats(0.01, 1))
def test_every_series_has_its_shares(counts: list[int], top: float) -> None:
    result = concentration(counts, top)
    if sum(counts) == 0:
        assert result.share is None
        return
    assert result.share is not None
    assert result.expected_share is not None
    assert result.gini is not None
    least = result.top_places / result.places
    assert least - 1e-9 <= result.share <= 1
    assert least - 1e-6 <= result.expected_share <= 1
    assert 0 <= result.gini < 1
    assert concentration(counts[::-1], top) == result


def test_impossible_arguments_are_refused() -> None:
    for top in (0.0, 1.5, -0.1):
        with pytest.raises(ValueError, match="top must be above 0 and at most 1"):
            concentration([1], top)
    with pytest.raises(ValueError, match="a count must be 0 or more"):
        concentration([-1])
    with pytest.raises(ValueError, match="must be a whole number"):
        concentration([1.5])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("places", "events", "top", "simulated"),
    [  # means of 20,000 to 60,000 draws of numpy's multinomial, standard errors below 1 in 1,900
        (158, 26_197, 8, 0.058769),
        (158, 300, 8, 0.137193),
        (50, 2_000, 5, 0.127784),
        (20, 60, 2, 0.203621),
    ],
)
def test_the_share_by_chance_is_right_to_1_in_1000(
    places: int, events: int, top: int, simulated: float
) -> None:
    counts = [events, *[0] * (places - 1)]
    assert concentration(counts, top / places).expected_share == pytest.approx(simulated, rel=0.0007)


def test_one_crime_or_two_can_hardly_be_anywhere_but_at_the_top() -> None:
    assert concentration([1, *[0] * 19]).expected_share == 1.0
    # two crimes in one of 20 places one time in 20: a top place holds half of them otherwise
    assert concentration([2, *[0] * 19]).expected_share == pytest.approx((1 / 20 + 19 / 20 / 2), rel=0.01)
