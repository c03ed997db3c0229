"""The gate: open figures pass whole, all others are refused before anything is published."""

import dataclasses

import pyarrow as pa
import pytest

from pipeline.disclosure import release
from pipeline.errors import DisclosureError
from pipeline.model.observation import ReleasedObservation, State
from tests.small_partnership import crimes, definitions, indicator, observed

ASKED = indicator({"type": "count", "unit": "crimes"}, areas=["partnership", "wards"])
ROWS = crimes([{"month": "2022-01", "district_code": "A", "ward_code": "A1"}])


def test_open_figures_are_released_as_they_are() -> None:
    known = definitions(ASKED)
    found = observed(known, {"crimes": ROWS})
    released = release(found, known).observations
    assert all(type(o) is ReleasedObservation for o in released)
    assert [dataclasses.asdict(o) for o in released] == [dataclasses.asdict(o) for o in found]


@pytest.mark.parametrize("policy", ["small_areas", "partnership_wide"])
def test_any_other_policy_is_refused_by_source(policy: str) -> None:
    known = definitions(ASKED, policies={"crimes": policy})
    with pytest.raises(DisclosureError, match=f"crimes: policy {policy}") as refused:
        release(observed(definitions(ASKED), {"crimes": ROWS}), known)
    assert refused.value.exit_code == 14
    assert "config/policies.yaml" in str(refused.value)


def test_a_source_that_no_policy_names_is_under_the_strict_default() -> None:
    known = definitions(ASKED, policies={"another": "open"})
    with pytest.raises(DisclosureError, match="partnership_wide") as refused:
        release(observed(definitions(ASKED), {"crimes": ROWS}), known)
    assert "small_areas" in str(refused.value)


def test_cells_without_a_number_reveal_nothing() -> None:
    known = definitions(ASKED, policies={"crimes": "small_areas"})
    found = [o for o in observed(known, {}) if o.state is State.NOT_SUPPLIED]
    assert found
    assert len(release(found, known).observations) == len(found)


def test_a_rate_asks_the_policy_of_what_it_is_divided_by() -> None:
    over = {"column": "residents"}
    breakdown = {"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24]}}
    by = [{**breakdown, "over": {"U25": {"table": "young_people", "column": "residents"}}}]
    asked = indicator({"type": "rate", "unit": "crimes", "over": over}, by=by)
    assert asked.all_sources == ("crimes", "population", "young_people")
    plain = indicator({"type": "rate", "unit": "crimes", "over": over})
    people = pa.table({"area_code": ["A"], "year": [2022], "residents": [1000.0]})
    found = observed(definitions(plain), {"crimes": ROWS, "population": people})
    known = definitions(plain, policies={"crimes": "open", "population": "small_areas"})
    with pytest.raises(DisclosureError, match="population: policy small_areas"):
        release(found, known)
