"""Proportions from sample surveys, with limits that know how the sample was drawn.

The variance is by Taylor linearisation of the ratio, between the clusters of each stratum, taken
as drawn with replacement (Cochran 1977, Sampling Techniques, 3rd edition; Lumley 2010, Complex
Surveys, chapter 2). People who did not answer stay in the design and out of the estimate. The
limits are Wilson's at the sample size that a simple random sample would need for that variance,
at most the number of answers, with Student's t for the clusters there are (Korn and Graubard
1998, Survey Methodology 24, 193-201; Dean and Pagano 2015, J. Survey Statistics and Methodology
3, 484-503). The effective n of unequal weights is Kish's (1965, Survey
Sampling).

A survey that anyone could answer has no such limits: nothing says who chose to answer.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.statistics._distributions import check_level, t_quantile
from pipeline.statistics.intervals import score_limits
from pipeline.statistics.proportions import ProportionChange, compare_proportions

SampleDesign = Literal["probability", "self_selected"]

NO_VARIANCE = 1e-12
"""A variance of no more than this part of a simple random sample's is a rounding error."""


@dataclass(frozen=True, slots=True)
class SurveyProportion:
    """A weighted proportion from 0 to 1 of those who answered.

    `base` is how many answered. `proportion` is None where nobody did. `lower`, `upper`,
    `effective_n` (Kish), `design_effect` (the variance over that of a simple random sample of the
    base), `design_n` (the base over the design effect, never more than the base: the size to
    compare waves with) and `degrees` are None for a self-selected sample, and where fewer than two
    clusters answered. `lonely` counts the strata with one cluster, whose difference from all
    clusters together stands in for the difference within.
    """

    proportion: float | None
    lower: float | None
    upper: float | None
    base: int
    effective_n: float | None
    design_effect: float | None
    design_n: float | None
    degrees: int | None
    lonely: int
    sample_design: SampleDesign


def survey_proportion(
    values: Sequence[bool | None],
    weights: Sequence[float | None] | None = None,
    strata: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    level: float = 0.95,
    sample_design: SampleDesign = "probability",
) -> SurveyProportion:
    """Return the share of True among the answers, weighted, with design-based limits.

    One element for each respondent: True, False, or None for no answer (or not in the group
    asked about). Without weights all count alike; without strata there is one; without clusters
    each respondent is one. Clusters are named within their stratum. Raises ValueError for
    sequences of different length, and for weights that are missing, 0, negative or infinite, with
    how many: repair or drop those rows first.
    """
    check_level(level)
    if sample_design not in ("probability", "self_selected"):
        raise ValueError(f"sample_design must be 'probability' or 'self_selected', got {sample_design!r}")
    weight = _weights(values, weights)
    for name, labels in (("strata", strata), ("clusters", clusters)):
        if labels is not None and len(labels) != len(values):
            raise ValueError(f"{len(labels)} {name} do not go with {len(values)} values")
    answered = [(bool(v), w) for v, w in zip(values, weight, strict=True) if v is not None]
    base = len(answered)
    if base == 0:
        return _silent(None, 0, sample_design)
    whole = math.fsum(w for _, w in answered)
    share = math.fsum(w for value, w in answered if value) / whole
    if sample_design == "self_selected":
        return _silent(share, base, sample_design)
    # What each respondent adds to the linearised proportion; nothing where there is no answer.
    parts: dict[Hashable, dict[Hashable, float]] = {}
    for i, value in enumerate(values):
        part = 0.0 if value is None else weight[i] * (float(value) - share) / whole
        stratum = parts.setdefault(None if strata is None else strata[i], {})
        cluster = i if clusters is None else clusters[i]
        stratum[cluster] = stratum.get(cluster, 0.0) + part
    found = survey_estimate(
        share,
        base,
        effective_n=whole**2 / math.fsum(w * w for _, w in answered),
        variance=math.fsum(_between(stratum) for stratum in parts.values()),
        clusters=sum(len(stratum) for stratum in parts.values()),
        strata=len(parts),
        level=level,
    )
    if found.degrees is None:
        return found
    return replace(found, lonely=sum(1 for stratum in parts.values() if len(stratum) == 1))


def survey_estimate(
    proportion: float,
    base: int,
    *,
    effective_n: float,
    variance: float,
    clusters: int,
    strata: int,
    level: float = 0.95,
) -> SurveyProportion:
    """Return a probability sample's proportion with its limits, from its variance summed elsewhere.

    `effective_n` is Kish's, `clusters` and `strata` are those drawn, whoever of them answered; `lonely`
    is left at 0. Raises ValueError for a proportion outside 0 to 1, or a negative base or variance.
    """
    check_level(level)
    if not 0.0 <= proportion <= 1.0 or base < 0 or variance < 0.0:
        raise ValueError(f"not a proportion of a sample: {proportion!r} of {base!r}, variance {variance!r}")
    share = proportion
    degrees = clusters - strata if clusters > strata else clusters - 1
    if base < 2 or degrees < 1:
        return _silent(share, base, "probability")
    simple = share * (1.0 - share) / base
    # All alike: the answers show no variance but that of rounding, and the weights are all there is.
    effect = variance / simple if variance > NO_VARIANCE * simple > 0 else base / effective_n
    design_n = min(float(base), base / effect)
    lower, upper = score_limits(share, design_n, -t_quantile((1.0 - level) / 2.0, degrees))
    return SurveyProportion(
        proportion=share,
        lower=lower,
        upper=upper,
        base=base,
        effective_n=min(effective_n, float(base)),
        design_effect=effect,
        design_n=design_n,
        degrees=degrees,
        lonely=0,
        sample_design="probability",
    )


def compare_survey_proportions(
    before: SurveyProportion, after: SurveyProportion, level: float = 0.95
) -> ProportionChange:
    """Return the change between two waves of separate respondents, in percentage points.

    Newcombe's limits at the design sizes of both. Where either wave has no limits of its own
    (self-selected, nobody answered) nothing can be compared and all is None.
    """
    check_level(level)
    sizes = (before.design_n or 0.0, after.design_n or 0.0)
    first, second = (
        size * (wave.proportion or 0.0) for size, wave in zip(sizes, (before, after), strict=True)
    )
    return compare_proportions(first, sizes[0], second, sizes[1], level)


def _weights(values: Sequence[bool | None], weights: Sequence[float | None] | None) -> list[float]:
    """Return one weight above 0 for each value."""
    if weights is None:
        return [1.0] * len(values)
    if len(weights) != len(values):
        raise ValueError(f"{len(weights)} weights do not go with {len(values)} values")
    usable = [float(w) for w in weights if w is not None and math.isfinite(w) and w > 0]
    if len(usable) < len(weights):
        bad = len(weights) - len(usable)
        raise ValueError(f"{bad} of {len(weights)} weights are missing, 0, negative or infinite")
    return usable


def _between(stratum: dict[Hashable, float]) -> float:
    """Return the variance that one stratum's clusters add.

    Over all strata the parts sum to 0, so a cluster alone in its stratum is set against 0.
    """
    number = len(stratum)
    if number == 1:
        return math.fsum(part**2 for part in stratum.values())
    mean = math.fsum(stratum.values()) / number
    return number / (number - 1) * math.fsum((part - mean) ** 2 for part in stratum.values())


def _silent(share: float | None, base: int, sample_design: SampleDesign) -> SurveyProportion:
    """Return a proportion of those who answered, with nothing said about anyone else."""
    return SurveyProportion(share, None, None, base, None, None, None, None, 0, sample_design)
