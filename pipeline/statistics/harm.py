"""Crime weighted by its harm: a complement to counting, never a judgement by itself.

Office for National Statistics (2016) Research outputs: developing a Crime Severity Score (weights
from sentences passed); Sherman, L., Neyroud, P.W. and Neyroud, E. (2016) "The Cambridge Crime
Harm Index", Policing 10, 171-183 (weights from starting points). Limits are Dobson's for a
weighted sum of counts (see `standardisation.py`): the weights are known, the counts are chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level
from pipeline.statistics.intervals import check_count
from pipeline.statistics.standardisation import dobson_limits


@dataclass(frozen=True, slots=True)
class HarmWeighted:
    """Weighted crime, in the unit of the weights (per `per` of the base, where one was given).

    `score` is None on a base of 0; the limits are None then and where no weighted crime was
    counted. `events` have a weight; `unweighted_events` have none and are in no score:
    `unweighted` names their codes in order. `largest` is the code that adds most and
    `largest_share` its share of the score (0 to 1), both None for a score of 0.
    """

    score: float | None
    lower: float | None
    upper: float | None
    events: float
    unweighted_events: float
    unweighted: tuple[str, ...]
    largest: str | None
    largest_share: float | None


def harm_weighted(
    counts: Mapping[str, float],
    weights: Mapping[str, float],
    base: float | None = None,
    per: float = 1.0,
    level: float = 0.95,
) -> HarmWeighted:
    """Return the sum of count * weight over offence codes, per `per` of the base where given.

    Codes without a weight are left out and named, never given 0. Raises ValueError for negative
    numbers, `per` not above 0 or a level outside (0, 1).
    """
    check_level(level)
    if not per > 0:
        raise ValueError(f"per must be above 0, got {per!r}")
    for value in (*counts.values(), *weights.values(), *(() if base is None else (base,))):
        check_count(value, "counts, weights and base")
    missing = sorted(code for code, n in counts.items() if n > 0 and code not in weights)
    parts = {code: n * weights[code] for code, n in counts.items() if code in weights}
    events = math.fsum(counts[code] for code in parts)
    score = math.fsum(parts.values())
    # The first by name where two add the same.
    largest = min(parts, key=lambda code: (-parts[code], code)) if score > 0 else None
    factor = 1.0 if base is None else per / base if base > 0 else None
    lower = upper = None
    if events > 0 and factor is not None:
        variance = math.fsum(counts[code] * weights[code] ** 2 for code in parts)
        lower, upper = (limit * factor for limit in dobson_limits(score, variance, events, level))
    return HarmWeighted(
        score=None if factor is None else score * factor,
        lower=lower,
        upper=upper,
        events=events,
        unweighted_events=math.fsum(counts[code] for code in missing),
        unweighted=tuple(missing),
        largest=largest,
        largest_share=None if largest is None else parts[largest] / score,
    )
