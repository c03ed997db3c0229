"""What records with no category could have done to a change of percentages."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import undecided_share_bounds
from pipeline.statistics.proportions import compare_proportions
from pipeline.statistics.unknown_shares import Part, unknown_share_bounds

NOTHING = Part(0, 0)


def test_a_worked_case() -> None:
    """20 of 100 before with 4 of 40 unknown; 30 of 100 after with none unknown; known 40 of 160 both times.

    Before, at most (20 + 4) / (100 + 4) = 23.077 % and at least 20 / (100 + 36) = 14.706 %; after exactly
    30 %. So between +6.923 and +15.294 points. Pro rata, before: 20 * 44/40 = 22 that count and
    80 * 156/120 = 104 that do not, 22 of 126 = 17.460 %.
    """
    known = Part(40, 160)
    found = unknown_share_bounds(Part(20, 100), Part(30, 100), known, known, Part(4, 40), NOTHING)
    assert found.lower_points == pytest.approx(6.923, abs=0.001)
    assert found.upper_points == pytest.approx(15.294, abs=0.001)
    assert found.pro_rata == compare_proportions(22, 126, 30, 100)
    assert found.pro_rata.change_points == pytest.approx(30 - 17.460, abs=0.001)
    assert (found.unknown_share_before, found.unknown_share_after) == (20, 0)
    assert found.moved_points == -20


def test_without_unknowns_everything_is_the_recorded_change() -> None:
    known = Part(40, 160)
    found = unknown_share_bounds(Part(20, 100), Part(30, 100), known, known, NOTHING, NOTHING)
    assert found.lower_points == found.upper_points == pytest.approx(10)
    assert found.pro_rata == compare_proportions(20, 100, 30, 100)


@given(
    part=st.tuples(st.integers(0, 4), st.integers(1, 4)),
    unknown=st.tuples(st.integers(0, 4), st.integers(0, 4)),
)
def test_the_bounds_are_the_extremes_of_every_way_to_place_the_unknown(
    part: tuple[int, int], unknown: tuple[int, int]
) -> None:
    """Witness: every number of unknown records that count, and of those that do not, tried out."""
    (counted, others), (unknown_counted, unknown_others) = part, unknown
    shares = [
        100 * (counted + a) / (counted + a + others + b)
        for a, b in product(range(unknown_counted + 1), range(unknown_others + 1))
    ]
    now = Part(counted, counted + others)
    found = unknown_share_bounds(
        now, Part(1, 2), now, Part(1, 2), Part(unknown_counted, unknown_counted + unknown_others), NOTHING
    )
    assert found.upper_points == pytest.approx(50 - min(shares))
    assert found.lower_points == pytest.approx(50 - max(shares))


def test_nothing_recorded_of_the_category_leaves_only_what_the_unknown_could_be() -> None:
    known = Part(5, 10)
    some = unknown_share_bounds(NOTHING, Part(1, 2), known, known, Part(2, 2), NOTHING)
    assert (some.lower_points, some.upper_points) == (-50, -50)
    others = unknown_share_bounds(NOTHING, Part(1, 2), known, known, Part(0, 2), NOTHING)
    assert (others.lower_points, others.upper_points) == (50, 50)
    none = unknown_share_bounds(NOTHING, Part(1, 2), known, known, NOTHING, NOTHING)
    assert (none.lower_points, none.upper_points) == (None, None)
    assert none.pro_rata is not None
    assert none.pro_rata.change_points is None


def test_unknowns_with_nothing_known_to_share_them_by() -> None:
    for known, unknown in ((Part(0, 5), Part(1, 1)), (Part(5, 5), Part(0, 1))):
        found = unknown_share_bounds(known, Part(1, 2), known, Part(1, 2), unknown, NOTHING)
        assert found.pro_rata is None
        back = unknown_share_bounds(Part(1, 2), known, Part(1, 2), known, NOTHING, unknown)
        assert back.pro_rata is None


def test_no_records_have_no_share_of_unknowns() -> None:
    found = unknown_share_bounds(NOTHING, Part(1, 2), NOTHING, Part(1, 2), NOTHING, NOTHING)
    assert (found.unknown_share_before, found.moved_points) == (None, None)
    found = unknown_share_bounds(Part(1, 2), NOTHING, Part(1, 2), NOTHING, NOTHING, NOTHING)
    assert (found.unknown_share_after, found.moved_points) == (None, None)
    assert (found.lower_points, found.upper_points) == (None, None)


@pytest.mark.parametrize(("count", "base"), [(-1, 5), (1, -1), (6, 5), (float("nan"), 5)])
def test_a_part_fits_in_its_base(count: float, base: float) -> None:
    with pytest.raises(ValueError, match=r"must"):
        Part(count, base)


def test_a_category_fits_in_what_is_known() -> None:
    with pytest.raises(ValueError, match="must not exceed all that is known"):
        unknown_share_bounds(Part(5, 6), Part(1, 2), Part(4, 10), Part(1, 2), NOTHING, NOTHING)


def test_less_than_one_record_is_a_record() -> None:
    none, half = Part(0, 0), Part(0.25, 0.5)
    found = unknown_share_bounds(half, half, half, half, none, half)
    assert found.unknown_share_after == pytest.approx(50)
    assert found.lower_points == pytest.approx(100 * (0.25 / 0.75 - 0.5))
    assert found.upper_points == pytest.approx(100 * (0.5 / 0.75 - 0.5))


def test_nothing_known_of_those_that_count_shares_out_the_others() -> None:
    # nobody known to count and none unknown that could: the percentage is 0 and not missing
    found = unknown_share_bounds(Part(0, 10), Part(0, 10), Part(0, 20), Part(0, 20), Part(0, 4), Part(0, 8))
    assert found.pro_rata is not None
    assert found.pro_rata.change_points == 0.0


def test_undecided_records_with_none_decided_beside_them_are_bounded_and_not_shared_out() -> None:
    for known in ((0, 10), (10, 0)):
        unknown = [10 - count for count in known]
        before, after = (Part(4 if count else 0, 10) for count in known)
        found = undecided_share_bounds(before, after, *known, *unknown)
        assert found.pro_rata is None
        assert found.lower_points is not None
        assert found.upper_points is not None
        assert found.upper_points - found.lower_points == pytest.approx(100)
