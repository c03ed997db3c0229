"""A whole delivery is taken out, by itself or from its archive; its bytes stay out when they come again."""

from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pipeline.errors import UsageError
from pipeline.ingest import acceptances_of
from pipeline.ingest.purging import purge_delivery
from pipeline.ingest.verifying import verify_raw, verify_warehouse
from pipeline.model.acceptance import Decision
from pipeline.model.delivery import MonthState
from tests.integration.faults.searched import files_with
from tests.integration.faults.told import references
from tests.unit.ingest.drop import CRIMES, Drop, crimes

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
JANUARY = crimes("jan-1,2024-01,Burglary,D1", "jan-2,2024-01,Robbery,D2")
FEBRUARY = crimes("feb-1,2024-02,Burglary,D1", "feb-2,2024-02,Robbery,D2")


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "workspace")
    drop.incoming = drop.workspace.private_folder(drop.workspace.incoming)
    return drop


def purge(drop: Drop, delivery: str) -> list[str]:
    """Take a delivery out; the names of the files that went from the drop folder."""
    decision = Decision(delivery, "A. Analyst", date(2024, 6, 1), "withdrawn by the force")
    outcome = purge_delivery(drop.workspace, drop.definitions, decision, WHEN)
    assert outcome.not_rebuilt == ""
    assert outcome.copies == ()
    assert verify_raw(drop.workspace).differences == ()
    assert verify_warehouse(drop.workspace, drop.definitions).differences == ()
    return [path.name for path in outcome.removed]


def test_purge_of_a_delivery(drop: Drop) -> None:
    drop.put("crimes_1.csv", JANUARY)
    drop.put("crimes_2.csv", FEBRUARY)
    drop.ingest()
    assert purge(drop, "crimes-0002") == ["crimes_2.csv"]
    assert references(drop) == ["jan-1", "jan-2"]
    assert files_with(drop.root, "feb-1", "feb-2") == []
    deliveries = drop.ingest()
    assert deliveries.coverage.state("crimes", "D1", date(2024, 2, 1)) is MonthState.NOT_DELIVERED
    drop.put("sent_again/crimes_february.csv", FEBRUARY)
    again = drop.ingest()
    assert (again.new, references(drop)) == ((), ["jan-1", "jan-2"])
    drop.put("crimes_3.csv", crimes("feb-3,2024-02,Burglary,D1"))
    assert drop.ingest().new == ("crimes-0003",)  # a number is never given twice
    with pytest.raises(UsageError, match="there is no such delivery"):
        purge(drop, "crimes-0009")


def test_a_delivery_goes_from_its_archive_and_from_any_other(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "files": ["*-street.csv"]}}
    for name, more in (
        ("first.zip", {}),
        ("second.zip", {"2024-03-street.csv": crimes("mar-1,2024-03,Robbery,D1")}),
    ):
        with ZipFile(drop.incoming / name, "w", ZIP_DEFLATED) as archive:
            for member, content in {
                "2024-01-street.csv": JANUARY,
                "2024-02-street.csv": FEBRUARY,
                **more,
            }.items():
                archive.writestr(member, content)
    assert drop.ingest().new == ("crimes-0001", "crimes-0002", "crimes-0003")
    assert purge(drop, "crimes-0002") == ["first.zip", "second.zip"]
    assert references(drop) == ["jan-1", "jan-2", "mar-1"]
    assert files_with(drop.root, "feb-1", "feb-2") == []
    stored = sorted(path.name for path in drop.workspace.raw.rglob("*.zip"))
    assert stored == ["first.zip", "second.zip"]
    assert purge(drop, "crimes-0001") == []
    assert references(drop) == ["mar-1"]
    assert [path.name for path in drop.workspace.raw.rglob("*.zip")] == ["second.zip"]


def test_the_only_delivery_of_the_main_source_goes_and_leaves_no_database(drop: Drop) -> None:
    drop.put("crimes_1.csv", JANUARY)
    drop.ingest()
    decision = Decision("crimes-0001", "A. Analyst", date(2024, 6, 1), "withdrawn by the force")
    outcome = purge_delivery(drop.workspace, drop.definitions, decision, WHEN)
    assert "source crimes has no delivery" in outcome.not_rebuilt
    assert files_with(drop.root, "jan-1") == []
    assert list(drop.workspace.curated.iterdir()) == []


def test_a_held_delivery_that_was_taken_out_waits_no_more(drop: Drop) -> None:
    drop.suites = {"crimes": {}}
    drop.put("crimes_1.csv", crimes(*(f"jan-{n},2024-01,Burglary,D1" for n in range(40))))
    drop.ingest()
    drop.put("crimes_2.csv", FEBRUARY)
    assert [one.delivery for one in drop.ingest().waiting] == ["crimes-0002"]
    purge(drop, "crimes-0002")
    assert drop.ingest().waiting == ()
    judged = [one.delivery for one in acceptances_of(drop.workspace, drop.definitions)]
    assert judged == ["crimes-0001"]
    taken = Decision("crimes-0002", "A. Analyst", date(2024, 6, 1), "the office was shut")
    with pytest.raises(UsageError, match="no delivery 'crimes-0002' is held; held are: none"):
        drop.ingest(decision=taken)
