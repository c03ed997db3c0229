"""Which months a later delivery takes the place of, and which it only has some rows of."""

from datetime import UTC, date, datetime
from typing import Any

from pipeline.definitions.source import Accepted
from pipeline.ingest.redelivery import FEWEST_ROWS, Partial, redelivered
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

JANUARY = date(2024, 1, 1)


def row(delivery: int, district: str | None, rows: int) -> tuple[int, date, str | None, int]:
    return delivery, JANUARY, district, rows


def test_a_month_with_six_rows_for_ten_known_is_delivered_again() -> None:
    found = redelivered([row(0, "D1", 10), row(1, "D1", 6)], ())
    assert found.whole == {(JANUARY, "D1"): (0, 1)}
    assert found.partial == ()


def test_a_month_with_five_rows_for_ten_known_is_not() -> None:
    found = redelivered([row(0, "D1", 10), row(1, "D1", 5), row(2, "D1", 9)], ())
    assert found.whole == {(JANUARY, "D1"): (0, 2)}
    assert found.partial == (Partial(1, JANUARY, 5, 10, ("D1",)),)


def test_of_few_rows_a_share_says_nothing() -> None:
    found = redelivered([row(0, "D1", FEWEST_ROWS - 1), row(1, "D1", 1)], ())
    assert found.whole == {(JANUARY, "D1"): (0, 1)}


def test_a_district_that_fell_to_nothing_is_delivered_again_with_the_others() -> None:
    found = redelivered([row(0, "D1", 30), row(0, "D2", 3), row(0, None, 2), row(1, "D1", 30)], ())
    assert found.whole == {(JANUARY, place): (0, 1) for place in ("D1", "D2", None)}


def test_districts_that_send_their_own_files_leave_each_other_alone() -> None:
    found = redelivered([row(0, "D1", 30), row(1, "D2", 30), row(2, "D1", 30)], ())
    assert found.whole == {(JANUARY, "D1"): (0, 2), (JANUARY, "D2"): (1,)}


def test_a_correction_of_one_district_leaves_the_rest_of_the_force() -> None:
    force = [row(0, f"D{number}", 30) for number in range(1, 8)]
    found = redelivered([*force, row(1, "D1", 28)], ())
    assert found.whole[JANUARY, "D1"] == (0, 1)
    assert found.whole[JANUARY, "D2"] == (0,)
    assert found.partial == ()


def test_a_delivery_without_any_district_may_be_of_any() -> None:
    found = redelivered([row(0, "D1", 30), row(1, None, 30)], ())
    assert found.whole == {(JANUARY, "D1"): (0, 1), (JANUARY, None): (1,)}


def test_a_few_rows_without_a_district_are_of_none() -> None:
    found = redelivered([row(0, "D1", 30), row(1, None, 10)], ())
    assert found.whole == {(JANUARY, "D1"): (0,), (JANUARY, None): (1,)}


def test_what_a_person_took_holds_its_months() -> None:
    found = redelivered([row(0, "D1", 100), row(1, "D1", 1)], {1})
    assert found.whole == {(JANUARY, "D1"): (0, 1)}


def test_a_month_inside_which_a_delivery_begins_is_not_delivered_again() -> None:
    found = redelivered([row(0, "D1", 100), row(1, "D1", 70), row(1, "D2", 2)], (), {(1, JANUARY)})
    assert found.whole == {(JANUARY, "D1"): (0,), (JANUARY, "D2"): (1,)}
    assert found.partial == (Partial(1, JANUARY, 70, 100, ("D1",)),)


# -- through ingest -------------------------------------------------------------------------------


def lines(*rows: str) -> str:
    return "".join(f"{one}\n" for one in (HEADER, *rows))


def month(name: str, count: int) -> list[str]:
    return [f"{name}/{number},{name},Burglary,D1" for number in range(count)]


def deliver(drop: Drop, *files: str) -> None:
    for day, content in enumerate(files, 1):
        drop.put(f"crimes_{day}.csv", content)
        drop.ingest(datetime(2024, 5, day, tzinfo=UTC))


def counted(drop: Drop) -> dict[tuple[str, str], int]:
    found = drop.rows(
        "SELECT strftime(month, '%Y-%m') AS m, district_code AS d, count(*) AS n FROM crimes GROUP BY ALL"
    )
    return {(one["m"], one["d"]): one["n"] for one in found}


def test_one_row_with_a_wrong_date_takes_no_month_away(drop: Drop) -> None:
    deliver(
        drop,
        lines(*month("2023-01", 50), *month("2024-01", 50)),
        lines(*month("2024-01", 50), "x,2023-01,Robbery,D1"),
    )
    assert counted(drop) == {("2023-01", "D1"): 51, ("2024-01", "D1"): 50}
    (_, later) = drop.ingest().accounting
    assert later.notes[0].startswith("2023-01: 1 row where 50 are known, so the month is not taken as")


def test_a_row_of_a_partial_month_without_a_key_is_refused(drop: Drop) -> None:
    whole = [",2024-01,Anti-social behaviour,D1"] * 20
    deliver(drop, lines(*whole), lines(*whole[:8], *month("2024-02", 3)))
    assert counted(drop) == {("2024-01", "D1"): 20, ("2024-02", "D1"): 3}
    refused = drop.rows("SELECT line, rule FROM quarantine ORDER BY line")
    assert refused == [{"line": line, "rule": "partial"} for line in range(2, 10)]


def test_a_month_that_a_person_took_is_taken_whole(drop: Drop) -> None:
    accepted: dict[str, Any] = {
        "file": "crimes_2.csv", "by": "A. Analyst", "on": date(2024, 5, 3), "reason": "the first was doubled"
    }  # fmt: skip
    drop.sources = {"crimes": CRIMES | {"accepted": [Accepted(**accepted)]}}
    deliver(drop, lines(*month("2024-01", 40)), lines(*month("2024-01", 20)))
    assert counted(drop) == {("2024-01", "D1"): 20}


def test_rows_of_a_district_that_fell_to_nothing_are_gone_and_told(drop: Drop) -> None:
    asb = ",2024-01,Anti-social behaviour,{}".format
    deliver(drop, lines(*[asb("D1")] * 12, asb("D2")), lines(*[asb("D1")] * 13))
    assert counted(drop) == {("2024-01", "D1"): 13}
    changes = {(one.kind.value, one.rows) for one in drop.ingest().revisions}
    assert changes == {("added", 1), ("removed", 1)}


def test_an_extract_that_begins_inside_a_month_leaves_the_days_before(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "recorded_on": "Day", "month": {"month_of": "recorded_on"}}
    drop.sources = {"crimes": CRIMES | {"columns": columns}}
    header = "Reference,Day,Category,District"
    march = [f"{number},2024-03-{number % 30 + 1:02},Burglary,D1" for number in range(90)]
    later = [one for one in march if one.split(",")[1] >= "2024-03-10"]
    april = [f"a{number},2024-04-{number % 10 + 1:02},Burglary,D1" for number in range(30)]
    deliver(drop, "\n".join((header, *march)), "\n".join((header, *later, *april)))
    assert counted(drop) == {("2024-03", "D1"): 90, ("2024-04", "D1"): 30}
