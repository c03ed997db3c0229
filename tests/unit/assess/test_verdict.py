"""Every rule gives its verdict, in the order in which the rules are asked."""

from typing import Any

import pytest

from pipeline.assess import RULES, judge
from pipeline.assess.verdict import states_change
from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.observation import UNKNOWN, Mark, State
from tests.unit.assess.builders import EARLIER, comparison, counts, observation

BREAK = frozenset({Mark.BREAK})


def verdict_and_rule(judgement: Judgement) -> tuple[Verdict | None, str]:
    return judgement.verdict, judgement.rule


class TestTheSeedsTable:
    """Violence with injury, 2021-22 to 2022-23, as the consultation printed it, at dispersion 1."""

    KNOWN = (1119 + 2690, 1011 + 2882)
    UNKNOWN = (155, 57)

    def test_total_shows_no_clear_change(self) -> None:
        total = counts(3964, 3950)
        assert (round(total.lower or 0, 1), round(total.upper or 0, 1)) == (-4.6, 4.1)
        assert judge(total, Want.DOWN).verdict is Verdict.NO_CLEAR_CHANGE

    def test_under_25_improved_however_the_unknown_ages_fall(self) -> None:
        young = counts(1119, 1011, self.KNOWN, self.UNKNOWN, breakdown="age", category="U25")
        assert round(young.pro_rata or 0, 1) == -11.9
        assert (round(young.bound_lower or 0, 1), round(young.bound_upper or 0, 1)) == (-20.6, -4.6)
        judgement = judge(young, Want.DOWN)
        assert verdict_and_rule(judgement) == (Verdict.IMPROVED, "as_wanted")

    def test_25_and_over_does_not_stand_with_the_unknown_ages_shared_out(self) -> None:
        adult = counts(2690, 2882, self.KNOWN, self.UNKNOWN, breakdown="age", category="25+")
        assert round(adult.change_percent or 0, 1) == 7.1
        assert (adult.lower or 0) > 0
        assert (round(adult.bound_lower or 0, 1), round(adult.bound_upper or 0, 1)) == (1.3, 9.3)
        judgement = judge(adult, Want.DOWN)
        assert verdict_and_rule(judgement) == (Verdict.NO_CLEAR_CHANGE, "unknowns_undo_it")
        assert judgement.marks == {Mark.LOW_RELIABILITY}
        assert judgement.reason == "the change does not hold with the unknowns shared pro rata"

    def test_fewer_unknown_ages_are_no_improvement(self) -> None:
        unknown = counts(155, 57, breakdown="age", category=UNKNOWN)
        judgement = judge(unknown, Want.DOWN)
        assert verdict_and_rule(judgement) == (Verdict.DOWN, "neither_wanted")
        assert judgement.want is Want.NEITHER


@pytest.mark.parametrize(
    ("want", "lower", "upper", "expected"),
    [
        (Want.DOWN, -9.0, -1.0, (Verdict.IMPROVED, "as_wanted")),
        (Want.DOWN, 1.0, 9.0, (Verdict.WORSENED, "against_wanted")),
        (Want.UP, 1.0, 9.0, (Verdict.IMPROVED, "as_wanted")),
        (Want.UP, -9.0, -1.0, (Verdict.WORSENED, "against_wanted")),
        (Want.NEITHER, 1.0, 9.0, (Verdict.UP, "neither_wanted")),
        (Want.NEITHER, -9.0, -1.0, (Verdict.DOWN, "neither_wanted")),
        (Want.DOWN, -9.0, 0.0, (Verdict.NO_CLEAR_CHANGE, "interval_spans_zero")),
        (Want.DOWN, 0.0, 9.0, (Verdict.NO_CLEAR_CHANGE, "interval_spans_zero")),
        (Want.DOWN, 20.0, None, (Verdict.WORSENED, "against_wanted")),  # from none to many
        (Want.DOWN, -20.0, None, (Verdict.NO_CLEAR_CHANGE, "interval_spans_zero")),
        (Want.DOWN, None, -2.0, (Verdict.IMPROVED, "as_wanted")),
    ],
)
def test_the_interval_decides(
    want: Want, lower: float | None, upper: float | None, expected: tuple[Verdict, str]
) -> None:
    assert verdict_and_rule(judge(comparison(lower, upper), want)) == expected


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [(-9, -1, Verdict.DOWN), (1, 9, Verdict.UP), (-1, 9, Verdict.NO_CLEAR_CHANGE)],
)
@pytest.mark.parametrize("want", list(Want))
def test_across_a_break_nothing_improves_or_worsens(
    want: Want, lower: float, upper: float, verdict: Verdict
) -> None:
    judgement = judge(comparison(lower, upper, marks=BREAK), want)
    assert judgement.verdict is verdict
    assert judgement.marks == BREAK


@pytest.mark.parametrize("comparator", ["rank", "average"])
def test_a_position_is_no_change(comparator: str) -> None:
    judged = judge(comparison(-9, -1, comparator=comparator), Want.DOWN)
    assert verdict_and_rule(judged) == (None, "position")
    assert not states_change(comparator)


class TestTarget:
    """`lower` and `upper` are where the figure's limits lie from what the target asks by now."""

    @pytest.mark.parametrize(
        ("want", "lower", "upper", "rule"),
        [
            (Want.UP, 0.0, 9.0, "target_met"),
            (Want.UP, -9.0, -0.1, "target_missed"),
            (Want.UP, -1.0, 9.0, "target_in_interval"),
            (Want.UP, -9.0, 0.0, "target_in_interval"),
            (Want.DOWN, -9.0, 0.0, "target_met"),
            (Want.DOWN, 0.1, 9.0, "target_missed"),
            (Want.DOWN, -1.0, 9.0, "target_in_interval"),
            (Want.DOWN, -5.0, None, "target_in_interval"),
            (Want.DOWN, None, -5.0, "target_met"),
            (Want.DOWN, 5.0, None, "target_missed"),
            (Want.UP, None, 5.0, "target_in_interval"),
            (Want.UP, 5.0, None, "target_met"),
            (Want.UP, None, -5.0, "target_missed"),
            (Want.NEITHER, 1.0, 9.0, "position"),
        ],
    )
    def test_the_interval_is_on_one_side_of_it_or_holds_it(
        self, want: Want, lower: float | None, upper: float | None, rule: str
    ) -> None:
        judged = judge(comparison(lower, upper, comparator="target", change=1.0), want)
        assert verdict_and_rule(judged) == (None, rule)

    @pytest.mark.parametrize(
        ("change", "rule"), [(0.0, "target_met"), (-3.0, "target_met"), (3.0, "target_missed")]
    )
    def test_a_figure_with_no_interval_is_taken_as_it_is(self, change: float, rule: str) -> None:
        judged = judge(comparison(None, None, comparator="target", change=change), Want.DOWN)
        assert verdict_and_rule(judged) == (None, rule)

    @pytest.mark.parametrize("fields", [{"marks": BREAK}, {"comparable": False}, {"change": None}])
    def test_it_is_not_judged_across_a_break_nor_without_a_figure(self, fields: dict[str, Any]) -> None:
        judged = judge(comparison(1.0, 9.0, comparator="target", **fields), Want.UP)
        assert verdict_and_rule(judged) == (None, "position")

    def test_it_states_no_change(self) -> None:
        assert not states_change("target")


@pytest.mark.parametrize(("want", "expected"), [(Want.DOWN, 5.0), (Want.UP, 6.0), (Want.NEITHER, 6.0)])
def test_what_would_have_shown_is_told_the_wanted_way(want: Want, expected: float) -> None:
    judged = judge(comparison(-1, 1, detectable_percent=5.0, detectable_rise_percent=6.0), want)
    assert judged.detectable == expected
    fall_only = judge(comparison(-1, 1, detectable_percent=5.0), want)
    assert fall_only.detectable == (5.0 if want is Want.DOWN else None)


@pytest.mark.parametrize("comparator", ["change_of", "paired"])
def test_a_change_elsewhere_is_context(comparator: str) -> None:
    judged = judge(comparison(-9, -1, comparator=comparator), Want.DOWN)
    assert verdict_and_rule(judged) == (None, "context")
    assert not states_change(comparator)


CLOSED = pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.WITHHELD, (Verdict.WITHHELD, "hidden")),
        (State.SUPPRESSED, (Verdict.WITHHELD, "hidden")),
        (State.IMMATURE, (Verdict.IMMATURE, "immature")),
        (State.NOT_COMPARABLE, (Verdict.NOT_COMPARABLE, "not_comparable")),
        (State.NOT_APPLICABLE, (Verdict.NOT_COMPARABLE, "not_comparable")),
    ],
)


@CLOSED
@pytest.mark.parametrize("side", ["observation", "reference"])
def test_a_state_on_either_side_decides_before_the_interval(
    side: str, state: State, expected: tuple[Verdict, str]
) -> None:
    judged = judge(
        comparison(-9, -1, **{side: observation(50, state=state, reason="2022-09 not delivered")}),
        Want.DOWN,
    )
    assert verdict_and_rule(judged) == expected
    assert judged.reason == "2022-09 not delivered"


def test_a_return_that_did_not_come_is_awaited() -> None:
    late = observation(None, state=State.NOT_SUPPLIED, reason="due 14 July 2023")
    judged = judge(comparison(None, None, observation=late), Want.UP)
    assert verdict_and_rule(judged) == (Verdict.AWAITING_RETURN, "not_supplied")
    assert judged.reason == "due 14 July 2023"


def test_what_is_not_comparable_says_why() -> None:
    reason = "2024-09 not delivered, 2024-10 incomplete"
    judged = judge(comparison(-9, -1, comparable=False, reason=reason), Want.DOWN)
    assert verdict_and_rule(judged) == (Verdict.NOT_COMPARABLE, "not_comparable")
    assert judged.reason == reason


@pytest.mark.parametrize("reference", [None, observation(None, period=EARLIER, state=State.NOT_SUPPLIED)])
def test_without_an_earlier_figure_it_is_the_first(reference: object) -> None:
    judged = judge(comparison(None, None, reference=reference), Want.DOWN)
    assert verdict_and_rule(judged) == (Verdict.FIRST_MEASURE, "no_reference")


def test_a_figure_without_interval_cannot_be_told_from_chance() -> None:
    judged = judge(comparison(None, None), Want.DOWN)
    assert verdict_and_rule(judged) == (Verdict.NOT_COMPARABLE, "no_test")


def test_nothing_and_nothing_is_no_change() -> None:
    nothing = counts(0, 0)
    assert verdict_and_rule(judge(nothing, Want.DOWN)) == (
        Verdict.NO_CLEAR_CHANGE,
        "nothing_in_either",
    )


class TestUnknownsThatMoved:
    """As recorded the change is +2 to +12."""

    @staticmethod
    def judged(**fields: float | frozenset[Mark]) -> Judgement:
        return judge(comparison(2.0, 12.0, **fields), Want.UP)

    def test_it_stands_where_everything_agrees(self) -> None:
        judged = self.judged(
            pro_rata=5.0, pro_rata_lower=1.0, pro_rata_upper=9.0, bound_lower=0.5, bound_upper=14.0
        )
        assert judged.verdict is Verdict.IMPROVED

    def test_without_bounds_the_shared_figure_decides(self) -> None:
        stands = self.judged(pro_rata=5.0, pro_rata_lower=1.0, pro_rata_upper=9.0)
        falls = self.judged(pro_rata=1.4, pro_rata_lower=-2.0, pro_rata_upper=5.0)
        assert stands.verdict is Verdict.IMPROVED
        assert falls.verdict is Verdict.NO_CLEAR_CHANGE
        assert Mark.LOW_RELIABILITY in falls.marks

    def test_bounds_across_zero_undo_it(self) -> None:
        judged = self.judged(
            pro_rata=5.0, pro_rata_lower=1.0, pro_rata_upper=9.0, bound_lower=-1.0, bound_upper=14.0
        )
        assert judged.verdict is Verdict.NO_CLEAR_CHANGE
        assert judged.reason == "the change could be none, depending on what the unknowns are"

    def test_an_open_bound_undoes_it(self) -> None:
        assert self.judged(bound_upper=14.0).verdict is Verdict.NO_CLEAR_CHANGE

    def test_a_shared_figure_the_other_way_undoes_it(self) -> None:
        judged = self.judged(
            pro_rata=-5.0, pro_rata_lower=-9.0, pro_rata_upper=-1.0, bound_lower=-9, bound_upper=14
        )
        assert judged.verdict is Verdict.NO_CLEAR_CHANGE
        assert " and " in judged.reason

    def test_across_a_break_the_direction_must_hold_too(self) -> None:
        falls = self.judged(pro_rata=1.4, pro_rata_lower=-2.0, pro_rata_upper=5.0, marks=BREAK)
        assert falls.verdict is Verdict.NO_CLEAR_CHANGE
        assert falls.marks == {Mark.BREAK, Mark.LOW_RELIABILITY}

    def test_reasons_are_kept_and_added_to(self) -> None:
        judged = judge(
            comparison(2.0, 12.0, bound_lower=-1.0, bound_upper=14.0, reason="1.4 % unknown"),
            Want.UP,
        )
        assert judged.reason == (
            "1.4 % unknown; the change could be none, depending on what the unknowns are"
        )


def test_every_rule_is_described_and_none_besides() -> None:
    late = observation(None, state=State.NOT_SUPPLIED)
    cases: list[tuple[Comparison, Want]] = [
        (comparison(1, 2, comparator="target"), Want.UP),
        (comparison(1, 2, comparator="target"), Want.DOWN),
        (comparison(-1, 2, comparator="target"), Want.DOWN),
        (comparison(1, 2, comparator="rank"), Want.UP),
        (comparison(1, 2, comparator="change_of"), Want.UP),
        (comparison(1, 2, observation=late), Want.UP),
        (comparison(1, 2, reference=observation(None, state=State.WITHHELD)), Want.UP),
        (comparison(1, 2, observation=observation(5, state=State.IMMATURE)), Want.UP),
        (comparison(1, 2, comparable=False), Want.UP),
        (comparison(1, 2, reference=None), Want.UP),
        (counts(0, 0), Want.UP),
        (comparison(None, None), Want.UP),
        (comparison(-1, 2), Want.UP),
        (comparison(1, 2, bound_lower=-1), Want.UP),
        (comparison(1, 2, unbounded=True), Want.UP),
        (comparison(1, 2, marks=BREAK), Want.UP),
        (comparison(1, 2), Want.NEITHER),
        (comparison(1, 2), Want.UP),
        (comparison(1, 2), Want.DOWN),
    ]
    assert [judge(*case).rule for case in cases] == [rule.name for rule in RULES]
