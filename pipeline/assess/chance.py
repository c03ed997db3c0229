"""How many of so many measures would look like a change by chance alone.

The declared measures are each tested at their own level, uncorrected: each is a question that the
board asked. The price of asking many is said in the summary, from here.
"""

import math
from collections.abc import Iterable, Sequence

from pipeline.model.assessment import ByChance, MeasureResult
from pipeline.model.comparison import Judgement, Verdict

CLEAR = frozenset({Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN})


def by_chance(measures: Sequence[MeasureResult]) -> ByChance:
    """The tests behind the headlines and what chance alone would make of them.

    A comparison that serves two measures is one test, and a headline wherever it is one of either.
    """
    uses = [use for measure in measures for use in measure.uses]
    tests = _tests(use.judgement for use in uses if use.headline)
    others = _tests(found for use in uses for found in (use.judgement, *use.children))
    levels = [judgement.comparison.level for judgement in tests.values()]
    levels_beside = [found.comparison.level for key, found in others.items() if key not in tests]
    return ByChance(
        tested=len(levels),
        clear=sum(judgement.verdict in CLEAR for judgement in tests.values()),
        expected=math.fsum(1.0 - level for level in levels),
        probability_of_any=1.0 - math.prod(levels),
        beside=len(levels_beside),
        expected_beside=math.fsum(1.0 - level for level in levels_beside),
    )


def _tests(judgements: Iterable[Judgement | None]) -> dict[tuple[object, str, str], Judgement]:
    """The judgements that rest on a test, each comparison once."""
    found: dict[tuple[object, str, str], Judgement] = {}
    for judgement in judgements:
        if judgement is not None and judgement.verdict in CLEAR | {Verdict.NO_CLEAR_CHANGE}:
            c = judgement.comparison
            found[c.observation.key, c.comparator, c.reference_label] = judgement
    return found
