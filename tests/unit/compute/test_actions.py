"""The plan's actions as read from the warehouse, and the one span that rare deaths are counted in."""

from datetime import date

import pyarrow as pa

from pipeline.compute.actions import read_actions
from pipeline.model.action import Action, ActionStatus
from pipeline.store import Store
from tests import small_partnership as small

WHOLE = {
    "action_ref": pa.array(["b", "a"]),
    "serves": pa.array(["homes", None]),
    "action": pa.array(["Fit locks", "Count members"]),
    "owner": pa.array(["Housing", None]),
    "due_on": pa.array([date(2023, 3, 31), date(2022, 12, 31)]),
    "month": pa.array([date(2023, 3, 1), date(2022, 12, 1)]),
    "status": pa.array(["complete", None]),
    "completed_on": pa.array([date(2023, 4, 2), None], pa.date32()),
    "quantity": pa.array([1, 1], pa.int32()),
}


AS_AT = date(2023, 6, 30)


def read(columns: dict[str, pa.Array], as_at: date = AS_AT) -> tuple[Action, ...]:
    plan = small.source("plan", contract="actions")
    with Store.in_memory({"plan": pa.table(columns)}) as store:
        return read_actions(store, small.definitions(sources=(small.source(), plan)), as_at)


def test_actions_come_by_the_day_they_are_due() -> None:
    first, second = read(WHOLE)
    assert (first.reference, first.serves, first.owner, first.status) == ("a", "", "", None)
    assert second == Action(
        reference="b",
        serves="homes",
        words="Fit locks",
        owner="Housing",
        due=date(2023, 3, 31),
        status=ActionStatus.COMPLETE,
        completed=date(2023, 4, 2),
    )


def test_what_was_completed_later_was_still_open_on_the_day() -> None:
    (_, on_the_day), (_, before) = read(WHOLE, date(2023, 4, 2)), read(WHOLE, date(2023, 4, 1))
    assert on_the_day.status is ActionStatus.COMPLETE
    assert (before.status, before.completed) == (None, None)
    assert before.is_overdue(date(2023, 4, 1))


def test_a_plan_need_not_say_everything() -> None:
    required = ("action_ref", "action", "due_on", "month", "quantity")
    found = read({name: WHOLE[name] for name in required})
    assert [(a.status, a.owner, a.completed) for a in found] == [(None, "", None)] * 2


def test_a_source_without_deliveries_has_no_actions() -> None:
    with Store.in_memory() as store:
        plan = small.source("plan", contract="actions")
        assert read_actions(store, small.definitions(sources=(small.source(), plan)), AS_AT) == ()


def test_open_late_and_overdue() -> None:
    due = date(2023, 3, 31)

    def action(status: ActionStatus | None, completed: date | None = None) -> Action:
        return Action(
            reference="a", serves="", words="", owner="", due=due, status=status, completed=completed
        )

    late = action(ActionStatus.COMPLETE, date(2023, 4, 1))
    assert late.was_late
    assert not late.is_open
    assert not action(ActionStatus.COMPLETE).was_late  # no day is known, so none is held against it
    assert not action(ActionStatus.COMPLETE, due).was_late
    for status in (None, ActionStatus.NOT_STARTED, ActionStatus.ON_TRACK, ActionStatus.DELAYED):
        assert not action(status).is_overdue(due)
        assert action(status).is_overdue(date(2023, 4, 1))
    assert not action(ActionStatus.STOPPED).is_overdue(date(2024, 1, 1))


def test_rare_deaths_are_counted_over_the_years_together_and_never_by_month() -> None:
    table = small.crimes({"month": month, "district_code": "A"} for month in small.months())
    two_years = {"window": {"kind": "rolling", "months": 24, "ending": small.LAST}}
    found = []
    for only in (True, False):
        deaths = small.indicator({"type": "count", "unit": "deaths"}, **two_years, only_multi_year=only)
        observations = small.observed(small.definitions(deaths), {"crimes": table})
        found.append({o.period.basis for o in observations})
    assert found == [{"rolling_24"}, {"rolling_24", "month"}]
