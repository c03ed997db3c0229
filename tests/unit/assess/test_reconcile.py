"""Published figures beside computed ones, and the cause of each difference."""

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
