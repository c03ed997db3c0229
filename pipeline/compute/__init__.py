"""Curated rows to observations, and released observations to comparisons."""

from pipeline.compute.compare import compare
from pipeline.compute.observe import observe

__all__ = ["compare", "observe"]
