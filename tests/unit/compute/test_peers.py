"""Sets of areas whose members change: who is compared with when, and what is said of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.compute import compare
from pipeline.compute.peers import changed_members, members_in
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.model.delivery import MonthState
from pipeline.model.observation import Mark, Results, State
from pipeline.model.period import Period
from pipeline.statistics import rate_ratio
from tests.small_partnership import (
    COUNT,
    cell,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
    rows,
)

GROUP = {
    "title": "the similar group",
    "kind": "district",
    "members": [
        {"code": "A", "name": "Alpha"},
        {"code": "B", "name": "Beta"},
        {"code": "Y", "name": "Ypsilon", "until": "2022-03-31"},
        {"code": "X", "name": "Xi", "from": "2022-04-01"},
    ],
}
TABLE = [*rows(90, 120), *rows(110, 100, "B"), *rows(210, 200, "Y"), *rows(50, 40, "X")]
NOW, BEFORE = (Period.ending(date(y, 12, 1), 12, "rolling_12") for y in (2022, 2021))


def known(group: dict[str, Any] = GROUP, **more: Any) -> Any:
    return definitions(indicator(COUNT, **more), area_sets={"group": group})


def found(
    holes: dict[tuple[str, str], MonthState] | None = None, group: dict[str, Any] = GROUP, **more: Any
) -> tuple[list[Comparison], Results]:
    """The comparisons and the released results of the small partnership among the group."""
    given = known(group, **more)
    deliveries = delivered(holes, districts=("A", "B", "C", "X", "Y"))
    results = release(observed(given, {"crimes": crimes(TABLE)}, deliveries), given)
    return list(compare(results, given)), results


def test_the_members_of_a_period_are_those_of_its_last_day() -> None:
    partnership = known().partnership
    assert [a.code for a in members_in(partnership, "group", NOW)] == ["A", "B", "X"]
    assert [a.code for a in members_in(partnership, "group", BEFORE)] == ["A", "B", "Y"]
    march = Period.ending(date(2022, 3, 1), 12, "rolling_12")
    assert [a.code for a in members_in(partnership, "group", march)] == ["A", "B", "Y"]
    assert [a.code for a in members_in(partnership, "force", NOW)] == ["F"]


def test_how_a_set_changed_is_told_in_words() -> None:
    partnership = known().partnership
    expected = (
        "the similar group had other members in year to December 2021: Xi joined and Ypsilon left since"
    )
    assert changed_members(partnership, "group", NOW, BEFORE) == expected
    assert changed_members(partnership, "group", NOW, NOW) == ""
    assert changed_members(partnership, "rest_of_force", NOW, BEFORE) == ""


def test_an_area_that_left_and_came_back_has_two_spans() -> None:
    there, away = {"code": "B", "name": "Beta", "until": "2021-06-30"}, {"code": "A", "name": "Alpha"}
    group = GROUP | {"members": [away, there, {"code": "B", "name": "Beta", "from": "2022-01-01"}]}
    memberships = known(group).partnership.area_sets["group"].memberships
    assert [(m.since, m.until, m.codes) for m in memberships] == [
        (None, date(2021, 6, 30), ("A", "B")),
        (date(2021, 7, 1), date(2021, 12, 31), ("A",)),
        (date(2022, 1, 1), None, ("A", "B")),
    ]


def test_a_rank_is_among_the_members_of_its_period_and_marked_where_they_changed() -> None:
    (ranked,), results = found(compare=[{"to": "rank", "of": "group"}])
    assert ranked.reference_value == 2  # Xi 50, Alpha 90, Beta 110
    assert ranked.marks == {Mark.BREAK}
    assert ranked.reason == (
        "3 areas ranked, the lowest first; "
        "the similar group had other members in year to December 2021: Xi joined and Ypsilon left since"
    )
    assert {o.area.code for o in results.of_period("crime", NOW) if not o.breakdown} == {"A", "B", "X"}


def test_an_average_pools_the_members_of_its_period() -> None:
    (average,), _ = found(compare=[{"to": "average", "of": "group"}])
    assert average.reference is not None
    assert average.reference.value == 90 + 110 + 50
    assert average.reference_value == pytest.approx(250 / 3)
    assert average.marks == {Mark.BREAK}


def test_a_change_elsewhere_across_a_change_of_members_is_a_break() -> None:
    (beside,), results = found(compare=[{"to": "change_of", "of": "group"}])
    assert cell(results, "group", BEFORE.key).value == 120 + 100 + 200
    assert beside.reference_value == pytest.approx(100 * (250 / 420 - 1))
    assert Mark.BREAK in beside.marks
    assert "Xi joined and Ypsilon left since" in beside.reason


def test_who_has_left_need_deliver_nothing() -> None:
    gone = {("Y", f"2022-{month:02d}"): MonthState.NOT_DELIVERED for month in range(4, 13)}
    (ranked,), _ = found(gone, compare=[{"to": "rank", "of": "group"}])
    assert (ranked.observation.period, ranked.comparable) == (NOW, True)
    late = {("X", "2022-12"): MonthState.NOT_DELIVERED}
    (ranked,), _ = found(late, compare=[{"to": "rank", "of": "group"}])
    assert ranked.observation.period == Period.ending(date(2022, 11, 1), 12, "rolling_12")


def test_before_its_members_are_known_a_set_is_not_compared_with() -> None:
    members = [{"code": "A", "name": "Alpha"}, {"code": "B", "name": "Beta"}]
    group = GROUP | {"valid_from": "2023-01-01", "members": members}
    for comparator in ("rank", "average"):
        (compared,), _ = found(group=group, compare=[{"to": comparator, "of": "group"}])
        assert not compared.comparable
        assert compared.reason.startswith("the members of the similar group in year to December 2022")


def test_a_rank_among_others_does_not_hold_the_own_area() -> None:
    others = GROUP | {"members": [{"code": c, "name": c} for c in ("B", "X", "Y")]}
    (ranked,), _ = found(group=others, compare=[{"to": "rank", "of": "group"}])
    assert (ranked.comparable, ranked.reason) == (False, "Alpha is not one of the areas ranked")
    (average,), _ = found(group=others, compare=[{"to": "average", "of": "group"}])
    assert (average.reference_value, average.reference_label) == (370 / 3, "the similar group together")
    expected = rate_ratio(90, 1, 370, 3)
    assert average.p_value == expected.p_value


@pytest.mark.parametrize(
    ("pooled", "reason", "compared"),
    [
        ({"state": State.SUPPRESSED}, "the areas together have no figure", False),
        ({"state": State.SUPPRESSED, "reason": "hidden"}, "hidden", False),
        ({"state": State.VALUE, "value": 80.0, "numerator": 80.0}, "", True),  # rounded below its part
    ],
)
def test_areas_together_that_disclosure_control_has_changed(
    pooled: dict[str, Any], reason: str, compared: bool
) -> None:
    given = known(compare=[{"to": "average", "of": "all"}])
    results = release(observed(given, {"crimes": crimes(TABLE)}, delivered()), given)
    blank: dict[str, Any] = {"numerator": None, "value": None, "lower": None, "upper": None}
    changed = Results(tuple(replace(o, **blank | pooled) if o.area.code == "all" else o for o in results))
    (average,) = compare(changed, given)
    assert (average.comparable, average.reason) == (compared, reason)
    assert (average.lower, average.p_value) == (None, None)


def test_a_set_that_never_changed_has_no_break() -> None:
    (ranked,), _ = found(compare=[{"to": "rank", "of": "all"}])
    assert (ranked.marks, ranked.reason) == (frozenset(), "3 areas ranked, the lowest first")
