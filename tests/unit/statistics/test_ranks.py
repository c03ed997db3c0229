"""Ranks with ties and the ranks that chance allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import RankInterval, rank_intervals, rate_ratio

areas = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 50)), min_size=1, max_size=8)


def test_a_clear_order_leaves_each_area_one_rank() -> None:
    ranks = rank_intervals([100, 400, 900], [1000, 1000, 1000])
    assert ranks == (
        RankInterval(1, 1, 1, False, 3),
        RankInterval(2, 2, 2, False, 3),
        RankInterval(3, 3, 3, False, 3),
    )


def test_highest_can_be_best() -> None:
    ranks = rank_intervals([100, 400, 900], [1000, 1000, 1000], best="highest")
    assert [rank.rank for rank in ranks] == [3, 2, 1]
    assert [(rank.best, rank.worst) for rank in ranks] == [(3, 3), (2, 2), (1, 1)]


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    ranks = rank_intervals([10, 20, 20, 30], [100, 100, 100, 100])
    assert [rank.rank for rank in ranks] == [1, 2, 2, 4]
    assert [rank.tied for rank in ranks] == [False, True, True, False]


def test_equal_rates_on_different_bases_are_exactly_tied() -> None:
    # 1/3 three ways: not equal as quotients of floats in general
    ranks = rank_intervals([1, 7, 49], [3, 21, 147])
    assert [(rank.rank, rank.tied) for rank in ranks] == [(1, True)] * 3


def test_second_of_seven_could_be_first_to_fourth() -> None:
    # areas 2 to 4 differ from area 2 by less than chance; 5 to 7 by much more
    counts = [95, 100, 110, 120, 200, 210, 400]
    second = rank_intervals(counts, [1000] * 7)[1]
    assert (second.rank, second.best, second.worst, second.of) == (2, 1, 4, 7)


def test_ranges_come_from_tests_and_not_from_overlapping_intervals() -> None:
    # 100 and 130: the intervals overlap (81-122, 109-154) but the pair differs, p = 0.048
    assert rate_ratio(130, 1, 100, 1).p_value < 0.05
    ranks = rank_intervals([100, 130], [1, 1])
    assert [(rank.best, rank.worst) for rank in ranks] == [(1, 1), (2, 2)]


def test_dispersion_widens_ranges() -> None:
    ranks = rank_intervals([100, 130], [1, 1], dispersions=[2.0, 1.0])
    assert [(rank.best, rank.worst) for rank in ranks] == [(1, 2), (1, 2)]


def test_areas_without_count_or_base_are_not_ranked() -> None:
    ranks = rank_intervals([10, None, 20, 30], [100, 100, None, 0])
    assert [rank.rank for rank in ranks] == [1, None, None, None]
    assert [rank.of for rank in ranks] == [1, 1, 1, 1]
    assert ranks[1] == RankInterval(None, None, None, False, 1)


def test_no_areas_and_one_area() -> None:
    assert rank_intervals([], []) == ()
    assert rank_intervals([5], [10]) == (RankInterval(1, 1, 1, False, 1),)


@given(areas, st.sampled_from(["lowest", "highest"]))
def test_ranks_lie_in_their_ranges(pairs: list[tuple[int, int]], best: str) -> None:
    counts, bases = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ranks = rank_intervals(counts, bases, "lowest" if best == "lowest" else "highest")
    values = [count / base for count, base in pairs]
    for rank, value in zip(ranks, values, strict=True):
        assert rank.rank is not None
        assert rank.best is not None
        assert rank.worst is not None
        better = sum(v < value if best == "lowest" else v > value for v in values)
        same = sum(v == value for v in values)
        assert rank.rank == 1 + better
        assert rank.tied == (same > 1)
        assert 1 <= rank.best <= rank.rank <= rank.rank + same - 1 <= rank.worst <= rank.of


@given(areas)
def test_the_order_of_the_areas_does_not_matter(pairs: list[tuple[int, int]]) -> None:
    there = rank_intervals([p[0] for p in pairs], [p[1] for p in pairs])
    back = rank_intervals([p[0] for p in pairs[::-1]], [p[1] for p in pairs[::-1]])
    assert there == back[::-1]


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="one length, got 2, 1 and 2"):
        rank_intervals([1, 2], [1])
    with pytest.raises(ValueError, match="got 1, 1 and 2"):
        rank_intervals([1], [1], dispersions=[1, 1])
    with pytest.raises(ValueError, match="best must be 'lowest' or 'highest'"):
        rank_intervals([1], [1], best="first")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a count must be 0 or more"):
        rank_intervals([-1], [1])
    with pytest.raises(ValueError, match="a base must be 0 or more"):
        rank_intervals([1], [-1])
    with pytest.raises(ValueError, match="level"):
        rank_intervals([1], [1], level=95)


def test_differences_smaller_than_one_are_differences() -> None:
    # counts over bases in millions: the products compared are 0.1 and 0.3
    ranks = rank_intervals([100, 300], [0.001, 0.001])
    assert [(rank.best, rank.worst) for rank in ranks] == [(1, 1), (2, 2)]
