"""Repeat victims or offenders, by three definitions that do not agree and are not to be mixed.

people        of those with an event in the window, the share with two or more in the window
look_back     of those with an event in the window, the share with an earlier event in the days
              before one of them: needs records from that long before the window on
crimes        of the events in the window, the share beyond the first of each person:
              (events - people) / events

The first two are shares of people, the third of crimes (Home Office crime reduction toolkit,
Repeat Victimisation: 459 commercial burglaries of 250 victims, 46 % repeats). A year's look-back
needs 24 months of records; measured on less, early months would seem to have no repeats (Pease,
K. 1998, Repeat Victimisation: Taking Stock, Home Office).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class RepeatRate:
    """One definition's numerator, denominator and share (0 to 1).

    The share is None where the denominator is 0; all three are None where `needs_from` says from
    which date records would be needed.
    """

    numerator: int | None
    denominator: int | None
    share: float | None
    needs_from: date | None = None


@dataclass(frozen=True, slots=True)
class RepeatRates:
    """The three rates, and how many events of the window name nobody and are in none of them."""

    people: RepeatRate
    look_back: RepeatRate
    crimes: RepeatRate
    unidentified: int


def repeat_rates(
    events: Iterable[tuple[Hashable | None, date]],
    start: date,
    end: date,
    records_from: date,
    look_back_days: int = 365,
    at_least: int = 2,
) -> RepeatRates:
    """Return the repeat rates of the window from `start` (inclusive) to `end` (exclusive).

    `events` are (person or address, date), one for each crime and person, in any order; those
    before the window serve the look-back, those after it are ignored. `records_from` is the first
    day of unbroken records. An event on the same day is not earlier. `at_least` is the number of
    events that makes a repeat by the first definition. Raises ValueError for a window that ends
    before it starts, `at_least` under 2 or a look-back under a day.
    """
    if end < start:
        raise ValueError(f"the window ends ({end}) before it starts ({start})")
    if at_least < 2:
        raise ValueError(f"at_least must be 2 or more, got {at_least!r}")
    if look_back_days < 1:
        raise ValueError(f"look_back_days must be 1 or more, got {look_back_days!r}")
    reach = timedelta(days=look_back_days)
    unidentified = 0
    inside: defaultdict[Hashable, list[date]] = defaultdict(list)
    before: defaultdict[Hashable, list[date]] = defaultdict(list)
    for person, day in events:
        if person is not None and day < start:
            before[person].append(day)
        elif start <= day < end:
            if person is None:
                unidentified += 1
            else:
                inside[person].append(day)
    crimes = sum(len(days) for days in inside.values())
    again = sum(1 for days in inside.values() if len(days) >= at_least)
    needed = start - reach
    look_back = RepeatRate(None, None, None, needs_from=needed)
    if records_from <= needed:
        earlier = sum(1 for person, days in inside.items() if _has_earlier(days, before[person], reach))
        look_back = _rate(earlier, len(inside))
    return RepeatRates(
        people=_rate(again, len(inside)),
        look_back=look_back,
        crimes=_rate(crimes - len(inside), crimes),
        unidentified=unidentified,
    )


def crimes_effective_base(people: int, crimes: int, times_squared: float) -> float | None:
    """Return the size of a simple random sample that says as much about the share of repeat crimes.

    The crimes of one person are no independent draws, so people are taken as clusters of crimes: the
    linearised variance of the share between them (Cochran 1977, Sampling Techniques, section 9A), at most
    the crimes. `times_squared` is the sum over people of the square of their crimes. Where everybody has
    as many crimes as everybody else there is no variance to go by, and the size is that of the people.
    None for fewer than two people. Raises ValueError for sums that no people could give.
    """
    if not 0 <= people <= crimes or times_squared < crimes:
        raise ValueError(
            f"{people!r} people, {crimes!r} crimes and squares {times_squared!r} do not go together"
        )
    if people < 2:
        return None
    first = people / crimes
    share = 1.0 - first
    between = first**2 * times_squared - people
    if between <= 1e-9 * people:
        return float(people)
    variance = people / (people - 1) * between / crimes**2
    return min(float(crimes), share * first / variance)


def _has_earlier(days: list[date], before: list[date], reach: timedelta) -> bool:
    """Return whether any of `days` follows another day of the person's within the reach.

    `before` are the days before the window. Both ends count: an event exactly `reach` earlier is
    within it. The latest earlier day is the one to look at, so neighbours are enough.
    """
    first = min(days)
    ordered = sorted({*before, *days})
    return any(later >= first and later - day <= reach for day, later in pairwise(ordered))


def _rate(numerator: int, denominator: int) -> RepeatRate:
    """Return a rate; without a denominator there is no share."""
    share = numerator / denominator if denominator > 0 else None
    return RepeatRate(numerator, denominator, share)
