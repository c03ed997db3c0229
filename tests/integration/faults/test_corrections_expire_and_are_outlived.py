"""Refused rows that a person released: signed, for a time, and only while the supplier has not fixed them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.definitions.corrections import Correction
from pipeline.definitions.resolved import Definitions
from pipeline.model.correction import CorrectionState
from pipeline.model.delivery import Deliveries
from tests.integration.faults.test_corrupt_ward_codes import KNOWN, PEOPLE, RIGHT, WARDS, people
from tests.integration.faults.told import quarantined, references
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

DAY = date(2024, 5, 10)
RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
LATER = datetime(2024, 6, 1, tzinfo=UTC)
COLUMNS = {
    **CRIMES["columns"],
    "recorded_on": {"from": "Recorded", "date_format": "%d/%m/%Y"},
    "month": {"month_of": "recorded_on"},
    "victim_age_years": "Age",
}
FILE = (
    f"{HEADER},Recorded,Age\n"
    "a,,Burglary,D1,03/01/2024,30\n"
    "b,,Burglary,D1,04/01/2024,999\n"
    "c,,Burglary,D1,31/02/2024,40\n"
    "d,,Burglary,D1,32/02/2024,130\n"
    "e,,Fraud,D1,05/01/2024,121\n"
)
SIGNED = {"by": "A. Analyst", "on": date(2024, 5, 2), "until": date(2024, 12, 31), "reason": "told by phone"}
AGE = {"file": "crimes.csv", "line": 3, "rule": "range", "values": {"victim_age_years": 99}}


class Corrected(Drop):
    """A workspace with a file of corrections."""

    corrections: tuple[dict[str, Any], ...] = ()

    @property
    def definitions(self) -> Definitions:
        written = tuple(Correction(**{"source": "crimes", **SIGNED, **one}) for one in self.corrections)
        lines = tuple(range(2, 2 + len(written)))
        return super().definitions.model_copy(update={"corrections": written, "correction_lines": lines})

    def decide(self, *corrections: dict[str, Any], today: date = DAY, **more: Any) -> Deliveries:
        self.corrections = corrections
        return self.ingest(today=today, **more)


@pytest.fixture
def drop(tmp_path: Any) -> Corrected:
    drop = Corrected(tmp_path / "workspace", {"crimes": {**CRIMES, "columns": COLUMNS}})
    drop.put("crimes.csv", FILE)
    return drop


def values(drop: Drop, reference: str) -> tuple[str, int | None]:
    (row,) = drop.rows(
        "SELECT month, recorded_on AS d, victim_age_years AS age FROM crimes "
        f"WHERE crime_ref = '{reference}' AND date_trunc('month', recorded_on) = month"
    )
    return str(row["d"]), row["age"]


def test_a_released_row_is_loaded_with_the_value_and_the_accounting_closes(drop: Corrected) -> None:
    before = drop.ingest(today=DAY).accounting[0]
    assert (before.read, before.loaded, before.quarantined) == (5, 1, 4)
    found = drop.decide(AGE)
    (account,) = found.accounting
    assert (account.read, account.loaded, account.quarantined, account.closes) == (5, 2, 3, True)
    assert values(drop, "b") == ("2024-01-04", 99)
    assert account.notes == (
        "1 quarantined record released by A. Analyst, 2024-05-02, until 2024-12-31: told by phone",
    )
    (result,) = found.corrections
    assert (result.state, result.records, result.told, result.line) == (CorrectionState.APPLIED, 1, "", 2)
    assert 3 not in [int(line.partition(":")[0]) for line in quarantined(drop)]


def test_not_recorded_and_a_day_whose_month_follows(drop: Corrected) -> None:
    drop.decide(
        AGE | {"values": {"victim_age_years": None}},
        {"key": {"crime_ref": "c"}, "rule": "type", "values": {"recorded_on": "2024-02-29"}},
    )
    assert values(drop, "b") == ("2024-01-04", None)
    assert values(drop, "c") == ("2024-02-29", 40)


def test_two_faults_need_two_decisions_and_a_value_may_stand_as_it_is(drop: Corrected) -> None:
    day = {"line": 5, "file": "crimes.csv", "rule": "type", "values": {"recorded_on": "2024-03-01"}}
    (only,) = drop.decide(day).corrections
    assert only.state is CorrectionState.NOT_ENOUGH
    assert only.told == "does not release its record, which also breaks range (Age); decide on that too"
    assert references(drop) == ["a"]
    stands = {"line": 5, "file": "crimes.csv", "rule": "range"}
    both = drop.decide(day, stands)
    assert [result.state for result in both.corrections] == [CorrectionState.APPLIED] * 2
    assert values(drop, "d") == ("2024-03-01", 130)


@pytest.mark.parametrize(
    ("decision", "state", "told"),
    [
        (AGE | {"rule": "period"}, "other_rule", "does not break period, but range (Age)"),
        (AGE | {"line": 2}, "gone", "line 2 of crimes.csv holds no quarantined record"),
        (AGE | {"file": "other.csv"}, "gone", "no delivery other.csv has come"),
        (AGE | {"values": {"victim_age_years": 999}}, "not_enough", "also breaks range (Age)"),
        (AGE | {"values": {"victim_age_years": "old"}}, "not_enough", "none that the column may have"),
        ({"line": 4, "file": "crimes.csv", "rule": "type"}, "not_enough", "cannot stand as it is"),
        ({"key": {"crime_ref": "zz"}, "rule": "range"}, "gone", "no delivery has a record of that key"),
        (AGE | {"until": date(2024, 5, 9)}, "expired", "expired on 2024-05-09"),
        (AGE | {"on": date(2024, 5, 11)}, "not_yet", "is dated 2024-05-11, which has not come"),
        (AGE | {"on": date(2024, 4, 30)}, "gone", "came on 2024-05-01 under that name, after it was decided"),
    ],
)
def test_a_decision_that_fits_nothing_says_why(
    drop: Corrected, decision: dict[str, Any], state: str, told: str
) -> None:
    (result,) = drop.decide(decision).corrections
    assert result.state.value == state
    assert told in result.told
    assert result.records == 0
    assert references(drop) == ["a"]


def test_it_stops_on_the_day_after_its_last(drop: Corrected) -> None:
    decision = AGE | {"until": DAY}
    assert drop.decide(decision).accounting[0].loaded == 2
    assert drop.decide(decision).rebuilt is False
    after = drop.decide(decision, today=date(2024, 5, 11))
    assert (after.rebuilt, after.accounting[0].loaded) == (True, 1)
    assert after.corrections[0].state is CorrectionState.EXPIRED


def test_it_stops_and_says_so_when_the_supplier_fixes_the_record(drop: Corrected) -> None:
    decision = {"key": {"crime_ref": "b"}, "rule": "range", "values": {"victim_age_years": 99}}
    drop.decide(decision)
    drop.put("crimes_2.csv", FILE.replace("999", "98"))
    (result,) = drop.decide(decision, received=LATER).corrections
    assert result.state is CorrectionState.FIXED
    assert "crimes-0002, the newest delivery of the record, does not break the rule any more" in result.told
    assert values(drop, "b") == ("2024-01-04", 98)


def test_a_new_file_of_the_same_name_is_looked_at_anew(drop: Corrected) -> None:
    drop.decide(AGE)
    drop.put("crimes.csv", FILE.replace("999", "998"))
    (result,) = drop.decide(AGE, received=LATER).corrections
    assert "crimes-0002 came on 2024-06-01 under that name, after it was decided" in result.told
    # The row of the new file is refused; the record keeps the version that was released before.
    assert (result.state, result.records) == (CorrectionState.APPLIED, 1)
    assert drop.rows("SELECT delivery, line FROM quarantine WHERE \"column\" = 'Age' AND line = 3") == [
        {"delivery": "crimes-0002", "line": 3}
    ]
    assert values(drop, "b") == ("2024-01-04", 99)


def test_a_key_holds_for_later_deliveries_with_the_same_fault(drop: Corrected) -> None:
    decision = {"key": {"crime_ref": "b"}, "rule": "range", "values": {"victim_age_years": 99}}
    drop.decide(decision)
    drop.put("crimes_2.csv", FILE.replace("999", "998"))
    (result,) = drop.decide(decision, received=LATER).corrections
    assert (result.state, result.records) == (CorrectionState.APPLIED, 2)
    assert values(drop, "b") == ("2024-01-04", 99)


def test_a_key_of_several_records_is_judged_record_by_record(drop: Corrected) -> None:
    """A record that breaks another rule too stays refused; the others count, and whose word it is is told."""
    drop.put("crimes.csv", f"{FILE}b,,Fraud,D1,04/01/2024,997\n")
    found = drop.decide({"key": {"crime_ref": "b"}, "rule": "range", "values": {"victim_age_years": 99}})
    assert values(drop, "b") == ("2024-01-04", 99)
    (result,) = found.corrections
    assert (result.state, result.records) == (CorrectionState.APPLIED, 1)
    assert result.told == (
        "does not release 1 of its 2 records, which also breaks values (Category); decide on that too"
    )
    (account,) = found.accounting
    assert (account.loaded, account.quarantined) == (2, 4)
    assert "1 quarantined record released by A. Analyst" in account.notes[0]


@pytest.mark.parametrize(("given", "code"), [({"area_code": "E05001321"}, "E05001321"), ({}, "E05001322")])
def test_a_code_that_is_not_that_of_its_name_may_be_put_right(
    drop: Corrected, given: dict[str, str], code: str
) -> None:
    drop.sources = drop.sources | {"wards": WARDS, "people": PEOPLE}
    drop.put("wards.csv", KNOWN)
    drop.put("people.csv", people("E05001322,Bilston East,E08000031,10", *RIGHT[2:]))
    row = {"source": "people", "file": "people.csv", "line": 2, "rule": "area", "values": given}
    (result,) = drop.decide(row).corrections
    assert (result.state, result.records) == (CorrectionState.APPLIED, 1)
    assert drop.rows("SELECT area_code FROM people WHERE residents = 10") == [{"area_code": code}]


def test_a_released_row_takes_no_value_for_a_column_that_is_right(drop: Corrected) -> None:
    more = {"victim_age_years": 99, "category": "Robbery"}
    (told,) = drop.decide(AGE | {"values": more}).corrections
    assert (told.state, told.records) == (CorrectionState.NOT_ENOUGH, 0)
    assert "values are given for category, of which its record breaks no rule" in told.told
    assert references(drop) == ["a"]
