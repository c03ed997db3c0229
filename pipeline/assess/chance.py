"""How many of so many measures would look like a change by chance alone.

The declared measures are each tested at their own level, uncorrected: each is a question that the
board asked. The price of asking many is said in the summary, from here.
"""

import math
from collections.abc import Sequence

from pipeline.model.assessment import ByChance, MeasureResult
from pipeline.model.comparison import Judgement, Verdict

CLEAR = frozenset({Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN})


def by_chance(measures: Sequence[MeasureResult]) -> ByChance:
    """The tests behind the headlines and what chance alone would make of them.

    A comparison that serves two measures is one test.
    """
    tests: dict[tuple[object, str, str], Judgement] = {}
    for measure in measures:
        for use in measure.uses:
            judgement = use.judgement
            if use.headline and judgement and judgement.verdict in CLEAR | {Verdict.NO_CLEAR_CHANGE}:
                c = judgement.comparison
                tests[c.observation.key, c.comparator, c.reference_label] = judgement
    levels = [judgement.comparison.level for judgement in tests.values()]
    return ByChance(
        tested=len(levels),
        clear=sum(judgement.verdict in CLEAR for judgement in tests.values()),
        expected=math.fsum(1.0 - level for level in levels),
        probability_of_any=1.0 - math.prod(levels),
    )
