"""What a verdict carries along unchanged: whose it is, what was wanted, why, and what it is called."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.assess import RULES, assess, judge
from pipeline.model.assessment import Assessment, FindingKind
from pipeline.model.comparison import Comparison, Verdict, Want
from pipeline.model.observation import Results, State
from pipeline.model.period import Period
from tests.unit.assess.builders import EARLIER, comparison, definitions, indicator, observation, priority


def silent(state: State) -> dict[str, Any]:
    return {"observation": observation(7 if state.has_value else None, state=state)}


CASES: dict[str, Comparison] = {
    "position": comparison(None, None, comparator="rank"),
    "context": comparison(-9, -3, comparator="change_of"),
    "not_supplied": comparison(None, None, **silent(State.NOT_SUPPLIED)),
    "hidden": comparison(None, None, **silent(State.SUPPRESSED)),
    "immature": comparison(None, None, **silent(State.IMMATURE)),
    "not_comparable": comparison(None, None, **silent(State.NOT_COMPARABLE)),
    "no_reference": comparison(None, None, reference=None),
    "nothing_in_either": comparison(
        None, None, observation=observation(0), reference=observation(0, period=EARLIER)
    ),
    "no_test": comparison(None, None),
    "interval_spans_zero": comparison(-3, 9),
    "unknowns_undo_it": comparison(3, 9, pro_rata=4, pro_rata_lower=-1, pro_rata_upper=9),
    "unknowns_unbounded": comparison(3, 9, unbounded=True),
    "as_wanted": comparison(-9, -3),
    "against_wanted": comparison(3, 9),
}


@pytest.mark.parametrize("rule", CASES)
def test_every_judgement_says_what_was_wanted_and_of_what_it_is(rule: str) -> None:
    judgement = judge(CASES[rule], Want.DOWN)
    assert judgement.rule == rule
    assert judgement.want is Want.DOWN
    assert judgement.comparison is CASES[rule]
    assert rule in {known.name for known in RULES}


def test_two_doubts_and_two_silences_are_told_one_after_the_other() -> None:
    doubted = comparison(
        3, 9, pro_rata=4, pro_rata_lower=-1, pro_rata_upper=9, bound_lower=-2, bound_upper=20
    )
    assert judge(doubted, Want.DOWN).reason == (
        "the change does not hold with the unknowns shared pro rata "
        "and could be none, depending on what the unknowns are"
    )
    both = comparison(
        None,
        None,
        observation=observation(None, state=State.SUPPRESSED, reason="fewer than 8"),
        reference=observation(None, state=State.SUPPRESSED, reason="fewer than 8 then", period=EARLIER),
    )
    assert judge(both, Want.DOWN).reason == "fewer than 8; fewer than 8 then"


def test_an_open_end_is_no_end_at_zero() -> None:
    assert judge(comparison(3, None), Want.UP).verdict is Verdict.IMPROVED
    assert judge(comparison(None, -3), Want.UP).verdict is Verdict.WORSENED
    assert judge(comparison(0, 9), Want.UP).verdict is Verdict.NO_CLEAR_CHANGE
    assert judge(comparison(-9, 0), Want.UP).verdict is Verdict.NO_CLEAR_CHANGE


def test_measures_and_findings_keep_their_names() -> None:
    theft = indicator("theft")
    stated = definitions(
        theft,
        priorities={
            "safer": priority(
                less_theft={
                    "title": "Less theft",
                    "uses": [{"use": "theft", "want": "down", "headline": True}],
                }
            )
        },
    )
    fell = comparison(
        -9,
        -3,
        observation=observation(95, indicator="theft"),
        reference=observation(100, indicator="theft", period=EARLIER),
    )
    ranked = comparison(
        None,
        None,
        comparator="rank",
        reference_value=2.0,
        observation=fell.observation,
        reference=None,
    )
    found = assess(
        (ranked, fell),
        Results((fell.observation, observation(100, indicator="theft", period=EARLIER))),
        stated,
    )
    (measure,) = found.measures
    assert (measure.group, measure.measure, measure.title) == ("safer", "less_theft", "Less theft")
    (use,) = measure.uses
    assert (use.indicator, use.title, use.want) == ("theft", "Theft", Want.DOWN)
    assert use.judgement is not None
    assert use.judgement.comparison is fell  # a change speaks before a position
    assert [judgement.comparison for judgement in use.others] == [ranked]
    for finding in found.findings:
        assert (finding.group, finding.measure, finding.verdict) == ("safer", "less_theft", Verdict.IMPROVED)
    assert {finding.kind for finding in found.findings} == {FindingKind.CHANGE, FindingKind.POSITION}


def use_of(name: str, want: str = "down", headline: bool = True, **more: Any) -> dict[str, Any]:
    return {"use": name, "want": want, "headline": headline} | more


def judged(measure: dict[str, Any], *comparisons: Comparison, **fields: Any) -> Assessment:
    """The assessment of one measure of the indicator `violence`, with such comparisons."""
    stated = definitions(indicator(**fields), priorities={"safer": priority(less=measure)})
    sides = [side for c in comparisons for side in (c.observation, c.reference) if side is not None]
    return assess(comparisons, Results(tuple(dict.fromkeys(sides))), stated)


def test_comparisons_stand_in_the_order_in_which_they_are_declared() -> None:
    rank, average = (
        comparison(None, None, comparator=name, reference=None, reference_value=2.0)
        for name in ("rank", "average")
    )
    elsewhere = comparison(-1, 1, comparator="change_of")
    year = comparison(-9, -3)
    declared = [{"to": "previous_year"}, {"to": "average", "of": "peers"}, {"to": "rank", "of": "peers"}]
    found = judged({"uses": [use_of("violence")]}, elsewhere, rank, average, year, compare=declared)
    (use,) = found.measures[0].uses
    assert use.judgement is not None
    assert [j.comparison for j in (use.judgement, *use.others)] == [year, average, rank, elsewhere]


def test_categories_are_judged_under_the_direction_of_the_use() -> None:
    young: dict[str, Any] = {"breakdown": "age", "category": "U25"}
    child = comparison(
        3, 9, observation=observation(110, **young), reference=observation(100, period=EARLIER, **young)
    )
    found = judged({"uses": [use_of("violence", "up")]}, comparison(3, 9), child)
    (use,) = found.measures[0].uses
    assert [(j.verdict, j.want) for j in use.children] == [(Verdict.IMPROVED, Want.UP)]


def test_a_target_belongs_to_the_use_that_sets_it() -> None:
    mine, other = (
        comparison(
            None, None, comparator="target", reference=None, reference_label=f"target of {value} by 2025-26"
        )
        for value in (90, 80)
    )
    target = {"value": 90, "by": "2025-26"}
    found = judged({"uses": [use_of("violence", target=target)]}, comparison(-9, -3), mine, other)
    assert [j.comparison for j in found.measures[0].uses[0].others] == [mine]
    without = judged({"uses": [use_of("violence")]}, comparison(-9, -3), mine, other)
    assert without.measures[0].uses[0].others == ()


@pytest.mark.parametrize(("pair_want", "verdict"), [("up", Verdict.IMPROVED), ("down", Verdict.MIXED)])
def test_a_pair_is_judged_under_its_own_direction(pair_want: str, verdict: Verdict) -> None:
    known = definitions(
        indicator(compare=[{"to": "previous_year"}, {"to": "paired", "of": "reports"}]),
        indicator("reports"),
        priorities={
            "safer": priority(
                less={"uses": [use_of("violence")]}, told={"uses": [use_of("reports", pair_want)]}
            )
        },
    )
    fell = comparison(-9, -3)
    rose = comparison(
        3,
        9,
        observation=observation(110, indicator="reports"),
        reference=observation(100, indicator="reports", period=EARLIER),
    )
    found = assess((fell, rose), Results((fell.observation, rose.observation)), known)
    assert found.measures[0].verdict is verdict


def test_a_figure_that_nothing_is_compared_with_is_the_latest_of_its_window() -> None:
    rolling = [Period.ending(date(2023, month, 1), 12, "rolling_12") for month in (1, 3)]
    figures = [observation(value, period=period) for value, period in zip((5, 7), rolling, strict=True)]
    stated = definitions(
        indicator(window={"kind": "rolling", "months": 12}),
        priorities={"safer": priority(less={"uses": [use_of("violence")]})},
    )
    (measure,) = assess((), Results((*figures, observation(9))), stated).measures
    assert measure.uses[0].observation == figures[1]
    assert measure.verdict is Verdict.FIRST_MEASURE


def test_the_weight_of_a_finding_is_of_one_scale() -> None:
    # the limits are per cent, so the change that they are set against is too, not its 50 crimes
    fell = comparison(-9, -3, change=-50, change_percent=-6)
    (finding,) = judged({"uses": [use_of("violence")]}, fell).findings
    assert finding.weight == pytest.approx(10 + 3 / 6)


def test_a_change_beside_the_headline_keeps_its_measure() -> None:
    stated = definitions(
        indicator(),
        indicator("context"),
        priorities={
            "safer": priority(less={"uses": [use_of("violence"), use_of("context", headline=False)]})
        },
    )
    beside = comparison(
        3,
        9,
        observation=observation(110, indicator="context"),
        reference=observation(100, indicator="context", period=EARLIER),
    )
    unclear = comparison(-3, 9)
    found = assess((unclear, beside), Results((unclear.observation, beside.observation)), stated).findings
    assert [(f.group, f.measure, f.verdict) for f in found] == [
        ("safer", "less", Verdict.WORSENED),
        ("safer", "less", Verdict.NO_CLEAR_CHANGE),
    ]


def test_a_target_in_per_cent_is_called_so() -> None:
    share = replace(observation(9), unit="%")
    fell = comparison(-9, -3, observation=share)
    mine = replace(fell, comparator="target", reference=None, reference_label="target of 8% by 2025-26")
    target = {"value": 8, "by": "2025-26"}
    found = judged({"uses": [use_of("violence", target=target)]}, fell, mine)
    assert [j.comparison for j in found.measures[0].uses[0].others] == [mine]


def test_doubts_are_told_only_where_they_undo_a_change() -> None:
    unclear = comparison(-3, 9, pro_rata=6, pro_rata_lower=1, pro_rata_upper=12)
    assert (judge(unclear, Want.DOWN).rule, judge(unclear, Want.DOWN).reason) == ("interval_spans_zero", "")
