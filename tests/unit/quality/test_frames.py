"""From profiles to the frames that are judged: the figures, and what they are compared with."""

from pipeline.definitions.expectations import Suite
from pipeline.quality.frames import Expected, compared, expectations
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


ROWS = "rows against the last deliveries"


def test_rows_are_compared_by_period_or_as_they_are() -> None:
    year, quarter = profile("one", records=1200, periods=12), profile("two", records=300, periods=3)
    assert figures(Suite(), ROWS, year, quarter) == [1.0]
    whole = Suite.model_validate({"rows": {"per": "delivery"}})
    assert figures(whole, ROWS, year, quarter) == [0.25]
    assert figures(Suite(), ROWS, year) == [None]
    assert figures(Suite(), ROWS, profile("empty", records=0), quarter) == [None]
    held = frame(Suite(), ROWS, year, quarter)
    assert (held.low, held.high, held.strict) == (0.5, 2, True)


def test_a_slide_is_seen_against_the_median_of_the_last_deliveries() -> None:
    sliding = [profile(f"d{n}", records=n, periods=1) for n in (1000, 510, 260)]
    (line,) = frame(Suite(), ROWS, *sliding).lines
    assert line.figure == 260 / 755
    assert line.reason == "260 records a period against a median of 755 in the last 2 deliveries"


def test_five_deliveries_say_what_is_usual() -> None:
    given = [profile(f"d{n}", records=records) for n, records in enumerate((1, 1, 1, 10, 20, 40, 60, 80, 20))]
    assert figures(Suite(), ROWS, *given) == [0.5]


def test_deliveries_of_everything_so_far_are_compared_with_the_last() -> None:
    whole = Suite.model_validate({"rows": {"per": "delivery"}})
    growing = [profile(f"d{n}", records=n * 100) for n in (1, 2, 3, 4, 5, 6, 7)]
    assert figures(whole, ROWS, *growing) == [7 / 6]


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
