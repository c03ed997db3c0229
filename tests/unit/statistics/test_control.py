"""Control charts against figures worked by hand and the rules of NHSRplotthedots."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import Assurance, ControlChart, ControlPoint, Signal, Variation, control_chart
from pipeline.statistics.signals import mark_signals

# 24 points about a mean of 11 whose moving ranges are all 2: limits 11 -+ 5.32
STEADY: list[float | None] = [10.0, 12.0] * 12


def signals(chart: ControlChart) -> dict[int, tuple[Signal, ...]]:
    return {i: point.signals for i, point in enumerate(chart.points) if point.signals}


def test_limits_are_266_mean_moving_ranges_from_the_mean() -> None:
    chart = control_chart(STEADY)
    for point in chart.points:
        assert point.centre == pytest.approx(11)
        assert (point.lower, point.upper) == pytest.approx((5.68, 16.32))
        assert (point.near_lower, point.near_upper) == pytest.approx((7.4533, 14.5467), abs=5e-5)
        assert (point.signals, point.high) == ((), None)
    assert chart.variation is Variation.COMMON_CAUSE
    assert chart.has_limits
    assert chart.phases == (0,)


def test_moving_ranges_over_3267_times_their_mean_are_screened_out_once() -> None:
    # 23 ranges of 2 and two of 50 on the way to and from the spike: mean 146/25 = 5.84, screen
    # 19.08; the two of 50 go, the mean range is 2 again
    series = [*STEADY, 62.0, 12.0]
    chart = control_chart(series)
    mean = (24 * 11 + 74) / 26
    assert chart.points[0].centre == pytest.approx(mean)
    assert chart.points[0].upper == pytest.approx(mean + 2.66 * 2)
    assert Signal.OUTSIDE in chart.points[24].signals
    assert chart.points[24].high is True


def test_a_moving_range_at_the_screen_is_kept() -> None:
    # all ranges equal: none is above 3.267 times the mean
    chart = control_chart([0.0, 4.0] * 12, floor=None)
    assert chart.points[0].upper == pytest.approx(2 + 2.66 * 4)


def test_a_moving_range_never_bridges_a_hole() -> None:
    # the level differs by 20 across the hole; bridged, the mean range would be above 2
    series = [*STEADY, None, *[v + 20 for v in STEADY if v is not None]]
    chart = control_chart(series)
    assert chart.points[0].centre == pytest.approx(21)
    assert chart.points[0].upper == pytest.approx(21 + 5.32)
    hole = chart.points[24]
    assert (hole.value, hole.signals) == (None, ())
    assert hole.centre == pytest.approx(21)


@pytest.mark.parametrize("length", [0, 1, 2, 23])
def test_under_24_points_there_is_a_line_and_no_limits(length: int) -> None:
    chart = control_chart(STEADY[:length], want="up", target=5)
    assert [point.value for point in chart.points] == STEADY[:length]
    assert all(point.centre is None and point.lower is None for point in chart.points)
    assert chart.variation is Variation.NO_LIMITS
    assert chart.assurance is Assurance.NOT_ASSESSED
    assert not chart.has_limits


def test_24_points_must_be_unbroken() -> None:
    broken = [*STEADY[:12], None, *STEADY[12:23], None, *STEADY]
    assert control_chart(broken).has_limits
    assert not control_chart(broken[:-1]).has_limits


def test_a_series_of_holes_has_no_limits() -> None:
    chart = control_chart([None] * 30)
    assert chart.variation is Variation.NO_LIMITS
    assert not chart.has_limits


def test_a_constant_series_has_limits_on_its_value_and_no_signal() -> None:
    for value in (0.0, 7.0, 0.1, 1 / 3):
        chart = control_chart([value] * 25)
        assert chart.points[0].lower == pytest.approx(value)
        assert chart.points[0].upper == pytest.approx(value)
        assert signals(chart) == {}


def test_a_point_on_a_limit_is_within_it() -> None:
    # symmetrical c chart of mean 9: limits 0 and 18
    series = [9.0] * 22 + [18.0, 0.0]
    chart = control_chart(series, "c")
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((0, 18))
    assert signals(chart) == {}


@pytest.mark.parametrize(("length", "signalled"), [(6, False), (7, True), (8, True)])
def test_seven_on_one_side_are_a_signal_and_all_are_marked(length: int, signalled: bool) -> None:
    high = [13.0 if i % 2 else 14.0 for i in range(length)]
    low = [float(value) for value in (9, 11, 8, 10) * 5]
    series = [*low, *high]
    chart = control_chart([*series, 9.0, 11.0])
    marked = [i for i, s in signals(chart).items() if Signal.RUN in s and i >= 20]
    assert marked == (list(range(20, 20 + length)) if signalled else [])


@pytest.mark.parametrize("middle", [11.0, None])
def test_a_point_on_the_centre_or_a_hole_ends_a_run(middle: float | None) -> None:
    # four above and three above, then as far below, so that the mean stays 11
    above, below = [12.0, 12.5] * 4, [10.0, 9.5] * 4
    series = [*STEADY[:23], 9.0, *above[:4], middle, *above[4:7], *below[:6], 14.0, 9.5, 10.5, 12.0]
    chart = control_chart(series)
    assert chart.points[0].centre == pytest.approx(11)
    assert signals(chart) == {}
    joined = control_chart([*series[:28], *series[29:]])
    assert [i for i, s in signals(joined).items() if Signal.RUN in s] == list(range(24, 31))


@pytest.mark.parametrize(("points", "signalled"), [(6, False), (7, True)])
@pytest.mark.parametrize("step", [0.3, -0.3])
def test_seven_points_in_one_direction_are_a_trend(points: int, signalled: bool, step: float) -> None:
    trend = [11 - 3 * step + step * i for i in range(points)]
    # the neighbours turn back, so that the trend is exactly `points` long
    series = [*STEADY, trend[0] + 9 * step, *trend, trend[-1] - 9 * step]
    chart = control_chart(series, floor=None)
    marked = [i for i, s in signals(chart).items() if Signal.TREND in s]
    assert marked == (list(range(25, 25 + points)) if signalled else [])


def test_a_trend_alone_points_the_way_it_goes() -> None:
    falling = [14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.2]
    chart = control_chart([*STEADY, *falling], want="down")
    last = chart.points[-1]
    assert last.signals == (Signal.TREND,) or Signal.RUN in last.signals
    lone = control_chart([*STEADY, 9.0, *[12.4, 12.0, 11.6, 11.3, 10.9, 10.6, 10.4]], want="down")
    assert lone.points[-1].signals == (Signal.TREND,)
    assert lone.points[-1].high is False
    assert lone.variation is Variation.IMPROVEMENT_LOW
    start = lone.points[25]
    assert (start.signals, start.high) == ((Signal.TREND,), False)  # above the centre, falling


def test_equal_neighbours_end_a_trend() -> None:
    chart = control_chart([*STEADY, 9.0, 9.5, 10.0, 10.0, 10.5, 11.0, 11.5, 12.0, 9.0])
    assert not any(Signal.TREND in point.signals for point in chart.points)


def test_two_of_three_near_the_same_limit_are_a_signal() -> None:
    # near zone 15.8 to 18.0: members of the group that lie in it are marked, the third is not
    chart = control_chart([*STEADY, 9.0, 16.2, 12.5, 16.2, 9.0])
    assert signals(chart) == {25: (Signal.NEAR_LIMIT,), 27: (Signal.NEAR_LIMIT,)}
    assert chart.points[25].high is True


def test_two_of_three_need_all_three_on_one_side() -> None:
    assert signals(control_chart([*STEADY, 9.0, 16.2, 10.0, 16.2, 9.0])) == {}
    assert signals(control_chart([*STEADY, 9.0, 16.2, None, 16.2, 9.0])) == {}


def test_rebasing_starts_a_new_phase_with_its_own_limits() -> None:
    later = [v + 20 for v in STEADY if v is not None]
    chart = control_chart([*STEADY, *later], rebase=[24])
    assert chart.phases == (0, 24)
    assert chart.points[23].centre == pytest.approx(11)
    assert chart.points[24].centre == pytest.approx(31)
    assert signals(chart) == {}  # no run, trend or range crosses the rebasing


def test_rebasing_by_date_starts_with_the_month_that_holds_it() -> None:
    later = [v + 20 for v in STEADY if v is not None]
    series = [*STEADY, *later]  # April 2019 to March 2023
    for day in (date(2021, 4, 1), date(2021, 4, 30)):
        dated = control_chart(series, rebase=[day], start=date(2019, 4, 1))
        assert dated == control_chart(series, rebase=[24])
    assert control_chart(series, rebase=[date(2021, 4, 1), 24], start=date(2019, 4, 9)).phases == (0, 24)


@pytest.mark.parametrize("day", [date(2019, 3, 31), date(2019, 4, 30), date(2021, 4, 1)])
def test_a_rebasing_outside_the_series_or_in_its_first_month_starts_nothing(day: date) -> None:
    chart = control_chart(STEADY, rebase=[day], start=date(2019, 4, 1))  # to March 2021
    assert chart.phases == (0,)
    assert chart.has_limits


def test_a_short_phase_after_rebasing_has_no_limits_yet() -> None:
    chart = control_chart([*STEADY, 30.0, 31.0], rebase=[24])
    assert chart.points[23].centre == pytest.approx(11)
    assert chart.points[24].centre is None
    assert chart.variation is Variation.NO_LIMITS


@pytest.mark.parametrize(
    ("last", "want", "icon"),
    [
        (30.0, "up", Variation.IMPROVEMENT_HIGH),
        (30.0, "down", Variation.CONCERN_HIGH),
        (30.0, "neither", Variation.NEITHER_HIGH),
        (1.0, "up", Variation.CONCERN_LOW),
        (1.0, "down", Variation.IMPROVEMENT_LOW),
        (1.0, "neither", Variation.NEITHER_LOW),
        (11.0, "up", Variation.COMMON_CAUSE),
    ],
)
def test_the_icon_is_that_of_the_last_point(last: float, want: str, icon: Variation) -> None:
    chart = control_chart([*STEADY, last], want=want)  # type: ignore[arg-type]
    assert chart.variation is icon


def test_the_icon_is_that_of_the_last_point_observed() -> None:
    chart = control_chart([*STEADY, 30.0, None], want="down")
    assert chart.variation is Variation.CONCERN_HIGH


@pytest.mark.parametrize(
    ("target", "want", "icon"),
    [
        (5.0, "up", Assurance.PASS),
        (5.0, "down", Assurance.FAIL),
        (17.0, "up", Assurance.FAIL),
        (17.0, "down", Assurance.PASS),
        (11.0, "down", Assurance.HIT_OR_MISS),
        (11.0, "neither", Assurance.NOT_ASSESSED),
        (None, "down", Assurance.NOT_ASSESSED),
    ],
)
def test_assurance_asks_whether_the_limits_clear_the_target(
    target: float | None, want: str, icon: Assurance
) -> None:
    chart = control_chart(STEADY, want=want, target=target)  # type: ignore[arg-type]
    assert chart.assurance is icon


def test_limits_of_counts_stop_at_nothing() -> None:
    chart = control_chart([0.0, 3.0] * 12)
    assert (chart.points[0].lower, chart.points[0].near_lower) == (0, 0)
    below = control_chart([0.0, 3.0] * 12, floor=None).points[0]
    assert below.lower == pytest.approx(1.5 - 2.66 * 3)


def test_a_series_below_the_floor_has_no_floor() -> None:
    chart = control_chart([-3.0, 3.0] * 12)
    assert chart.points[0].lower == pytest.approx(-2.66 * 6)


def test_c_charts_have_three_root_mean_limits() -> None:
    # mean 4: limits 4 -+ 6, the lower at 0
    chart = control_chart([3.0, 5.0] * 12 + [11.0, 4.0], "c")
    mean = (24 * 4 + 15) / 26
    assert chart.points[0].upper == pytest.approx(mean + 3 * math.sqrt(mean))
    assert chart.points[0].lower == 0
    assert signals(chart) == {24: (Signal.OUTSIDE,)}


def test_u_charts_have_limits_as_wide_as_their_bases_are_small() -> None:
    bases: list[float | None] = [100.0, 400.0] * 12
    chart = control_chart([1.0, 4.0] * 12, "u", bases=bases, per=1000)
    assert chart.points[0].value == pytest.approx(10)
    assert chart.points[0].centre == pytest.approx(10)
    # Montgomery: 3 * sqrt(u / n), with u = 0.01 and n = 100 or 400, per 1,000
    assert chart.points[0].upper == pytest.approx(1000 * (0.01 + 3 * math.sqrt(0.01 / 100)))
    assert chart.points[1].upper == pytest.approx(1000 * (0.01 + 3 * math.sqrt(0.01 / 400)))


def test_a_missing_base_is_a_hole() -> None:
    bases: list[float | None] = [100.0] * 26
    bases[24], bases[25] = None, 0.0
    chart = control_chart([1.0] * 26, "u", bases=bases)
    assert [(p.value, p.centre, p.upper) for p in chart.points[24:]] == [(None, None, None)] * 2
    assert chart.variation is Variation.COMMON_CAUSE


def test_g_charts_follow_benneyan_and_ignore_runs() -> None:
    # mean 10 days between events: upper 10 + 3 * sqrt(110) = 41.46
    chart = control_chart([5.0] * 12 + [15.0] * 12, "g")
    assert chart.points[0].upper == pytest.approx(10 + 3 * math.sqrt(110))
    assert chart.points[0].lower == 0
    assert signals(chart) == {}
    longer = control_chart([5.0] * 12 + [15.0] * 12 + [50.0], "g", want="up")
    assert signals(longer) == {24: (Signal.OUTSIDE,)}
    assert longer.variation is Variation.IMPROVEMENT_HIGH


def test_rare_events_need_a_shorter_series_where_asked() -> None:
    assert control_chart([3.0, 5.0] * 6, "c", minimum=12).has_limits
    assert control_chart([0.0] * 24, "c").points[0].upper == 0
    assert control_chart([0.0] * 24, "g").points[0].upper == 0


@given(
    st.lists(st.none() | st.integers(0, 40), max_size=60),
    st.sampled_from(["xmr", "c", "g"]),
    st.lists(st.integers(1, 59), max_size=2),
)
def test_every_series_has_a_chart(series: list[int | None], kind: str, rebase: list[int]) -> None:
    inside = [position for position in rebase if position < len(series)]
    chart = control_chart(series, kind, rebase=inside, minimum=4)  # type: ignore[arg-type]
    assert [point.value for point in chart.points] == series
    for point in chart.points:
        if point.centre is None:
            assert point.signals == ()
            continue
        ordered = (point.lower, point.near_lower, point.centre, point.near_upper, point.upper)
        assert all(limit is not None and math.isfinite(limit) for limit in ordered)
        assert list(ordered) == sorted(ordered, key=lambda limit: limit or 0.0)
        assert (point.high is None) == (point.signals == ())
        outside = point.value is not None and not (
            ordered[0] - 1e-6 <= point.value <= ordered[4] + 1e-6  # type: ignore[operator]
        )
        if outside:
            assert Signal.OUTSIDE in point.signals


@given(st.lists(st.floats(-100, 100), min_size=24, max_size=40))
def test_a_chart_turned_upside_down_has_its_signals_upside_down(series: list[float]) -> None:
    there = control_chart(series, floor=None)
    back = control_chart([-value for value in series], floor=None)
    for point, mirrored in zip(there.points, back.points, strict=True):
        assert point.signals == mirrored.signals
        assert point.high is None or point.high is not mirrored.high


def test_impossible_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="kind must be"):
        control_chart([1], "p")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="want must be"):
        control_chart([1], want="lower")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="minimum must be 2 or more"):
        control_chart([1], minimum=1)
    with pytest.raises(ValueError, match="bases go with kind 'u'"):
        control_chart([1], bases=[1])
    with pytest.raises(ValueError, match="bases go with kind 'u'"):
        control_chart([1], "u")
    with pytest.raises(ValueError, match="2 bases do not go with 1 counts"):
        control_chart([1], "u", bases=[1, 2])
    with pytest.raises(ValueError, match="cannot hold -1"):
        control_chart([-1], "c")
    with pytest.raises(ValueError, match="cannot hold nan"):
        control_chart([math.nan])
    for position in (0, 2, -1):
        with pytest.raises(ValueError, match="rebase positions must be from 1 to 1"):
            control_chart([1, 2], rebase=[position])
    with pytest.raises(ValueError, match=r"date \(2021-04-01\) needs `start`"):
        control_chart([1, 2], rebase=[date(2021, 4, 1)])


def test_groups_of_three_are_marked_wherever_they_are() -> None:
    group = [9.0, 16.2, 12.5, 16.2, 9.0]
    chart = control_chart([*STEADY, *group, *STEADY, *group])
    centre = chart.points[0].centre
    assert centre is not None
    assert sorted(signals(chart)) == [25, 27, 54, 56]


def test_only_points_of_the_three_make_a_group_of_three() -> None:
    # one near the upper limit long before, and one near the lower limit just after, another three
    early = control_chart([*STEADY, 9.0, 16.2, 9.0, 13.0, 16.2, 13.0, 9.0])
    assert signals(early) == {}
    after = control_chart([*STEADY, 9.0, 13.0, 16.2, 13.0, 5.8, 13.0])
    assert signals(after) == {}


def test_six_at_the_end_are_not_seven() -> None:
    # the centre moves to 11.4, and 10 before the six keeps the run from starting earlier
    assert signals(control_chart([*STEADY, 10.0, *[13.0, 13.5] * 3])) == {}


def test_a_point_a_rounding_error_from_the_centre_is_on_it() -> None:
    points = [ControlPoint(1e-14 * (-1) ** i, 0.0, -1.0, 1.0, -0.5, 0.5) for i in range(3)]
    points += [ControlPoint(1e-14, 0.0, -1.0, 1.0, -0.5, 0.5)] * 7
    assert all(point.signals == () for point in mark_signals(points, symmetrical=True))


@pytest.mark.parametrize("target", [0.0, 18.0])
@pytest.mark.parametrize("want", ["up", "down"])
def test_a_target_on_a_limit_is_neither_passed_nor_failed(target: float, want: str) -> None:
    chart = control_chart([9.0] * 24, "c", want=want, target=target)  # type: ignore[arg-type]
    assert (chart.points[0].lower, chart.points[0].upper) == (0.0, 18.0)  # 9 -+ 3 * sqrt(9)
    assert chart.assurance is Assurance.HIT_OR_MISS


def test_rates_of_a_u_chart_are_per_one_where_nothing_else_is_said() -> None:
    chart = control_chart([3] * 24, "u", bases=[30] * 24)
    assert chart == control_chart([3] * 24, "u", bases=[30] * 24, per=1.0)
    assert chart.points[0].centre == pytest.approx(0.1)
