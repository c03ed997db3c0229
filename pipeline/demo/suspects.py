"""The suspects named for each crime: none, one, two or three."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.crimes import by_family, crimes
from pipeline.demo.draws import Ints, Stream, generator, happens, pick, pick_by
from pipeline.demo.offences import families
from pipeline.demo.people import ages, grown, linked, not_recorded

GROUPS = ("domestic", "violence", "neighbourhood", "other")
GROUP_OF = {
    "violence_with_injury": "violence",
    "violence_without_injury": "violence",
    "stalking_harassment": "violence",
    "public_order": "violence",
    "weapons": "violence",
    "sexual": "violence",
    "burglary_residential": "neighbourhood",
    "vehicle": "neighbourhood",
    "robbery": "neighbourhood",
    "theft_from_person": "neighbourhood",
}


@dataclass(frozen=True)
class Suspects:
    """One element a suspect of a crime, in crime order."""

    crime: Ints
    number: Ints
    """1, 2 or 3."""
    identity: Ints
    age: Ints
    female: Ints
    ethnicity: Ints


@cache
def suspects() -> Suspects:
    """All suspects."""
    found = crimes()
    rng = generator(Stream.SUSPECTS)
    tables = [profiles.SUSPECTS.get(name, profiles.SUSPECTS_OTHER) for name in families()]
    times = pick_by(rng, found.family, tables)
    times = np.where(found.domestic & (times == 0) & happens(rng, 850, len(found)), 1, times)
    crime = np.repeat(np.arange(len(found)), times)
    starts = np.cumsum(times) - times
    number = 1 + np.arange(len(crime)) - starts[crime]
    size = len(crime)
    family, day = found.family[crime], found.recorded[crime]
    domestic = found.domestic[crime]

    female = happens(rng, np.where(domestic, 230, by_family(profiles.SUSPECT_FEMALE, 140)[family]), size)
    young = happens(rng, by_family(profiles.SUSPECT_UNDER_25, 240)[family], size)
    groups = np.array([GROUPS.index(GROUP_OF.get(f, "other")) for f in families()])[family]
    groups = np.where(domestic, GROUPS.index("domestic"), groups)
    chance = np.array([cal.REPEAT_SUSPECT[name] for name in GROUPS], dtype=np.int64)
    again = happens(rng, np.where(number == 1, chance[groups, found.year[crime]], 0), size)
    stratum = (groups * 2 + female) * 2 + young
    person = linked(rng, day, np.where(number == 1, stratum, stratum + 100), again)
    first_age = ages(rng, ((young, profiles.YOUNG_SUSPECT), (~young, profiles.ADULT)))
    age = grown(first_age, person, day, young)
    ethnicity = pick(rng, profiles.ETHNICITY_WEIGHT, size)[person]
    return Suspects(
        crime=crime,
        number=number,
        identity=person,
        age=not_recorded(rng, age, 25),
        female=not_recorded(rng, female.astype(np.int64), 15),
        ethnicity=not_recorded(rng, ethnicity, 180),
    )
