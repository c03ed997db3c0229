"""A wrong date of receipt: what comes later would count as older, so it is refused, told and corrected."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.cli.words import delivery_lines
from pipeline.errors import ExtractError, UsageError
from pipeline.ingest.verifying import verify_raw
from pipeline.model.acceptance import DateDecision
from tests.conftest import Run
from tests.integration.faults.told import references
from tests.unit.ingest.drop import Drop, crimes

DAY = datetime(2024, 6, 3, 9, tzinfo=UTC)
LISTED = "file,received,supplier\ncrimes_1.csv,{},\n"


def test_the_list_of_receipts_dates_nothing_after_today(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    listed = drop.put("received.csv", LISTED.format("2090-01-01"))
    with pytest.raises(ExtractError) as stopped:
        drop.ingest(DAY)
    assert str(stopped.value).startswith(f"{listed}:2: received is in the future (2090-01-01)")
    drop.put("received.csv", LISTED.format("2024-06-03T23:00"))
    assert drop.ingest(DAY).new == ("crimes-0001",)


def test_the_command_takes_no_moment_to_come(assessment: Run, drop: Drop) -> None:
    run = assessment("ingest", "--received", "2090-01-01", "--workspace", drop.root)
    assert run.returncode == 2
    assert "--received 2090-01-01T00:00: that is in the future" in run.stderr


def test_another_date_of_a_known_file_is_told_with_what_corrects_it(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest(DAY)
    drop.put("received.csv", LISTED.format("2024-02-01T12:00"))
    for _ in range(2):
        told = drop.ingest(DAY)
        (line,) = (one for one in delivery_lines(told) if "received.csv says" in one)
        assert line == (
            "crimes_1.csv: received.csv says it came at 2024-02-01T12:00, and it was received, as "
            "crimes-0001, with the date 2024-06-03T09:00, which it keeps. If that is wrong: "
            "assessment ingest --redate crimes-0001 --received 2024-02-01T12:00 "
            '--by "NAME" --reason "TEXT"'
        )
        assert told.extracts[0].received == DAY


def test_a_corrected_date_puts_deliveries_in_their_order(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest(datetime(2024, 7, 1, tzinfo=UTC))
    drop.put("crimes_2.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest(DAY)
    assert references(drop) == ["a", "b"]
    right = datetime(2024, 2, 1, 12, tzinfo=UTC)
    drop.ingest(DAY, decision=DateDecision("crimes-0001", right, "A. Analyst", DAY, "a slip"))
    assert references(drop) == ["a"]
    assert verify_raw(drop.workspace).differences == ()  # the receipts say so too
    drop.put("received.csv", LISTED.format("2024-02-01T12:00"))
    again = drop.ingest(DAY)
    assert (again.misdated, again.rebuilt) == ((), False)
    received = {extract.delivery: extract.received for extract in again.extracts}
    assert received == {"crimes-0001": right, "crimes-0002": DAY}
    with pytest.raises(UsageError, match="--redate crimes-0009: there is no such delivery"):
        drop.ingest(DAY, decision=DateDecision("crimes-0009", right, "A. Analyst", DAY, "a slip"))


@pytest.mark.parametrize(
    "flags",
    [
        ("--redate", "crimes-0001", "--by", "A. Analyst", "--reason", "a slip"),
        ("--redate", "crimes-0001", "--received", "2024-01-01"),
        ("--decline", "crimes-0001", "--accept", "crimes-0001", "--by", "A. Analyst", "--reason", "both"),
        ("--by", "A. Analyst", "--reason", "nothing"),
    ],
)
def test_a_decision_is_one_with_a_name_and_a_reason(
    assessment: Run, drop: Drop, flags: tuple[str, ...]
) -> None:
    run = assessment("ingest", *flags, "--workspace", drop.root)
    assert run.returncode == 2
    assert "--received DATETIME" in run.stderr or "one decision at a time" in run.stderr


def test_source_and_from_do_not_go_together(assessment: Run, drop: Drop, tmp_path: Path) -> None:
    file = drop.put("any.csv", crimes("a,2024-01,Burglary,D1"))
    run = assessment("ingest", "--source", "crimes", file, "--from", tmp_path, "--workspace", drop.root)
    assert run.returncode == 2
    assert "no --from goes with it" in run.stderr
