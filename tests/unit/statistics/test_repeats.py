"""Three definitions of a repeat: the Home Office toolkit's example and a plain oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import RepeatRate, repeat_rates

START, END = date(2022, 4, 1), date(2023, 4, 1)
LONG_AGO = date(2020, 4, 1)


def test_the_toolkits_459_burglaries_of_250_victims_are_46_percent_repeats() -> None:
    # Home Office crime reduction toolkit: 459 crimes, 250 victims, 209 repeats
    events = [(victim, date(2022, 6, 1)) for victim in range(250)]
    events += [(victim % 60, date(2022, 7, 1)) for victim in range(209)]
    rates = repeat_rates(events, START, END, LONG_AGO)
    assert (rates.crimes.numerator, rates.crimes.denominator) == (209, 459)
    assert rates.crimes.share == pytest.approx(0.4553, abs=5e-5)
    assert rates.people.share == pytest.approx(60 / 250)  # the same crimes by the first definition


def test_the_three_definitions_do_not_agree() -> None:
    events = [
        ("a", date(2022, 5, 1)), ("a", date(2022, 6, 1)), ("a", date(2022, 7, 1)),
        ("b", date(2022, 4, 1)), ("b", date(2021, 12, 1)),
        ("c", date(2022, 9, 1)), ("c", date(2021, 4, 1)),
        ("d", date(2022, 9, 1)), ("d", date(2022, 9, 1)),
    ]  # fmt: skip
    rates = repeat_rates(events, START, END, LONG_AGO)
    assert rates.people == RepeatRate(2, 4, 0.5)  # a and d
    assert rates.look_back == RepeatRate(2, 4, 0.5)  # a and b: d's are of one day, c's too long ago
    assert rates.crimes == RepeatRate(3, 7, 3 / 7)


def test_the_look_back_says_from_when_it_needs_records() -> None:
    events = [("a", date(2022, 5, 1)), ("a", date(2022, 6, 1))]
    short = repeat_rates(events, START, END, records_from=date(2021, 4, 2))
    assert short.look_back == RepeatRate(None, None, None, needs_from=date(2021, 4, 1))
    assert short.people.share == 1
    whole = repeat_rates(events, START, END, records_from=date(2021, 4, 1))
    assert whole.look_back == RepeatRate(1, 1, 1.0)


@pytest.mark.parametrize(("days", "repeat"), [(1, True), (365, True), (366, False), (0, False)])
def test_the_look_back_reaches_exactly_a_year(days: int, repeat: bool) -> None:
    first = date(2022, 5, 1)
    events = [("a", first), ("a", first - timedelta(days=days))]
    look_back = repeat_rates(events, START, END, LONG_AGO).look_back
    assert look_back.numerator == int(repeat)


def test_the_window_takes_its_first_day_and_not_its_last() -> None:
    events = [("a", START), ("b", END), ("c", END - timedelta(days=1))]
    assert repeat_rates(events, START, END, LONG_AGO).people.denominator == 2


def test_events_that_name_nobody_are_counted_apart() -> None:
    events = [(None, START), (None, START), (None, date(2021, 5, 1)), (None, END), ("a", START)]
    rates = repeat_rates(events, START, END, LONG_AGO)
    assert rates.unidentified == 2
    assert rates.crimes == RepeatRate(0, 1, 0.0)


def test_nobody_gives_no_share() -> None:
    rates = repeat_rates([], START, END, LONG_AGO)
    assert rates.people == rates.look_back == rates.crimes == RepeatRate(0, 0, None)
    assert repeat_rates([("a", START)], START, START, LONG_AGO).people.share is None


def test_a_repeat_may_need_more_than_two() -> None:
    events = [("a", START)] * 2 + [("b", START)] * 3
    assert repeat_rates(events, START, END, LONG_AGO, at_least=3).people == RepeatRate(1, 2, 0.5)


@given(st.lists(st.tuples(st.integers(0, 4) | st.none(), st.integers(-80, 60)), max_size=25))
def test_rates_agree_with_plain_counting(rows: list[tuple[int | None, int]]) -> None:
    events = [(person, START + timedelta(days=day)) for person, day in rows]
    end = START + timedelta(days=50)
    rates = repeat_rates(events, START, end, LONG_AGO, look_back_days=30)
    named = [(person, day) for person, day in rows if person is not None]
    window = [(person, day) for person, day in named if 0 <= day < 50]
    people = {person for person, _ in window}
    twice = {p for p in people if sum(person == p for person, _ in window) >= 2}
    earlier = {p for p, day in window if any(q == p and 1 <= day - other <= 30 for q, other in named)}
    assert (rates.people.numerator, rates.people.denominator) == (len(twice), len(people))
    assert rates.look_back.numerator == len(earlier)
    assert (rates.crimes.numerator, rates.crimes.denominator) == (
        len(window) - len(people),
        len(window),
    )


def test_impossible_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        repeat_rates([], END, START, LONG_AGO)
    with pytest.raises(ValueError, match="at_least must be 2 or more"):
        repeat_rates([], START, END, LONG_AGO, at_least=1)
    with pytest.raises(ValueError, match="look_back_days must be 1 or more"):
        repeat_rates([], START, END, LONG_AGO, look_back_days=0)
