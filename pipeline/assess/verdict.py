"""The rules by which a comparison becomes a verdict, in the order in which they are asked.

The first rule that applies gives the verdict, and the verdict names it. Each rule says itself in a
sentence, so that `explain`, the methods annex and the documentation print what this module does. How
verdicts join into that of a success measure stands in `measures.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline.model.comparison import POSITIONS, Comparison, Judgement, Verdict, Want
from pipeline.model.observation import Mark, State, is_unknown

CONTEXTS = frozenset({"change_of", "paired"})
"""Comparators that show a change other than the figure's own."""

UNKNOWN_RULES = frozenset({"unknowns_undo_it", "unknowns_unbounded"})
"""Rules by which a change more than chance is no clear one, because of what was not recorded."""

_HIDDEN = frozenset({State.WITHHELD, State.SUPPRESSED})
_INCOMPARABLE = frozenset({State.NOT_COMPARABLE, State.NOT_APPLICABLE})


def states_change(comparator: str) -> bool:
    """Whether a comparison with that comparator can have a verdict."""
    return comparator not in CONTEXTS and comparator not in POSITIONS


@dataclass(frozen=True)
class Case:
    """One comparison under a wanted direction, with what the rules ask of it."""

    comparison: Comparison
    want: Want

    @property
    def now(self) -> State:
        """The state of the figure itself."""
        return self.comparison.observation.state

    @property
    def before(self) -> State | None:
        """The state of the figure it is compared with; None where there is none."""
        reference = self.comparison.reference
        return reference.state if reference is not None else None

    def either(self, states: frozenset[State]) -> bool:
        """Whether one of the two figures is in one of the states."""
        return self.now in states or self.before in states

    @property
    def across_a_break(self) -> bool:
        """Whether the comparison touches a declared break."""
        return Mark.BREAK in self.comparison.marks

    @property
    def has_interval(self) -> bool:
        """Whether the change has a limit on at least one side; a missing one is open."""
        return self.comparison.lower is not None or self.comparison.upper is not None

    @cached_property
    def direction(self) -> int:
        """1 where the whole interval of the change lies above zero, -1 where below, else 0."""
        return side_of_zero(self.comparison.lower, self.comparison.upper)

    @cached_property
    def doubts(self) -> str:
        """Why the change does not survive what was not recorded; empty where it does.

        Without a pro-rata figure the unknowns did not move enough to matter. Rows without a place have
        a pro-rata figure and no bounds; a bound missing on one side only is an open one.
        """
        c = self.comparison
        doubts = []
        if c.pro_rata is not None and side_of_zero(c.pro_rata_lower, c.pro_rata_upper) != self.direction:
            doubts.append("does not hold with the unknowns shared pro rata")
        bounded = c.bound_lower is not None or c.bound_upper is not None
        if bounded and side_of_zero(c.bound_lower, c.bound_upper) != self.direction:
            doubts.append("could be none, depending on what the unknowns are")
        if c.unbounded:
            doubts.append("could be better or worse recording, and nothing bounds how much of it")
        return f"the change {' and '.join(doubts)}" if doubts else ""

    @cached_property
    def against_target(self) -> str | None:
        """`met`, `missed` or `in_interval`, by where the figure's interval lies; None: not to be said.

        A figure on its target has met it. A figure with no interval is taken as it is; a missing end of
        one is open.
        """
        c = self.comparison
        judged = c.comparator == "target" and c.comparable and c.change is not None
        if not judged or self.across_a_break or self.want is Want.NEITHER:
            return None
        least, most = (c.lower, c.upper) if self.has_interval else (c.change, c.change)
        if self.want is Want.DOWN:
            least, most = (None if end is None else -end for end in (most, least))
        if least is not None and least >= 0:
            return "met"
        return "missed" if most is not None and most < 0 else "in_interval"


@dataclass(frozen=True)
class Rule:
    """A rule: its short name, what it says, when it applies, and the verdict that it then gives.

    `gives` is None where the comparison has no verdict; `if_rising` is given instead where the rule tells
    a rise from a fall and nothing else.
    """

    name: str
    says: str
    applies: Callable[[Case], bool]
    gives: Verdict | None
    if_rising: Verdict | None = None


RULES: tuple[Rule, ...] = (
    # What is no change of the figure itself.
    Rule(
        "target_met",
        "The figure, with all of its interval, is where the target asks it to be by now, or better.",
        lambda case: case.against_target == "met",
        None,
    ),
    Rule(
        "target_missed",
        "The figure, with all of its interval, falls short of what the target asks by now.",
        lambda case: case.against_target == "missed",
        None,
    ),
    Rule(
        "target_in_interval",
        "What the target asks by now lies inside the figure's interval: too close to tell.",
        lambda case: case.against_target == "in_interval",
        None,
    ),
    Rule(
        "position",
        "A rank, an average or a target says where a figure stands, not that it changed.",
        lambda case: case.comparison.comparator in POSITIONS,
        None,
    ),
    Rule(
        "context",
        "The change of another area or indicator stands beside the figure and is no verdict on it.",
        lambda case: case.comparison.comparator in CONTEXTS,
        None,
    ),
    # Whether there are two figures that can be compared.
    Rule(
        "not_supplied",
        "The figure of this period has not been supplied, so there is nothing to judge.",
        lambda case: case.now is State.NOT_SUPPLIED,
        Verdict.AWAITING_RETURN,
    ),
    Rule(
        "hidden",
        "One of the two figures is withheld or suppressed.",
        lambda case: case.either(_HIDDEN),
        Verdict.WITHHELD,
    ),
    Rule(
        "immature",
        "One of the two periods is too recent for its outcomes to be known.",
        lambda case: case.either(frozenset({State.IMMATURE})),
        Verdict.IMMATURE,
    ),
    Rule(
        "not_comparable",
        "The two figures do not measure the same thing in the same way.",
        lambda case: case.either(_INCOMPARABLE) or not case.comparison.comparable,
        Verdict.NOT_COMPARABLE,
    ),
    Rule(
        "no_reference",
        "There is no earlier figure to compare with.",
        lambda case: case.before in (None, State.NOT_SUPPLIED),
        Verdict.FIRST_MEASURE,
    ),
    # Whether the change is more than chance, and survives what was not recorded.
    Rule(
        "nothing_in_either",
        "There was nothing to count in either period.",
        lambda case: not case.has_interval and case.now is case.before is State.ZERO,
        Verdict.NO_CLEAR_CHANGE,
    ),
    Rule(
        "no_test",
        "The figure has no interval, so a change cannot be told from chance.",
        lambda case: not case.has_interval,
        Verdict.NOT_COMPARABLE,
    ),
    Rule(
        "interval_spans_zero",
        "The interval of the change has zero in it: chance could have made it.",
        lambda case: case.direction == 0,
        Verdict.NO_CLEAR_CHANGE,
    ),
    Rule(
        "unknowns_undo_it",
        "With what was not recorded taken into account, the change is not clear.",
        lambda case: bool(case.doubts) and not case.comparison.unbounded,
        Verdict.NO_CLEAR_CHANGE,
    ),
    Rule(
        "unknowns_unbounded",
        "What was not recorded moved by more than is allowed, and nothing bounds what that could do.",
        lambda case: case.comparison.unbounded,
        Verdict.NO_CLEAR_CHANGE,
    ),
    # Which way it went, and whether that was wanted.
    Rule(
        "break",
        "A break lies between the periods, so the number is given and not its merit.",
        lambda case: case.across_a_break,
        Verdict.DOWN,
        if_rising=Verdict.UP,
    ),
    Rule(
        "neither_wanted",
        "The interval leaves zero out, and neither direction is wanted.",
        lambda case: case.want is Want.NEITHER,
        Verdict.DOWN,
        if_rising=Verdict.UP,
    ),
    Rule(
        "as_wanted",
        "The interval leaves zero out, and the change is the wanted way.",
        lambda case: case.direction == (1 if case.want is Want.UP else -1),
        Verdict.IMPROVED,
    ),
    Rule(
        "against_wanted",
        "The interval leaves zero out, and the change is against the wanted way.",
        lambda case: True,
        Verdict.WORSENED,
    ),
)
"""Every rule, in the order in which they are asked."""


def judge(comparison: Comparison, want: Want) -> Judgement:
    """The verdict on one comparison where `want` is the wanted direction.

    The category of unknowns has no wanted direction: fewer of them is better recording.
    """
    if is_unknown(comparison.observation.category):
        want = Want.NEITHER
    case = Case(comparison, want)
    rule = next(rule for rule in RULES if rule.applies(case))
    undone = rule.name in UNKNOWN_RULES
    reasons = (comparison.reason or _silence(comparison), case.doubts if undone else "")
    return Judgement(
        comparison=comparison,
        want=want,
        verdict=rule.if_rising if rule.if_rising and case.direction > 0 else rule.gives,
        rule=rule.name,
        marks=comparison.marks | ({Mark.LOW_RELIABILITY} if undone else frozenset()),
        reason="; ".join(reason for reason in reasons if reason),
    )


def side_of_zero(lower: float | None, upper: float | None) -> int:
    """1 where a range lies above zero, -1 where below, else 0; a missing end is open."""
    if lower is not None and lower > 0:
        return 1
    if upper is not None and upper < 0:
        return -1
    return 0


def _silence(comparison: Comparison) -> str:
    """What a figure that carries no number says for itself, where the comparison says nothing."""
    sides = (comparison.observation, comparison.reference)
    return "; ".join(dict.fromkeys(side.reason for side in sides if side and side.reason))
