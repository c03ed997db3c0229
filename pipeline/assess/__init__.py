"""Comparisons to verdicts, verdicts to findings: pure functions that decide what is true.

How it is said belongs to the report.
"""

from pipeline.assess.assess import assess
from pipeline.assess.verdict import RULES, judge

__all__ = ["RULES", "assess", "judge"]
