"""The victims of each crime: nobody (the State), one, or two."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.crimes import Crimes, by_family, by_offence, crimes
from pipeline.demo.draws import (
    Bools,
    Ints,
    Stream,
    apportion,
    generator,
    happens,
    pick,
    shuffled,
)
from pipeline.demo.offences import families, in_families, with_codes
from pipeline.demo.people import ages, grown, linked, not_recorded, skewed
from pipeline.demo.timeline import HALVES, half_of
from pipeline.demo.volumes import by_half

TYPES = ("Person", "Organisation", "Police officer")
PERSON, ORGANISATION, OFFICER = 0, 1, 2
ORGANISATIONS = 1400
OFFICERS = 620


@dataclass(frozen=True)
class Victims:
    """One element a victim of a crime, in crime order, the crime's first victim first."""

    crime: Ints
    number: Ints
    """1 or 2."""
    kind: Ints
    identity: Ints
    """Of the person, organisation or officer, each kind with numbers of its own."""
    address: Ints
    """-1 = not recorded."""
    age: Ints
    """Whole years; -1 = not recorded."""
    female: Ints
    """1 female, 0 male, -1 not recorded."""
    ethnicity: Ints


GROUPS = ("domestic", "violence", "sexual", "burglary", "vehicle", "robbery", "other")
GROUP_OF = {
    "violence_with_injury": "violence",
    "violence_without_injury": "violence",
    "stalking_harassment": "violence",
    "public_order": "violence",
    "homicide": "other",
    "sexual": "sexual",
    "burglary_residential": "burglary",
    "vehicle": "vehicle",
    "robbery": "robbery",
    "theft_from_person": "robbery",
}
NEVER_AGAIN = ("homicide",)


@cache
def victims() -> Victims:
    """All victims."""
    found = crimes()
    rng = generator(Stream.VICTIMS)
    crime, number, kind = _who(rng, found)
    day = found.recorded[crime]
    year = found.year[crime]
    family = found.family[crime]
    offence = found.offence[crime]
    domestic = found.domestic[crime]
    size = len(crime)

    female_share = np.where(domestic, profiles.DOMESTIC_FEMALE, by_family(profiles.FEMALE, 480)[family])
    exact = by_offence({}, profiles.FEMALE_CODES, -1)[offence]
    female = happens(rng, np.where(exact >= 0, exact, female_share), size)
    young, unaged = _age_groups(rng, found, crime)

    groups = np.array([GROUPS.index(GROUP_OF.get(f, "other")) for f in families()])[family]
    groups = np.where(domestic, GROUPS.index("domestic"), groups)
    chance = np.array([cal.REPEAT_VICTIM[name] for name in GROUPS], dtype=np.int64)[groups, year]
    once = (kind != PERSON) | (number > 1) | np.isin(offence, in_families(*NEVER_AGAIN))
    again = happens(rng, np.where(once, 0, chance), size)
    stratum = (groups * 2 + female) * 2 + young
    stratum = np.where(once, stratum + 100, stratum)
    person = linked(rng, day, stratum, again)

    grown_up = domestic | (kind == OFFICER) | np.isin(offence, in_families(*profiles.OWNED))
    first_age = ages(
        rng,
        (
            (young & ~grown_up, profiles.YOUNG),
            (young & grown_up, profiles.YOUNG_ADULT),
            (~young, profiles.ADULT),
        ),
    )
    age = _as_defined(offence, grown(first_age, person, day, young))
    ethnicity = pick(rng, profiles.ETHNICITY_WEIGHT, size)[person]
    identity = np.where(
        kind == PERSON,
        person,
        np.where(
            kind == ORGANISATION,
            skewed(rng.random(size), ORGANISATIONS),
            np.asarray(np.floor(rng.random(size) * OFFICERS), dtype=np.int64),
        ),
    )
    hidden = kind == ORGANISATION
    return Victims(
        crime=crime,
        number=number,
        kind=kind,
        identity=identity,
        address=_addresses(rng, crime, number, kind, identity),
        age=np.where(hidden | unaged, -1, age),
        female=np.where(hidden, -1, not_recorded(rng, female.astype(np.int64), cal.SEX_NOT_RECORDED)),
        ethnicity=np.where(hidden, -1, not_recorded(rng, ethnicity, cal.ETHNICITY_NOT_RECORDED)),
    )


def _as_defined(offence: Ints, age: Ints) -> Ints:
    """Ages within those that the offence itself names; all its limits lie under 25."""
    low = by_offence({}, {code: low for code, (low, _) in profiles.AGE_LIMITS.items()}, 0)[offence]
    high = by_offence({}, {code: high for code, (_, high) in profiles.AGE_LIMITS.items()}, 99)[offence]
    top = np.minimum(high, 24)
    outside = (age < low) | (age > high)
    return np.asarray(np.where(outside, low + age * 7 % (top - low + 1), age), dtype=np.int64)


def _who(rng: np.random.Generator, found: Crimes) -> tuple[Ints, Ints, Ints]:
    """Crime, number and kind of every victim."""
    size = len(found)
    persons = {name: split[0] for name, split in profiles.VICTIM_KIND.items()}
    firms = {name: split[1] for name, split in profiles.VICTIM_KIND.items()}
    person_codes = {code: split[0] for code, split in profiles.VICTIM_KIND_CODES.items()}
    firm_codes = {code: split[1] for code, split in profiles.VICTIM_KIND_CODES.items()}
    person = by_offence(persons, person_codes, 1000)[found.offence]
    firm = by_offence(firms, firm_codes, 0)[found.offence]
    draw = rng.random(size) * 1000
    kind = np.where(draw < person, PERSON, np.where(draw < person + firm, ORGANISATION, -1))
    kind = np.where(found.domestic & (kind == ORGANISATION), PERSON, kind)
    kind = np.where(np.isin(found.offence, with_codes(*profiles.OFFICER_CODES)), OFFICER, kind)
    second = (kind == PERSON) & happens(rng, by_family(profiles.SECOND_VICTIM)[found.family], size)
    times = np.where(kind < 0, 0, 1 + second)
    crime = np.repeat(np.arange(size), times)
    first = np.concatenate(([True], crime[1:] != crime[:-1]))
    return crime, np.where(first, 1, 2), kind[crime]


def _age_groups(rng: np.random.Generator, found: Crimes, crime: Ints) -> tuple[Bools, Bools]:
    """Whether each victim is under 25, and whether the age went unrecorded.

    For violence with injury both are exact counts of each half-year.
    """
    size = len(crime)
    offence, year = found.offence[crime], found.year[crime]
    share = by_offence(profiles.UNDER_25, profiles.UNDER_25_CODES, 170)[offence]
    young = happens(rng, share, size)
    unaged = happens(rng, np.array(cal.AGE_NOT_RECORDED, dtype=np.int64)[year], size)
    violence = np.isin(offence, in_families("violence_with_injury"))
    half = half_of(found.recorded[crime])
    for each in range(HALVES):
        rows = np.flatnonzero(violence & (half == each))
        under = by_half(cal.VIOLENCE_UNDER_25, each)
        unknown = by_half(cal.VIOLENCE_AGE_NOT_RECORDED, each)
        known = len(rows) - unknown
        hidden_young = int(apportion(unknown, [under, known - under])[0])
        groups = np.repeat(np.arange(4), [under, known - under, hidden_young, unknown - hidden_young])
        drawn = shuffled(rng, groups)
        young[rows] = (drawn == 0) | (drawn == 2)
        unaged[rows] = drawn >= 2
    return young, unaged


def _addresses(rng: np.random.Generator, crime: Ints, number: Ints, kind: Ints, identity: Ints) -> Ints:
    """Homes of people and premises of organisations; a second victim has the first one's."""
    home = np.where(kind == ORGANISATION, identity, identity + ORGANISATIONS)
    home = np.where(kind == OFFICER, -1, home)
    home = np.where(happens(rng, cal.ADDRESS_NOT_RECORDED, len(crime)), -1, home)
    before = np.concatenate(([-1], home[:-1]))
    return np.asarray(np.where(number == 2, before, home), dtype=np.int64)
