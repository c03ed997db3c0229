"""Success measures: headlines decide, halves that differ are mixed, what is awaited has an owner."""

from datetime import date
from typing import Any, ClassVar

import pytest

from pipeline.assess.measures import join_verdicts, judge_measures, wants
from pipeline.definitions.indicator import Indicator
from pipeline.model.assessment import Awaiting, MeasureResult
from pipeline.model.comparison import Comparison, Verdict, Want
from pipeline.model.observation import UNKNOWN, ReleasedObservation, Results, State
from pipeline.model.period import Period
from pipeline.model.returns import Return, ReturnedItem
from tests.unit.assess.builders import (
    EARLIER,
    PEER,
    comparison,
    counts,
    definitions,
    indicator,
    observation,
    priority,
)

DOWN = {"use": "violence", "want": "down", "headline": True}


def result(
    comparisons: list[Comparison],
    *indicators: Indicator,
    observations: tuple[ReleasedObservation, ...] = (),
    **measure: Any,
) -> MeasureResult:
    """The one success measure of a one-measure strategy."""
    given = definitions(*indicators, priorities={"one": priority(reduction=measure)})
    (only,) = judge_measures(comparisons, Results(observations), given)
    return only


def test_a_late_return_names_the_supplier_and_the_day_it_was_due() -> None:
    reported = indicator("cases", measure={"type": "reported", "item": "cases_opened", "unit": "cases"})
    given = definitions(
        reported, priorities={"one": priority(reduction={"uses": [{**DOWN, "use": "cases"}]})}
    )
    owed = [
        Return(
            source="returns",
            supplier=supplier,
            contact="",
            period=Period(date(2023, 1, 1), date(2023, 4, 1), "calendar_quarter"),
            due=due,
            items=(ReturnedItem(item=item, area_code="E1"),),
        )
        for supplier, item, due in (
            ("Probation", "orders", date(2023, 4, 1)),
            ("Housing", "cases_opened", date(2023, 7, 30)),
            ("Housing", "cases_opened", date(2023, 4, 30)),
        )
    ]
    for returns, told in ((owed, ("Housing", date(2023, 4, 30))), ([], ("csp.analysis", None))):
        (measure,) = judge_measures([], Results(()), given, returns)
        assert [(one.owner, one.due) for one in measure.awaiting] == [told]


@pytest.mark.parametrize(
    ("verdicts", "joined"),
    [
        ([], Verdict.AWAITING_RETURN),
        ([Verdict.AWAITING_RETURN], Verdict.AWAITING_RETURN),
        ([Verdict.IMPROVED], Verdict.IMPROVED),
        ([Verdict.IMPROVED, Verdict.IMPROVED], Verdict.IMPROVED),
        ([Verdict.IMPROVED, Verdict.WORSENED], Verdict.MIXED),
        ([Verdict.IMPROVED, Verdict.NO_CLEAR_CHANGE], Verdict.MIXED),
        ([Verdict.IMPROVED, Verdict.FIRST_MEASURE], Verdict.MIXED),
        ([Verdict.IMPROVED, Verdict.AWAITING_RETURN], Verdict.MIXED),
        ([Verdict.NO_CLEAR_CHANGE, Verdict.AWAITING_RETURN], Verdict.NO_CLEAR_CHANGE),
        ([Verdict.UP, Verdict.AWAITING_RETURN], Verdict.UP),
    ],
)
def test_halves(verdicts: list[Verdict], joined: Verdict) -> None:
    assert join_verdicts(verdicts) is joined
    assert join_verdicts(verdicts[::-1]) is joined


def test_the_headline_decides_and_context_does_not() -> None:
    measure = result(
        [counts(1000, 800), counts(1000, 1200, indicator="context")],
        indicator(),
        indicator("context"),
        uses=[DOWN, {"use": "context", "want": "down"}],
    )
    assert measure.verdict is Verdict.IMPROVED
    assert [use.judgement and use.judgement.verdict for use in measure.uses] == [
        Verdict.IMPROVED,
        Verdict.WORSENED,
    ]


def test_headlines_of_two_halves_that_differ_are_mixed() -> None:
    measure = result(
        [counts(1000, 800), counts(1000, 1001, indicator="offenders")],
        indicator(),
        indicator("offenders"),
        uses=[DOWN, {"use": "offenders", "want": "down", "headline": True}],
    )
    assert measure.verdict is Verdict.MIXED


def test_context_without_any_headline_decides() -> None:
    measure = result([counts(1000, 800)], indicator(), uses=[{"use": "violence", "want": "neither"}])
    assert measure.verdict is Verdict.DOWN


def test_context_does_not_decide_for_an_awaited_headline() -> None:
    measure = result(
        [counts(1000, 800)],
        indicator(),
        uses=[{"use": "violence", "want": "down"}],
        awaiting={
            "owner": "residents.survey",
            "reason": "no item on safety yet",
            "item": "safe",
            "since": "2022-10-01",
            "due": "2023-10-01",
        },
    )
    assert measure.verdict is Verdict.AWAITING_RETURN
    assert measure.awaiting == (
        Awaiting(
            owner="residents.survey",
            reason="no item on safety yet",
            item="safe",
            since=date(2022, 10, 1),
            due=date(2023, 10, 1),
        ),
    )
    assert measure.uses[0].judgement is not None


def test_a_measure_has_not_improved_while_a_half_of_it_is_awaited() -> None:
    measure = result(
        [counts(1000, 800)],
        indicator(),
        uses=[DOWN],
        awaiting=[{"owner": "probation", "reason": "first return due 14 July 2023"}],
    )
    assert measure.verdict is Verdict.MIXED
    assert [awaiting.owner for awaiting in measure.awaiting] == ["probation"]


def test_an_indicator_with_nothing_delivered_names_its_owner() -> None:
    measure = result([], indicator(), uses=[DOWN])
    assert measure.verdict is Verdict.AWAITING_RETURN
    assert measure.awaiting == (
        Awaiting(owner="csp.analysis", reason="nothing has been delivered", item="Violence"),
    )
    assert measure.uses[0].observation is None


class TestAReturnThatFillsAnIndicator:
    """The definition says what is awaited and which indicator it will fill."""

    MEASURE: ClassVar[dict[str, Any]] = {
        "uses": [DOWN, {"use": "other", "want": "up", "headline": True}],
        "awaiting": {"owner": "probation", "reason": "due 14 July 2023", "fills": "violence"},
    }

    def test_it_is_named_once_beside_other_late_returns(self) -> None:
        measure = result([], indicator(), indicator("other"), **self.MEASURE)
        assert [awaiting.owner for awaiting in measure.awaiting] == ["probation", "csp.analysis"]

    def test_it_speaks_for_all_that_its_owner_owes(self) -> None:
        both = indicator("other", govern={"owner": "probation"})
        measure = result([], indicator(), both, **self.MEASURE)
        assert [awaiting.reason for awaiting in measure.awaiting] == ["due 14 July 2023"]

    def test_once_it_has_come_the_wait_is_over(self) -> None:
        came = [counts(1000, 800), counts(1000, 800, indicator="other")]
        measure = result(came, indicator(), indicator("other"), **self.MEASURE)
        assert measure.awaiting == ()


def test_a_late_return_gives_its_own_reason() -> None:
    late = observation(None, state=State.NOT_SUPPLIED, reason="return of 2022-23 not received")
    measure = result([comparison(None, None, observation=late)], indicator(), uses=[DOWN])
    assert measure.verdict is Verdict.AWAITING_RETURN
    assert measure.awaiting[0].reason == "return of 2022-23 not received"


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        (observation(100), Verdict.FIRST_MEASURE),
        (observation(None, state=State.SUPPRESSED), Verdict.WITHHELD),
        (observation(None, state=State.WITHHELD), Verdict.WITHHELD),
        (observation(9, state=State.IMMATURE), Verdict.IMMATURE),
        (observation(None, state=State.NOT_COMPARABLE), Verdict.NOT_COMPARABLE),
        (observation(None, state=State.NOT_APPLICABLE), Verdict.NOT_COMPARABLE),
        (observation(None, state=State.NOT_SUPPLIED), Verdict.AWAITING_RETURN),
    ],
)
def test_a_figure_that_nothing_is_compared_with(cell: ReleasedObservation, verdict: Verdict) -> None:
    measure = result([], indicator(compare=[]), observations=(cell,), uses=[DOWN])
    assert measure.verdict is verdict
    assert measure.uses[0].observation is cell


def test_the_first_comparator_that_states_a_change_is_the_main_one() -> None:
    both = indicator(compare=[{"to": "rank", "of": "peers"}, {"to": "previous_year"}])
    rank = comparison(1, 4, comparator="rank", observation=observation(800), reference_value=2)
    measure = result([rank, counts(1000, 800)], both, uses=[DOWN])
    (use,) = measure.uses
    assert use.judgement is not None
    assert use.judgement.comparison.comparator == "previous_year"
    assert [other.comparison for other in use.others] == [rank]


def test_where_the_first_comparison_is_impossible_the_next_declared_one_speaks() -> None:
    both = indicator(compare=[{"to": "previous_year"}, {"to": "period", "ending": "2021-03"}])
    gap = comparison(-20, -10, observation=observation(800), comparable=False, reason="2021-09 not delivered")
    able = comparison(-20, -10, observation=observation(800), comparator="period")
    measure = result([gap, able], both, uses=[DOWN])
    assert measure.verdict is Verdict.IMPROVED
    assert measure.uses[0].judgement is not None
    assert measure.uses[0].judgement.comparison is able
    assert [other.comparison for other in measure.uses[0].others] == [gap]


def test_a_rank_alone_is_a_first_measure() -> None:
    ranked = indicator(compare=[{"to": "rank", "of": "peers"}])
    rank = comparison(1, 4, comparator="rank", reference_value=2)
    measure = result([rank], ranked, uses=[DOWN])
    assert measure.verdict is Verdict.FIRST_MEASURE
    assert measure.uses[0].judgement is not None
    assert measure.uses[0].judgement.comparison is rank


def test_only_the_latest_period_of_the_own_area_counts() -> None:
    older = counts(900, 500)
    older = comparison(-60, -40, observation=observation(500, period=EARLIER), reference=observation(900))
    peer = comparison(-60, -40, observation=observation(5, area=PEER))
    measure = result([older, peer, counts(1000, 1001)], indicator(), uses=[DOWN])
    assert measure.verdict is Verdict.NO_CLEAR_CHANGE


def test_a_category_or_a_peer_of_a_later_year_is_not_the_figure() -> None:
    later = Period(date(2023, 4, 1), date(2024, 4, 1), "financial_year")
    category = observation(5, period=later, breakdown="age", category="U25")
    peer = observation(5, period=later, area=PEER)
    ahead = [comparison(-60, -40, observation=each) for each in (category, peer)]
    measure = result([*ahead, counts(1000, 1001)], indicator(), uses=[DOWN])
    assert measure.uses[0].observation == counts(1000, 1001).observation
    assert measure.verdict is Verdict.NO_CLEAR_CHANGE


def test_categories_follow_the_main_comparator_with_unknowns_last() -> None:
    cells = [
        counts(155, 57, breakdown="age", category=UNKNOWN),
        counts(1119, 1011, breakdown="age", category="U25"),
        counts(500, 500, breakdown="sex", category="female"),
    ]
    elsewhere = comparison(
        1, 2, comparator="baseline", observation=observation(1, breakdown="age", category="U25")
    )
    measure = result([counts(3964, 3950), *cells, elsewhere], indicator(), uses=[DOWN])
    children = [child.comparison.observation.category for child in measure.uses[0].children]
    assert children == ["U25", UNKNOWN, "female"]


def test_priorities_come_before_duties_in_the_order_written() -> None:
    given = definitions(
        indicator(),
        priorities={"b": priority(y={"uses": [DOWN]}, x={"uses": [DOWN]})},
        duties={"a": priority(z={"awaiting": {"owner": "o", "reason": "r"}})},
    )
    measures = judge_measures([counts(1000, 800)], Results(()), given)
    assert [(m.group, m.measure) for m in measures] == [("b", "y"), ("b", "x"), ("a", "z")]


def test_the_direction_of_an_indicator_is_that_of_all_its_uses() -> None:
    given = definitions(
        indicator(),
        priorities={
            "one": priority(
                x={"uses": [DOWN, {"use": "share", "want": "up"}]},
                y={"uses": [DOWN, {"use": "share", "want": "down"}]},
            )
        },
    )
    assert wants(given) == {"violence": Want.DOWN, "share": Want.NEITHER}


def test_each_use_has_its_own_target_beside_it() -> None:
    labels = ("path to 900 by 2025-26", "target of 80 by 2022-23")
    targets = [comparison(1, 2, comparator="target", reference_label=label) for label in labels]
    uses = [
        DOWN | {"target": {"value": value, "by": by}} for value, by in ((900, "2025-26"), (80, "2022-23"))
    ]
    measure = result([counts(1000, 800), *targets], indicator(), uses=[*uses, DOWN])
    beside = [[j.comparison.reference_label for j in use.others] for use in measure.uses]
    assert beside == [[labels[0]], [labels[1]], []]


class TestPairs:
    """More reports are wanted, fewer repeats are wanted: neither is praised against the other."""

    REPORTS = {"use": "reports", "want": "up", "headline": True}
    REPEATS = {"use": "repeats", "want": "down", "headline": True}

    def judged(self, repeats: list[Comparison], pair_used: bool = True) -> Verdict:
        reports = indicator("reports", compare=[{"to": "previous_year"}, {"to": "paired", "of": "repeats"}])
        uses = {"reporting": {"uses": [self.REPORTS]}}
        if pair_used:
            uses["repeats"] = {"uses": [self.REPEATS]}
        given = definitions(reports, indicator("repeats"), priorities={"asb": priority(**uses)})
        more_reports = counts(1000, 1200, indicator="reports")
        return judge_measures([more_reports, *repeats], Results(()), given)[0].verdict

    def test_both_good_stands(self) -> None:
        assert self.judged([counts(1000, 800, indicator="repeats")]) is Verdict.IMPROVED

    def test_one_against_the_other_is_mixed(self) -> None:
        assert self.judged([counts(1000, 1200, indicator="repeats")]) is Verdict.MIXED

    def test_a_pair_without_a_figure_changes_nothing(self) -> None:
        assert self.judged([]) is Verdict.IMPROVED

    def test_only_the_pairs_own_total_change_counts(self) -> None:
        good = counts(1000, 800, indicator="repeats")
        bad = [
            comparison(9, 10, observation=observation(indicator="repeats", area=PEER)),
            comparison(9, 10, observation=observation(indicator="repeats", breakdown="kind", category="a")),
            comparison(9, 10, comparator="rank", observation=observation(indicator="repeats")),
        ]
        assert self.judged([*bad, good]) is Verdict.IMPROVED

    def test_a_pair_that_no_measure_uses_changes_nothing(self) -> None:
        worse = counts(1000, 1200, indicator="repeats")
        assert self.judged([worse], pair_used=False) is Verdict.IMPROVED
