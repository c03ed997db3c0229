"""The only maker of figures: a released observation, a comparison's field or a count -> a printed number.

A `result_id` names what a figure is: `<indicator>:<area>:<basis>:<period>` and, for breakdowns,
`:<breakdown>=<category>`; a comparison adds `|<comparator>|<field>`. Counts of what the report holds
(measures, rows of an extract) are named by what they count.
"""

from __future__ import annotations

import math

from pipeline.model.comparison import Comparison
from pipeline.model.observation import MILESTONE, SHORTHAND, Mark, ReleasedObservation, State
from pipeline.report import numbers
from pipeline.report.text import Figure, Text

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


def small(comparison: Comparison) -> bool:
    """Whether either count is too small for a percentage of change; percentages have points instead."""
    if comparison.observation.unit == "%":
        return False
    own = comparison.observation.numerator
    other = comparison.reference.numerator if comparison.reference else None
    return any(count is not None and count < numbers.SMALL_COUNT for count in (own, other))


def size(comparison: Comparison) -> tuple[float, str, str] | None:
    """How big a change is, the unit it is told in (`%`, ` pp` or nothing) and its field.

    Per cent where there is one and both counts reach 50, percentage points for shares, otherwise the
    difference of the counts themselves, of a rate too; of the rates where they are of different places.
    """
    if comparison.change is None:
        return None
    if comparison.observation.unit == "%":
        return comparison.change, " pp", "change"
    if comparison.change_percent is not None and not small(comparison):
        return comparison.change_percent, "%", "change_percent"
    own = comparison.observation.numerator
    other = comparison.reference.numerator if comparison.reference else None
    same_place = comparison.reference is not None and comparison.reference.area == comparison.observation.area
    if same_place and comparison.observation.denominator and own is not None and other is not None:
        return own - other, "", "numerator"
    return comparison.change, "", "change"


def change(comparison: Comparison) -> Text:
    """The change with its arrow, for a table: `↓ 0.4%`, `↑ 0.3 pp`, `↑ 7`."""
    amount = size(comparison)
    if amount is None:
        return ()
    moved, unit, field = amount
    places = _places(comparison, moved, unit, field)
    arrow = numbers.direction(moved, places)
    printed = numbers.number(abs(moved), places) + unit
    return (f"{arrow} ", figure(printed, comparison_id(comparison, field)))


def distance(comparison: Comparison) -> Text:
    """How far a value lies from a reference that is not its own past, signed: `+2.0 pp`."""
    measured = size(comparison)
    if measured is None:
        return ()
    apart, unit, field = measured
    places = _places(comparison, apart, unit, field)
    return (figure(numbers.signed(apart, places) + unit, comparison_id(comparison, field)),)


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
    if unit or field == "numerator":
        return 1 if unit else 0
    return numbers.places_of(comparison.observation.unit, moved)


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


def detectable(comparison: Comparison, points: str = " percentage points") -> Text:
    """The smallest change that would probably have shown, rounded up to a whole number, or nothing.

    Of small counts it is a count: so much of the earlier one.
    """
    if comparison.detectable_percent is None:
        return ()
    amount, unit = abs(comparison.detectable_percent), points if comparison.observation.unit == "%" else "%"
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
