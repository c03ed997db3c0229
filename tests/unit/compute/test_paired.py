"""Two indicators that are judged together: each shows how the other changed."""

from typing import Any

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.statistics import compare_counts
from tests.small_partnership import crimes, definitions, indicator, observed, rows

REPORTS = {"type": "count", "unit": "reports", "where": {"offence": {"in": ["1"]}}}
REPEATS = {"type": "count", "unit": "repeats", "where": {"offence": {"in": ["2"]}}}
TABLE = [*rows(300, 200, offence="1"), *rows(90, 120, offence="2"), *rows(5, 5, "B", offence="2")]


def pair(*compare_repeats: dict[str, Any], of: str = "repeats") -> Comparison:
    """The reports beside the repeats, which are compared in the ways given."""
    reports = indicator(REPORTS, id="reports", compare=[{"to": "paired", "of": of}])
    repeats = indicator(REPEATS, id="repeats", title="Repeats", compare=list(compare_repeats))
    known = definitions(reports, repeats)
    results = release(observed(known, {"crimes": crimes(TABLE)}), known)
    return next(c for c in compare(results, known) if c.comparator == "paired")


def test_the_row_shows_the_change_of_the_other() -> None:
    found = pair({"to": "previous_year"})
    expected = compare_counts(120, 90)
    assert (found.observation.indicator, found.reference_label) == ("reports", "Repeats")
    assert found.reference is not None
    assert (found.reference.indicator, found.reference.value, found.reference_value) == ("repeats", 90, 90)
    assert (found.change, found.change_percent) == (-30, -25)
    assert (found.lower, found.upper, found.p_value) == (expected.lower, expected.upper, expected.p_value)
    assert (found.detectable_percent, found.detectable_rise_percent) == (None, None)
    assert found.reason.startswith("Repeats, year to December 2022 against year to December 2021; dispersion")


def test_the_first_change_that_can_be_compared_is_shown() -> None:
    impossible = {"to": "period", "ending": "2015-12"}
    found = pair({"to": "rank", "of": "all"}, impossible, {"to": "previous_year"})
    assert "against year to December 2021" in found.reason
    only = pair(impossible)
    assert (only.comparable, only.change, only.reference_value) == (False, None, 90)


def test_without_a_change_of_the_other_there_is_nothing_to_show() -> None:
    for found in (pair(), pair(of="nothing_of_that_name")):
        assert (found.comparable, found.reference, found.change) == (False, None, None)
        assert found.reason == "the indicator it is paired with has no change to show"
