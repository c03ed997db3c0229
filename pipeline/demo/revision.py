"""What the force knew of April to June 2023 when it first delivered it, and three months later.

A delivery of the same period again is a revision: a few crimes were entered late, a few turned out
not to be crimes, a few were reclassified, and outcomes moved on.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.demo.crimes import crimes
from pipeline.demo.draws import Ints, Stream, generator, happens
from pipeline.demo.offences import position
from pipeline.demo.timeline import END_OF_MAIN, FIRST_DAY, day_number

FIRST_MONTH = 60
"""April 2023."""

LATE, NO_CRIME, RECLASSIFIED = 4, 12, 25
"""Per mille of the quarter's crimes (of those that can be, for reclassified)."""

RECLASSIFICATIONS = {
    # Each pair needs the same kinds of victim, so that the extract's grain holds.
    "8N": "5D",
    "105A": "8N",
    "5D": "8N",
    "8L": "8Q",
    "126": "45",
    "28F": "28E",
    "49": "39",
    "92D": "92A",
}


@dataclass(frozen=True)
class Revision:
    """Crimes by number, and the offence of every crime, at the first and the second delivery."""

    first: Ints
    second: Ints
    first_offence: Ints
    second_offence: Ints


@cache
def revision() -> Revision:
    """The two deliveries of April to June 2023."""
    found = crimes()
    rng = generator(Stream.REVISION)
    quarter = (found.recorded >= FIRST_DAY[FIRST_MONTH]) & (found.recorded <= day_number(END_OF_MAIN))
    late = quarter & happens(rng, LATE, len(found))
    cancelled = quarter & ~late & happens(rng, NO_CRIME, len(found))
    moved = quarter & ~late & ~cancelled & happens(rng, RECLASSIFIED, len(found))
    offence = found.offence.copy()
    for before, after in RECLASSIFICATIONS.items():
        offence[moved & (found.offence == position()[before])] = position()[after]
    return Revision(
        first=np.flatnonzero(quarter & ~late),
        second=np.flatnonzero(quarter & ~cancelled),
        first_offence=found.offence,
        second_offence=offence,
    )
