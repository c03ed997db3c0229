"""Statistical methods as pure functions of numbers: no input, output, clock or randomness.

Each topic is one file and cites the source of its method; results are frozen values. Percentages
and percentage points are out of 100, proportions out of 1. Missing is None, never NaN. Impossible
arguments (a negative count, a level of 2) raise ValueError; empty, zero, constant and short data
are not errors and have answers, said in each function.
"""

from pipeline.statistics.change import (
    ChangeBeside,
    CountChange,
    DetectableChange,
    compare_changes,
    compare_counts,
    smallest_detectable_change,
)
from pipeline.statistics.control import Assurance, ControlChart, Variation, control_chart
from pipeline.statistics.funnel import funnel_limits
from pipeline.statistics.harm import HarmWeighted, harm_weighted
from pipeline.statistics.intervals import (
    Interval,
    poisson_interval,
    rate_interval,
    wilson_interval,
)
from pipeline.statistics.multiplicity import Discovery, benjamini_hochberg, expected_by_chance
from pipeline.statistics.overdispersion import Dispersion, dispersion
from pipeline.statistics.places import Concentration, concentration
from pipeline.statistics.proportions import (
    ProportionChange,
    compare_proportions,
    compare_share_with_parent,
    smallest_detectable_difference,
)
from pipeline.statistics.ranks import RankInterval, rank_intervals
from pipeline.statistics.ratio import RateRatio, rate_ratio
from pipeline.statistics.repeats import RepeatRate, RepeatRates, repeat_rates
from pipeline.statistics.seasons import SameMonth, Seasonality, same_months, seasonality
from pipeline.statistics.signals import ControlPoint, Signal
from pipeline.statistics.standardisation import StandardisedRate, directly_standardised_rate
from pipeline.statistics.survey import (
    SurveyProportion,
    compare_survey_proportions,
    survey_proportion,
)
from pipeline.statistics.unknowns import (
    ProRataChange,
    UnknownBounds,
    pro_rata_area,
    unknown_bounds,
)

__all__ = [
    "Assurance",
    "ChangeBeside",
    "Concentration",
    "ControlChart",
    "ControlPoint",
    "CountChange",
    "DetectableChange",
    "Discovery",
    "Dispersion",
    "HarmWeighted",
    "Interval",
    "ProRataChange",
    "ProportionChange",
    "RankInterval",
    "RateRatio",
    "RepeatRate",
    "RepeatRates",
    "SameMonth",
    "Seasonality",
    "Signal",
    "StandardisedRate",
    "SurveyProportion",
    "UnknownBounds",
    "Variation",
    "benjamini_hochberg",
    "compare_changes",
    "compare_counts",
    "compare_proportions",
    "compare_share_with_parent",
    "compare_survey_proportions",
    "concentration",
    "control_chart",
    "directly_standardised_rate",
    "dispersion",
    "expected_by_chance",
    "funnel_limits",
    "harm_weighted",
    "poisson_interval",
    "pro_rata_area",
    "rank_intervals",
    "rate_interval",
    "rate_ratio",
    "repeat_rates",
    "same_months",
    "seasonality",
    "smallest_detectable_change",
    "smallest_detectable_difference",
    "survey_proportion",
    "unknown_bounds",
    "wilson_interval",
]
