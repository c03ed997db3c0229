"""Unknowns that moved come into every change: with bounds where these can be made, else they undo it."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.assess import judge
from pipeline.compute.context import Context
from pipeline.compute.unrecorded import Unrecorded
from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.observation import Mark, Results
from tests.small_partnership import COUNT, compared, definitions, indicator

AGES = {"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}
KINDS = {"name": "kind", "column": "category"}
BOTH = {"name": "both", "cross": ["age", "kind"]}
CLEARED = {"outcome": {"in": ["a"]}}
YOUNG = {"victim_age_years": {"between": [0, 24]}}
Rows = list[dict[str, Any]]


def many(year: int, number: int, **values: Any) -> Rows:
    return [{"month": f"{year}-06", "quantity": number, "district_code": "A", "category": "x", **values}]


def people(year: int, number: int, times: int, **values: Any) -> Rows:
    return [
        {
            "month": f"{year}-06",
            "district_code": "A",
            "victim_ref": f"{year}{n}{values}",
            "category": "x",
            **values,
        }
        for n in range(number)
        for _ in range(times)
    ]


CASES: Rows = [
    *many(2021, 300, victim_age_years=20, outcome="a"),
    *many(2021, 700, victim_age_years=20, outcome="b"),
    *many(2021, 400, outcome="a"),
    *many(2021, 100, outcome="b"),
    *many(2022, 500, victim_age_years=20, outcome="a"),
    *many(2022, 700, victim_age_years=20, outcome="b"),
    *many(2022, 100, outcome="b"),
]
VICTIMS: Rows = [
    *people(2021, 90, 2, victim_age_years=20),
    *people(2021, 210, 1, victim_age_years=20),
    *people(2021, 300, 2),
    *people(2022, 150, 2, victim_age_years=20),
    *people(2022, 150, 1, victim_age_years=20),
]


def only(found: list[Comparison], breakdown: str = "", category: str = "") -> Judgement:
    (comparison,) = (
        c
        for c in found
        if c.observation.area.code == "A"
        and (c.observation.breakdown, c.observation.category) == (breakdown, category)
        and c.comparator == "previous_year"
    )
    return judge(comparison, Want.UP)


@pytest.mark.parametrize(
    ("measure", "rows", "by", "cell", "rule"),
    [
        ({"type": "proportion", "where": CLEARED}, CASES, [AGES], ("age", "U25"), "unknowns_undo_it"),
        (
            {"type": "proportion", "where": CLEARED},
            CASES,
            [AGES, KINDS, BOTH],
            ("both", "U25, x"),
            "unknowns_undo_it",
        ),
        (
            {
                "type": "ratio",
                "where": CLEARED,
                "over": {"where": {"outcome": {"in": ["b"]}}},
                "unit": "a per b",
            },
            CASES,
            [AGES],
            ("age", "U25"),
            "unknowns_unbounded",
        ),
        ({"type": "repeat", "entity": "victim_ref"}, VICTIMS, [AGES], ("age", "U25"), "unknowns_unbounded"),
    ],
)
def test_a_change_of_a_category_does_not_stand_when_the_unknowns_moved(
    measure: Mapping[str, Any], rows: Rows, by: list[Any], cell: tuple[str, str], rule: str
) -> None:
    judged = only(compared(rows, measure, by=by), *cell)
    assert judged.comparison.lower is not None
    assert judged.comparison.lower > 0
    assert (judged.verdict, judged.rule) == (Verdict.NO_CLEAR_CHANGE, rule)
    assert Mark.LOW_RELIABILITY in judged.marks
    assert "not recorded:" in judged.reason


def test_a_crossed_percentage_is_bounded_as_a_plain_one_is() -> None:
    found = compared(CASES, {"type": "proportion", "where": CLEARED}, by=[AGES, KINDS, BOTH])
    plain, crossed = (only(found, *cell).comparison for cell in (("age", "U25"), ("both", "U25, x")))
    assert (crossed.bound_lower, crossed.bound_upper) == (plain.bound_lower, plain.bound_upper)
    assert crossed.pro_rata == pytest.approx(plain.pro_rata)


def test_a_filter_that_asks_for_an_age_counts_the_ages_not_recorded() -> None:
    """Of 1,000 crimes 100 of unknown age, 900 known of which 300 young; a year later 1,000 and 400."""
    rows = [
        *many(2021, 300, victim_age_years=20),
        *many(2021, 600, victim_age_years=40),
        *many(2021, 100),
        *many(2022, 400, victim_age_years=20),
        *many(2022, 600, victim_age_years=40),
    ]
    c = only(compared(rows, COUNT | {"where": YOUNG})).comparison
    assert c.change_percent == pytest.approx(100 / 3)
    assert [c.bound_lower, c.bound_upper] == pytest.approx([0.0, 100 / 3])
    assert c.pro_rata == pytest.approx(100 * (400 / (300 * 1000 / 900) - 1))
    assert c.reason.endswith("victim_age_years not recorded: 10.0 % before, 0.0 % now")
    assert (only([c]).verdict, only([c]).rule) == (Verdict.NO_CLEAR_CHANGE, "unknowns_undo_it")


def test_a_percentage_whose_part_asks_for_an_age_is_bounded() -> None:
    rows = [
        *many(2021, 300, victim_age_years=20),
        *many(2021, 600, victim_age_years=40),
        *many(2021, 100),
        *many(2022, 400, victim_age_years=20),
        *many(2022, 600, victim_age_years=40),
    ]
    c = only(compared(rows, {"type": "proportion", "where": YOUNG})).comparison
    assert [c.bound_lower, c.bound_upper] == pytest.approx([0.0, 10.0])
    assert c.pro_rata == pytest.approx(40 - 100 / 3)


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        ({"type": "proportion", "among": YOUNG, "where": CLEARED}, CASES),
        ({"type": "repeat", "entity": "victim_ref", "where": YOUNG}, VICTIMS),
        ({"type": "mean", "column": "victim_age_years", "unit": "years"}, VICTIMS),
    ],
)
def test_a_base_that_asks_for_an_age_leaves_no_bounds(measure: Mapping[str, Any], rows: Rows) -> None:
    c = only(compared(rows, measure)).comparison
    assert c.unbounded
    assert c.bound_lower is None


def test_unknowns_that_hardly_moved_leave_a_change_alone() -> None:
    rows = [
        *many(2021, 300, victim_age_years=20),
        *many(2021, 10),
        *many(2022, 400, victim_age_years=20),
        *many(2022, 12),
    ]
    judged = only(compared(rows, COUNT | {"where": YOUNG}))
    assert (judged.verdict, judged.comparison.unbounded) == (Verdict.IMPROVED, False)


def test_a_comma_in_a_recorded_value_divides_no_crossed_category() -> None:
    told = {}
    for kind in ("Asian, Indian", "Asian Indian"):
        rows = [
            *many(2021, 300, victim_age_years=20) + many(2021, 200),
            *many(2022, 500, victim_age_years=20),
        ]
        rows = [{**row, "category": kind} for row in rows]
        rows += [*many(2021, 400, victim_age_years=20), *many(2022, 400, victim_age_years=20)]
        found = compared(rows, by=[AGES, KINDS, BOTH])
        (cell,) = (c for c in found if c.observation.category.startswith("U25, A"))
        told[kind] = (cell.pro_rata, cell.bound_lower, cell.bound_upper, judge(cell, Want.UP).rule)
    assert told["Asian, Indian"] == told["Asian Indian"]
    assert told["Asian, Indian"][-1] == "unknowns_undo_it"


def test_two_things_that_moved_leave_the_change_unbounded() -> None:
    rows = [
        *many(2021, 300, victim_age_years=20),
        *many(2021, 100),
        *many(2021, 100, victim_age_years=20, district_code=None),
        *many(2022, 900, victim_age_years=20),
    ]
    judged = only(compared(rows, COUNT | {"where": YOUNG}))
    assert judged.comparison.unknown_of == "place"
    assert judged.rule == "unknowns_unbounded"


@pytest.mark.parametrize("measure", [COUNT, {"type": "proportion", "where": CLEARED}])
def test_a_category_without_its_total_has_nothing_to_share_out(measure: Mapping[str, Any]) -> None:
    c = only(compared(CASES, measure, by=[AGES]), "age", "U25").comparison
    assert c.reference is not None
    asked, pair = indicator(measure, by=[AGES]), (c.reference, c.observation)
    alone = Unrecorded(Context(asked, definitions(asked), Results(pair)), pair)
    assert (alone.moved(), alone.of_counts("", 1.0)) == ((), None)
    if measure is not COUNT:
        assert alone.of_shares("") is None
