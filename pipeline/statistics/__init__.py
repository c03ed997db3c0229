"""Statistical methods as pure functions of numbers: no input, output, clock or randomness.

Each topic is one file and cites the source of its method; results are frozen values. Percentages
and percentage points are out of 100, proportions out of 1. Missing is None, never NaN. Impossible
arguments (a negative count, a level of 2) raise ValueError; empty, zero, constant and short data
are not errors and have answers, said in each function.
"""

from pipeline.statistics.change import (
    CountChange,
    DetectableChange,
    compare_counts,
    smallest_detectable_change,
)
from pipeline.statistics.control import (
    Assurance,
    ControlChart,
    Variation,
    control_chart,
)
from pipeline.statistics.intervals import (
    Interval,
    poisson_interval,
    rate_interval,
    wilson_interval,
)
from pipeline.statistics.overdispersion import Dispersion, dispersion
from pipeline.statistics.proportions import (
    ProportionChange,
    compare_proportions,
    compare_share_with_parent,
    smallest_detectable_difference,
)
from pipeline.statistics.ranks import RankInterval, rank_intervals
from pipeline.statistics.ratio import RateRatio, rate_ratio
from pipeline.statistics.seasons import SameMonth, Seasonality, same_months, seasonality
from pipeline.statistics.signals import ControlPoint, Signal
from pipeline.statistics.unknowns import (
    ProRataChange,
    UnknownBounds,
    pro_rata_area,
    unknown_bounds,
)

__all__ = [
    "Assurance",
    "ControlChart",
    "ControlPoint",
    "CountChange",
    "DetectableChange",
    "Dispersion",
    "Interval",
    "ProRataChange",
    "ProportionChange",
    "RankInterval",
    "RateRatio",
    "SameMonth",
    "Seasonality",
    "Signal",
    "UnknownBounds",
    "Variation",
    "compare_counts",
    "compare_proportions",
    "compare_share_with_parent",
    "control_chart",
    "dispersion",
    "poisson_interval",
    "pro_rata_area",
    "rank_intervals",
    "rate_interval",
    "rate_ratio",
    "same_months",
    "seasonality",
    "smallest_detectable_change",
    "smallest_detectable_difference",
    "unknown_bounds",
    "wilson_interval",
]
