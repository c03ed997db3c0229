"""How each crime ended, under the Home Office outcome framework (types 1 to 22), and when."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo.crimes import crimes
from pipeline.demo.draws import Ints, Stream, below, generator, happens, pick, pick_by
from pipeline.demo.offences import families
from pipeline.demo.suspects import suspects

NEVER = 1_000_000
"""Day number of an outcome still to come."""

GROUPS = tuple(cal.POSITIVE_OUTCOME)
GROUP_OF = {
    "burglary_residential": "neighbourhood",
    "vehicle": "neighbourhood",
    "robbery": "neighbourhood",
    "theft_from_person": "neighbourhood",
    "violence_with_injury": "violence",
    "violence_without_injury": "violence",
    "homicide": "drugs_weapons",
    "sexual": "sexual",
    "stalking_harassment": "stalking_harassment",
    "drugs": "drugs_weapons",
    "weapons": "drugs_weapons",
}

# Outcome types and their weights: positive; not positive though a suspect is named; no suspect.
POSITIVE = ((1, 640), (2, 20), (3, 110), (4, 10), (6, 20), (7, 20), (8, 180))
NAMED = ((5, 2), (9, 20), (10, 25), (11, 6), (12, 6), (15, 290), (16, 560), (17, 15), (20, 36),
         (21, 20), (22, 20))  # fmt: skip
UNNAMED = ((14, 190), (18, 780), (20, 10), (21, 20))

# Days from recording to outcome: (longest, weight); uniform within a step.
SLOW = ((2, 110), (14, 180), (45, 210), (120, 250), (180, 130), (365, 90), (700, 30))
FAST = ((2, 230), (14, 390), (45, 220), (120, 110), (180, 30), (365, 15), (700, 5))


@dataclass(frozen=True)
class Outcomes:
    """One element a crime: outcome type and the day it was assigned (``NEVER`` = none in sight)."""

    code: Ints
    day: Ints

    def as_at(self, day: int) -> "Outcomes":
        """What was known at the end of a day: code -1 where no outcome was assigned yet."""
        known = self.day <= day
        return Outcomes(np.where(known, self.code, -1), np.where(known, self.day, -1))


@cache
def outcomes() -> Outcomes:
    """The outcome that each crime will have in the end."""
    found = crimes()
    rng = generator(Stream.OUTCOMES)
    size = len(found)
    named = np.zeros(size, dtype=np.bool_)
    named[suspects().crime] = True
    group = np.array([GROUPS.index(GROUP_OF.get(f, "other")) for f in families()])[found.family]
    chance = np.array([cal.POSITIVE_OUTCOME[name] for name in GROUPS], dtype=np.int64)
    positive = named & happens(rng, chance[group, found.year], size)
    code = np.where(
        positive,
        _type(rng, POSITIVE, size),
        np.where(named, _type(rng, NAMED, size), _type(rng, UNNAMED, size)),
    )
    step = pick_by(rng, named.astype(np.int64), [[w for _, w in FAST], [w for _, w in SLOW]])
    longest = np.array([-1, *(last for last, _ in SLOW)], dtype=np.int64)
    shortest = longest[step] + 1
    lag = shortest + below(rng, longest[step + 1] - longest[step], size)
    never = happens(rng, 15, size)
    return Outcomes(code, np.where(never, NEVER, found.recorded + lag))


def _type(rng: np.random.Generator, table: tuple[tuple[int, int], ...], size: int) -> Ints:
    codes = np.array([code for code, _ in table], dtype=np.int64)
    return np.asarray(codes[pick(rng, [weight for _, weight in table], size)], dtype=np.int64)
