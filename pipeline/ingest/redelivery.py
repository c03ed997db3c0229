"""Redelivery: which periods and places each delivery holds whole, so that what it lacks of them is gone.

A source whose deliveries hold whole periods says so (`redelivers: whole_months`). A later one then replaces a
period in every place of the earlier deliveries that it shares a place of that period with: what fell to
nothing is gone as well. One that has far fewer rows of a period than are known does not hold it whole: an
extract that ends in mid-month, or a row with a wrong date, must not take a month away. Its rows count as
single rows then, and those without a key, which cannot be told from the known ones, are refused.

A period is a month, a wave, the days of a return or a year, and a place a district, an area, or an item of
a return in an area (`periods.py`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pipeline.ingest.periods import PeriodId
from pipeline.statistics.neighbours import LOW_BELOW

FEWEST_ROWS = 10  # known of a period; below, a share says nothing

Place = tuple[PeriodId, str | None]  # None: no district recorded
Counts = Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class Partial:
    """A period that a delivery has some rows of and does not hold whole. `known`: rows known before it."""

    delivery: int
    period: PeriodId
    rows: int
    known: int
    places: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Places that a delivery says nothing of, though it has most of what another has of the period."""

    delivery: int
    period: PeriodId
    places: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Redelivered:
    """By period and place the numbers of the deliveries that hold it whole; what is not held whole."""

    whole: Mapping[Place, tuple[int, ...]]
    partial: tuple[Partial, ...]
    left: tuple[Left, ...] = ()


def redelivered(
    rows: Iterable[tuple[int, PeriodId, str | None, int]],
    accepted: Collection[int],
    cut: Collection[tuple[int, PeriodId]] = (),
    *,
    few_are_whole: bool = True,
) -> Redelivered:
    """What each delivery holds, from its rows by period and place, counted.

    `accepted` are deliveries that a person took as they are: they hold every period they have rows of.
    `cut` are a delivery and a period inside which it begins or ends, by the days of its rows. With
    `few_are_whole` any number of rows replaces a period of which fewer than FEWEST_ROWS are known;
    without, it replaces the places in it, and the others are `left`.
    """
    by_period: dict[PeriodId, dict[int, dict[str | None, int]]] = {}
    for delivery, period, place, count in rows:
        by_period.setdefault(period, {}).setdefault(delivery, {})[place] = count
    whole: dict[Place, tuple[int, ...]] = {}
    partial: list[Partial] = []
    left: list[Left] = []
    for period in sorted(by_period, key=str):
        known: dict[str | None, int] = {}
        scopes: list[frozenset[str | None]] = []
        for delivery, own in sorted(by_period[period].items()):
            scope = _scope(own, scopes)
            if delivery in accepted:
                held: Collection[str | None] = scope
            elif (delivery, period) in cut:
                held = {place for place in own if not known.get(place)}
            else:
                held = _whole(own, known, scope, few_are_whole)
            if missed := own.keys() - held:
                rows_of, before = (sum(of.get(place, 0) for place in missed) for of in (own, known))
                partial.append(Partial(delivery, period, rows_of, before, _in_order(missed)))
            others = {place for place in scope - own.keys() - set(held) if known.get(place)}
            if others and not few_are_whole and len(others) <= len(own):
                left.append(Left(delivery, period, _in_order(others)))
            for place in held:
                whole[period, place] = (*whole.get((period, place), ()), delivery)
                known[place] = own.get(place, 0)
            scopes = [other for other in scopes if not other <= scope] + [scope]
    return Redelivered(whole, tuple(partial), tuple(left))


def _in_order(places: Iterable[str | None]) -> tuple[str | None, ...]:
    return tuple(sorted(places, key=lambda code: code or ""))


def _scope(own: Counts, scopes: Iterable[frozenset[str | None]]) -> frozenset[str | None]:
    """The places of a delivery, and of the earlier ones that it has a place in common with.

    One that names no place at all says nothing of which it is of: it may be of any.
    """
    named = own.keys() - {None}
    return frozenset(own.keys()).union(*(other for other in scopes if named & other or not named))


def _whole(
    own: Counts, known: Counts, scope: frozenset[str | None], few_are_whole: bool
) -> Collection[str | None]:
    of_all = sum(known.get(place, 0) for place in scope)
    if (few_are_whole or of_all >= FEWEST_ROWS) and _enough(sum(own.values()), of_all, few_are_whole):
        return scope
    return {place for place, count in own.items() if _enough(count, known.get(place, 0), few_are_whole)}


def _enough(rows: int, known: int, few_are_whole: bool) -> bool:
    return (few_are_whole and known < FEWEST_ROWS) or rows >= LOW_BELOW * known
