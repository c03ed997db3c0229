"""A stray row of a month long past holds a delivery, which says what taking it would remove."""

from pathlib import Path

from pipeline.ingest.accepting import held_text
from pipeline.model.acceptance import Decision
from tests.unit.ingest.drop import RECEIVED, Drop, crimes

OLD = [f"old-{n},2019-05,Burglary,D1" for n in range(30)]


def test_the_months_in_between_are_one_line_and_what_goes_is_counted(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "workspace", suites={"crimes": {"months": {"every": True}}})
    drop.put("crimes-01.csv", crimes(*OLD))
    drop.ingest()
    now = [f"new-{n},2023-07,Burglary,D1" for n in range(59)]
    drop.put("crimes-02.csv", crimes("stray,2019-05,Burglary,D1", *now))
    (held,) = drop.ingest().waiting
    assert held.reasons == ("the 49 months from 2019-06 to 2023-06 are missing",)
    assert held.effects == ("taking it puts 1 in the place of the 30 rows of 2019-05 that came before it",)
    assert "  - taking it puts 1 in the place of the 30 rows of 2019-05" in held_text([held])
    drop.ingest(decision=Decision("crimes-0002", "A. Analyst", RECEIVED.date(), "it is right"))
    assert drop.rows("SELECT count(*) AS n FROM crimes WHERE month = '2019-05-01'") == [{"n": 1}]


def test_rows_that_a_whole_month_lacks_are_counted_by_month(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "workspace", suites={"crimes": {"complete": {"category": {"at_least": 100}}}})
    drop.put("crimes-01.csv", crimes(*OLD))
    drop.ingest()
    drop.put("crimes-02.csv", crimes(*OLD[:25], "added,2019-05,,D1"))
    (held,) = drop.ingest().waiting
    assert held.effects == (
        "taking it takes away the 5 rows of 2019-05 that came before it and that it lacks",
    )
