"""What the path to a target asks of a period, and how far a figure is from it."""

from datetime import date
from typing import Any

import pytest

from pipeline.compute.targets import Wanted, wanted_at
from pipeline.definitions.indicator import Window
from pipeline.definitions.strategy import Priority, Target
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark
from pipeline.model.period import Period
from tests.small_partnership import compared, rows

RISING = {"value": 240, "by": "2025-26", "from": {"period": "2023-24", "value": 180}}


def year(first: int) -> Period:
    """The financial year that begins in April of `first`."""
    return Period(date(first, 4, 1), date(first + 1, 4, 1), "financial_year")


def quarter(first: int, month: int) -> Period:
    return Period.ending(date(first, month, 1), 3, "financial_quarter")


def asked(target: dict[str, Any], period: Period, kind: str = "financial_year") -> Wanted:
    window = Window.model_validate({"kind": kind})
    return wanted_at(Target.model_validate(target), window, period)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (2022, Wanted(None, last=False)),  # before the path begins nothing is asked
        (2023, Wanted(180, last=False)),
        (2024, Wanted(210, last=False)),  # half of the way from 180 to 240
        (2025, Wanted(240, last=True)),
        (2030, Wanted(240, last=True)),  # reached once, the target holds
    ],
)
def test_a_linear_path_moves_evenly_from_its_start(first: int, expected: Wanted) -> None:
    assert asked(RISING, year(first)) == expected


def test_it_moves_by_months_within_the_year() -> None:
    assert asked(RISING, quarter(2024, 6), "financial_quarter").value == 180 + 60 * 3 / 24
    assert asked(RISING, quarter(2025, 12), "financial_quarter").value == 180 + 60 * 21 / 24


@pytest.mark.parametrize(("first", "value"), [(2023, 180), (2024, 180), (2025, 240)])
def test_a_stepped_path_without_steps_rises_all_at_the_end(first: int, value: float) -> None:
    assert asked(RISING | {"path": "step"}, year(first)).value == value


STEPS = {"steps": {"2024-25": 190, "2025-26": 220}, "by": "2026-27", "value": 240}


@pytest.mark.parametrize(
    ("path", "month", "value"),
    [
        ("step", 3, 180),  # the year 2023-24 ends
        ("step", 12, 180),  # nine months later the step of 2024-25 is not due
        ("linear", 12, 180 + 10 * 9 / 12),
    ],
)
def test_a_path_goes_through_its_steps(path: str, month: int, value: float) -> None:
    target = RISING | STEPS | {"path": path}
    assert asked(target, Period.ending(date(2024, month, 1), 12, "rolling_12"), "rolling").value == value
    assert asked(target, year(2024)).value == 190
    assert asked(target, year(2025)).value == 220
    assert asked(target, year(2026)) == Wanted(240, last=True)


def test_without_a_start_the_first_figure_due_is_asked_of_every_period() -> None:
    assert asked({"value": 80, "by": "2025-26"}, year(2019)) == Wanted(80, last=True)
    assert asked({"value": 80, "by": "2025-26", "steps": {"2024-25": 90}}, year(2019)) == Wanted(90, False)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("2025-26", Wanted(50, last=True)),
        ("2026-03", Wanted(50, last=True)),
        ("2026-04", Wanted(40 + 10 * 12 / 13, last=False)),  # a month of the thirteen is still to come
    ],
)
def test_a_wave_is_due_by_the_end_of_its_year_or_month(by: str, expected: Wanted) -> None:
    wave = Period(date(2025, 11, 1), date(2026, 4, 1), "wave")
    target = {"value": 50, "by": by, "from": {"period": "2024-25", "value": 40}}
    found = asked(target, wave, "wave")
    assert found.value == pytest.approx(expected.value)
    assert found.last == expected.last


def priority(*targets: dict[str, Any] | None) -> dict[str, Priority]:
    """A priority whose measures each use the indicator `crime`, with these targets."""
    uses = [
        {"use": "crime", "want": "down", "headline": True} | ({"target": t} if t else {}) for t in targets
    ]
    measures = {f"m{n}": {"title": "M", "uses": [use]} for n, use in enumerate(uses)}
    return {"p": Priority.model_validate({"title": "P", "measures": measures})}


def against(*targets: dict[str, Any] | None, now: int = 90, **more: Any) -> list[Comparison]:
    """The targets' comparisons of `now` crimes in 2022, after 120 in 2021."""
    breaks = more.pop("breaks", ())
    known = {"priorities": priority(*targets), "breaks": breaks}
    return [c for c in compared(rows(now, 120), known=known, **more) if c.comparator == "target"]


FALLING = {"value": 80, "by": "2023-12", "from": {"period": "2021-12", "value": 120}}


def test_the_distance_is_told_with_the_limits_of_the_figure() -> None:
    (found,) = against(FALLING)
    assert (found.reference_value, found.change) == (100, -10)  # half of the way from 120 to 80
    assert found.change_percent == pytest.approx(-10)
    own = found.observation
    assert own.lower is not None
    assert own.upper is not None
    assert [found.lower, found.upper] == [pytest.approx(own.lower - 100), pytest.approx(own.upper - 100)]
    assert (found.reference_label, found.reason) == ("path to 80 by 2023-12", "")
    assert found.p_value is None


def test_a_target_of_nothing_is_told_in_units() -> None:
    (found,) = against({"value": 0, "by": "2022-12"})
    assert (found.reference_label, found.change, found.change_percent) == ("target of 0 by 2022-12", 90, None)
    assert (found.lower, found.upper) == (found.observation.lower, found.observation.upper)


def test_a_share_is_told_in_points() -> None:
    table = [*rows(30, 20, offence="1"), *rows(70, 80, offence="2")]
    share = {"type": "share", "where": {"offence": {"in": ["1"]}}}
    found = compared(table, share, known={"priorities": priority({"value": 25, "by": "2022-12"})})[-1]
    assert (found.comparator, found.change_percent) == ("target", None)
    assert found.change == pytest.approx(5)
    assert found.observation.lower is not None
    assert found.lower == pytest.approx(found.observation.lower - 25)


def test_each_target_of_the_uses_is_compared_once_where_it_was_written_or_last() -> None:
    other = FALLING | {"value": 60}
    assert [c.reference_label for c in against(FALLING, None, other, FALLING)] == [
        "path to 80 by 2023-12",
        "path to 60 by 2023-12",
    ]
    known = {"priorities": priority(FALLING)}
    first = compared(rows(90, 120), known=known, compare=[{"to": "target"}, {"to": "previous_year"}])
    assert [c.comparator for c in first] == ["target", "previous_year"]
    assert [c.comparator for c in compared(rows(90, 120), known=known)] == ["previous_year", "target"]
    assert against(None) == []


def test_before_its_path_begins_a_target_asks_nothing() -> None:
    (found,) = against(FALLING | {"by": "2025-12", "from": {"period": "2023-12", "value": 120}})
    assert (found.comparable, found.reference_value, found.change) == (False, None, None)
    assert found.reason == "the path to the target begins with 2023-12"


def test_no_figure_no_distance() -> None:
    (found,) = against(FALLING, window={"kind": "rolling", "ending": "2023-06"})
    assert (found.comparable, found.change) == (False, None)
    assert "2023-01" in found.reason


@pytest.mark.parametrize(("day", "marked"), [("2022-06-01", True), ("2020-06-01", False)])
def test_a_break_since_the_path_began_marks_it(day: str, marked: bool) -> None:
    (found,) = against(FALLING, breaks=[{"date": day, "note": "new rule"}])
    assert (Mark.BREAK in found.marks, found.reason) == (marked, "new rule" if marked else "")
    (found,) = against({"value": 80, "by": "2023-12"}, breaks=[{"date": day, "note": "new rule"}])
    assert Mark.BREAK not in found.marks
