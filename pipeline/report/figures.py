"""The only maker of figures: a released observation, a comparison's field or a count -> a printed number.

A `result_id` names what a figure is: `<indicator>:<area>:<basis>:<period>` and, for breakdowns,
`:<breakdown>=<category>`; a comparison adds `|<comparator>|<field>`. Counts of what the report holds
(measures, rows of an extract) are named by what they count.
"""

from __future__ import annotations

import math

from pipeline.model.comparison import Comparison, Judgement
from pipeline.model.observation import MILESTONE, SHORTHAND, Mark, ReleasedObservation, State
from pipeline.report import numbers
from pipeline.report.text import Figure, Text

SAME_BASE = 0.05
"""Two populations that differ by less than this part are about the same."""

FEWEST_TOLD = 8
"""Fewer rows of a source that is not public are told as a few: 1 to 7 are what `small_areas` hides."""

MARK_ORDER = (Mark.BREAK, Mark.PROVISIONAL, Mark.REVISED, Mark.LOW_RELIABILITY)


def figure(printed: str, result_id: str) -> Figure:
    """The one door through which a number reaches the page."""
    return Figure(printed, result_id)


def shorthand(marks: frozenset[Mark]) -> str:
    """The marks as the Analysis Function writes them: `[b] [u]`."""
    return " ".join(SHORTHAND[mark] for mark in MARK_ORDER if mark in marks)


def observed(
    observation: ReleasedObservation | None, marks: bool = True, told: frozenset[Mark] = frozenset()
) -> Text:
    """An observation's value, or the shorthand of its state; `[x]` where there is no observation.

    Its marks follow it, but for those `told` beside it already.
    """
    if observation is None:
        return (SHORTHAND[State.NOT_SUPPLIED],)
    if observation.value is None:
        return (SHORTHAND[observation.state],)
    printed = value(observation.value, observation.unit)
    made: Text = (figure(printed, observation.key.result_id),)
    written = shorthand(observation.marks - told) if marks else ""
    return (*made, f" {written}") if written else made


def value(amount: float, unit: str) -> str:
    """A value in its unit, the unit itself only where it is a sign: `3,950`, `8.0`, `8.1%`, `in place`."""
    if unit == MILESTONE:
        return "in place" if amount else "not in place"
    printed = numbers.number(amount, numbers.places_of(unit, amount))
    return printed + "%" if unit == "%" else printed


def limits(observation: ReleasedObservation) -> Text:
    """The 95 % limits of an observation, or nothing."""
    if observation.lower is None or observation.upper is None or observation.value is None:
        return ()
    places = numbers.places_of(observation.unit, observation.value)
    printed = numbers.span(observation.lower, observation.upper, places, sign=False)
    return (figure(printed, f"{observation.key.result_id}|limits"),)


def numerator(observation: ReleasedObservation) -> Text:
    """The count behind a rate or percentage, or the shorthand of the state."""
    if observation.numerator is None:
        return (SHORTHAND.get(observation.state, "[z]"),)
    printed = numbers.number(observation.numerator)
    return (figure(printed, f"{observation.key.result_id}|numerator"),)


def denominator(observation: ReleasedObservation) -> Text:
    """The base of a rate or percentage, or nothing."""
    if observation.denominator is None:
        return ()
    printed = numbers.number(observation.denominator)
    return (figure(printed, f"{observation.key.result_id}|denominator"),)


def comparison_id(comparison: Comparison, field: str) -> str:
    """What names a comparison's field in the record."""
    return f"{comparison.observation.key.result_id}|{comparison.comparator}|{field}"


def reference(comparison: Comparison, told: frozenset[Mark] = frozenset()) -> Text:
    """What an observation is compared with: the reference's value, or its shorthand.

    A count beside several areas is compared with their mean, not with the sum that the reference holds.
    """
    if comparison.reference is not None and comparison.comparator != "average":
        return observed(comparison.reference, told=told)
    if comparison.reference_value is None:
        return (SHORTHAND[State.NOT_SUPPLIED],)
    printed = value(comparison.reference_value, comparison.observation.unit)
    return (figure(printed, comparison_id(comparison, "reference_value")),)


def asked(comparison: Comparison) -> Text:
    """What the path to a target asks of the period, of a count in whole numbers; nothing yet: nothing."""
    if comparison.reference_value is None:
        return ()
    whole = comparison.observation.denominator is None
    wanted = round(comparison.reference_value) if whole else comparison.reference_value
    printed = value(wanted, comparison.observation.unit)
    return (figure(printed, comparison_id(comparison, "reference_value")),)


def in_own_unit(comparison: Comparison) -> bool:
    """Whether a change is told in the unit of the figure itself (a mean, a derived figure): not in per cent.

    A count that came from nothing has no percentage either, but a lower limit of one.
    """
    one_sided = comparison.lower is not None and comparison.upper is None
    return comparison.observation.unit != "%" and comparison.change_percent is None and not one_sided


def small(comparison: Comparison) -> bool:
    """Whether either count is too small for a percentage of change; other changes are not in per cent."""
    if comparison.observation.unit == "%" or in_own_unit(comparison):
        return False
    own = comparison.observation.numerator
    other = comparison.reference.numerator if comparison.reference else None
    return any(count is not None and count < numbers.SMALL_COUNT for count in (own, other))


def size(comparison: Comparison) -> tuple[float, str, str] | None:
    """How big a change is, the unit it is told in (`%`, ` pp` or nothing) and its field.

    Per cent where there is one and both counts reach 50, percentage points for shares, their own unit for
    means and derived figures, otherwise the difference of the counts themselves, of a rate too; of the
    rates where they are of different places or bases.
    """
    if comparison.change is None:
        return None
    if comparison.observation.unit == "%":
        return comparison.change, " pp", "change"
    if in_own_unit(comparison):
        return comparison.change, f" {comparison.observation.unit}", "change"
    if comparison.change_percent is not None and not small(comparison):
        return comparison.change_percent, "%", "change_percent"
    own = comparison.observation.numerator
    other = comparison.reference.numerator if comparison.reference else None
    if _same_base(comparison) and own is not None and other is not None:
        return own - other, "", "numerator"
    return comparison.change, "", "change"


def _same_base(comparison: Comparison) -> bool:
    """Whether two rates are of one place with about one population, so that their counts can be compared."""
    own, reference = comparison.observation, comparison.reference
    if reference is None or reference.area != own.area or not own.denominator or not reference.denominator:
        return False
    return abs(own.denominator - reference.denominator) < SAME_BASE * reference.denominator


def change(comparison: Comparison) -> Text:
    """The change with its arrow, for a table: `↓ 0.4%`, `↑ 0.3 pp`, `↑ 7`; other units are their row's."""
    amount = size(comparison)
    if amount is None:
        return ()
    moved, unit, field = amount
    places = _places(comparison, moved, unit, field)
    arrow = numbers.direction(moved, places)
    printed = numbers.number(abs(moved), places) + _sign(unit)
    return (f"{arrow} ", figure(printed, comparison_id(comparison, field)))


def distance(comparison: Comparison) -> Text:
    """How far a value lies from a reference that is not its own past, signed: `+2.0 pp`."""
    measured = size(comparison)
    if measured is None:
        return ()
    apart, unit, field = measured
    places = _places(comparison, apart, unit, field)
    return (figure(numbers.signed(apart, places) + _sign(unit), comparison_id(comparison, field)),)


def _sign(unit: str) -> str:
    """The unit where it is a sign, for a table."""
    return unit if unit in ("%", " pp") else ""


def amount(comparison: Comparison) -> Text:
    """The size of a change without its direction: `0.4%`, `0.3 percentage points`, `7`."""
    measured = size(comparison)
    if measured is None:
        return ()
    moved, unit, field = measured
    places = _places(comparison, moved, unit, field)
    words = " percentage points" if unit == " pp" else unit
    return (figure(numbers.number(abs(moved), places) + words, comparison_id(comparison, field)),)


def _places(comparison: Comparison, moved: float, unit: str, field: str) -> int:
    """One decimal for percentages and points, none for counts."""
    if unit in ("%", " pp") or field == "numerator":
        return 1 if unit else 0
    places = numbers.places_of(comparison.observation.unit, moved)
    return places if abs(comparison.observation.value or 0.0) < 1 else min(places, 1)


def interval(comparison: Comparison) -> Text:
    """The interval of a change, signed, or nothing; none is printed for small counts."""
    if comparison.lower is None or comparison.upper is None or not _on_change(comparison):
        return ()
    printed = numbers.span(comparison.lower, comparison.upper)
    return (figure(printed, comparison_id(comparison, "lower,upper")),)


def bounds(comparison: Comparison) -> Text:
    """Where a change could lie once unknowns are known, signed, or nothing."""
    if comparison.bound_lower is None or comparison.bound_upper is None or not _on_change(comparison):
        return ()
    printed = numbers.span(comparison.bound_lower, comparison.bound_upper)
    return (figure(printed, comparison_id(comparison, "bound_lower,bound_upper")),)


def pro_rata(comparison: Comparison) -> Text:
    """The change with unknowns shared out in proportion, signed and with its unit, or nothing."""
    if comparison.pro_rata is None or not _on_change(comparison):
        return ()
    unit = " percentage points" if comparison.observation.unit == "%" else "%"
    printed = numbers.signed(comparison.pro_rata) + unit
    return (figure(printed, comparison_id(comparison, "pro_rata")),)


def pro_rata_interval(comparison: Comparison) -> Text:
    """The interval of the change with unknowns shared out in proportion, signed, or nothing."""
    lower, upper = comparison.pro_rata_lower, comparison.pro_rata_upper
    if lower is None or upper is None or not _on_change(comparison):
        return ()
    printed = numbers.span(lower, upper)
    return (figure(printed, comparison_id(comparison, "pro_rata_lower,pro_rata_upper")),)


def chance(comparison: Comparison) -> Text:
    """How often chance alone makes such a difference: `87 times in 100 (p 0.87)`, or nothing."""
    if comparison.p_value is None or not _on_change(comparison):
        return ()
    named = comparison_id(comparison, "p_value")
    often, p = round(comparison.p_value * 100), comparison.p_value
    said = f"{often} times in 100" if often > 1 else "once in 100" if often == 1 else "less than once in 100"
    return (figure(f"{said} (p {p:.2f})" if often else said, named),)


def detectable(judgement: Judgement, points: str = " percentage points") -> Text:
    """The smallest change the wanted way that would probably have shown, rounded up to a whole number.

    Nothing where none would have. Of small counts it is a count: so much of the earlier one.
    """
    comparison = judgement.comparison
    if judgement.detectable is None:
        return ()
    if in_own_unit(comparison):
        least_change = math.ceil(10 * judgement.detectable) / 10
        printed = numbers.number(least_change, 1)
        if points != " pp":  # in a sentence
            printed += f" {comparison.observation.unit}"
        return (figure(printed, comparison_id(comparison, "detectable_percent")),)
    amount, unit = abs(judgement.detectable), points if comparison.observation.unit == "%" else "%"
    if small(comparison):
        before = comparison.reference
        if before is None or before.numerator is None or before.area != comparison.observation.area:
            return ()
        amount, unit = amount * before.numerator / 100, ""
    least = math.ceil(amount)
    return (figure(numbers.number(least) + unit, comparison_id(comparison, "detectable_percent")),)


def counted(count: int, what: str) -> Text:
    """A count of what the report or its evidence holds, named by what it counts."""
    return (figure(numbers.number(count), f"count:{what}"),)


def in_words(count: int, what: str) -> Text:
    """The same as a word, for titles and sentences: `seven`."""
    return (figure(numbers.word(count), f"count:{what}"),)


def _on_change(comparison: Comparison) -> bool:
    """Whether the limits speak of the change that is printed, and not of a rank or of small counts."""
    return comparison.comparator != "rank" and not small(comparison)
