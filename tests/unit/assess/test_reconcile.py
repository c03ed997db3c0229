"""Published figures beside computed ones, and the cause of each difference."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.assess.reconcile import reconcile
from pipeline.model.comparison import Comparison
from pipeline.model.observation import UNKNOWN, Mark, ReleasedObservation, Results, State
from pipeline.model.period import Period
from tests.unit.assess.builders import (
    EARLIER,
    PEER,
    comparison,
    counts,
    definitions,
    indicator,
    observation,
)

DECK = "Strategy consultation"


def rows(
    published: list[dict[str, Any]],
    observations: list[ReleasedObservation],
    comparisons: list[Comparison] | None = None,
    **fields: Any,
) -> list[tuple[str, str, str, str, str]]:
    """Category, quantity, published, computed and cause of every reconciliation."""
    given = definitions(indicator(published=[{"in": DECK} | each for each in published], **fields))
    found = reconcile(comparisons or [], Results(tuple(observations)), given)
    return [(r.category, r.quantity, r.published, r.computed, r.cause) for r in found]


def test_the_seeds_table_of_violence_by_age() -> None:
    table = {"": (3964, 3950), "U25": (1119, 1011), "25+": (2690, 2882), UNKNOWN: (155, 57)}
    comparisons = [
        counts(*both, breakdown="age" if category else "", category=category)
        for category, both in table.items()
    ]
    observations = [side for c in comparisons for side in (c.observation, c.reference) if side is not None]
    printed = [
        {"period": "2021-22", "all": 3964, "U25": 1119, "25+": 2690},
        {
            "period": "2022-23",
            "all": 3950,
            "U25": 1011,
            "25+": 2882,
            "changes": {"all": -0.3, "U25": -9.6, "25+": 7.1},
        },
    ]
    assert rows(printed, observations, comparisons) == [
        ("", "value", "3964", "3964", "agrees"),
        ("U25", "value", "1119", "1119", "agrees"),
        ("25+", "value", "2690", "2690", "agrees"),
        (UNKNOWN, "value", "", "155", "unknowns_left_out"),
        ("", "value", "3950", "3950", "agrees"),
        ("U25", "value", "1011", "1011", "agrees"),
        ("25+", "value", "2882", "2882", "agrees"),
        (UNKNOWN, "value", "", "57", "unknowns_left_out"),
        ("", "change", "-0.3", "-0.4", "truncation"),
        ("U25", "change", "-9.6", "-9.7", "truncation"),
        ("25+", "change", "+7.1", "+7.1", "agrees"),
    ]


def test_the_row_says_where_for_when_and_on_what_assumption() -> None:
    printed = {"period": "2022-23", "all": 100, "in": DECK, "assumption": "financial years"}
    given = definitions(indicator(published=[printed]))
    (row,) = reconcile([], Results((observation(100),)), given)
    assert (row.published_in, row.period_label) == (DECK, "2022-23")
    assert (row.indicator, row.assumption) == ("violence", "financial years")


@pytest.mark.parametrize(
    ("printed", "computed", "cause", "shown"),
    [
        (45, 45.49, "agrees", "45"),
        (45, 45.5, "truncation", "46"),
        (48.0, 48.04, "agrees", "48.0"),
        (11.6, 11.55, "agrees", "11.6"),
        (11.5, 11.55, "truncation", "11.6"),
        (-0.0, -0.04, "agrees", "0.0"),
        (0, 0.7, "truncation", "1"),
        (47, 45.5, "unexplained", "46"),
    ],
)
def test_figures_meet_at_the_printed_decimals(
    printed: float, computed: float, cause: str, shown: str
) -> None:
    (row,) = rows([{"period": "2022-23", "all": printed}], [observation(computed)])
    assert row[3:] == (shown, cause)


def test_a_truncated_change_may_be_none() -> None:
    falling = comparison(-9, 9, observation=observation(99.96), change_percent=-0.04)
    printed = [{"period": "2022-23", "changes": {"all": 0.0}}]
    (row,) = rows(printed, [falling.observation], [falling])
    assert row[2:] == ("+0.0", "+0.0", "agrees")


@pytest.mark.parametrize("written", ["2023-03", "2022-04/2023-03", "2022-23"])
def test_a_period_may_be_written_three_ways(written: str) -> None:
    assert rows([{"period": written, "all": 100}], [observation(100)])[0][4] == "agrees"


def test_a_period_that_the_edition_does_not_compute() -> None:
    assert rows([{"period": "2019-20", "all": 100}], [observation(100)]) == [
        ("", "value", "100", "", "not_computed")
    ]
    given = definitions(indicator(published=[{"period": "2019-20", "all": 1, "in": DECK}]))
    assert reconcile([], Results(()), given)[0].period_label == "2019-20"


def test_a_suppressed_figure_is_not_computed() -> None:
    hidden = observation(None, state=State.SUPPRESSED)
    assert rows([{"period": "2022-23", "all": 3}], [hidden])[0][3:] == ("", "not_computed")


def test_a_total_printed_without_its_unknowns() -> None:
    unknown = observation(155, breakdown="age", category=UNKNOWN)
    printed = [{"period": "2022-23", "all": 3809}]
    assert rows(printed, [observation(3964), unknown])[0][3:] == ("3964", "unknowns_left_out")


@pytest.mark.parametrize(
    "unknown",
    [
        observation(154, breakdown="age", category=UNKNOWN),
        observation(0, breakdown="age", category=UNKNOWN),
        observation(None, breakdown="age", category=UNKNOWN, state=State.SUPPRESSED),
    ],
)
def test_a_gap_that_the_unknowns_do_not_fill_is_not_put_on_them(
    unknown: ReleasedObservation,
) -> None:
    printed = [{"period": "2022-23", "all": 3809, "U25": 1119}]
    causes = {row[4] for row in rows(printed, [observation(3964), unknown])}
    assert causes == {"unexplained", "not_computed"}


@pytest.mark.parametrize("printed", [{"all": 3964, UNKNOWN: 155}, {"U25": 1119, UNKNOWN: 155}])
def test_unknowns_that_were_printed_were_not_left_out(printed: dict[str, int]) -> None:
    unknown = observation(155, breakdown="age", category=UNKNOWN)
    found = rows([{"period": "2022-23"} | printed], [observation(3964), unknown])
    assert (UNKNOWN, "value", "155", "155", "agrees") in found
    assert "unknowns_left_out" not in {row[4] for row in found}


def test_the_figure_of_another_window() -> None:
    calendar = Period(date(2022, 1, 1), date(2023, 1, 1), "calendar_year")
    observations = [observation(3950), observation(4012, period=calendar)]
    assert rows([{"period": "2022-23", "all": 4012}], observations)[0][4] == "other_window"
    month = Period.month(date(2022, 5, 1))
    for other in (observation(4012, period=month), observation(4012, breakdown="age", category="U25")):
        assert rows([{"period": "2022-23", "all": 4012}], [observation(3950), other])[0][4] == "unexplained"
    young = [
        observation(395, breakdown="age", category="U25"),
        observation(401, period=EARLIER, breakdown="age", category="U25"),
    ]
    other = observation(388, period=EARLIER, breakdown="cut", category="U25")
    assert rows([{"period": "2022-23", "U25": 401}], [*young, other])[0][4] == "other_window"
    assert rows([{"period": "2022-23", "U25": 388}], [*young, other])[0][4] == "unexplained"


def test_only_figures_of_the_indicator_and_the_area_explain_a_window() -> None:
    others = [
        observation(4012, period=EARLIER, area=PEER),
        observation(4012, period=EARLIER, indicator="burglary"),
        observation(4012, period=EARLIER, breakdown="age", category="U25"),
    ]
    for other in others:
        found = rows([{"period": "2022-23", "all": 4012}], [observation(3950), other])
        assert found[0][4] == "unexplained"


def test_three_digits_are_enough_to_meet_another_window() -> None:
    observations = [observation(450), observation(461, period=EARLIER)]
    assert rows([{"period": "2022-23", "all": 461}], observations)[0][4] == "other_window"


def test_two_digits_meet_another_window_too_easily() -> None:
    observations = [observation(45), observation(46, period=EARLIER)]
    assert rows([{"period": "2022-23", "all": 46}], observations)[0][4] == "unexplained"


def by_age(total: tuple[int, int], unknown: tuple[int, int]) -> list[Comparison]:
    """A total and its unknown ages, before and now."""
    return [counts(*total), counts(*unknown, breakdown="age", category=UNKNOWN)]


def sides(comparisons: list[Comparison]) -> list[ReleasedObservation]:
    return [side for c in comparisons for side in (c.observation, c.reference) if side is not None]


@pytest.mark.parametrize(
    ("printed", "cause"),
    [
        (-0.4, "agrees"),
        (2.2, "unknowns_left_out"),  # 3809 to 3893: the known ages only
        (2.3, "unexplained"),
    ],
)
def test_a_change_printed_without_its_unknowns(printed: float, cause: str) -> None:
    comparisons = by_age((3964, 3950), (155, 57))
    published = [{"period": "2022-23", "changes": {"all": printed}}]
    assert rows(published, sides(comparisons), comparisons)[0][4] == cause


def test_a_change_of_the_known_may_be_cut_off_too() -> None:
    comparisons = by_age((1000, 1100), (100, 17))  # 900 to 1083 is +20.33
    published: list[dict[str, Any]] = [{"period": "2022-23", "changes": {"all": 20.3}}]
    published.append({"period": "2022-23", "all": 1083})
    found = rows(published, sides(comparisons), comparisons)
    assert [row[4] for row in found] == ["unknowns_left_out", "unknowns_left_out"]
    comparisons = by_age((1000, 1100), (100, 10))  # 900 to 1090 is +21.11
    assert rows([{"period": "2022-23", "changes": {"all": 22}}], sides(comparisons), comparisons)[0][4] == (
        "unexplained"
    )


@pytest.mark.parametrize("unknown_before", [None, 1000])
def test_without_anything_known_before_there_is_no_change_of_the_known(unknown_before: int | None) -> None:
    total = counts(1000, 1100)
    unknown = [observation(57, breakdown="age", category=UNKNOWN)]
    if unknown_before is not None:
        unknown.append(observation(unknown_before, breakdown="age", category=UNKNOWN, period=EARLIER))
    published = [{"period": "2022-23", "changes": {"all": 20.3}}]
    assert rows(published, [*sides([total]), *unknown], [total])[0][4] == "unexplained"


def test_the_change_average_and_rank_of_another_window() -> None:
    now = counts(1000, 1100)
    rank = comparison(1, 4, comparator="rank", reference_value=2, observation=now.observation)
    average = replace(rank, comparator="average", reference_value=10.64)
    before = observation(1000, period=EARLIER)
    past = [
        replace(now, observation=before, change_percent=-14.1),
        replace(rank, observation=before, reference_value=3),
        replace(average, observation=before, reference_value=11.25),
        replace(now, observation=observation(5, period=EARLIER, breakdown="age", category="U25"),
                change_percent=-17.5),
        replace(now, observation=before, change_percent=None),
        replace(average, observation=before, reference_value=None),
    ]  # fmt: skip
    comparisons = [now, rank, average, *past]

    def cause(**printed: Any) -> str:
        return rows([{"period": "2022-23"} | printed], [now.observation, before], comparisons)[0][4]

    assert cause(changes={"all": -14.1}) == "other_window"
    assert cause(changes={"all": -17.5}) == "unexplained"
    assert cause(average=11.25) == "other_window"
    assert cause(rank=3) == "unexplained"  # one digit meets another window too easily


def test_a_change_revised_since_on_either_side() -> None:
    for side in ("observation", "reference"):
        found = counts(1000, 1100)
        figure = getattr(found, side)
        revised = replace(found, **{side: replace(figure, marks=frozenset({Mark.REVISED}))})
        published = [{"period": "2022-23", "changes": {"all": 9.0}}]
        assert rows(published, [revised.observation], [revised])[0][4] == "other_vintage"


def test_a_figure_revised_since() -> None:
    revised = observation(3950, marks=frozenset({Mark.REVISED}))
    assert rows([{"period": "2022-23", "all": 3961}], [revised])[0][4] == "other_vintage"


def test_a_change_with_no_comparison_is_not_computed() -> None:
    printed = [{"period": "2022-23", "changes": {"all": 1.5, "U25": 2}}]
    assert [row[4] for row in rows(printed, [observation(100)])] == ["not_computed"] * 2


def test_ranks_and_averages() -> None:
    rank = comparison(1, 4, comparator="rank", reference_value=2)
    average = comparison(None, None, comparator="average", reference_value=10.64)
    printed = [{"period": "2022-23", "average": 10.6, "rank": 2}, {"period": "2022-23", "rank": 1}]
    assert rows(printed, [rank.observation], [rank, average]) == [
        ("", "average", "10.6", "10.6", "agrees"),
        ("", "rank", "2", "2", "agrees"),
        ("", "rank", "1", "2", "unexplained"),
    ]


def test_a_rank_is_never_truncated() -> None:
    rank = comparison(1, 4, comparator="rank", reference_value=2.5)
    printed = [{"period": "2022-23", "rank": 2}]
    assert rows(printed, [rank.observation], [rank])[0][4] == "unexplained"


def test_each_breakdown_has_unknowns_of_its_own() -> None:
    observations = [
        observation(100),
        observation(90, breakdown="age", category="U25"),
        observation(10, breakdown="age", category=UNKNOWN),
        observation(97, breakdown="sex", category="female"),
        observation(3, breakdown="sex", category=UNKNOWN),
    ]
    by_sex = rows([{"period": "2022-23", "all": 100, "female": 97}], observations)
    by_age = rows([{"period": "2022-23", "all": 100, "U25": 90}], observations)
    assert by_sex[-1] == (UNKNOWN, "value", "", "3", "unknowns_left_out")
    assert by_age[-1] == (UNKNOWN, "value", "", "10", "unknowns_left_out")


def test_parts_of_two_breakdowns_are_each_found() -> None:
    observations = [
        observation(90, breakdown="age", category="U25"),
        observation(97, breakdown="sex", category="female"),
    ]
    found = rows([{"period": "2022-23", "U25": 90, "female": 97}], observations)
    assert [row[4] for row in found] == ["agrees", "agrees"]


def test_only_changes_of_the_indicator_itself_explain_another_window() -> None:
    now = counts(1000, 1100)
    other = counts(1000, 1234, indicator="theft")
    printed = [{"period": "2022-23", "changes": {"all": 23.4}}]
    found = rows(printed, [*sides([now]), *sides([other])], [now, other])
    assert found[0][4] == "unexplained"


def test_a_category_of_another_window_is_passed_over() -> None:
    now = counts(1000, 1100)
    before = observation(1000, period=EARLIER)
    young = observation(5, period=EARLIER, breakdown="age", category="U25")
    past = [replace(now, observation=young, change_percent=3.0), replace(now, observation=before)]
    past[1] = replace(past[1], change_percent=-14.1)
    printed = [{"period": "2022-23", "changes": {"all": -14.1}}]
    assert rows(printed, [now.observation, before], [now, *past])[0][4] == "other_window"


def test_only_a_change_is_met_by_a_change_and_only_an_average_by_an_average() -> None:
    now = counts(1000, 1100)
    before = observation(1000, period=EARLIER)
    average = comparison(
        1, 4, comparator="average", reference_value=10.64, change_percent=-14.1, observation=now.observation
    )
    past = [
        replace(average, observation=before, reference_value=11.25),
        comparison(None, None, comparator="rank", reference_value=333.0, observation=before),
    ]
    comparisons = [average, now, *past]

    def found(**printed: Any) -> tuple[str, str, str, str, str]:
        return rows([{"period": "2022-23"} | printed], [now.observation, before], comparisons)[0]

    assert found(changes={"all": 10.0})[3:] == ("+10.0", "agrees")  # not that from the average
    assert found(changes={"all": -14.1})[4] == "unexplained"
    assert found(average=333.0)[4] == "unexplained"


def test_an_average_that_was_not_computed_and_one_revised_since() -> None:
    total = observation(100, marks=frozenset({Mark.REVISED}))
    assert rows([{"period": "2022-23", "average": 10.6}], [total])[0][4] == "not_computed"
    average = comparison(None, None, comparator="average", reference_value=12.9, observation=total)
    assert rows([{"period": "2022-23", "average": 10.6}], [total], [average])[0][4] == "other_vintage"
    printed = [{"period": "2020-21", "average": 10.6}]
    assert rows(printed, [total], [average])[0][4] == "not_computed"


def test_unknowns_explain_a_total_and_not_a_part_or_nothing() -> None:
    cells = [
        observation(155),
        observation(100, breakdown="age", category="U25"),
        observation(10, breakdown="age", category=UNKNOWN),
    ]
    assert rows([{"period": "2022-23", "U25": 90}], cells)[0][4] == "unexplained"
    unknowns = [observation(10), observation(10, breakdown="age", category=UNKNOWN)]
    assert [row[0] for row in rows([{"period": "2022-23", "all": 10}], unknowns)] == [""]
    assert [row[0] for row in rows([{"period": "2022-23", "U25": 100}], cells)] == ["U25"]


def test_a_total_without_its_unknowns_may_be_rounded_as_well() -> None:
    # 100.96 less 0.27 is 100.69: prints as 100.7, cut off as 100.6
    cells = [observation(100.96), observation(0.27, breakdown="age", category=UNKNOWN)]
    for printed in (100.7, 100.6):
        assert rows([{"period": "2022-23", "all": printed}], cells)[0][4] == "unknowns_left_out"


def test_parts_that_are_a_whole_breakdown_are_its_parts() -> None:
    cells = [
        observation(90, breakdown="age", category="U25"),
        observation(10, breakdown="age", category=UNKNOWN),
        observation(97, breakdown="sex", category="female"),
        observation(3, breakdown="sex", category=UNKNOWN),
    ]
    found = rows([{"period": "2022-23", "U25": 90, UNKNOWN: 10}], cells)
    assert [row[4] for row in found] == ["agrees", "agrees"]


def test_the_period_is_called_what_the_edition_calls_it() -> None:
    given = definitions(indicator(published=[{"in": DECK, "period": "2023-03", "all": 100}]))
    (row,) = reconcile([], Results((observation(100),)), given)
    assert row.period_label == "2022-23"


def test_the_average_of_a_category_is_not_that_of_the_total() -> None:
    young = observation(40, breakdown="age", category="U25")
    averages = [
        comparison(None, None, comparator="average", reference_value=value, observation=cell)
        for value, cell in ((4.2, young), (10.6, observation(110)))
    ]
    printed = [{"period": "2022-23", "U25": 40, "average": 10.6}]
    assert rows(printed, [observation(110), young], averages)[-1][3:] == ("10.6", "agrees")


def test_a_change_whose_earlier_figure_is_gone_is_not_put_on_the_unknowns() -> None:
    now = replace(counts(1000, 1100), reference=None)
    unknown = observation(57, breakdown="age", category=UNKNOWN)
    printed = [{"period": "2022-23", "changes": {"all": 20.3}}]
    assert rows(printed, [now.observation, unknown], [now])[0][4] == "unexplained"
