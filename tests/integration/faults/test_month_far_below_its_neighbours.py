"""A month far below its neighbours is held as incomplete; a person may take it as whole, on record."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.ingest import deliveries_of, known_at, ledger
from pipeline.model.acceptance import MonthDecision
from pipeline.model.delivery import Deliveries, MonthState
from tests.conftest import REPOSITORY, Run
from tests.three_areas import three_areas
from tests.unit.ingest.drop import CRIMES, Drop, crimes

RECEIVED = datetime(2024, 8, 1, tzinfo=UTC)
MARCH = date(2024, 3, 1)


def dropped(drop: Drop) -> Deliveries:
    """Six months in two districts, ten crimes each; two in March in D2, none in May in D1."""
    number = {(3, "D2"): 2, (5, "D1"): 0}
    lines = [
        f"{area}-{month}-{n},2024-0{month},Burglary,{area}"
        for month in range(1, 7)
        for area in ("D1", "D2")
        for n in range(number.get((month, area), 10))
    ]
    drop.put("crimes.csv", crimes(*lines))
    return drop.ingest(RECEIVED)


def decided(month: date = MARCH, area_code: str = "") -> MonthDecision:
    return MonthDecision("crimes", month, area_code, "A. Analyst", date(2024, 8, 2), "a quiet month")


def open_months(deliveries: Deliveries) -> dict[tuple[str, int], MonthState]:
    return {
        (m.area_code, m.month.month): m.state
        for m in deliveries.coverage.months
        if m.state is not MonthState.DELIVERED
    }


HELD = {
    ("D2", 3): MonthState.INCOMPLETE,
    ("F1", 3): MonthState.INCOMPLETE,
    ("D1", 5): MonthState.NOT_DELIVERED,
    ("F1", 5): MonthState.INCOMPLETE,
}


def test_it_is_loaded_and_held(drop: Drop) -> None:
    deliveries = dropped(drop)
    assert open_months(deliveries) == HELD
    assert sum(a.loaded for a in deliveries.accounting) == 102
    assert deliveries.waiting == ()


def test_a_person_takes_it_as_whole(drop: Drop) -> None:
    dropped(drop)
    deliveries = drop.ingest(RECEIVED, decision=decided())
    assert open_months(deliveries) == {key: state for key, state in HELD.items() if key[1] == 5}
    (note,) = {m.note for m in deliveries.coverage.months if (m.area_code, m.month) == ("D2", MARCH)}
    assert note == "taken as whole by A. Analyst on 2024-08-02: a quiet month"


def test_of_one_area_the_force_stays_open_only_by_its_own_count(drop: Drop) -> None:
    dropped(drop)
    # 12 of 20 crimes is 60 per cent of the force's median: whole once D2 is.
    deliveries = drop.ingest(RECEIVED, decision=decided(area_code="D2"))
    assert ("F1", 3) not in open_months(deliveries)


def test_a_month_in_which_nothing_happened_is_a_zero_once_a_person_says_so(drop: Drop) -> None:
    dropped(drop)
    deliveries = drop.ingest(RECEIVED, decision=decided(date(2024, 5, 1)))
    (may,) = (m for m in deliveries.coverage.months if (m.area_code, m.month.month) == ("D1", 5))
    assert (may.state, may.rows) == (MonthState.DELIVERED, 0)


def test_the_decision_outlives_the_warehouse_and_later_deliveries(drop: Drop) -> None:
    dropped(drop)
    drop.ingest(RECEIVED, decision=decided())
    drop.workspace.warehouse.unlink()
    assert ("D2", 3) not in open_months(drop.ingest(RECEIVED))
    drop.put("crimes_2.csv", crimes("z,2024-07,Burglary,D1", "y,2024-07,Burglary,D2"))
    later = drop.ingest(datetime(2024, 9, 1, tzinfo=UTC))
    assert ("D2", 3) not in open_months(later)
    then = known_at(drop.workspace, drop.definitions, later, date(2024, 8, 31))
    assert ("D2", 3) not in open_months(then)


def test_before_the_day_of_the_decision_the_month_was_open(drop: Drop) -> None:
    """An edition of the day before can be computed again as it was."""
    dropped(drop)
    deliveries = drop.ingest(RECEIVED, decision=decided())
    for as_at, is_open in ((date(2024, 8, 1), True), (date(2024, 8, 2), False), ("crimes-0001", False)):
        then = known_at(drop.workspace, drop.definitions, deliveries, as_at)
        assert (("D2", 3) in open_months(then)) is is_open
        assert (then.warehouse_digest == deliveries.warehouse_digest) is not is_open
    drop.put("crimes_2.csv", crimes("z,2024-07,Burglary,D1", "y,2024-07,Burglary,D2"))
    later = drop.ingest(datetime(2024, 9, 1, tzinfo=UTC))
    then = known_at(drop.workspace, drop.definitions, later, "crimes-0001")
    assert ("D2", 3) not in open_months(then)  # it was decided before the next delivery came


def test_of_what_was_collected_after_the_day_every_decision_counts(drop: Drop) -> None:
    dropped(drop)
    deliveries = drop.ingest(RECEIVED, decision=decided())
    then = known_at(drop.workspace, drop.definitions, deliveries, date(2024, 7, 1))
    assert ("D2", 3) not in open_months(then)


def test_what_is_known_since_a_later_day_was_not_known_before(drop: Drop) -> None:
    known = {"months": ["2024-02"], "areas": ["D2"], "by": "B", "on": "2024-08-20", "reason": "half a month"}
    drop.sources = {"crimes": {**CRIMES, "incomplete": [known]}}
    deliveries = dropped(drop)
    assert ("D2", 2) in open_months(deliveries)
    assert ("D2", 2) not in open_months(
        known_at(drop.workspace, drop.definitions, deliveries, date(2024, 8, 19))
    )


def test_the_ledger_has_it_and_still_numbers_deliveries(drop: Drop) -> None:
    dropped(drop)
    drop.ingest(RECEIVED, decision=decided())
    (line,) = (a for a in ledger.read(drop.workspace.raw / "ledger.jsonl") if a.result == "whole")
    assert (line.source, line.first_month, line.by, line.decided) == (
        "crimes",
        "2024-03",
        "A. Analyst",
        "2024-08-02",
    )
    drop.put("crimes_2.csv", crimes("z,2024-07,Burglary,D1"))
    assert drop.ingest(datetime(2024, 9, 1, tzinfo=UTC)).new == ("crimes-0002",)


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (decided(date(2024, 1, 1)), "crimes 2024-01 is not held as incomplete; held are: 2024-03, 2024-05"),
        (decided(area_code="D1"), "crimes 2024-03 is not held as incomplete in D1; held are: 2024-05"),
        (
            MonthDecision("crime", MARCH, "", "A", date(2024, 8, 2), "x"),
            "crime has no coverage by month (did you mean 'crimes'?)",
        ),
    ],
)
def test_nothing_to_take(drop: Drop, decision: MonthDecision, told: str) -> None:
    dropped(drop)
    before = (drop.workspace.raw / "ledger.jsonl").read_bytes()
    with pytest.raises(UsageError) as error:
        drop.ingest(RECEIVED, decision=decision)
    assert str(error.value) == told
    assert (drop.workspace.raw / "ledger.jsonl").read_bytes() == before
    assert open_months(deliveries_of(drop.workspace)) == HELD


def test_a_month_that_is_known_to_be_incomplete_is_not_taken(drop: Drop) -> None:
    """What stands in the workspace would undo the decision, and nobody would be told."""
    known = {"months": ["2024-03"], "areas": ["D2"], "by": "B", "on": "2024-07-02", "reason": "half a month"}
    drop.sources = {"crimes": {**CRIMES, "incomplete": [known]}}
    dropped(drop)
    for area_code in ("", "D2"):
        with pytest.raises(UsageError) as error:
            drop.ingest(RECEIVED, decision=decided(area_code=area_code))
        assert str(error.value) == (
            "crimes 2024-03 is known to be incomplete in D2, by B on 2024-07-02: half a month. That goes "
            "before a decision that it is whole: take it out of `incomplete:` of crimes in "
            "config/sources.yaml first"
        )


def test_a_force_is_not_taken_as_whole_where_a_district_is_not(drop: Drop) -> None:
    dropped(drop)
    with pytest.raises(UsageError) as error:
        drop.ingest(RECEIVED, decision=decided(area_code="F1"))
    assert str(error.value) == (
        "crimes 2024-03: F1 is whole once each of its districts is, and D2 is not; take those: "
        "--accept crimes/2024-03/D2"
    )


def test_it_may_stand_in_the_workspace_instead(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "accepted_months": [
        {"months": ["2024-03"], "areas": ["D2"], "by": "A", "on": "2024-08-02", "reason": "a quiet month"}
    ]}}  # fmt: skip
    assert ("D2", 3) not in open_months(dropped(drop))


@pytest.mark.parametrize("accept", ["police_crimes/2023-13", "police_crimes/March"])
def test_what_is_no_month_is_a_matter_of_usage(assessment: Run, accept: str) -> None:
    given = ("--accept", accept, "--by", "A. Analyst", "--reason", "x")
    run = assessment("ingest", *given, "--workspace", REPOSITORY)
    assert run.returncode == 2
    assert "is no month written YYYY-MM, as in police_crimes/2024-03" in run.stderr


def test_on_the_command_line(assessment: Run, tmp_path: Path) -> None:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    file = root / "data" / "incoming" / "crimes_2022_2023.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    thin = [row for row in rows if not row.startswith("B-2-") or row.startswith("B-2-1")]
    assert len(rows) - len(thin) == 9  # three are left of twelve, in March 2022
    file.write_text("".join([header, *thin]), encoding="utf-8")
    run = assessment("ingest", "--workspace", root)
    assert run.returncode == 0, run.stderr
    assert "--accept SOURCE/YYYY-MM" in run.stdout
    given = ("--by", "A. Analyst", "--reason", "a quiet month")
    run = assessment("ingest", "--accept", "crimes/2022-03", *given, "--workspace", root)
    assert run.returncode == 0, run.stderr
    assert "crimes 2022-03: taken as whole by A. Analyst" in run.stderr
    assert "--accept SOURCE/YYYY-MM" not in run.stdout
    assert assessment("verify", "--workspace", root).returncode == 0
    run = assessment("ingest", "--accept", "crimes/2022-03", *given, "--workspace", root)
    assert run.returncode == 2
    assert "crimes 2022-03 is not held as incomplete; held are: none" in run.stderr
