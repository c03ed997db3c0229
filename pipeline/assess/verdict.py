"""The rules by which a comparison becomes a verdict, in the order in which they are asked.

Every verdict names the rule that gave it, and `RULES` says each rule in a sentence, so that
`explain`, the methods annex and the documentation print what this module does.
"""

from dataclasses import replace

from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.observation import UNKNOWN, Mark, State

RULES = {
    "position": "A rank, an average or a target says where a figure stands, not that it changed.",
    "context": "A change elsewhere is shown beside the figure and is not a verdict on it.",
    "not_supplied": "The figure of this period has not been supplied, so there is nothing to judge.",
    "hidden": "One of the two figures is withheld or suppressed.",
    "immature": "One of the two periods is too recent for its outcomes to be known.",
    "not_comparable": "The two figures do not measure the same thing in the same way.",
    "no_reference": "There is no earlier figure to compare with.",
    "nothing_in_either": "There was nothing to count in either period.",
    "no_test": "The figure has no interval, so a change cannot be told from chance.",
    "interval_spans_zero": "The interval of the change has zero in it: chance could have made it.",
    "unknowns_undo_it": "With what was not recorded taken into account, the change is not clear.",
    "break": "A break lies between the periods, so the number is given and not its merit.",
    "neither_wanted": "The interval leaves zero out, and neither direction is wanted.",
    "as_wanted": "The interval leaves zero out, and the change is the wanted way.",
    "against_wanted": "The interval leaves zero out, and the change is against the wanted way.",
}
"""Every rule by its short name, in the order in which they are asked."""

POSITIONS = frozenset({"rank", "average", "target"})
CONTEXTS = frozenset({"change_of", "paired"})

_HIDDEN = frozenset({State.WITHHELD, State.SUPPRESSED})
_INCOMPARABLE = frozenset({State.NOT_COMPARABLE, State.NOT_APPLICABLE})


def states_change(comparator: str) -> bool:
    """Whether a comparison with that comparator can have a verdict."""
    return comparator not in POSITIONS | CONTEXTS


def judge(comparison: Comparison, want: Want) -> Judgement:
    """The verdict on one comparison where `want` is the wanted direction.

    The category of unknowns has no wanted direction: fewer of them is better recording.
    """
    if comparison.observation.category == UNKNOWN:
        want = Want.NEITHER
    return _without_test(comparison, want) or _tested(comparison, want)


def _without_test(comparison: Comparison, want: Want) -> Judgement | None:
    """The judgement where no test is needed or none can be made; None where the interval decides."""
    if comparison.comparator in POSITIONS:
        return _judgement(comparison, want, None, "position")
    if comparison.comparator in CONTEXTS:
        return _judgement(comparison, want, None, "context")
    observation, reference = comparison.observation, comparison.reference
    if observation.state is State.NOT_SUPPLIED:
        return _judgement(comparison, want, Verdict.AWAITING_RETURN, "not_supplied")
    states = {observation.state} if reference is None else {observation.state, reference.state}
    if states & _HIDDEN:
        return _judgement(comparison, want, Verdict.WITHHELD, "hidden")
    if State.IMMATURE in states:
        return _judgement(comparison, want, Verdict.IMMATURE, "immature")
    if states & _INCOMPARABLE or not comparison.comparable:
        return _judgement(comparison, want, Verdict.NOT_COMPARABLE, "not_comparable")
    if reference is None or reference.state is State.NOT_SUPPLIED:
        return _judgement(comparison, want, Verdict.FIRST_MEASURE, "no_reference")
    if comparison.lower is None and comparison.upper is None:
        if observation.value == reference.value == 0:
            return _judgement(comparison, want, Verdict.NO_CLEAR_CHANGE, "nothing_in_either")
        return _judgement(comparison, want, Verdict.NOT_COMPARABLE, "no_test")
    return None


def _tested(comparison: Comparison, want: Want) -> Judgement:
    """The judgement that the interval gives, and the unknowns leave standing."""
    direction = _sign(comparison.lower, comparison.upper)
    if direction == 0:
        return _judgement(comparison, want, Verdict.NO_CLEAR_CHANGE, "interval_spans_zero")
    doubts = _doubts(comparison, direction)
    if doubts:
        judgement = _judgement(comparison, want, Verdict.NO_CLEAR_CHANGE, "unknowns_undo_it", doubts)
        return replace(judgement, marks=judgement.marks | {Mark.LOW_RELIABILITY})
    number = Verdict.UP if direction > 0 else Verdict.DOWN
    if Mark.BREAK in comparison.marks:
        return _judgement(comparison, want, number, "break")
    if want is Want.NEITHER:
        return _judgement(comparison, want, number, "neither_wanted")
    if number.value == want.value:
        return _judgement(comparison, want, Verdict.IMPROVED, "as_wanted")
    return _judgement(comparison, want, Verdict.WORSENED, "against_wanted")


def _doubts(comparison: Comparison, direction: int) -> str:
    """Why a change in that direction does not survive the unknowns; empty where it does.

    Without a pro-rata figure the unknowns did not move enough to matter. Rows without a place have
    a pro-rata figure and no bounds; a bound missing on one side only is an open one.
    """
    c = comparison
    doubts = []
    if c.pro_rata is not None and _sign(c.pro_rata_lower, c.pro_rata_upper) != direction:
        doubts.append("does not hold with the unknowns shared pro rata")
    bounded = c.bound_lower is not None or c.bound_upper is not None
    if bounded and _sign(c.bound_lower, c.bound_upper) != direction:
        doubts.append("could be none, depending on what the unknowns are")
    return f"the change {' and '.join(doubts)}" if doubts else ""


def _sign(lower: float | None, upper: float | None) -> int:
    """1 where a range lies above zero, -1 where below, else 0; a missing end is open."""
    if lower is not None and lower > 0:
        return 1
    if upper is not None and upper < 0:
        return -1
    return 0


def _judgement(
    comparison: Comparison, want: Want, verdict: Verdict | None, rule: str, added: str = ""
) -> Judgement:
    """A judgement with the marks of the comparison and all that is known of its reason."""
    reason = "; ".join(text for text in (comparison.reason or _silence(comparison), added) if text)
    return Judgement(
        comparison=comparison,
        want=want,
        verdict=verdict,
        rule=rule,
        marks=comparison.marks,
        reason=reason,
    )


def _silence(comparison: Comparison) -> str:
    """What a figure that carries no number says for itself, where the comparison says nothing."""
    sides = (comparison.observation, comparison.reference)
    return "; ".join(dict.fromkeys(side.reason for side in sides if side and side.reason))
