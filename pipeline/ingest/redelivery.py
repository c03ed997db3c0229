"""Redelivery: which months and districts each delivery holds whole, so that what it lacks of them is gone.

A source whose deliveries hold whole months says so (`redelivers: whole_months`). A later one then replaces a
month in every district of the earlier deliveries that it shares a district of that month with: what fell to
nothing is gone as well. One that has far fewer rows of a month than are known does not hold it whole: an
extract that ends in mid-month, or a row with a wrong date, must not take a month away. Its rows count as
single rows then, and those without a key, which cannot be told from the known ones, are refused.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

WHOLE_FROM = 0.6  # of the rows known of the month, as a month is incomplete below it
FEWEST_ROWS = 10  # known of a month; below, a share says nothing

Place = tuple[date, str | None]  # a month in a district; None: no district recorded
Counts = Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class Partial:
    """A month that a delivery has some rows of and does not hold whole. `known`: rows known before it."""

    delivery: int
    month: date
    rows: int
    known: int
    districts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Redelivered:
    """By month and district the numbers of the deliveries that hold it whole, and the partial months."""

    whole: Mapping[Place, tuple[int, ...]]
    partial: tuple[Partial, ...]


def redelivered(
    rows: Iterable[tuple[int, date, str | None, int]],
    accepted: Collection[int],
    cut: Collection[tuple[int, date]] = (),
) -> Redelivered:
    """What each delivery holds, from its rows by month and district, counted.

    `accepted` are deliveries that a person took as they are: they hold every month they have rows of.
    `cut` are a delivery and a month inside which it begins or ends, by the days of its rows.
    """
    by_month: dict[date, dict[int, dict[str | None, int]]] = {}
    for delivery, month, district, count in rows:
        by_month.setdefault(month, {}).setdefault(delivery, {})[district] = count
    whole: dict[Place, tuple[int, ...]] = {}
    partial: list[Partial] = []
    for month, deliveries in sorted(by_month.items()):
        known: dict[str | None, int] = {}
        scopes: list[frozenset[str | None]] = []
        for delivery, own in sorted(deliveries.items()):
            scope = _scope(own, scopes)
            if delivery in accepted:
                held: Collection[str | None] = scope
            elif (delivery, month) in cut:
                held = {place for place in own if not known.get(place)}
            else:
                held = _whole(own, known, scope)
            if missed := own.keys() - held:
                rows_of, before = (sum(of.get(place, 0) for place in missed) for of in (own, known))
                named = tuple(sorted(missed, key=lambda code: code or ""))
                partial.append(Partial(delivery, month, rows_of, before, named))
            for place in held:
                whole[month, place] = (*whole.get((month, place), ()), delivery)
                known[place] = own.get(place, 0)
            scopes = [other for other in scopes if not other <= scope] + [scope]
    return Redelivered(whole, tuple(partial))


def _scope(own: Counts, scopes: Iterable[frozenset[str | None]]) -> frozenset[str | None]:
    """The districts of a delivery, and of the earlier ones that it has a district in common with."""
    named = own.keys() - {None}
    return frozenset(own.keys()).union(*(other for other in scopes if named & other))


def _whole(own: Counts, known: Counts, scope: frozenset[str | None]) -> Collection[str | None]:
    if _enough(sum(own.values()), sum(known.get(place, 0) for place in scope)):
        return scope
    return {place for place, count in own.items() if _enough(count, known.get(place, 0))}


def _enough(rows: int, known: int) -> bool:
    return known < FEWEST_ROWS or rows >= WHOLE_FROM * known
