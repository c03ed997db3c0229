"""From profiles to the frames that are judged: the figures, and what they are compared with."""

from datetime import date

import pytest

from pipeline.definitions.expectations import Suite
from pipeline.quality.frames import Expected, compared, expectations, usual_rows
from pipeline.quality.profile import Profile


def profile(delivery: str, supplier: str = "a", **more: object) -> Profile:
    given: dict[str, object] = {
        "delivery": delivery,
        "supplier": supplier,
        "records": 200,
        "faulty": 0,
        "rows": 200,
        "periods": 2,
        "recorded": {},
        "values": {},
        "unlisted": {},
    }
    return Profile(**(given | more))  # type: ignore[arg-type]


def frame(suite: Suite, name: str, *given: Profile, new: set[str] | None = None) -> Expected:
    judged = compared(suite, given, new or {given[-1].delivery}, set())
    return next(found for found in expectations(suite, judged) if found.name == name)


def figures(suite: Suite, name: str, *given: Profile) -> list[float | None]:
    return [line.figure for line in frame(suite, name, *given).lines]


def test_the_last_delivery_is_the_last_one_that_is_not_held() -> None:
    given = [profile(name) for name in ("one", "two", "three")]
    found = compared(Suite(), given, {"two", "three"}, {"two"})
    assert [(c.profile.delivery, c.last and c.last.delivery) for c in found] == [
        ("two", "one"),
        ("three", "one"),
    ]


def test_the_last_delivery_may_be_that_of_the_same_supplier() -> None:
    given = [profile("one", "a"), profile("two", "b"), profile("three", "a")]
    suite = Suite(compared_with="last_of_supplier")
    assert [c.last and c.last.delivery for c in compared(suite, given, {"two", "three"}, set())] == [
        None,
        "one",
    ]


ROWS = "rows against the last delivery"


def test_rows_are_compared_by_period_or_as_they_are() -> None:
    year, quarter = profile("one", records=1200, periods=12), profile("two", records=300, periods=3)
    assert figures(Suite(), ROWS, year, quarter) == [1.0]
    whole = Suite.model_validate({"rows": {"per": "delivery"}})
    assert figures(whole, ROWS, year, quarter) == [0.25]
    assert figures(Suite(), ROWS, year) == [None]
    assert figures(Suite(), ROWS, profile("empty", records=0), quarter) == [None]
    held = frame(Suite(), ROWS, year, quarter)
    assert (held.low, held.high, held.strict) == (0.5, 2, True)


def test_what_the_supplier_says_is_compared_and_may_be_required() -> None:
    name = "control total of the supplier"
    assert figures(Suite(), name, profile("one", stated=203)) == [-3]
    assert figures(Suite(), name, profile("one")) == [None]
    assert figures(Suite(control_totals="required"), name, profile("one")) == [200]


def test_too_few_rows_have_no_shares_to_compare() -> None:
    suite = Suite.model_validate({"shares": {"place": {"change": 5}}, "fewest_rows": 100})
    one = profile("one", values={"place": {"public": 150, "private": 50}})
    two = profile("two", values={"place": {"public": 100, "not recorded": 100}})
    assert figures(suite, "shares of place", one, two) == [50.0, -25.0, -25.0]
    few = profile("two", rows=99, values={"place": {"public": 99}})
    assert figures(suite, "shares of place", one, few) == [None]


@pytest.mark.parametrize(
    ("rows", "usual"),
    [({1: 10, 2: 20}, None), ({1: 10, 2: 20, 4: 30}, 20), ({1: 10, 2: 20, 3: 99, 4: 40}, 20)],
)
def test_what_is_usual_takes_three_other_months(rows: dict[int, int], usual: float | None) -> None:
    assert usual_rows({date(2024, month, 1): n for month, n in rows.items()}, date(2024, 3, 1)) == usual


def test_what_is_usual_is_of_the_nearest_year() -> None:
    far = {date(2010, month, 1): 1 for month in range(1, 13)}
    near = {date(2023, month, 1): 100 for month in range(1, 13)}
    assert usual_rows(far | near, date(2024, 1, 1)) == 100
