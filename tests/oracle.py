"""The second witness: indicators computed by plain loops over rows, sharing no code with the engine.

It reads definitions in the form in which they are written (dicts and lists) and rows as dicts in which a
missing key is a value not recorded. It is slow and simple on purpose.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

Row = dict[str, Any]


def satisfies(row: Row, where: dict[str, Any], lists: dict[str, tuple[str, ...]]) -> bool:
    """Whether a row satisfies a filter."""
    for name, wanted in where.items():
        if name == "any":
            if not any(satisfies(row, part, lists) for part in wanted):
                return False
        elif name == "not":
            if satisfies(row, wanted, lists):
                return False
        elif not _column_satisfies(row, name, wanted, lists):
            return False
    return True


def _column_satisfies(row: Row, name: str, wanted: dict[str, Any], lists: dict[str, tuple[str, ...]]) -> bool:
    for operator, operand in wanted.items():
        if operator == "any_of":
            if not any(row.get(flag) is True for flag in operand):
                return False
            continue
        value = row.get(name)
        if operator == "answered":
            if (value is not None) != operand:
                return False
            continue
        if value is None:
            return False
        if operator == "in" and value not in operand:
            return False
        if operator == "not_in" and value in operand:
            return False
        if operator == "in_codelist" and value not in lists[operand]:
            return False
        if operator == "is" and value is not operand:
            return False
        if operator == "between":
            low, high = operand
            if low is not None and value < low:
                return False
            if high is not None and value > high:
                return False
    return True


def category(row: Row, breakdown: dict[str, Any], lists: dict[str, tuple[str, ...]]) -> str:
    """The category of a row under a breakdown."""
    value = row.get(breakdown["column"])
    if value is None:
        return "not recorded"
    if "bands" in breakdown:
        for label, (low, high) in breakdown["bands"].items():
            if (low is None or low <= value) and (high is None or value <= high):
                return str(label)
        return "other"
    if "groups" in breakdown:
        for label, members in breakdown["groups"].items():
            if value in (lists[members] if isinstance(members, str) else members):
                return str(label)
        return "other"
    return str(value)


def belongs(row: Row, area: str, districts: Iterable[str]) -> bool:
    """Whether a row belongs to an area: a district, a ward, the force (`F`), its rest (`F-rest`) or `all`."""
    if area == "F":
        return True
    if area == "all":
        return row.get("district_code") in set(districts)
    if area == "F-rest":
        return row.get("district_code") in set(districts) - {"A"}
    return area in (row.get("district_code"), row.get("ward_code"))


def figures(
    measure: dict[str, Any],
    rows: Iterable[Row],
    first: date,
    end: date,
    lists: dict[str, tuple[str, ...]],
    base: float | None = None,
) -> tuple[float, float | None, float | None]:
    """Numerator, denominator and value of rows already chosen by area and category; `end` is exclusive.

    The value is None over a denominator of nothing.
    """
    inside = [row for row in rows if first <= row["month"] < end]
    kind = measure["type"]
    where = measure.get("where", {})
    if kind in ("count", "rate"):
        total = sum(row["quantity"] for row in inside if satisfies(row, where, lists))
        if kind == "count":
            return total, None, total
        return total, base, measure.get("per", 1000) * total / base if base else None
    if kind == "repeat":
        kept = [row for row in inside if satisfies(row, where, lists)]
        times: Counter[str] = Counter()
        seen = set()
        for row in kept:
            entity = row.get(measure["entity"])
            if entity is None:
                continue
            crime = (entity, row["month"], row.get("crime_ref"), row.get("offence"))
            if row.get("crime_ref") is None:
                times[entity] += row["quantity"]
            elif crime in seen:
                continue
            else:
                seen.add(crime)
                times[entity] += 1
        often = sum(1 for n in times.values() if n >= measure.get("at_least", 2))
        return often, len(times), 100 * often / len(times) if times else None
    among = measure.get("of", {}).get("where", {}) if kind == "share" else measure.get("among", {})
    whole = [row for row in inside if satisfies(row, among, lists)]
    part = [row for row in whole if satisfies(row, where, lists) and _in_time(row, measure)]
    numerator, denominator = (sum(row["quantity"] for row in some) for some in (part, whole))
    return numerator, denominator, 100 * numerator / denominator if denominator else None


def _in_time(row: Row, measure: dict[str, Any]) -> bool:
    days = measure.get("within_days")
    if days is None:
        return True
    recorded, outcome = row.get("recorded_on"), row.get("outcome_on")
    return recorded is not None and outcome is not None and (outcome - recorded).days <= days


def change(before: float, after: float) -> tuple[float, float | None]:
    """The change from before to after, and the same in per cent; None from nothing."""
    return after - before, 100 * (after - before) / before if before else None


def change_beside(
    own: list[float | None], others: list[float | None], is_counted: bool
) -> tuple[float, float] | None:
    """The others' change, and the own change less theirs, from (before, after) of each; None without one.

    Changes of counts and rates are in per cent, those of percentages in points.
    """
    changes = []
    for before, after in (own, others):
        if before is None or after is None:
            return None
        points, percent = change(before, after)
        changes.append(percent if is_counted else points)
    mine, theirs = changes
    return None if mine is None or theirs is None else (theirs, mine - theirs)
