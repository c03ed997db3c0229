"""Which figures are marked as resting on rows that a later delivery changed."""

from datetime import date
from typing import Any

import pytest

from pipeline.compute.revised import with_revisions
from pipeline.definitions.resolved import AreaSet, Member
from pipeline.model.area import Area, AreaKind
from pipeline.model.observation import Mark, Observation, State
from pipeline.model.period import Period
from pipeline.model.revision import RevisedMonth
from tests.small_partnership import definitions, indicator

PARTNERSHIP = definitions().partnership
OWN = PARTNERSHIP.area.code
OTHER = next(d.code for d in PARTNERSHIP.force.districts if d.code != OWN)
FORCE = PARTNERSHIP.force.code
YEAR = Period(date(2023, 1, 1), date(2024, 1, 1), "rolling_12")
COUNT = indicator({"type": "count", "unit": "crimes"})


def month(district: str = OWN, column: str = "", day: date = date(2023, 5, 1), source: str = "crimes") -> Any:
    return RevisedMonth("crimes-0002", source, day, district, column)


def is_marked(
    revised: RevisedMonth,
    code: str = OWN,
    kind: AreaKind = AreaKind.DISTRICT,
    of: Any = COUNT,
    state: State = State.VALUE,
    partnership: Any = PARTNERSHIP,
) -> bool:
    fields: dict[str, Any] = {"numerator": 5, "value": 5.0} if state is State.VALUE else {}
    area = Area(code, code, kind)
    one = Observation(indicator="crime", area=area, period=YEAR, unit="crimes", state=state, **fields)
    (told,) = with_revisions([one], of, partnership, [revised])
    return Mark.REVISED in told.marks


@pytest.mark.parametrize(
    ("revised", "marked"),
    [
        (month(), True),
        (month(column="month"), True),
        (month(column="outcome"), False),  # a count reads no outcome
        (month(OTHER), False),
        (month(day=date(2022, 12, 1)), False),
        (month(day=date(2024, 1, 1)), False),
        (month(source="incidents"), False),
    ],
)
def test_rows_of_its_months_districts_and_columns(revised: RevisedMonth, marked: bool) -> None:
    assert is_marked(revised) is marked


def test_a_column_that_the_figure_asks_for() -> None:
    asks = indicator({"type": "count", "unit": "crimes", "where": {"outcome": {"in": ["charged"]}}})
    assert is_marked(month(column="outcome"), of=asks)


def test_a_figure_that_is_withheld_has_no_mark() -> None:
    assert not is_marked(month(), state=State.WITHHELD)


def test_wards_lie_in_the_partnerships_area() -> None:
    assert is_marked(month(), "W1", AreaKind.WARD)
    assert not is_marked(month(OTHER), "W1", AreaKind.WARD)


def test_the_force_has_rows_without_a_place_and_its_rest_has_not() -> None:
    assert is_marked(month(""), FORCE, AreaKind.FORCE)
    assert is_marked(month(OTHER), f"{FORCE}-rest", AreaKind.FORCE)
    assert not is_marked(month(OWN), f"{FORCE}-rest", AreaKind.FORCE)


def test_a_set_of_areas_has_the_rows_of_its_members() -> None:
    members = (Member(code=OTHER, name="Other"),)
    both = AreaSet(title="Others", kind=AreaKind.DISTRICT, members=members)
    partnership = PARTNERSHIP.model_copy(update={"area_sets": {"others": both}})
    assert is_marked(month(OTHER), "others", AreaKind.FORCE, partnership=partnership)
    assert not is_marked(month(OWN), "others", AreaKind.FORCE, partnership=partnership)


def test_a_reported_figure_says_itself_what_it_is() -> None:
    reported = indicator({"type": "reported", "item": "cases", "combine": "sum", "unit": "cases"})
    assert not is_marked(month(), of=reported)
