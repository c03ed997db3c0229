"""A delivery with half, or twice, the rows of the last one waits until a person decides, on record."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import HeldError, UsageError
from pipeline.ingest import acceptances_of
from pipeline.model.acceptance import Decision, Standing
from tests.unit.ingest.drop import CRIMES, RECEIVED, Drop, crimes

SUITE: dict[str, dict[str, Any]] = {"crimes": {}, "others": {}}


def month_of(month: str, rows: int) -> str:
    return crimes(*(f"{month}-{n},{month},Burglary,D1" for n in range(rows)))


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """A workspace with one delivery of each of two sources, received before they had a suite."""
    other = CRIMES | {"title": "Others", "files": ["others*"]}
    made = Drop(tmp_path / "workspace", sources={"crimes": CRIMES, "others": other})
    made.put("crimes-01.csv", month_of("2024-01", 40))
    made.put("others-01.csv", month_of("2024-01", 40))
    assert acceptances_of(made.workspace, made.definitions) == ()
    made.ingest()
    made.suites = SUITE
    return made


def ledger(drop: Drop) -> list[dict[str, Any]]:
    lines = (drop.workspace.raw / "ledger.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def loaded(drop: Drop, table: str = "crimes") -> int:
    return int(drop.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def test_half_and_twice_the_rows_are_held_and_the_rest_is_loaded(drop: Drop) -> None:
    drop.put("crimes-02.csv", month_of("2024-02", 20))
    drop.put("crimes-03.csv", month_of("2024-03", 41))  # against 01, as 02 is held
    drop.put("others-02.csv", month_of("2024-02", 80))
    found = drop.ingest()

    assert [one.delivery for one in found.waiting] == ["crimes-0002", "others-0002"]
    half, twice = found.waiting
    assert half.reasons == ("20 records against 40 of crimes-0001, the last delivery",)
    assert twice.reasons[0].startswith("80 records against 40")
    assert loaded(drop) == 81
    assert loaded(drop, "others") == 40

    results = {line["delivery"]: line["result"] for line in ledger(drop)}
    assert results == {
        "crimes-0001": "received",
        "others-0001": "received",
        "crimes-0002": "held",
        "crimes-0003": "received",
        "others-0002": "held",
    }
    held = next(line for line in ledger(drop) if line["delivery"] == "crimes-0002")
    assert (drop.workspace.raw / held["sha256"] / "crimes-02.csv").read_text() == month_of("2024-02", 20)

    # Nothing new comes, and it still waits: unattended runs go on saying so.
    again = drop.ingest()
    assert not again.rebuilt
    assert [one.delivery for one in again.waiting] == ["crimes-0002", "others-0002"]

    with pytest.raises(UsageError, match="held are: crimes-0002, others-0002"):
        drop.ingest(decision=Decision("crimes-0003", "A. Analyst", RECEIVED.date(), "it is right"))
    taken = drop.ingest(
        decision=Decision("crimes-0002", "A. Analyst", RECEIVED.date(), "the office was shut")
    )
    assert [one.delivery for one in taken.waiting] == ["others-0002"]
    assert loaded(drop) == 101
    last = ledger(drop)[-1]
    assert (last["result"], last["delivery"], last["by"]) == ("accepted", "crimes-0002", "A. Analyst")
    assert (last["decided"], last["reason"]) == ("2024-05-01", "the office was shut")
    judged = {one.delivery: one for one in acceptances_of(drop.workspace, drop.definitions)}
    assert judged["crimes-0002"].standing is Standing.ACCEPTED
    assert judged["crimes-0003"].standing is Standing.PASSED


def test_a_decision_in_the_configuration_takes_it(drop: Drop) -> None:
    taken = {"file": "crimes-02.csv", "by": "A. Analyst", "on": "2024-05-02", "reason": "the office was shut"}
    drop.sources["crimes"] = CRIMES | {"accepted": [taken]}
    drop.put("crimes-02.csv", month_of("2024-02", 20))
    found = drop.ingest()
    assert found.waiting == ()
    assert loaded(drop) == 60
    (one,) = (a for a in acceptances_of(drop.workspace, drop.definitions) if a.reasons)
    assert one.standing is Standing.ACCEPTED
    assert one.decision is not None
    assert one.decision.reason == "the office was shut"

    # A decision that is older than the delivery was about another file of that name.
    drop.sources["crimes"] = CRIMES | {"accepted": [taken | {"on": "2024-04-30"}]}
    assert [one.delivery for one in drop.ingest().waiting] == ["crimes-0002"]
    assert loaded(drop) == 40


def test_where_the_only_delivery_of_the_main_source_is_held_there_is_nothing_to_build(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "workspace", suites={"crimes": {"complete": {"district_code": {"at_least": 90}}}})
    drop.put("crimes-01.csv", crimes("1,2024-01,Burglary,D1", "2,2024-01,Robbery,"))
    with pytest.raises(HeldError, match=r"crimes-01.csv is held, as crimes-0001") as raised:
        drop.ingest()
    assert "district code: 1 of 2 rows have no value" in str(raised.value)
    assert 'assessment ingest --accept crimes-0001 --by "NAME" --reason "TEXT"' in str(raised.value)
    assert ledger(drop)[0]["result"] == "held"
    drop.ingest(decision=Decision("crimes-0001", "A. Analyst", RECEIVED.date(), "it is right"))
    assert loaded(drop) == 2


def test_a_corrected_file_in_its_place_ends_the_wait(drop: Drop) -> None:
    drop.put("crimes-02.csv", month_of("2024-02", 20))
    assert drop.ingest().waiting
    drop.put("crimes-02.csv", month_of("2024-02", 39))
    assert drop.ingest().waiting == ()
    assert loaded(drop) == 79


def test_a_slide_is_held_although_each_step_is_within_the_band(drop: Drop) -> None:
    for number, rows in enumerate((22, 17), 2):
        drop.put(f"crimes-{number:02}.csv", month_of(f"2024-{number:02}", rows))
        assert drop.ingest(datetime(2024, 6, number, tzinfo=UTC)).waiting == ()
    drop.put("crimes-04.csv", month_of("2024-04", 11))
    (held,) = drop.ingest(datetime(2024, 6, 4, tzinfo=UTC)).waiting
    assert held.reasons == ("11 records a period against a median of 22 in the last 3 deliveries",)
