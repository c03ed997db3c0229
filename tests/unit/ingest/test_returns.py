"""What is expected of suppliers, what of it has come, and what is owed. Missing is never zero."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.definitions.source import Expected
from pipeline.ingest import deliveries_as_at, expected_returns, warehouse
from pipeline.ingest.returns import periods
from pipeline.model.delivery import AsAt
from pipeline.model.returns import Content, Return, ReturnState
from tests.unit.ingest.drop import CRIMES, Drop, crimes

HEADER = "Item,Start,End,Area,Value,Status"
RETURNS: dict[str, Any] = {
    "title": "Returns",
    "supplier": "Partners",
    "files": ["returns*"],
    "contract": "returns",
    "columns": {
        "item": "Item",
        "period_start": "Start",
        "period_end": {"from": "End", "plus_days": 1},
        "area_code": "Area",
        "value": "Value",
        "status": "Status",
    },
    "key": ["item", "area_code", "period_start", "period_end"],
}
QUARTERLY = {
    "supplier": "Housing",
    "contact": "team manager",
    "every": "quarter",
    "due_days": 30,
    "since": "2024-01",
    "items": ["cases", "closures"],
}
FIRST, SECOND = "2024-01-01,2024-03-31,D1", "2024-04-01,2024-06-30,D1"
DAY = date(2024, 8, 15)


@pytest.fixture
def drop(drop: Drop) -> Drop:
    drop.sources = {"crimes": CRIMES, "returns": {**RETURNS, "expected": [QUARTERLY]}}
    drop.put("crimes.csv", crimes(",2024-01,Burglary,D1"))
    return drop


def received(drop: Drop, day: str, *lines: str) -> None:
    """A file of returns that came on a day."""
    drop.put(f"returns_{day}.csv", "\n".join((HEADER, *lines)) + "\n")
    drop.ingest(datetime.fromisoformat(day).replace(tzinfo=UTC))


def found(drop: Drop, day: date = DAY, as_at: AsAt | None = None) -> tuple[Return, ...]:
    deliveries = deliveries_as_at(drop.workspace, drop.definitions, as_at)
    with warehouse(drop.workspace, deliveries) as store:
        return expected_returns(store, drop.definitions, deliveries, day)


def test_one_on_time_one_overdue(drop: Drop) -> None:
    received(drop, "2024-04-30", f"cases,{FIRST},5,final", f"closures,{FIRST},0,final")
    first, second = found(drop)
    assert (first.due, first.received, first.state(DAY)) == (
        date(2024, 4, 30),
        date(2024, 4, 30),
        ReturnState.RECEIVED,
    )
    assert (second.due, second.received, second.state(DAY)) == (date(2024, 7, 30), None, ReturnState.OVERDUE)
    assert second.days_late(DAY) == 16
    assert [item.item for item in second.lacking] == ["cases", "closures"]


def test_a_day_after_it_was_due_is_late(drop: Drop) -> None:
    received(drop, "2024-05-01", f"cases,{FIRST},5,final", f"closures,{FIRST},2,final")
    assert found(drop)[0].state(DAY) is ReturnState.LATE
    assert found(drop)[0].days_late(DAY) == 1


def test_on_the_day_it_is_due_it_is_not_yet_overdue(drop: Drop) -> None:
    drop.ingest()
    states = [found(drop, date(2024, 4, day))[0].state(date(2024, 4, day)) for day in (1, 30)]
    assert states == [ReturnState.NOT_YET_DUE] * 2
    assert found(drop, date(2024, 5, 1))[0].state(date(2024, 5, 1)) is ReturnState.OVERDUE


def test_a_period_that_is_not_over_is_not_expected(drop: Drop) -> None:
    drop.ingest()
    assert found(drop, date(2024, 3, 30)) == ()
    assert len(found(drop, date(2024, 3, 31))) == 1


def test_half_a_return_is_owed_by_the_items_that_lack(drop: Drop) -> None:
    received(drop, "2024-04-20", f"cases,{FIRST},5,final")
    first = found(drop)[0]
    assert first.state(DAY) is ReturnState.OVERDUE
    assert [item.item for item in first.lacking] == ["closures"]


def test_zero_no_figure_suppressed_and_nothing_are_four_things(drop: Drop) -> None:
    expected = {**QUARTERLY, "until": "2024-03", "items": ["zero", "none", "hidden", "missing"]}
    drop.sources = drop.sources | {"returns": {**RETURNS, "expected": [expected]}}
    lines = (f"zero,{FIRST},0,final", f"none,{FIRST},,final", f"hidden,{FIRST},,suppressed")
    received(drop, "2024-04-20", *lines)
    (only,) = found(drop)
    assert {item.item: item.content for item in only.items} == {
        "zero": Content.FIGURE,
        "none": Content.NO_FIGURE,
        "hidden": Content.SUPPRESSED,
        "missing": None,
    }
    assert [item.item for item in only.without_figure] == ["none"]
    assert [item.item for item in only.lacking] == ["missing"]


def test_a_revision_keeps_the_day_on_which_it_first_came(drop: Drop) -> None:
    received(drop, "2024-04-20", f"cases,{FIRST},5,provisional", f"closures,{FIRST},2,final")
    received(drop, "2024-06-03", f"cases,{FIRST},6,final", f"closures,{FIRST},2,final")
    first = found(drop)[0]
    assert (first.received, first.revised) == (date(2024, 4, 20), date(2024, 6, 3))
    assert first.state(DAY) is ReturnState.RECEIVED
    assert [item.revised for item in first.items] == [date(2024, 6, 3), None]


def test_as_at_a_day_nothing_that_came_later_is_known(drop: Drop) -> None:
    received(drop, "2024-04-20", f"cases,{FIRST},5,provisional", f"closures,{FIRST},2,final")
    received(
        drop, "2024-08-10", f"cases,{FIRST},6,final", f"cases,{SECOND},6,final", f"closures,{SECOND},1,final"
    )
    now = found(drop)
    assert [one.state(DAY) for one in now] == [ReturnState.RECEIVED, ReturnState.LATE]
    assert now[0].revised == date(2024, 8, 10)
    day = date(2024, 8, 1)
    then = found(drop, day, day)
    assert [one.state(day) for one in then] == [ReturnState.RECEIVED, ReturnState.OVERDUE]
    assert then[0].revised is None


def test_months_make_a_quarter_once_all_three_have_come(drop: Drop) -> None:
    months = ["2024-01-01,2024-01-31,D1", "2024-02-01,2024-02-29,D1", "2024-03-01,2024-03-31,D1"]
    for item in ("cases", "closures"):
        received(
            drop, f"2024-02-0{5 if item == 'cases' else 6}", *[f"{item},{m},1,final" for m in months[:2]]
        )
    first = found(drop)[0]
    assert first.received is None
    assert first.items[0].missing == (date(2024, 3, 1),)
    received(drop, "2024-04-11", *[f"{item},{months[2]},1,final" for item in ("cases", "closures")])
    assert found(drop)[0].received == date(2024, 4, 11)


def test_a_figure_of_another_area_or_of_a_year_is_no_quarter_of_this_one(drop: Drop) -> None:
    received(
        drop, "2024-04-20", "cases,2024-01-01,2024-03-31,D2,5,final", "cases,2024-01-01,2024-12-31,D1,5,final"
    )
    assert len(found(drop)[0].lacking) == 2


def test_files_as_a_whole(drop: Drop) -> None:
    monthly = {"supplier": "Police", "every": "month", "due_days": 10, "since": "2024-01"}
    register = {"supplier": "Council", "every": "quarter", "due_days": 10, "since": "2024-01"}
    drop.sources = {
        "crimes": {**CRIMES, "expected": [monthly]},
        "register": {**CRIMES, "files": ["register*"], "every_month": False, "expected": [register]},
    }
    drop.ingest(datetime(2024, 2, 15, tzinfo=UTC))
    drop.put("register.csv", crimes(",2024-01,Burglary,D1"))
    drop.ingest(datetime(2024, 3, 28, tzinfo=UTC))
    day = date(2024, 4, 1)
    states = {(one.source, one.period.key): one.state(day) for one in found(drop, day)}
    assert states == {
        ("crimes", "2024-01/2024-01"): ReturnState.LATE,
        ("crimes", "2024-02/2024-02"): ReturnState.OVERDUE,
        ("crimes", "2024-03/2024-03"): ReturnState.NOT_YET_DUE,
        # It came before the quarter was over, so it does not stand for its end.
        ("register", "2024-01/2024-03"): ReturnState.NOT_YET_DUE,
    }


REGISTER = {"supplier": "Council", "every": "quarter", "due_days": 10, "since": "2024-01"}


def registers(
    drop: Drop, files: dict[str, tuple[str, str]], day: date, **more: Any
) -> dict[str, ReturnState]:
    """How the quarters of a register stand, of which files came: name -> day of receipt, month of its row."""
    own = {**CRIMES, "files": ["register*"], "every_month": False, "expected": [REGISTER], **more}
    drop.sources = {"crimes": CRIMES, "register": own}
    for name, (came, month) in files.items():
        drop.put(name, crimes(f",{month},Burglary,D1"))
        drop.ingest(datetime.fromisoformat(came).replace(tzinfo=UTC))
    return {one.period.key: one.state(day) for one in found(drop, day)}


def test_one_file_does_not_answer_for_the_quarters_before_it(drop: Drop) -> None:
    states = registers(drop, {"register.csv": ("2024-10-05", "2024-09")}, date(2024, 10, 20))
    assert states == {
        "2024-01/2024-03": ReturnState.OVERDUE,
        "2024-04/2024-06": ReturnState.OVERDUE,
        "2024-07/2024-09": ReturnState.RECEIVED,
    }


def test_files_that_come_together_answer_for_a_quarter_each(drop: Drop) -> None:
    files = {
        f"register_{n}.csv": ("2024-10-05", month)
        for n, month in enumerate(("2024-09", "2024-02", "2024-05"))
    }
    states = registers(drop, files, date(2024, 10, 20))
    assert list(states.values()) == [ReturnState.LATE, ReturnState.LATE, ReturnState.RECEIVED]


def test_a_register_without_new_rows_answers_for_the_quarter_that_was_over_when_it_came(drop: Drop) -> None:
    files = {"register_1.csv": ("2024-04-05", "2024-02"), "register_2.csv": ("2024-07-05", "2024-01")}
    states = registers(drop, files, date(2024, 7, 20))
    assert list(states.values()) == [ReturnState.RECEIVED, ReturnState.RECEIVED]


def test_a_file_sent_again_under_its_name_answers_for_no_other_quarter(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(",2024-01,Burglary,D1"))
    files = {"register.csv": ("2024-07-05", "2024-06")}
    registers(drop, files, date(2024, 7, 20))
    drop.put("register.csv", crimes(",2024-06,Robbery,D1"))
    drop.ingest(datetime(2024, 7, 9, tzinfo=UTC))
    first, second = found(drop, date(2024, 7, 20))
    assert first.state(date(2024, 7, 20)) is ReturnState.OVERDUE
    assert (second.received, second.revised) == (date(2024, 7, 5), date(2024, 7, 9))


def test_the_same_name_each_quarter_is_a_return_each_quarter(drop: Drop) -> None:
    registers(drop, {"register.csv": ("2024-04-05", "2024-03")}, date(2024, 4, 20))
    states = registers(drop, {"register.csv": ("2024-07-05", "2024-06")}, date(2024, 7, 20))
    assert list(states.values()) == [ReturnState.RECEIVED, ReturnState.RECEIVED]


def test_the_months_in_its_name_say_which_quarter_a_file_is_of(drop: Drop) -> None:
    files = {"register-2024-01.csv": ("2024-07-05", "2024-01")}
    states = registers(drop, files, date(2024, 7, 20), months_in_name="%Y-%m")
    assert list(states.values()) == [ReturnState.LATE, ReturnState.OVERDUE]


@pytest.mark.parametrize(
    ("every", "since", "day", "keys"),
    [
        ("month", "2024-01", date(2024, 2, 29), ["2024-01/2024-01", "2024-02/2024-02"]),
        ("quarter", "2023-10", date(2024, 6, 29), ["2023-10/2023-12", "2024-01/2024-03"]),
        ("calendar_year", "2023-01", date(2024, 12, 30), ["2023-01/2023-12"]),
        ("financial_year", "2022-04", date(2024, 3, 31), ["2022-04/2023-03", "2023-04/2024-03"]),
    ],
)
def test_periods_that_are_over(every: str, since: str, day: date, keys: list[str]) -> None:
    expected = Expected.model_validate({"supplier": "x", "every": every, "due_days": 1, "since": since})
    assert [period.key for period in periods(expected, day)] == keys


def test_until_and_first_due() -> None:
    expected = Expected.model_validate(
        {"supplier": "x", "every": "month", "due_days": 1, "since": "2024-01", "until": "2024-02"}
    )
    assert [period.key for period in periods(expected, DAY)] == ["2024-01/2024-01", "2024-02/2024-02"]


def test_nothing_is_due_before_the_agreement(drop: Drop) -> None:
    drop.sources = drop.sources | {
        "returns": {**RETURNS, "expected": [{**QUARTERLY, "first_due": date(2024, 7, 14)}]}
    }
    drop.ingest()
    assert [one.due for one in found(drop)] == [date(2024, 7, 14), date(2024, 7, 30)]


MONTHLY = {"supplier": "Police", "contact": "analyst", "every": "month", "due_days": 10, "since": "2024-01"}


def test_a_month_without_rows_is_owed_although_a_later_one_has_come(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "expected": [MONTHLY]}}
    drop.put("crimes.csv", crimes(",2024-01,Burglary,D1", ",2024-03,Burglary,D1"))
    drop.ingest(datetime(2024, 4, 5, tzinfo=UTC))
    states = [one.state(date(2024, 4, 30)) for one in found(drop, date(2024, 4, 30))]
    assert states[:3] == [ReturnState.LATE, ReturnState.OVERDUE, ReturnState.RECEIVED]


def test_a_quarter_of_which_a_month_has_no_rows_is_owed_by_that_month(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "expected": [MONTHLY | {"every": "quarter"}]}}
    drop.put("crimes.csv", crimes(",2024-01,Burglary,D1", ",2024-03,Burglary,D1"))
    drop.ingest(datetime(2024, 4, 5, tzinfo=UTC))
    (quarter,) = found(drop, date(2024, 4, 30))
    assert quarter.state(date(2024, 4, 30)) is ReturnState.OVERDUE
    assert quarter.items[0].missing == (date(2024, 2, 1),)


def test_one_suppliers_file_does_not_answer_for_another(drop: Drop) -> None:
    both = [REGISTER | {"supplier": name} for name in ("Council A", "Council B")]
    registers_ = {**CRIMES, "files": ["register*"], "every_month": False, "expected": both}
    drop.sources = {"crimes": CRIMES, "registers": registers_}
    drop.put("received.csv", "file,received,supplier\nregister.csv,2024-04-05,Council A\n")
    drop.put("register.csv", crimes(",2024-03,Burglary,D1"))
    drop.ingest(datetime(2024, 4, 6, tzinfo=UTC))
    states = {one.supplier: one.state(DAY) for one in found(drop) if one.period.start == date(2024, 1, 1)}
    assert states == {"Council A": ReturnState.RECEIVED, "Council B": ReturnState.OVERDUE}
