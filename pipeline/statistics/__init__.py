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
from pipeline.statistics.combinations import (
    Estimate,
    EstimateChange,
    combined,
    compare_estimates,
    quotient_interval,
)
from pipeline.statistics.control import Assurance, ControlChart, Variation, control_chart
from pipeline.statistics.counted_ratios import (
    RatioChange,
    compare_ratios,
    ratio_interval,
    smallest_detectable_ratio_change,
)
from pipeline.statistics.funnel import funnel_limits
from pipeline.statistics.harm import HarmWeighted, harm_weighted
from pipeline.statistics.intervals import (
    Interval,
    poisson_interval,
    rate_interval,
    wilson_interval,
)
from pipeline.statistics.means import MeanChange, compare_means, deviation_from_sums, mean_interval
from pipeline.statistics.multiplicity import Discovery, benjamini_hochberg, expected_by_chance
from pipeline.statistics.overdispersion import Dispersion, dispersion
from pipeline.statistics.parents import RateAgainstParent, compare_rate_with_parent
from pipeline.statistics.places import Concentration, concentration
from pipeline.statistics.proportions import (
    ProportionChange,
    compare_proportions,
    compare_share_with_parent,
    smallest_detectable_difference,
)
from pipeline.statistics.ranks import RankInterval, rank_intervals
from pipeline.statistics.ratio import RateRatio, rate_ratio
from pipeline.statistics.repeats import RepeatRate, RepeatRates, crimes_effective_base, repeat_rates
from pipeline.statistics.seasons import SameMonth, Seasonality, same_months, seasonality
from pipeline.statistics.signals import ControlPoint, Signal
from pipeline.statistics.standardisation import StandardisedRate, directly_standardised_rate
from pipeline.statistics.survey import (
    SurveyProportion,
    compare_survey_proportions,
    survey_estimate,
    survey_proportion,
)
from pipeline.statistics.unknown_shares import (
    Part,
    UnknownShareBounds,
    undecided_share_bounds,
    unknown_share_bounds,
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
    "Estimate",
    "EstimateChange",
    "HarmWeighted",
    "Interval",
    "MeanChange",
    "Part",
    "ProRataChange",
    "ProportionChange",
    "RankInterval",
    "RateAgainstParent",
    "RateRatio",
    "RatioChange",
    "RepeatRate",
    "RepeatRates",
    "SameMonth",
    "Seasonality",
    "Signal",
    "StandardisedRate",
    "SurveyProportion",
    "UnknownBounds",
    "UnknownShareBounds",
    "Variation",
    "benjamini_hochberg",
    "combined",
    "compare_changes",
    "compare_counts",
    "compare_estimates",
    "compare_means",
    "compare_proportions",
    "compare_rate_with_parent",
    "compare_ratios",
    "compare_share_with_parent",
    "compare_survey_proportions",
    "concentration",
    "control_chart",
    "crimes_effective_base",
    "deviation_from_sums",
    "directly_standardised_rate",
    "dispersion",
    "expected_by_chance",
    "funnel_limits",
    "harm_weighted",
    "mean_interval",
    "poisson_interval",
    "pro_rata_area",
    "quotient_interval",
    "rank_intervals",
    "rate_interval",
    "rate_ratio",
    "ratio_interval",
    "repeat_rates",
    "same_months",
    "seasonality",
    "smallest_detectable_change",
    "smallest_detectable_difference",
    "smallest_detectable_ratio_change",
    "survey_estimate",
    "survey_proportion",
    "undecided_share_bounds",
    "unknown_bounds",
    "unknown_share_bounds",
    "wilson_interval",
]
