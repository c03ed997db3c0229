"""`accepted:` names a delivery by its id or by its file; both say the same everywhere."""

from datetime import UTC, date, datetime

import pytest

from pipeline.ingest import acceptances_of
from pipeline.model.acceptance import Standing
from tests.unit.ingest.drop import CRIMES, Drop, crimes

MARCH = date(2024, 3, 1)
TAKEN = {"by": "A. Analyst", "on": "2024-05-02", "reason": "no more will come"}


def with_a_hole(drop: Drop) -> None:
    lines = [f",2024-0{month},Burglary,D1" for month in (1, 2, 4)]
    drop.put("crimes.csv", crimes(*lines))


@pytest.mark.parametrize("name", ["crimes.csv", "crimes-0001"])
def test_its_months_say_so_and_its_decision_is_on_record(drop: Drop, name: str) -> None:
    drop.sources = {"crimes": {**CRIMES, "accepted": [{"file": name, **TAKEN}]}}
    with_a_hole(drop)
    coverage = drop.ingest().coverage
    notes = {m.note for m in coverage.months if m.month == MARCH and m.area_code == "D1"}
    assert notes == {"accepted by A. Analyst on 2024-05-02: no more will come"}
    (one,) = acceptances_of(drop.workspace, drop.definitions)
    assert (one.delivery, one.standing, one.results) == ("crimes-0001", Standing.ACCEPTED, ())


def test_a_decision_written_before_its_file_came_is_about_the_first_of_that_name(drop: Drop) -> None:
    entry = {"file": "crimes.csv", **TAKEN, "on": "2024-04-30"}
    drop.sources = {"crimes": {**CRIMES, "accepted": [entry]}}
    with_a_hole(drop)
    drop.ingest()
    drop.put("crimes.csv", crimes(",2024-05,Burglary,D1"))
    drop.ingest(datetime(2024, 6, 1, tzinfo=UTC))
    (one,) = acceptances_of(drop.workspace, drop.definitions)
    assert (one.delivery, one.standing) == ("crimes-0001", Standing.ACCEPTED)


def test_a_decision_on_another_delivery_is_told_nowhere(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "accepted": [{"file": "another.csv", **TAKEN}]}}
    with_a_hole(drop)
    coverage = drop.ingest().coverage
    assert all("accepted" not in m.note for m in coverage.months)
    assert acceptances_of(drop.workspace, drop.definitions) == ()
