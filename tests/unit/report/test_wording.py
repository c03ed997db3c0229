"""Sentences from judgements, by a closed vocabulary."""

import re
from dataclasses import replace

import pytest

from pipeline.assess import judge
from pipeline.model.comparison import Comparison, Verdict, Want
from pipeline.model.observation import Mark, State
from pipeline.report import ranks, wording
from pipeline.report.text import plain
from tests.unit.report import factory

TOTAL, YOUNG, ADULT, UNKNOWN = factory.violence()[1]
SMALL, MISSING = factory.returns()[1]
UNLIKE, BROKEN = factory.unlike()[1]
NOTHING = factory.compared(
    factory.observed("violence_with_injury", 0.0, factory.EARLIER),
    factory.observed("violence_with_injury", 0.0, factory.LATER),
    lower=-3.7,
    upper=3.7,
)


def said(comparison: Comparison, want: Want = Want.DOWN, unknown: str = "") -> str:
    return plain(
        wording.sentences(wording.in_sentence("Violence with injury"), judge(comparison, want), unknown)
    )


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (
            TOTAL,
            "Violence with injury: 3,950 crimes in 2022-23, against 3,964 the year before, a fall of 0.4% "
            "(95% interval −4.6 to +4.1): no more than chance could make. A real fall of 7% or more would "
            "probably have shown.",
        ),
        (
            SMALL,
            "Violence with injury: 31 cases in 2022-23, against 44 the year before, a fall of 13: no more "
            "than "
            "chance could make. A real fall of 23 or more would probably have shown.",
        ),
        (
            NOTHING,
            "Violence with injury: 0 crimes in 2022-23, against 0 the year before: none in either period.",
        ),
        (MISSING, "Violence with injury awaits data: due 14 July 2023, not received."),
        (
            UNLIKE,
            "Violence with injury: 1,204 crimes in 2022-23, not comparable with the year before: "
            "2021-09 not delivered, 2021-10 incomplete.",
        ),
    ],
)
def test_sentences(comparison: Comparison, expected: str) -> None:
    assert said(comparison) == expected


def test_a_change_that_holds_whatever_the_unknowns_are_says_how_far_it_could_lie() -> None:
    words = said(YOUNG, unknown="victim age")
    assert "a fall of 9.7% (95% interval −17.0 to −1.6): more than chance would make" in words
    assert "With records of no known victim age shared out in proportion the change is −11.9%" in words
    assert words.endswith("it could lie anywhere from −20.6 to −4.6%.")
    assert "[u]" not in words


def test_a_rise_that_the_unknowns_undo_may_be_better_recording() -> None:
    words = said(ADULT, unknown="victim age")
    assert "a rise of 7.1% as recorded" in words
    assert "more than chance" not in words
    assert "the change is +4.5% (95% interval −0.8 to +10.0), and it could lie anywhere from" in words
    assert "anywhere from +1.3 to +9.3%" in words
    assert words.endswith("part of it may be better recording [u].")


def test_a_break_is_printed_and_not_judged() -> None:
    words = said(BROKEN)
    assert "a fall of 14.3%" in words
    assert "across a break in the series [b], so it is not judged" in words


def test_immature_and_first_figures_make_no_claim() -> None:
    young = replace(TOTAL, observation=replace(TOTAL.observation, state=State.IMMATURE))
    assert said(young).startswith("Violence with injury: too early to say for 2022-23")
    first = replace(TOTAL, reference=None, reference_value=None)
    assert said(first).endswith("Nothing earlier was measured in the same way.")


CAUSES = re.compile(
    r"because|due to|caused|thanks to|led to|result of|driven|owing|as a "
    "consequence",
    re.IGNORECASE,
)


@pytest.mark.parametrize("want", list(Want))
@pytest.mark.parametrize("comparison", [TOTAL, YOUNG, ADULT, UNKNOWN, SMALL, UNLIKE, BROKEN])
def test_no_sentence_claims_a_cause(comparison: Comparison, want: Want) -> None:
    assert not CAUSES.search(said(comparison, want, "victim age"))


@pytest.mark.parametrize("want", list(Want))
def test_the_detectable_change_is_in_the_wanted_direction(want: Want) -> None:
    noun = {Want.DOWN: "fall", Want.UP: "rise", Want.NEITHER: "change"}[want]
    assert f"A real {noun} of 7% or more would probably have shown." in said(TOTAL, want)


def test_every_verdict_has_a_shape_a_word_and_a_meaning() -> None:
    for verdict in Verdict:
        assert plain(wording.verdict(verdict)) == f"{wording.SYMBOLS[verdict]} {wording.WORDS[verdict]}"
        assert wording.MEANINGS[verdict]
    marked = wording.verdict(Verdict.NO_CLEAR_CHANGE, frozenset({Mark.LOW_RELIABILITY, Mark.REVISED}))
    assert plain(marked) == "◊ No clear change [u]"


@pytest.mark.parametrize(
    ("rank", "of", "expected"),
    [
        (1, 7, "lowest of seven"),
        (2, 7, "second lowest of seven"),
        (5, 7, "third highest of seven"),
        (7, 7, "highest of seven"),
        (1, 2, "lowest of two"),
    ],
)
def test_positions_say_which_end_they_count_from(rank: int, of: int, expected: str) -> None:
    assert ranks.position(rank, of) == expected


@pytest.mark.parametrize(
    ("best", "worst", "expected"),
    [
        (2, 3, "could be second or third lowest"),
        (1, 4, "could be lowest to fourth lowest"),
        (5, 7, "could be highest to third highest"),
        (2, 2, "clearly second lowest"),
    ],
)
def test_ranges_of_ranks_count_from_the_nearer_end(best: int, worst: int, expected: str) -> None:
    assert ranks.could_be(best, worst, 7) == expected


@pytest.mark.parametrize(
    ("title", "inside"),
    [("Vehicle crime", "vehicle crime"), ("ASB reports", "ASB reports"), ("", "")],
)
def test_titles_lose_their_capital_inside_a_sentence(title: str, inside: str) -> None:
    assert plain(wording.in_sentence(title)) == inside


@pytest.mark.parametrize(
    ("rank", "best", "worst", "expected"),
    [
        (1, 1, 2, "lowest or second lowest of seven"),
        (2, 2, 2, "second lowest of seven"),
        (5, 5, 6, "second or third highest of seven"),
    ],
)
def test_a_rank_in_a_title_is_as_wide_as_chance_makes_it(
    rank: int, best: int, worst: int, expected: str
) -> None:
    ranked = next(c for c in factory.vehicle_crime()[1] if c.comparator == "rank")
    given = replace(ranked, reference_value=float(rank), lower=float(best), upper=float(worst))
    assert plain(ranks.standing(given, 7)) == expected


def test_a_percentage_names_what_it_is_of() -> None:
    half = factory.observed("x", 48.0, factory.LATER, unit="%", numerator=1064.0, denominator=2216.0)
    assert plain(wording.base(half)) == " (1,064 of 2,216)"
