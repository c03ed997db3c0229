"""The second witness: indicators computed by plain loops over rows, sharing no code with the engine.

It reads definitions in the form in which they are written (dicts and lists) and rows as dicts in which a
missing key is a value not recorded. It is slow and simple on purpose.
"""

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
    """The category of a row under a breakdown; a crossed one has its parts written out under `cross`."""
    if "cross" in breakdown:
        return ", ".join(category(row, part, lists) for part in breakdown["cross"])
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
    below: Iterable[Row] = (),
) -> tuple[float, float | None, float | None]:
    """Numerator, denominator and value of rows already chosen by area and category; `end` is exclusive.

    `base` is the population of a rate, `below` the rows that a ratio divides by, chosen in the same way.
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
    if kind == "ratio":
        above = sum(row["quantity"] for row in inside if satisfies(row, where, lists))
        other = measure["over"].get("where", {})
        under = sum(
            row["quantity"] for row in below if first <= row["month"] < end and satisfies(row, other, lists)
        )
        return above, under, measure.get("per", 1) * above / under if under else None
    if kind == "mean":
        values = mean_values(measure, inside, lists)
        return sum(values), len(values), sum(values) / len(values) if values else None
    if kind == "repeat":
        return repeats(measure, [row for row in rows if satisfies(row, where, lists)], first, end)
    among = measure.get("of", {}).get("where", {}) if kind == "share" else measure.get("among", {})
    whole = [row for row in inside if satisfies(row, among, lists)]
    part = [row for row in whole if satisfies(row, where, lists) and _in_time(row, measure)]
    numerator, denominator = (sum(row["quantity"] for row in some) for some in (part, whole))
    return numerator, denominator, 100 * numerator / denominator if denominator else None


def entity_of(row: Row, measure: dict[str, Any]) -> Any:
    """Who a row is about: the first recorded of the entity's columns."""
    written = measure["entity"]
    for name in [written] if isinstance(written, str) else written:
        if row.get(name) is not None:
            return row[name]
    return None


def repeats(
    measure: dict[str, Any], rows: Iterable[Row], first: date, end: date
) -> tuple[float, float | None, float | None]:
    """Numerator, denominator and value of one of the three definitions of a repeat."""
    days: dict[Any, list[date]] = {}
    seen = set()
    for row in rows:
        entity = entity_of(row, measure)
        if entity is None:
            continue
        place = (row.get("district_code"), row.get("ward_code"))
        crime = (entity, *place, row["month"], row.get("crime_ref"), row.get("offence"))
        if row.get("crime_ref") is not None and measure.get("report") != "lookback":
            if crime in seen:
                continue
            seen.add(crime)
        times = 1 if row.get("crime_ref") is not None else row["quantity"]
        day = row.get("recorded_on") or row["month"]
        days.setdefault((entity, row["month"]), []).extend([day] * times)
    inside: dict[Any, list[date]] = {}
    for (entity, month), found in days.items():
        if first <= month < end:
            inside.setdefault(entity, []).extend(found)
    report = measure.get("report", "people")
    if report == "crimes":
        crimes = sum(len(found) for found in inside.values())
        return crimes - len(inside), crimes, 100 * (crimes - len(inside)) / crimes if crimes else None
    again = 0
    for entity, found in inside.items():
        if report == "people":
            again += len(found) >= measure.get("at_least", 2)
            continue
        every = [day for (who, _), some in days.items() if who == entity for day in some]
        reach = measure.get("lookback_months", 12)
        again += any(_back(day, reach) <= earlier < day for day in found for earlier in every)
    return again, len(inside), 100 * again / len(inside) if inside else None


def _back(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    for number in range(day.day, 0, -1):
        try:
            return date(index // 12, index % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError


def survey(
    answers: Iterable[tuple[Row, bool | None]],
) -> tuple[int, int, float | None, float | None]:
    """People with a usable weight who answered, answers without one, the share, and its variance.

    `answers` is everybody asked with whether they gave the answer that counts, None for those who did not
    answer or are not meant. The variance is that of the weighted mean under clusters drawn with
    replacement in each stratum; None for no answers.
    """
    people = [(row, said) for row, said in answers if _usable(row)]
    bad = sum(1 for row, said in answers if not _usable(row) and said is not None)
    whole = sum(row["weight"] for row, said in people if said is not None)
    if not whole:
        return 0, bad, None, None
    share = sum(row["weight"] for row, said in people if said) / whole
    strata: dict[Any, dict[Any, float]] = {}
    for number, (row, said) in enumerate(people):
        cluster = number if row.get("cluster") is None else row["cluster"]
        clusters = strata.setdefault(row.get("stratum") or "", {})
        added = 0.0 if said is None else row["weight"] * (said - share) / whole
        clusters[cluster] = clusters.get(cluster, 0.0) + added
    variance = 0.0
    for clusters in strata.values():
        n = len(clusters)
        middle = sum(clusters.values()) / n if n > 1 else 0.0
        variance += (n / (n - 1) if n > 1 else 1) * sum((one - middle) ** 2 for one in clusters.values())
    return sum(1 for _, said in people if said is not None), bad, share, variance


def _usable(row: Row) -> bool:
    weight = row.get("weight")
    return weight is not None and 0 < weight < float("inf")


def mean_values(measure: dict[str, Any], rows: Iterable[Row], lists: dict[str, tuple[str, ...]]) -> list[Any]:
    """The values a mean is taken of: one for every crime or incident that a row stands for."""
    where = measure.get("where", {})
    return [
        row[measure["column"]]
        for row in rows
        if satisfies(row, where, lists) and row.get(measure["column"]) is not None
        for _ in range(row["quantity"])
    ]


def derived(measure: dict[str, Any], values: dict[str, float | None]) -> float | None:
    """A derived value from those of its parts; None where a part has none or nothing is to divide by."""
    total = 0.0
    for sign, key in ((1, "sum"), (-1, "less")):
        for name in measure.get(key, []):
            value = values[name]
            if value is None:
                return None
            total += sign * value
    if "over" not in measure:
        return total
    under = 0.0
    for name in measure["over"]:
        value = values[name]
        if value is None:
            return None
        under += value
    return measure.get("per", 1) * total / under if under else None


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
