"""Seeded randomness that gives the same numbers on every machine.

Only uniform draws, integer arithmetic, comparisons and IEEE divisions are used: never a distribution
that goes through ``log`` or ``exp``, whose last bit differs between maths libraries. Each topic
draws from a stream of its own, so that a change in one file leaves the others as they were.
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SEED = 20230630


class Stream(IntEnum):
    """One number per topic; numbers are never reused."""

    VOLUMES = 1
    VIOLENCE_DATES = 2
    DATES = 3
    PLACES = 4
    MARKERS = 5
    VICTIMS = 6
    SUSPECTS = 7
    OUTCOMES = 8
    INCIDENTS = 9
    FORCE = 10
    FORCE_INCIDENTS = 11
    WOMEN_AND_GIRLS = 12
    RESIDENTS = 13
    REVISION = 15
    CONSULTATION = 16


def generator(stream: Stream, part: int = 0) -> np.random.Generator:
    """The generator of one topic (and of one part of it, such as a survey wave)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([SEED, int(stream), part])))


def below(rng: np.random.Generator, limit: Ints | int, size: int) -> Ints:
    """Whole numbers from 0 to ``limit`` - 1; ``limit`` may differ from draw to draw."""
    return np.asarray(np.floor(rng.random(size) * limit), dtype=np.int64)


def pick(rng: np.random.Generator, weights: Sequence[int] | Ints, size: int) -> Ints:
    """``size`` positions in ``weights``, each as likely as its whole-number weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.int64))
    return np.asarray(np.searchsorted(edges, below(rng, int(edges[-1]), size), side="right"), dtype=np.int64)


def pick_by(rng: np.random.Generator, group: Ints, tables: Sequence[Sequence[int] | Ints]) -> Ints:
    """One position per element of ``group``, from the weights of that element's own table."""
    width = max(len(table) for table in tables)
    edges = np.zeros((len(tables), width), dtype=np.int64)
    for row, table in enumerate(tables):
        edges[row, : len(table)] = np.cumsum(np.asarray(table, dtype=np.int64))
        edges[row, len(table) :] = edges[row, len(table) - 1]
    drawn = below(rng, edges[group, -1], len(group))
    found = np.zeros(len(group), dtype=np.int64)
    for column in range(width - 1):
        found += drawn >= edges[group, column]
    return found


def happens(rng: np.random.Generator, per_mille: Ints | int, size: int) -> Bools:
    """True with a chance of ``per_mille`` in a thousand."""
    return np.asarray(rng.random(size) * 1000 < per_mille, dtype=np.bool_)


def exactly(rng: np.random.Generator, wanted: int, weights: Ints) -> Bools:
    """Exactly ``wanted`` elements chosen, heavier ones first to be likely.

    Each element draws u / weight and the smallest are taken; a weight of 0 is never chosen.
    """
    possible = np.flatnonzero(weights > 0)
    if wanted > len(possible):
        raise ValueError(f"{wanted} wanted of {len(possible)} possible")
    scores = rng.random(len(possible)) / weights[possible]
    chosen = np.zeros(len(weights), dtype=np.bool_)
    chosen[possible[np.argsort(scores, kind="stable")[:wanted]]] = True
    return chosen


def shuffled(rng: np.random.Generator, values: Ints) -> Ints:
    """The same values in random order."""
    return np.asarray(values[np.argsort(rng.random(len(values)), kind="stable")], dtype=np.int64)


def apportion(total: int, weights: Sequence[int] | Ints) -> Ints:
    """``total`` shared over ``weights`` in whole numbers by largest remainder (first wins ties)."""
    parts = np.asarray(weights, dtype=np.int64)
    whole = int(parts.sum())
    share = parts * total // whole
    rest = parts * total % whole
    order = np.argsort(-rest, kind="stable")
    share[order[: total - int(share.sum())]] += 1
    return np.asarray(share, dtype=np.int64)
