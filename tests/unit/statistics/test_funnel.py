"""Funnel limits against scipy's Poisson and binomial distributions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipeline.statistics import Interval, funnel_limits


def limits(interval: Interval) -> tuple[float, float]:
    assert interval.lower is not None
    assert interval.upper is not None
    return interval.lower, interval.upper


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("expected", [12.5, 80.0, 2500.0])
def test_rate_limits_are_interpolated_poisson_quantiles(expected: float, level: float) -> None:
    base = expected / 5 * 1000
    found = limits(funnel_limits([base], 5.0, per=1000, level=level)[0])
    for limit, probability in zip(found, (0.5 - level / 2, 0.5 + level / 2), strict=True):
        r = int(stats.poisson.ppf(probability, expected))
        assert r - 1 <= limit * base / 1000 <= r
        whole, part = divmod(limit * base / 1000 - (r - 1), 1)
        assert whole == 0
        below, at = stats.poisson.cdf(r - 1, expected), stats.poisson.cdf(r, expected)
        assert below + part * (at - below) == pytest.approx(probability, abs=1e-9)


def test_proportion_limits_are_interpolated_binomial_quantiles() -> None:
    lower, upper = limits(funnel_limits([50], 0.2, "proportion")[0])
    for limit, probability in ((lower, 0.025), (upper, 0.975)):
        r = int(stats.binom.ppf(probability, 50, 0.2))
        assert r - 1 <= limit * 50 <= r


def test_limits_narrow_towards_the_centre_as_bases_grow() -> None:
    narrow = [limits(i) for i in funnel_limits([1000, 10_000, 100_000], 8.0, per=1000)]
    widths = [upper - lower for lower, upper in narrow]
    assert widths == sorted(widths, reverse=True)
    # large bases: the normal limits
    assert narrow[2][1] == pytest.approx(8 + 1.96 * math.sqrt(8 / 100), rel=0.01)


def test_dispersion_widens_by_its_root() -> None:
    plain = limits(funnel_limits([100_000], 8.0, per=1000)[0])
    wide = limits(funnel_limits([100_000], 8.0, per=1000, dispersion=4.0)[0])
    assert wide[1] - 8 == pytest.approx(2 * (plain[1] - 8), rel=0.05)


def test_areas_without_a_base_have_no_limits() -> None:
    none = Interval(None, None)
    assert funnel_limits([None, 0], 5.0) == (none, none)
    assert funnel_limits([2], 0.5, "proportion", dispersion=3.0) == (none,)
    assert funnel_limits([], 5.0) == ()


def test_a_certain_rate_has_limits_on_itself() -> None:
    assert funnel_limits([50], 0.0) == (Interval(0.0, 0.0),)
    assert funnel_limits([50], 0.0, "proportion") == (Interval(0.0, 0.0),)
    assert funnel_limits([50], 1.0, "proportion") == (Interval(1.0, 1.0),)


def test_very_few_expected_events_keep_the_centre_within_the_limits() -> None:
    # 0.01 expected: 0 events is nearly certain, and the interpolated upper limit would be under 0
    assert limits(funnel_limits([0.01], 1.0)[0]) == (0.0, 1.0)


@given(
    st.floats(0.001, 5000),
    st.floats(0, 50),
    st.sampled_from([0.5, 0.95, 0.998, 1 - 1e-12]),
    st.floats(1, 10),
)
def test_rate_limits_hold_the_centre(base: float, centre: float, level: float, dispersion: float) -> None:
    lower, upper = limits(funnel_limits([base], centre, level=level, dispersion=dispersion)[0])
    assert 0 <= lower <= centre <= upper < math.inf


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.5, 0.95, 0.998, 1 - 1e-12]))
def test_proportion_limits_hold_the_centre(base: int, centre: float, level: float) -> None:
    lower, upper = limits(funnel_limits([base], centre, "proportion", level=level)[0])
    assert 0 <= lower <= centre <= upper <= 1


def test_impossible_funnels_are_refused() -> None:
    with pytest.raises(ValueError, match="kind must be"):
        funnel_limits([1], 1.0, "count")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a proportion lies from 0 to 1, got 48"):
        funnel_limits([1], 48.0, "proportion")
    with pytest.raises(ValueError, match=r"got 0\.5 per 100"):
        funnel_limits([1], 0.5, "proportion", per=100)
    with pytest.raises(ValueError, match="per must be above 0"):
        funnel_limits([1], 1.0, per=0)
    with pytest.raises(ValueError, match="a base must be 0 or more"):
        funnel_limits([-1], 1.0)
    with pytest.raises(ValueError, match="centre must be 0 or more"):
        funnel_limits([1], -1.0)
    with pytest.raises(ValueError, match="dispersion"):
        funnel_limits([1], 1.0, dispersion=0.5)
    with pytest.raises(ValueError, match="level"):
        funnel_limits([1], 1.0, level=95)


def test_proportion_limits_are_interpolated_between_the_counts_about_the_quantile() -> None:
    # by the definition of the appendix, with scipy's binomial
    for trials, share in ((20, 0.3), (150, 0.48), (900, 0.05)):
        found = limits(funnel_limits([trials], share, "proportion")[0])
        for probability, limit in zip((0.025, 0.975), found, strict=True):
            r = stats.binom.ppf(probability, trials, share)
            at, below = (stats.binom.cdf(k, trials, share) for k in (r, r - 1))
            assert limit * trials == pytest.approx(r - (at - probability) / (at - below))
