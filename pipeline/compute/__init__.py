"""Curated rows to observations, and released observations to comparisons."""

from pipeline.compute.compare import compare
from pipeline.compute.explain import Explanation, Step, explain
from pipeline.compute.observe import observe

__all__ = ["Explanation", "Step", "compare", "explain", "observe"]
