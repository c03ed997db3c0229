"""What every method does with its arguments: a refusal names the one at fault, a level is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline import statistics as s

START, END = date(2021, 4, 1), date(2022, 4, 1)

REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("^count must be 0 or more and finite, got -1", lambda: s.poisson_interval(-1)),
    ("^denominator must be 0 or more", lambda: s.rate_interval(1, -1)),
    ("^successes must be 0 or more", lambda: s.wilson_interval(-1, 5)),
    ("^n must be 0 or more", lambda: s.wilson_interval(0, -5)),
    ("^count_a must be 0 or more", lambda: s.rate_ratio(-1, 1, 1, 1)),
    ("^base_a must be 0 or more", lambda: s.rate_ratio(1, -1, 1, 1)),
    ("^count_b must be 0 or more", lambda: s.rate_ratio(1, 1, -1, 1)),
    ("^base_b must be 0 or more", lambda: s.rate_ratio(1, 1, 1, -1)),
    ("^before must be 0 or more", lambda: s.smallest_detectable_change(-1)),
    ("^a count must be 0 or more", lambda: s.compare_changes(1, 1, 1, -1)),
    ("^x1 must be 0 or more", lambda: s.compare_proportions(-1, 5, 1, 5)),
    ("^n1 must be 0 or more", lambda: s.compare_proportions(0, -5, 1, 5)),
    ("^x2 must be 0 or more", lambda: s.compare_proportions(1, 5, -1, 5)),
    ("^n2 must be 0 or more", lambda: s.compare_proportions(1, 5, 0, -5)),
    (r"^x1 \(6\) must not exceed n1 \(5\)", lambda: s.compare_proportions(6, 5, 1, 5)),
    (r"^x2 \(6\) must not exceed n2 \(5\)", lambda: s.compare_proportions(1, 5, 6, 5)),
    ("^part_count must be 0 or more", lambda: s.compare_share_with_parent(-1, 5, 9, 10)),
    ("^part_total must be 0 or more", lambda: s.compare_share_with_parent(0, -5, 9, 10)),
    (r"^part_count \(6\) must not exceed part_total", lambda: s.compare_share_with_parent(6, 5, 9, 10)),
    ("^share must be from 0 to 1, got 1.5", lambda: s.smallest_detectable_difference(1.5, 9, 9)),
    ("^bases must be above 0, got 0 and 9", lambda: s.smallest_detectable_difference(0.5, 0, 9)),
    ("^bases must be above 0, got 9 and 0", lambda: s.smallest_detectable_difference(0.5, 9, 0)),
    ("^a monthly count must be 0 or more", lambda: s.dispersion([-1.0])),
    ("^a monthly value must be finite, got nan", lambda: s.seasonality([float("nan")])),
    ("^years must be 1 or more, got 0", lambda: s.same_months([1.0], years=0)),
    ("^counts, weights and base must be 0", lambda: s.harm_weighted({"8N": -1}, {})),
    ("^counts, weights and base must be 0", lambda: s.harm_weighted({}, {"8N": -1})),
    ("^counts, weights and base must be 0", lambda: s.harm_weighted({}, {}, base=-1)),
    ("^counts, populations and weights must be", lambda: s.directly_standardised_rate([-1], [1], [1])),
    ("^a count must be 0 or more", lambda: s.pro_rata_area(-1, 1, 1, 1, 1, 1)),
    ("^a known total must be 0 or more", lambda: s.pro_rata_area(0, 1, -1, 1, 1, 1)),
    ("^an unknown count must be 0 or more", lambda: s.pro_rata_area(1, 1, 1, 1, 1, -1)),
    ("^a count must be 0 or more", lambda: s.rank_intervals([-1], [None])),
    ("^a base must be 0 or more", lambda: s.rank_intervals([None], [-1])),
    ("^a base must be 0 or more", lambda: s.funnel_limits([-1], 0.5)),
    ("^centre must be 0 or more", lambda: s.funnel_limits([1], -0.5)),
    ("^a proportion lies from 0 to 1, got 1.5", lambda: s.funnel_limits([1], 1.5, "proportion")),
    ("^a count must be 0 or more", lambda: s.concentration([-1])),
    ("^a count must be 0 or more", lambda: s.Part(-1, 5)),
    ("^a base must be 0 or more", lambda: s.Part(0, -5)),
    (
        "^look_back_days must be 1 or more, got 0",
        lambda: s.repeat_rates([], START, END, START, look_back_days=0),
    ),
    ("^minimum must be 2 or more, got 1", lambda: s.control_chart([], minimum=1)),
]


@pytest.mark.parametrize(("message", "call"), REFUSED, ids=range(len(REFUSED)))
def test_a_refusal_names_the_argument_at_fault(message: str, call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_least_that_is_allowed_is_allowed() -> None:
    assert s.repeat_rates([], START, END, START, look_back_days=1).look_back.needs_from == date(2021, 3, 31)
    assert s.control_chart([1.0, 2.0], minimum=2).has_limits
    assert s.same_months([1.0] * 25, years=1)[24].earlier == (1.0,)
    assert s.rate_interval(5, 10, per=0.5).upper == pytest.approx(11.67 / 20, abs=1e-3)


Limits = tuple[float | None, float | None]


def limits(found: object) -> Limits:
    assert hasattr(found, "lower")
    assert hasattr(found, "upper")
    return found.lower, found.upper


def answers(values: list[int]) -> s.SurveyProportion:
    return s.survey_proportion([bool(value) for value in values])


AT_LEVEL: dict[str, Callable[[float], Limits]] = {
    "poisson_interval, exact": lambda level: limits(s.poisson_interval(7, level)),
    "poisson_interval, Byar": lambda level: limits(s.poisson_interval(70, level)),
    "rate_interval": lambda level: limits(s.rate_interval(7, 100, level=level)),
    "wilson_interval": lambda level: limits(s.wilson_interval(7, 100, level)),
    "rate_ratio, exact": lambda level: limits(s.rate_ratio(7, 1, 9, 1, level)),
    "rate_ratio, log": lambda level: limits(s.rate_ratio(70, 1, 90, 1, level)),
    "compare_counts": lambda level: limits(s.compare_counts(70, 90, level=level)),
    "compare_changes": lambda level: limits(s.compare_changes(70, 90, 80, 85, level=level)),
    "compare_proportions": lambda level: limits(s.compare_proportions(7, 20, 9, 20, level)),
    "compare_share_with_parent": lambda level: limits(s.compare_share_with_parent(7, 20, 30, 60, level)),
    "directly_standardised_rate": lambda level: limits(
        s.directly_standardised_rate([9, 9], [99, 99], [1, 2], level=level)
    ),
    "harm_weighted": lambda level: limits(s.harm_weighted({"a": 9, "b": 3}, {"a": 1, "b": 5}, level=level)),
    "funnel_limits": lambda level: limits(s.funnel_limits([100], 0.2, level=level)[0]),
    "survey_proportion": lambda level: limits(s.survey_proportion([True, False] * 9, level=level)),
    "compare_survey_proportions": lambda level: limits(
        s.compare_survey_proportions(answers([0, 1] * 9), answers([0, 1, 1] * 9), level)
    ),
    "unknown_bounds": lambda level: limits(
        s.unknown_bounds(70, 90, 100, 120, 5, 9, level=level).pro_rata.change
    ),
    "pro_rata_area": lambda level: limits(s.pro_rata_area(70, 90, 100, 120, 5, 9, level=level).change),
    "unknown_share_bounds": lambda level: limits(
        s.unknown_share_bounds(
            s.Part(30, 90),
            s.Part(40, 90),
            s.Part(50, 150),
            s.Part(60, 150),
            s.Part(2, 9),
            s.Part(3, 9),
            level,
        ).pro_rata
    ),
    "compare_rate_with_parent": lambda level: limits(s.compare_rate_with_parent(70, 20, 300, 60, level)),
    "compare_ratios": lambda level: limits(s.compare_ratios(70, 20, 30, 60, level=level)),
    "compare_means": lambda level: limits(s.compare_means(70, 20, 30, 60, 9, 9, level)),
    "same_months": lambda level: limits(s.same_months([70.0] * 13, level=level)[12].change),
}


@pytest.mark.parametrize("name", AT_LEVEL)
def test_limits_are_those_of_the_level_asked_for(name: str) -> None:
    wide, usual, narrow = (AT_LEVEL[name](level) for level in (0.998, 0.95, 0.5))
    assert wide[0] < usual[0] < narrow[0] < narrow[1] < usual[1] < wide[1]  # type: ignore[operator]


def test_the_usual_level_is_95_per_cent() -> None:
    assert s.poisson_interval(7) == s.poisson_interval(7, 0.95)
    assert s.rate_interval(7, 9) == s.rate_interval(7, 9, 1.0, 0.95)
    assert s.harm_weighted({"a": 9}, {"a": 2}, base=3) == s.harm_weighted(
        {"a": 9}, {"a": 2}, 3, per=1.0, level=0.95
    )
    assert s.directly_standardised_rate([9, 9], [99, 99], [1, 2]) == s.directly_standardised_rate(
        [9, 9], [99, 99], [1, 2], per=100_000, level=0.95
    )
    assert s.pro_rata_area(70, 90, 100, 120, 5, 9) == s.pro_rata_area(70, 90, 100, 120, 5, 9, 1.0, 0.95)


def test_a_clear_difference_of_ranks_is_one_at_the_level_asked_for() -> None:
    counts, bases = [100.0, 125.0], [1_000.0, 1_000.0]  # p is 0.095
    assert [r.worst for r in s.rank_intervals(counts, bases)] == [2, 2]
    assert [r.worst for r in s.rank_intervals(counts, bases, level=0.9)] == [1, 2]


def test_what_would_have_shown_is_asked_with_the_arguments_of_the_comparison() -> None:
    found = s.compare_counts(400, 500, 2.0, level=0.9, before_base=10, after_base=20)
    asked = s.smallest_detectable_change(400, 2.0, level=0.9, base_ratio=2.0)
    assert (found.detectable_percent, found.detectable_rise_percent) == (asked.fall, asked.rise)
    assert s.compare_counts(5, 5, before_base=0).detectable_percent is None

    points = s.compare_proportions(40, 100, 50, 200, level=0.9)
    asked = s.smallest_detectable_difference(0.4, 100, 200, level=0.9)
    assert (points.detectable_points, points.detectable_rise_points) == (asked.fall, asked.rise)

    part = s.compare_share_with_parent(40, 100, 100, 300, level=0.9)  # the rest: 60 of 200
    asked = s.smallest_detectable_difference(0.3, 200, 100, level=0.9)
    assert asked.fall is not None
    assert asked.rise is not None
    assert part.detectable_points == pytest.approx(asked.fall * 2 / 3)
    assert part.detectable_rise_points == pytest.approx(asked.rise * 2 / 3)


def test_every_comparison_names_its_method() -> None:
    newcombe, rest = "Newcombe hybrid score", "Newcombe hybrid score against the rest of the parent"
    silent = answers([])
    assert s.compare_proportions(1, 5, 2, 5).method == newcombe
    assert s.compare_proportions(0, 0, 2, 5).method == newcombe
    assert s.compare_survey_proportions(silent, silent).method == newcombe
    assert s.compare_share_with_parent(1, 5, 2, 9).method == rest
    assert s.compare_share_with_parent(0, 0, 2, 9).method == rest
    assert s.compare_share_with_parent(2, 9, 2, 9).method == rest
    assert s.rate_ratio(1, 0, 2, 1).method == "exact conditional"
    assert s.rate_ratio(100, 0, 2, 1).method == "log rate ratio"
    for kind in ("xmr", "c", "g"):
        assert s.control_chart([1.0], kind).kind == kind
