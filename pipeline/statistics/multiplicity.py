"""Many tests at once: false discoveries in a scan, and chance findings among declared measures.

Benjamini, Y. and Hochberg, Y. (1995) "Controlling the false discovery rate", JRSS B 57, 289-300.
For the scan, where nobody declared the question; declared measures are tested one by one, and
`expected_by_chance` says how many of them would look like a change anyway.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level


@dataclass(frozen=True, slots=True)
class Discovery:
    """One test of a scan: its p value, the one adjusted for the scan, and whether it stands.

    Both p values are None for a test that could not be made; it is then not `found` and does not
    count among the tests.
    """

    p_value: float | None
    adjusted: float | None
    found: bool


def benjamini_hochberg(p_values: Sequence[float | None], rate: float = 0.05) -> tuple[Discovery, ...]:
    """Return each test, in the order given, with its adjusted p value.

    A test is found where the adjusted value is at most `rate`: among all found, no more than that
    share is expected to be chance. None stands for a test that could not be made. Raises
    ValueError for p values outside 0 to 1 or a rate outside (0, 1).
    """
    check_level(rate)
    made = [(p, i) for i, p in enumerate(p_values) if p is not None]
    for p, _ in made:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a p value lies from 0 to 1, got {p!r}")
    results = [Discovery(None, None, False)] * len(p_values)
    smallest = 1.0
    for rank, (p, position) in reversed(list(enumerate(sorted(made), 1))):
        smallest = min(smallest, p * len(made) / rank)
        results[position] = Discovery(p, smallest, smallest <= rate)
    return tuple(results)


def expected_by_chance(tests: int, level: float = 0.95) -> float:
    """Return how many of `tests` comparisons would show a change were there none at all."""
    check_level(level)
    if tests < 0 or not math.isfinite(tests):
        raise ValueError(f"tests must be 0 or more, got {tests!r}")
    return tests * (1.0 - level)
