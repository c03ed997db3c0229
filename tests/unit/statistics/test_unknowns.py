"""Unknowns and unlocated records: the seed's age table and South Yorkshire's open data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import compare_counts, pro_rata_area, unknown_bounds


@pytest.mark.parametrize(
    ("before", "after", "pro_rata", "interval", "bounds"),
    [  # the seed's table, domain.md section G
        (1119, 1011, -11.9, (-19.0, -4.2), (-20.6, -4.6)),
        (2690, 2882, 4.5, (-0.8, 10.0), (1.3, 9.3)),
    ],
)
def test_the_seeds_age_groups_with_155_and_57_unrecorded_ages(
    before: int,
    after: int,
    pro_rata: float,
    interval: tuple[float, float],
    bounds: tuple[float, float],
) -> None:
    result = unknown_bounds(before, after, 3809, 3893, 155, 57)
    assert (result.lower_percent, result.upper_percent) == pytest.approx(bounds, abs=0.051)
    change = result.pro_rata.change
    assert change is not None
    assert change.change_percent == pytest.approx(pro_rata, abs=0.051)
    assert (change.lower, change.upper) == pytest.approx(interval, abs=0.051)
    assert not result.cross_zero
    assert result.pro_rata.material
    assert result.pro_rata.unknown_share_before == pytest.approx(3.91, abs=0.005)
    assert result.pro_rata.unknown_share_after == pytest.approx(1.44, abs=0.005)


def test_the_seeds_shared_out_counts() -> None:
    under_25 = unknown_bounds(1119, 1011, 3809, 3893, 155, 57).pro_rata
    assert (under_25.before, under_25.after) == pytest.approx((1164.5, 1025.8), abs=0.05)
    adults = unknown_bounds(2690, 2882, 3809, 3893, 155, 57).pro_rata
    assert (adults.before, adults.after) == pytest.approx((2799.5, 2924.2), abs=0.05)
    assert adults.change is not None
    assert adults.change.p_value == pytest.approx(0.099, abs=0.001)  # z = 1.65


def test_violence_in_sheffield_rises_less_once_the_unlocated_are_shared_out() -> None:
    # counted from data.police.uk, South Yorkshire, years to September 2020 and 2021: violence
    # and sexual offences in E08000016-19, and rows with no LSOA
    located = (9407 + 13_400 + 9468 + 18_444, 9762 + 14_396 + 9819 + 18_940)
    result = pro_rata_area(18_444, 18_940, *located, 2449, 1875)
    assert compare_counts(18_444, 18_940).change_percent == pytest.approx(2.7, abs=0.05)
    assert result.change is not None
    assert result.change.change_percent == pytest.approx(1.4, abs=0.05)
    assert (result.before, result.after) == pytest.approx((19_334.6, 19_611.1), abs=0.05)
    assert result.moved_points == pytest.approx(-1.18, abs=0.005)
    assert result.material


@given(st.data())
def test_every_way_of_sharing_the_unknowns_is_within_the_bounds(data: st.DataObject) -> None:
    sizes = st.integers(1, 400)
    before, after, rest_before, rest_after = (data.draw(sizes) for _ in range(4))
    unknown_before, unknown_after = data.draw(st.integers(0, 90)), data.draw(st.integers(0, 90))
    result = unknown_bounds(
        before,
        after,
        before + rest_before,
        after + rest_after,
        unknown_before,
        unknown_after,
    )
    given_before = data.draw(st.integers(0, unknown_before))
    given_after = data.draw(st.integers(0, unknown_after))
    shared = 100 * ((after + given_after) / (before + given_before) - 1)
    assert result.lower_percent is not None
    assert result.upper_percent is not None
    assert result.lower_percent - 1e-9 <= shared <= result.upper_percent + 1e-9
    change = result.pro_rata.change
    assert change is not None
    assert change.change_percent is not None
    assert result.lower_percent - 1e-9 <= change.change_percent <= result.upper_percent + 1e-9


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 50))
def test_shared_out_districts_add_up_to_the_force(first: int, second: int, unlocated: int) -> None:
    located = first + second
    if located == 0:
        return
    districts = [
        pro_rata_area(count, count, located, located, unlocated, unlocated).before
        for count in (first, second)
    ]
    assert None not in districts
    assert sum(d for d in districts if d is not None) == pytest.approx(located + unlocated)


def test_without_unknowns_bounds_and_pro_rata_are_the_recorded_change() -> None:
    result = unknown_bounds(40, 50, 100, 100, 0, 0)
    assert (result.lower_percent, result.upper_percent) == pytest.approx((25, 25))
    assert result.pro_rata.change == compare_counts(40, 50)
    assert not result.pro_rata.material


@pytest.mark.parametrize(("unknown_after", "material"), [(1, False), (2, False), (3, True)])
def test_a_share_that_moves_by_exactly_a_point_is_not_material(unknown_after: int, material: bool) -> None:
    result = unknown_bounds(10, 10, 99, 100 - unknown_after, 1, unknown_after)
    assert result.pro_rata.material is material


def test_unknowns_with_nothing_known_cannot_be_shared() -> None:
    result = unknown_bounds(0, 5, 0, 10, 7, 0)
    assert (result.pro_rata.before, result.pro_rata.change) == (None, None)
    assert result.pro_rata.after == 5
    assert result.pro_rata.unknown_share_before == 100
    assert result.upper_percent is None
    assert result.lower_percent == pytest.approx(100 * (5 / 7 - 1))
    assert result.cross_zero
    swapped = unknown_bounds(5, 0, 10, 0, 0, 7).pro_rata
    assert (swapped.after, swapped.change) == (None, None)


def test_periods_with_no_records_have_no_shares() -> None:
    result = unknown_bounds(0, 5, 0, 10, 0, 0)
    assert (result.lower_percent, result.upper_percent) == (None, None)
    assert result.pro_rata.before == 0
    assert result.pro_rata.moved_points is None
    assert not result.pro_rata.material
    assert result.cross_zero
    assert result.pro_rata.change == compare_counts(0, 5)
    assert unknown_bounds(5, 0, 10, 0, 0, 0).pro_rata.unknown_share_after is None


def test_bounds_that_touch_zero_cross_it() -> None:
    assert unknown_bounds(100, 110, 500, 500, 10, 0).cross_zero
    assert unknown_bounds(110, 100, 500, 500, 0, 10).cross_zero
    assert not unknown_bounds(110, 100, 500, 500, 0, 9).cross_zero


@pytest.mark.parametrize(
    "arguments", [(-1, 0, 5, 5, 0, 0), (6, 5, 5, 5, 0, 0), (1, 1, 5, 5, -1, 0), (0, 0, -5, 5, 0, 0)]
)
def test_impossible_counts_are_refused(arguments: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must"):
        unknown_bounds(*arguments)


def test_less_than_one_record_is_a_record() -> None:
    # counts shared out before may be fractions
    assert pro_rata_area(0, 0, 0, 0, 0.5, 0).before is None
    assert pro_rata_area(0.25, 0, 0.25, 0, 0.25, 0).unknown_share_before == pytest.approx(50)
