"""Pseudonymous people: who turns up again, and what is recorded about them."""

import numpy as np

from pipeline.demo.draws import Bools, Floats, Ints, below, happens, pick

YEAR_DAYS = 365


def linked(rng: np.random.Generator, day: Ints, stratum: Ints, again: Bools) -> Ints:
    """Number of the event at which each event's person first appeared.

    Events are people's appearances; an event that is ``again`` takes the person of an earlier event
    of the same stratum in the 365 days before, recent ones rather (repeats come quickly). Where
    there is none, it is somebody new.
    """
    order = np.lexsort((np.arange(len(day)), day, stratum))
    key = stratum[order] * 100_000 + day[order]
    earliest = np.searchsorted(key, key - YEAR_DAYS, side="left")
    place = np.arange(len(order), dtype=np.int64)
    first_of_stratum = np.searchsorted(stratum[order], stratum[order], side="left")
    reach = place - np.maximum(earliest, first_of_stratum)
    draw = rng.random(len(order))
    back = 1 + np.asarray(np.floor(draw * draw * reach), dtype=np.int64)
    parent = np.where(again[order] & (reach > 0), place - np.minimum(back, reach), place)
    while True:
        older = parent[parent]
        if np.array_equal(older, parent):
            break
        parent = older
    person = np.empty(len(order), dtype=np.int64)
    person[order] = order[parent]
    return person


Bands = tuple[tuple[int, int, int], ...]


def ages(rng: np.random.Generator, groups: tuple[tuple[Bools, Bands], ...]) -> Ints:
    """Age at first appearance: of each group of events, in years, from its own bands."""
    size = len(groups[0][0])
    found = np.empty(size, dtype=np.int64)
    for rows, table in groups:
        step = pick(rng, [weight for _, _, weight in table], size)
        first = np.array([low for low, _, _ in table], dtype=np.int64)[step]
        last = np.array([high for _, high, _ in table], dtype=np.int64)[step]
        age = first + below(rng, last - first + 1, size)
        found[rows] = age[rows]
    return found


def grown(age: Ints, person: Ints, day: Ints, young: Bools) -> Ints:
    """Age at each appearance of a person aged ``age`` at the first, kept within the age group."""
    older = age[person] + (day - day[person]) // YEAR_DAYS
    return np.asarray(np.where(young, np.minimum(older, 24), np.maximum(older, 25)), dtype=np.int64)


def not_recorded(rng: np.random.Generator, values: Ints, per_mille: Ints | int) -> Ints:
    """The values, with -1 (an empty field) where nothing was recorded."""
    return np.asarray(np.where(happens(rng, per_mille, len(values)), -1, values), dtype=np.int64)


_SCRAMBLE = {"VIC": 2654435761, "SUS": 2246822519, "ADR": 3266489917, "ORG": 668265263,
             "OFF": 374761393, "CAL": 1103515245}  # fmt: skip


def pseudonyms(prefix: str, numbers: Ints) -> list[str]:
    """References that tell nothing of the order of the people: prefix and eight hex digits.

    Multiplying by an odd number modulo 2**32 gives every number a reference of its own; -1 is an
    empty field.
    """
    unique, places = np.unique(numbers, return_inverse=True)
    scrambled = ((unique + 1).astype(np.uint64) * np.uint64(_SCRAMBLE[prefix])) & np.uint64(0xFFFFFFFF)
    texts = np.array(
        [
            "" if number < 0 else f"{prefix}-{value:08x}"
            for number, value in zip(unique.tolist(), scrambled.tolist(), strict=True)
        ],
        dtype=object,
    )
    found: list[str] = texts[places].tolist()
    return found


def skewed(draws: Floats, size: int) -> Ints:
    """Members of a pool of ``size``, a few of them many times."""
    return np.asarray(np.floor(draws * draws * size), dtype=np.int64)
