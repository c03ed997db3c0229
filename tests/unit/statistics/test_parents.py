"""A part's rate against that of the whole that contains it."""

import math

import pytest
from scipy.stats import binomtest

from pipeline.statistics.parents import RateAgainstParent, compare_rate_with_parent
from pipeline.statistics.ratio import rate_ratio


def test_a_worked_case() -> None:
    """100 of 1,000 in a whole of 600 of 4,000: 100 against 150 per 1,000, a third less.

    By hand: r = (100/1000) / (500/3000) = 0.6, w = 1/4; 0.6 / (0.15 + 0.75) - 1 = -1/3. The spread of
    log r is sqrt(1/100 + 1/500) = 0.10954, so r lies from 0.48407 to 0.74369, and the difference from
    0.48407 / 0.87102 - 1 = -44.4 % to 0.74369 / 0.93592 - 1 = -20.5 %.
    """
    found = compare_rate_with_parent(100, 1000, 600, 4000)
    assert found.percent == pytest.approx(-100 / 3)
    assert found.lower == pytest.approx(-44.425, abs=0.01)
    assert found.upper == pytest.approx(-20.540, abs=0.01)
    assert found.p_value == rate_ratio(100, 1000, 500, 3000).p_value


@pytest.mark.parametrize(("part", "parent"), [(12, 60), (3, 40), (0, 30), (25, 26)])
def test_few_events_agree_with_the_binomial_test_of_the_parts_share(part: int, parent: int) -> None:
    """Given all events, the part's are binomial with its share of the base (scipy, Clopper-Pearson).

    Part over whole is its share of the events over its share of the base, so limits of the one are
    limits of the other.
    """
    found = compare_rate_with_parent(part, 1000, parent, 4000)
    exact = binomtest(part, parent).proportion_ci(0.95, "exact")
    assert found.lower == pytest.approx(100 * (exact.low / 0.25 - 1), abs=1e-6)
    assert found.upper == pytest.approx(100 * (exact.high / 0.25 - 1), abs=1e-6)
    tails = [binomtest(part, parent, 0.25, alternative=a).pvalue for a in ("less", "greater")]
    assert found.p_value == pytest.approx(min(1.0, 2 * min(tails)))


def test_all_events_in_the_part() -> None:
    found = compare_rate_with_parent(20, 1000, 20, 4000)
    assert found.percent == pytest.approx(300)
    assert found.upper == pytest.approx(300)  # no more than all of them can be in it
    assert found.lower is not None
    assert 0 < found.lower < 300


def test_a_part_that_is_the_whole_does_not_differ_from_it() -> None:
    assert compare_rate_with_parent(20, 1000, 20, 1000) == RateAgainstParent(0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("case", [(0, 1000, 0, 4000), (0, 0, 5, 4000), (5, 1000, 9, 1000), (0, 0, 0, 0)])
def test_without_events_or_a_base_there_is_nothing_to_compare(case: tuple[float, ...]) -> None:
    assert compare_rate_with_parent(*case) == RateAgainstParent(None, None, None, 1.0)


@pytest.mark.parametrize("case", [(10, 100, 9, 1000), (10, 1001, 20, 1000)])
def test_a_part_must_fit_in_its_parent(case: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="does not fit in its parent"):
        compare_rate_with_parent(*case)


def test_dispersion_of_each_side_widens_the_limits() -> None:
    plain = compare_rate_with_parent(500, 1000, 2600, 4000)
    for sides in ({"part_dispersion": 2.0}, {"rest_dispersion": 2.0}):
        wide = compare_rate_with_parent(500, 1000, 2600, 4000, **sides)
        assert wide.percent == plain.percent
        assert wide.lower is not None
        assert plain.lower is not None
        assert wide.lower < plain.lower
        assert wide.p_value > plain.p_value
        assert not math.isnan(wide.p_value)


def test_a_part_with_little_base_may_be_its_whole_parent() -> None:
    whole = compare_rate_with_parent(3, 0.5, 3, 0.5)
    assert (whole.percent, whole.lower, whole.upper, whole.p_value) == (0.0, 0.0, 0.0, 1.0)
