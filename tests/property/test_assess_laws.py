"""Laws that every verdict obeys, whatever the numbers."""

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.assess import RULES, judge
from pipeline.assess.measures import join_verdicts
from pipeline.assess.reconcile import reconcile
from pipeline.model.comparison import Comparison, Verdict, Want
from pipeline.model.observation import Mark, Results, State
from tests.unit.assess.builders import comparison, definitions, indicator, observation

numbers = st.floats(-100, 1000, allow_nan=False).map(lambda value: round(value, 3))
limits = st.none() | numbers
TESTED = {
    Verdict.IMPROVED,
    Verdict.WORSENED,
    Verdict.UP,
    Verdict.DOWN,
    Verdict.NO_CLEAR_CHANGE,
}
SWAPPED = {Verdict.IMPROVED: Verdict.WORSENED, Verdict.WORSENED: Verdict.IMPROVED}


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float | None, float | None]:
    """A range whose ends may be open."""
    low, high = sorted((draw(numbers), draw(numbers)))
    return draw(st.sampled_from((low, low, None))), draw(st.sampled_from((high, high, None)))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """A comparison of two values, with or without unknowns, breaks and reasons not to compare."""
    lower, upper = draw(ranges())
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        pro_rata_lower, pro_rata_upper = draw(ranges())
        fields |= {"pro_rata_lower": pro_rata_lower, "pro_rata_upper": pro_rata_upper}
        fields["pro_rata"] = draw(numbers)
        if draw(st.booleans()):
            fields["bound_lower"], fields["bound_upper"] = draw(ranges())
    fields["marks"] = frozenset(draw(st.sets(st.sampled_from(Mark))))
    fields["comparable"] = draw(st.integers(0, 9)) > 0
    state = draw(st.sampled_from((State.VALUE,) * 5 + tuple(State)))
    fields["observation"] = observation(50 if state.has_value else None, state=state)
    return comparison(lower, upper, **fields)


@given(comparisons())
def test_swapping_the_wanted_direction_swaps_improved_and_worsened(given_: Comparison) -> None:
    down, up = judge(given_, Want.DOWN), judge(given_, Want.UP)
    assert up.verdict == (SWAPPED.get(down.verdict, down.verdict) if down.verdict else None)


@given(comparisons())
def test_where_neither_is_wanted_nothing_improves_or_worsens(given_: Comparison) -> None:
    assert judge(given_, Want.NEITHER).verdict not in SWAPPED


@given(comparisons(), st.sampled_from(Want))
def test_across_a_break_nothing_improves_or_worsens(given_: Comparison, want: Want) -> None:
    broken = replace(given_, marks=given_.marks | {Mark.BREAK})
    assert judge(broken, want).verdict not in SWAPPED


@given(comparisons(), st.sampled_from(Want), st.floats(0, 500), st.floats(0, 500))
def test_a_wider_interval_never_makes_a_change_clear(
    given_: Comparison, want: Want, below: float, above: float
) -> None:
    assume(given_.lower is not None or given_.upper is not None)
    wider = replace(
        given_,
        lower=None if given_.lower is None else given_.lower - below,
        upper=None if given_.upper is None else given_.upper + above,
    )
    before, after = judge(given_, want).verdict, judge(wider, want).verdict
    assert after in (before, Verdict.NO_CLEAR_CHANGE)


@given(comparisons(), st.sampled_from(Want))
def test_unknowns_only_ever_take_a_change_away(given_: Comparison, want: Want) -> None:
    recorded = replace(given_, pro_rata=None, bound_lower=None, bound_upper=None)
    as_recorded, judged = judge(recorded, want), judge(given_, want)
    if judged.verdict is not as_recorded.verdict:
        assert judged.rule == "unknowns_undo_it"
        assert judged.verdict is Verdict.NO_CLEAR_CHANGE
        assert Mark.LOW_RELIABILITY in judged.marks


@given(comparisons(), st.sampled_from(Want))
def test_a_test_is_made_only_of_two_comparable_values(given_: Comparison, want: Want) -> None:
    judged = judge(given_, want)
    if judged.verdict in TESTED:
        assert given_.comparable
        assert given_.observation.state in (State.VALUE, State.ZERO)
    assert judged.rule in {rule.name for rule in RULES}
    assert judged.marks >= given_.marks


@given(st.lists(st.sampled_from(Verdict), max_size=4))
def test_halves_join_in_any_order_and_say_no_more_than_they_hold(verdicts: list[Verdict]) -> None:
    joined = join_verdicts(verdicts)
    assert joined is join_verdicts(verdicts[::-1])
    assert joined in (*verdicts, Verdict.MIXED, Verdict.AWAITING_RETURN)
    if joined in (Verdict.IMPROVED, Verdict.WORSENED):
        assert set(verdicts) <= {joined, Verdict.AWAITING_RETURN}


@given(
    st.decimals(-1000, 1000, places=6, allow_nan=False),
    st.integers(0, 3),
    st.sampled_from((ROUND_HALF_UP, ROUND_DOWN)),
)
def test_a_rounded_figure_agrees_and_a_truncated_one_is_found_out(
    exact: Decimal, places: int, rounding: str
) -> None:
    unit = Decimal(1).scaleb(-places)
    printed = exact.quantize(unit, rounding=rounding)
    written = float(printed) if places else int(printed)
    assume(Decimal(str(written)).as_tuple().exponent == -places)  # no last zero lost
    computed = observation(float(exact), state=State.VALUE)
    one = indicator(published=[{"period": "2022-23", "all": written, "in": "a paper"}])
    (row,) = reconcile([], Results((computed,)), definitions(one))
    if rounding == ROUND_HALF_UP or printed == exact.quantize(unit, rounding=ROUND_HALF_UP):
        assert row.cause == "agrees"
    else:
        assert row.cause == "truncation"
