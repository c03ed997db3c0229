"""A held delivery is told on every ingest until it is taken, declined or replaced, wherever its file is."""

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.ingest import acceptances_of
from pipeline.ingest.accepting import held_text
from pipeline.model.acceptance import Decision, Standing
from tests.integration.faults.test_row_count_halves_or_doubles import loaded, month_of
from tests.unit.ingest.drop import CRIMES, RECEIVED, Drop

DAY = RECEIVED.date()


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """A workspace with a delivery that is held."""
    made = Drop(tmp_path / "workspace", suites={"crimes": {}})
    made.put("crimes-01.csv", month_of("2024-01", 40))
    made.ingest()
    made.put("crimes-02.csv", month_of("2024-02", 20))
    assert [one.delivery for one in made.ingest().waiting] == ["crimes-0002"]
    return made


def decided(name: str, declined: bool) -> Decision:
    return Decision(name, "A. Analyst", DAY, "the force says so", declined=declined)


def test_it_waits_although_its_file_is_gone(drop: Drop) -> None:
    (drop.incoming / "crimes-02.csv").unlink()
    for _ in range(2):
        (one,) = drop.ingest().waiting
        assert one.delivery == "crimes-0002"
    assert 'assessment ingest --decline crimes-0002 --by "NAME" --reason "TEXT"' in held_text([one])


def test_a_declined_one_waits_no_more_and_is_not_loaded(drop: Drop) -> None:
    declined = drop.ingest(decision=decided("crimes-0002", declined=True))
    assert (declined.waiting, loaded(drop)) == ((), 40)
    assert drop.ingest().waiting == ()
    (one,) = (a for a in acceptances_of(drop.workspace, drop.definitions) if a.reasons)
    assert one.standing is Standing.DECLINED
    with pytest.raises(UsageError, match="held are: none"):
        drop.ingest(decision=decided("crimes-0002", declined=True))
    # The person may think better of it.
    drop.ingest(decision=decided("crimes-0002", declined=False))
    assert loaded(drop) == 60


def test_another_of_its_name_and_months_ends_the_wait_and_one_of_other_months_does_not(drop: Drop) -> None:
    drop.put("crimes-02.csv", month_of("2024-03", 41))
    assert [one.delivery for one in drop.ingest().waiting] == ["crimes-0002"]
    drop.put("crimes-02.csv", month_of("2024-02", 39))
    assert drop.ingest().waiting == ()
    assert loaded(drop) == 120


def test_a_decision_by_file_name_takes_one_delivery_of_that_name(drop: Drop) -> None:
    taken = {"file": "crimes-02.csv", "by": "A. Analyst", "on": DAY.isoformat(), "reason": "it is right"}
    drop.sources = {"crimes": CRIMES | {"accepted": [taken]}}
    assert (drop.ingest().waiting, loaded(drop)) == ((), 60)
    drop.put("crimes-02.csv", month_of("2024-02", 2))  # of the same day: nobody has seen it
    (one,) = drop.ingest().waiting
    assert (one.delivery, loaded(drop)) == ("crimes-0003", 60)
    drop.sources = {"crimes": CRIMES | {"accepted": [taken, taken | {"file": "crimes-0003"}]}}
    assert (drop.ingest().waiting, loaded(drop)) == ((), 42)
