"""Comparisons and judgements: a released observation against a reference, and what it amounts to."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.observation import Mark, ReleasedObservation

POSITIONS = ("average", "rank", "target")
"""Comparators that say where a figure stands: they need no second period."""


class Want(StrEnum):
    """Which way a success measure wants a number to go. It belongs to the use, not to the indicator."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Verdict(StrEnum):
    """The closed list of judgements."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    NO_CLEAR_CHANGE = "no_clear_change"
    MIXED = "mixed"
    UP = "up"
    DOWN = "down"
    FIRST_MEASURE = "first_measure"
    NOT_COMPARABLE = "not_comparable"
    IMMATURE = "immature"
    WITHHELD = "withheld"
    AWAITING_RETURN = "awaiting_return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An observation against one comparator. It holds numbers, not yet a verdict.

    `comparator` is the `to` of the definition (`previous_year`, `period`, `baseline`, `average`, `rank`,
    `change_of`, `previous_wave`, ...). `change` is in the unit of the value (percentage points for shares,
    proportions and surveys); `change_percent` is in per cent and None for those. `lower`, `upper`,
    `pro_rata*` and `bound_*` are on `change_percent`, or on `change` where that is None.
    For `rank`, `reference_value` is the rank (1 first), `lower` and `upper` the best and worst it could be.
    For `average`, `reference` is the figure of the areas together, and `reference_value` its value (of
    counts, the mean per area). For `change_of`, `reference_value` is the other areas' own change (per cent;
    points for percentages) and `change` the own change less theirs, in percentage points; `change_percent`,
    with `lower`, `upper` and `p_value`, is the ratio of the two ratios less one, and empty for percentages.
    The own change stands in the comparison with the earlier period.
    For `target`, `reference_value` is what the path to the target asks of the period, `change` the figure
    less that, and `lower` and `upper` are where the figure's own limits lie from it.
    For `paired`, `reference` is the other indicator's figure, and the change with all that belongs to it
    is the other's.
    `detectable_percent` and `detectable_rise_percent` are the smallest fall and the smallest rise that
    would probably have shown, in the unit of the limits.
    `comparable` is False when no verdict on direction may be given; `reason` then says why, naming months.
    `level` is the confidence level of the limits. `unknown_of` says what was not recorded where it is
    not the category: `place`, or a column that the definition asks for. `unbounded`: an unknown share moved
    by more than is allowed, and no bounds say what that could do to the change.
    """

    observation: ReleasedObservation
    reference: ReleasedObservation | None
    comparator: str
    reference_label: str
    reference_value: float | None = None
    change: float | None = None
    change_percent: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    dispersion: float | None = None
    detectable_percent: float | None = None
    detectable_rise_percent: float | None = None
    pro_rata: float | None = None
    pro_rata_lower: float | None = None
    pro_rata_upper: float | None = None
    bound_lower: float | None = None
    bound_upper: float | None = None
    level: float = 0.95
    unknown_of: str = ""
    unbounded: bool = False
    comparable: bool = True
    marks: frozenset[Mark] = frozenset()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A comparison with its verdict under a wanted direction, and the rule that gave it.

    `verdict` is None for comparators that state no change of the figure itself (rank, average, target,
    change_of, paired).
    `marks` and `reason` are those of the comparison plus what the rule adds.
    """

    comparison: Comparison
    want: Want
    verdict: Verdict | None
    rule: str
    marks: frozenset[Mark] = frozenset()
    reason: str = ""

    @property
    def detectable(self) -> float | None:
        """The smallest change the wanted way that would probably have shown, as a positive number.

        Where neither way is wanted, what would have shown either way: the larger of the two.
        """
        fall, rise = self.comparison.detectable_percent, self.comparison.detectable_rise_percent
        match self.want:
            case Want.DOWN:
                return fall
            case Want.UP:
                return rise
            case Want.NEITHER:
                return None if fall is None or rise is None else max(fall, rise)
