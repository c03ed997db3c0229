"""The one door through which numbers reach the page."""

from dataclasses import replace

from pipeline.assess import judge
from pipeline.model.comparison import Want
from pipeline.model.observation import Mark, State
from pipeline.report import figures
from pipeline.report.text import Figure, plain
from tests.unit.report import factory

OBSERVATIONS, COMPARISONS = factory.violence()
TOTAL, YOUNG, ADULT, UNKNOWN = COMPARISONS


def test_a_figure_carries_the_id_of_its_result() -> None:
    assert figures.observed(TOTAL.observation) == (
        Figure("3,950", "violence_with_injury:E08000031:financial_year:2022-04/2023-03"),
    )


def test_a_cell_without_a_number_is_shorthand_and_never_zero() -> None:
    def state(name: State) -> str:
        return plain(figures.observed(factory.observed("x", None, factory.LATER, state=name)))

    states = (State.SUPPRESSED, State.NOT_SUPPLIED, State.NOT_COMPARABLE, State.WITHHELD)
    assert [state(s) for s in states] == ["[c]", "[x]", "[x]", "[u]"]
    assert plain(figures.observed(None)) == "[x]"
    assert plain(figures.observed(factory.observed("x", 0.0, factory.LATER, state=State.ZERO))) == "0"


def test_marks_stand_beside_the_value_in_a_fixed_order() -> None:
    marked = replace(TOTAL.observation, marks=frozenset({Mark.REVISED, Mark.BREAK}))
    assert plain(figures.observed(marked)) == "3,950 [b] [r]"


def test_the_change_has_an_arrow_and_the_correct_rounding() -> None:
    assert [plain(figures.change(c)) for c in (TOTAL, YOUNG, ADULT)] == ["↓ 0.4%", "↓ 9.7%", "↑ 7.1%"]


def test_small_counts_are_told_as_counts() -> None:
    small = factory.returns()[1][0]
    assert plain(figures.change(small)) == "↓ 13"
    assert figures.interval(small) == ()
    assert small.detectable_percent is not None
    assert (
        small.detectable_percent * 44 / 100 <= int(plain(figures.detectable(judge(small, Want.DOWN)))) <= 44
    )


def test_a_rate_on_small_counts_changes_by_counts_and_not_by_its_own_points() -> None:
    before, after = (
        factory.observed("x", n / 14, p, numerator=n, denominator=14000.0, unit="crimes per 1,000 residents")
        for n, p in ((16.0, factory.EARLIER), (12.0, factory.LATER))
    )
    few = replace(TOTAL, observation=after, reference=before, change=-0.286, change_percent=-25.0)
    assert plain(figures.change(few)) == "↓ 4"
    assert plain(figures.amount(few)) == "4"


def test_differences_of_percentages_are_points() -> None:
    share = replace(
        TOTAL,
        observation=replace(TOTAL.observation, unit="%", value=8.1),
        change=-0.3,
        change_percent=None,
    )
    assert plain(figures.change(share)) == "↓ 0.3 pp"
    assert plain(figures.amount(share)) == "0.3 percentage points"


def test_bounds_are_apart_from_the_interval() -> None:
    assert plain(figures.interval(ADULT)) == "+1.7 to +12.9"
    assert plain(figures.bounds(ADULT)) == "+1.3 to +9.3"
    assert figures.bounds(TOTAL) == ()


def test_the_limits_of_a_rank_are_no_interval_of_change() -> None:
    rank = next(c for c in factory.vehicle_crime()[1] if c.comparator == "rank")
    assert figures.interval(rank) == ()


def test_what_was_told_beside_a_value_is_not_marked_again() -> None:
    marked = replace(TOTAL.observation, marks=frozenset({Mark.REVISED, Mark.BREAK}))
    assert plain(figures.observed(marked, told=frozenset({Mark.BREAK}))) == "3,950 [r]"


def test_a_count_beside_several_areas_has_their_mean_as_its_reference() -> None:
    together = replace(TOTAL.observation, area=factory.PEERS[0], numerator=21000.0, value=21000.0)
    beside = replace(TOTAL, comparator="average", reference=together, reference_value=3000.0)
    assert plain(figures.reference(beside)) == "3,000"


def test_a_small_rate_beside_other_areas_is_apart_by_the_rates_and_not_by_counts_of_other_places() -> None:
    unit = "crimes per 1,000 residents"
    own = factory.observed("x", 1.2, factory.LATER, numerator=12.0, denominator=10000.0, unit=unit)
    others = factory.observed(
        "x", 1.5, factory.LATER, numerator=900.0, denominator=600000.0, unit=unit, area=factory.PEERS[0]
    )
    beside = replace(
        TOTAL, comparator="average", observation=own, reference=others, reference_value=1.5, change=-0.3
    )
    assert plain(figures.distance(beside)) == "−0.3"


def test_the_change_that_would_have_shown_is_rounded_up_and_told_the_wanted_way() -> None:
    found = replace(TOTAL, detectable_percent=5.1, detectable_rise_percent=6.3)
    printed = [plain(figures.detectable(judge(found, want))) for want in (Want.DOWN, Want.UP, Want.NEITHER)]
    assert printed == ["6%", "7%", "7%"]
    share = replace(found, observation=replace(TOTAL.observation, unit="%", value=8.1))
    assert plain(figures.detectable(judge(share, Want.DOWN), " pp")) == "6 pp"
    assert figures.detectable(judge(replace(found, detectable_rise_percent=None), Want.UP)) == ()
