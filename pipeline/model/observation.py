"""Observations: one value each, always with a state, so that nothing hidden or missing reads as zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pipeline.model.area import Area
from pipeline.model.period import Period

UNKNOWN = "not recorded"  # the category of rows whose breakdown column is empty
OTHER = "other"  # the category of a recorded value that no declared band or group holds
CROSSED = ", "  # between the parts of a crossed category: `U25, Female`
OWN_COMMA = ",\u00a0"  # CROSSED inside a recorded value that is crossed: printed alike, and divides no parts
MILESTONE = "in place or not"  # the unit of what is there (1) or not (0), and is told in words


class State(StrEnum):
    """What a cell is. Only `value`, `zero` and `immature` carry a number."""

    VALUE = "value"
    ZERO = "zero"
    SUPPRESSED = "suppressed"
    NOT_SUPPLIED = "not_supplied"
    NOT_COMPARABLE = "not_comparable"
    IMMATURE = "immature"
    NOT_APPLICABLE = "not_applicable"
    WITHHELD = "withheld"

    @property
    def has_value(self) -> bool:
        """Whether a cell in this state carries a number."""
        return self in (State.VALUE, State.ZERO, State.IMMATURE)


class Mark(StrEnum):
    """What a reader must know beside a value."""

    REVISED = "revised"
    PROVISIONAL = "provisional"
    LOW_RELIABILITY = "low_reliability"
    BREAK = "break"


SHORTHAND = {  # the Analysis Function's shorthand
    State.SUPPRESSED: "[c]",
    State.NOT_SUPPLIED: "[x]",
    State.NOT_COMPARABLE: "[x]",
    State.NOT_APPLICABLE: "[z]",
    State.WITHHELD: "[u]",
    Mark.BREAK: "[b]",
    Mark.PROVISIONAL: "[p]",
    Mark.REVISED: "[r]",
    Mark.LOW_RELIABILITY: "[u]",
}


def parts_of(category: str) -> tuple[str, ...]:
    """The parts of a crossed category, as the values were recorded."""
    return tuple(part.replace(OWN_COMMA, CROSSED) for part in category.split(CROSSED))


def is_unknown(category: str) -> bool:
    """Whether a category is of rows not recorded, or for a crossed one, of rows not recorded in a part."""
    return UNKNOWN in category.split(CROSSED)


@dataclass(frozen=True, slots=True)
class Gap:
    """The rows that satisfy all else of a filter: those with a value in a column it tests, those without.

    `of_base`: it is not known of the latter whether they belong to the base at all; otherwise they are in
    it, and only the numerator is in doubt.
    """

    column: str
    known: float
    unknown: float
    of_base: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One value of one indicator for one area, period and breakdown cell, before disclosure control.

    `breakdown` and `category` are empty for totals. `numerator` and `denominator` are what `value` was
    made of; for a count, `numerator == value` and `denominator` is None. `lower` and `upper` are 95 %
    limits in the unit of `value`. All five are None unless the state carries a number. `reason` says
    why in any other state, naming months as YYYY-MM. `effective_base` is the size of the simple random
    sample that would say as much about a percentage whose rows are weighted, or not independent of each
    other: limits and tests rest on it. It is None where that is the denominator. `deviation` is the
    standard deviation of the values behind a mean, in its unit; None for every other figure. `gaps` are
    the rows left out of it because a column that its definition asks for is empty.
    """

    indicator: str
    area: Area
    period: Period
    breakdown: str = ""
    category: str = ""
    numerator: float | None = None
    denominator: float | None = None
    effective_base: float | None = None
    deviation: float | None = None
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str
    state: State
    marks: frozenset[Mark] = frozenset()
    reason: str = ""
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        if self.state.has_value != (self.value is not None):
            raise ValueError(
                f"{self.indicator} {self.period.key}: state {self.state} with value {self.value}"
            )

    @property
    def key(self) -> "Key":
        """What identifies the observation."""
        return Key(self.indicator, self.area.code, self.period, self.breakdown, self.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedObservation(Observation):
    """An observation that passed disclosure control; only `disclosure.release` makes one.

    Comparisons, charts, words and writers accept nothing else.
    """


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What identifies an observation."""

    indicator: str
    area_code: str
    period: Period
    breakdown: str = ""
    category: str = ""

    @property
    def result_id(self) -> str:
        """The id under which a printed figure is recorded, e.g. `burglary:E08000019:2020-10/2021-09`."""
        cell = f":{self.breakdown}={self.category}" if self.breakdown else ""
        return f"{self.indicator}:{self.area_code}:{self.period.basis}:{self.period.key}{cell}"


@dataclass(frozen=True)
class Results:
    """Every released observation of an edition, in a fixed order, with lookups."""

    observations: tuple[ReleasedObservation, ...]

    def __iter__(self) -> Iterator[ReleasedObservation]:
        return iter(self.observations)

    @cached_property
    def by_key(self) -> dict[Key, ReleasedObservation]:
        """The observations by what identifies them."""
        return {observation.key: observation for observation in self.observations}

    @cached_property
    def _by_series(self) -> dict[tuple[str, str, str, str, str], tuple[ReleasedObservation, ...]]:
        series: dict[tuple[str, str, str, str, str], list[ReleasedObservation]] = {}
        for o in self.observations:
            place = (o.indicator, o.area.code, o.period.basis, o.breakdown, o.category)
            series.setdefault(place, []).append(o)
        return {place: tuple(sorted(rows, key=lambda o: o.period)) for place, rows in series.items()}

    def get(
        self, indicator: str, area_code: str, period: Period, breakdown: str = "", category: str = ""
    ) -> ReleasedObservation | None:
        """The observation of that cell, or None where the edition has none."""
        return self.by_key.get(Key(indicator, area_code, period, breakdown, category))

    def series(
        self, indicator: str, area_code: str, basis: str, breakdown: str = "", category: str = ""
    ) -> tuple[ReleasedObservation, ...]:
        """All observations of one cell on one basis, oldest first."""
        return self._by_series.get((indicator, area_code, basis, breakdown, category), ())

    @cached_property
    def _by_period(self) -> dict[tuple[str, Period], tuple[ReleasedObservation, ...]]:
        found: dict[tuple[str, Period], list[ReleasedObservation]] = {}
        for o in self.observations:
            found.setdefault((o.indicator, o.period), []).append(o)
        return {place: tuple(rows) for place, rows in found.items()}

    def of_period(self, indicator: str, period: Period) -> tuple[ReleasedObservation, ...]:
        """All observations of an indicator in one period, in the order of the edition."""
        return self._by_period.get((indicator, period), ())

    def categories(self, indicator: str, breakdown: str) -> tuple[str, ...]:
        """The categories of a breakdown in order of first appearance."""
        return tuple(
            dict.fromkeys(
                o.category for o in self.observations if o.indicator == indicator and o.breakdown == breakdown
            )
        )
