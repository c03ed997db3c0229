"""Profiles: counts of a delivery, and no value of a person in them."""

from datetime import date

import pytest

from pipeline.definitions.expectations import Suite
from pipeline.definitions.resolved import Definitions
from pipeline.quality.profile import NOT_RECORDED, OTHER, Delivered, Profile, Staged, profiles
from pipeline.store import Rows, Store
from tests.small_partnership import definitions, source

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
CRIMES = source(
    columns={"crime_ref": "A", "month": "B", "offence": "C", "place": "D", "district_code": "E"},
    key=["crime_ref"],
)
SUITE = Suite.model_validate(
    {
        "months": {},
        "complete": {"crime_ref": {"at_least": 50}},
        "shares": {"place": {"change": 5}},
        "codes": {"offence": {"lists": ["violence", "theft"]}},
    }
)
TYPES = {
    "_delivery": "INTEGER",
    "faults": "INTEGER",
    "_aside": "BOOLEAN",
    "crime_ref": "VARCHAR",
    "month": "DATE",
    "offence": "VARCHAR",
    "place": "VARCHAR",
    "district_code": "VARCHAR",
}


def given() -> Definitions:
    base = definitions(sources=[CRIMES])
    return base.model_copy(
        update={"suites": {"crimes": SUITE}, "codelists": {"violence": ("8N",), "theft": ("39",)}}
    )


def profiled(*rows: dict[str, object], lost: int = 0, stated: int | None = None) -> Profile:
    usual: dict[str, object] = {
        "_delivery": 4,
        "faults": 0,
        "_aside": False,
        "crime_ref": "x",
        "month": JANUARY,
        "offence": "8N",
        "place": "public",
        "district_code": "D1",
    }
    staged = Staged("mapped", "NOT _aside", "NOT _aside AND faults = 0")
    with Store.in_memory({"mapped": Rows(TYPES, [usual | row for row in rows])}) as store:
        (found,) = profiles(
            store, given(), CRIMES, staged, [Delivered(4, "crimes-0004", "police", lost, stated)]
        )
    return found


def test_rows_that_break_a_rule_are_records_and_nothing_else() -> None:
    found = profiled(
        {}, {"faults": 1, "month": FEBRUARY}, {"_aside": True}, {"crime_ref": None}, lost=2, stated=5
    )
    assert (found.records, found.faulty, found.rows, found.stated) == (5, 3, 2, 5)
    assert found.periods == 1
    assert found.recorded == {"crime_ref": 1}


def test_rows_are_counted_by_month_and_area() -> None:
    found = profiled({}, {}, {"district_code": None}, {"month": FEBRUARY, "district_code": "D2"})
    assert found.months == ((JANUARY, "", 1), (JANUARY, "D1", 2), (FEBRUARY, "D2", 1))


def test_codes_outside_all_their_lists_are_counted_and_an_empty_cell_is_none() -> None:
    assert profiled({}, {"offence": "39"}, {"offence": "ZZ"}, {"offence": None}).unlisted == {"offence": 1}


@pytest.mark.parametrize(("rows", "named"), [(7, OTHER), (8, "J Smith")])
def test_a_rare_value_has_no_name(rows: int, named: str) -> None:
    slipped: dict[str, object] = {"place": "J Smith"}
    found = profiled(*[{}] * 20, *[slipped] * rows, {"place": None})
    assert found.values == {"place": {"public": 20, named: rows, NOT_RECORDED: 1}}


def test_a_delivery_without_a_mapped_row_is_all_noughts() -> None:
    found = profiled({"_delivery": 5}, lost=3)
    assert (found.records, found.faulty, found.rows, found.months) == (3, 3, 0, ())
