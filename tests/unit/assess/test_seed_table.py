"""The strategy's own table of violence by age, from rows to words, at dispersion 1.

The numbers are worked by hand in the domain notes (section G, "Check of the seed's VWI table") and asked
for in the same words by the issue that this test belongs to.
"""

from functools import cache

import pytest

from pipeline.assess import assess
from pipeline.compute import compare
from pipeline.definitions.strategy import Priority
from pipeline.disclosure import release
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN, Mark
from pipeline.report import wording
from pipeline.report.text import plain
from tests.small_partnership import COUNT, crimes, definitions, indicator, observed, rows

TABLE = [
    *rows(1011, 1119, victim_age_years=24),
    *rows(2882, 2690, victim_age_years=25),
    *rows(57, 155),
]
AGE = [{"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}]


@cache
def judged() -> dict[str, Judgement]:
    """The judgement of every category of the table, the total under an empty name; falls are wanted."""
    asked = indicator(COUNT, by=AGE, compare=[{"to": "previous_year"}], test={"dispersion": 1})
    use = {"use": "crime", "want": "down", "headline": True}
    priority = Priority.model_validate({"title": "P", "measures": {"m": {"title": "M", "uses": [use]}}})
    known = definitions(asked, priorities={"p": priority})
    results = release(observed(known, {"crimes": crimes(TABLE)}), known)
    found = assess(compare(results, known), results, known)
    return {j.comparison.observation.category: j for j in found.judgements}


@pytest.mark.parametrize(
    ("category", "change", "p_value", "pro_rata", "bounds", "verdict", "rule"),
    [
        ("", (-0.4, -4.6, 4.1), 0.87, None, None, Verdict.NO_CLEAR_CHANGE, "interval_spans_zero"),
        (
            *("U25", (-9.7, -17.0, -1.6), 0.019, (-11.9, -19.0, -4.2), (-20.6, -4.6)),
            *(Verdict.IMPROVED, "as_wanted"),
        ),
        (
            *("25+", (7.1, 1.7, 12.9), 0.010, (4.5, -0.8, 10.0), (1.3, 9.3)),
            *(Verdict.NO_CLEAR_CHANGE, "unknowns_undo_it"),
        ),
    ],
)
def test_the_table(
    category: str,
    change: tuple[float, ...],
    p_value: float,
    pro_rata: tuple[float, ...] | None,
    bounds: tuple[float, ...] | None,
    verdict: Verdict,
    rule: str,
) -> None:
    judgement = judged()[category]
    c = judgement.comparison
    assert _rounded(c.change_percent, c.lower, c.upper) == change
    assert c.p_value == pytest.approx(p_value, rel=0.05)
    assert c.dispersion == 1
    assert _rounded(c.pro_rata, c.pro_rata_lower, c.pro_rata_upper) == pro_rata
    assert _rounded(c.bound_lower, c.bound_upper) == bounds
    assert (judgement.verdict, judgement.rule) == (verdict, rule)


def _rounded(*numbers: float | None) -> tuple[float, ...] | None:
    found = tuple(round(number, 1) for number in numbers if number is not None)
    return found or None


def test_fewer_unknown_ages_are_down_and_no_improvement() -> None:
    unknown = judged()[UNKNOWN]
    assert (unknown.verdict, unknown.rule) == (Verdict.DOWN, "neither_wanted")
    assert unknown.comparison.change == 57 - 155


def test_the_words_say_that_some_of_the_rise_may_be_better_recording() -> None:
    adult = judged()["25+"]
    assert Mark.LOW_RELIABILITY in adult.marks
    words = plain(wording.sentences(("violence, 25 and over",), adult, "victim age"))
    assert "a rise of 7.1% as recorded" in words
    assert "shared out in proportion the change is +4.5%" in words
    assert "anywhere from +1.3 to +9.3%: part of it may be better recording [u]." in words
    assert "more than chance" not in words


def test_the_words_of_what_stands_do_not_doubt_it() -> None:
    words = plain(wording.sentences(("violence, under 25",), judged()["U25"], "victim age"))
    assert "a fall of 9.7% (95% interval −17.0 to −1.6): more than chance would make" in words
    assert "[u]" not in words


def test_the_words_of_the_total_say_what_would_have_shown() -> None:
    words = plain(wording.sentences(("violence",), judged()[""]))
    assert "a fall of 0.4% (95% interval −4.6 to +4.1): no more than chance could make" in words
    assert "A real fall of 7% or more would probably have shown." in words
