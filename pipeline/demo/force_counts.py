"""Aggregate counts for the rest of the force: six districts, and the rows that carry none."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.crimes import by_family, by_offence, crimes, halves_met_together, hate_strands
from pipeline.demo.dates import month_tables
from pipeline.demo.draws import Bools, Ints, Stream, exactly, generator, happens, pick_by
from pipeline.demo.geography import peers
from pipeline.demo.offences import families, family_of, in_families, offences
from pipeline.demo.people import not_recorded
from pipeline.demo.timeline import HALVES, MONTHS, half_of, month_label
from pipeline.demo.volumes import UNLOCATED, rest_of_force
from pipeline.demo.write import Labels, flags, numbers, write_columns

VICTIM_TOLD = ("violence_with_injury", "violence_without_injury", "stalking_harassment", "sexual")
"""The families of offences of which the force gives the victim's sex."""


@dataclass(frozen=True)
class Cells:
    """One element a combination of area, month, offence, place, markers and sex with crimes in it."""

    area: Ints
    month: Ints
    offence: Ints
    place: Ints
    domestic: Bools
    alcohol: Bools
    drugs: Bools
    knife: Bools
    hate: Ints
    """Place in ``profiles.HATE_STRANDS``; -1 = none."""
    sex: Ints
    """1 female, 0 male; -1 where the force does not say: it does for violence and sexual offences."""
    crimes: Ints


@cache
def cells() -> Cells:
    """All combinations, April 2018 to September 2023."""
    counts = rest_of_force()
    shape = counts.shape
    each = np.arange(counts.size).repeat(counts.ravel())
    area, offence, half = (axis.astype(np.int64) for axis in np.unravel_index(each, shape))
    family = family_of()[offence]
    size = len(each)
    rng = generator(Stream.FORCE)
    month = half * 6 + pick_by(rng, (area * len(families()) + family) * HALVES + half, _months())
    domestic = happens(rng, by_offence(profiles.DOMESTIC, profiles.DOMESTIC_CODES)[offence], size)
    place = pick_by(rng, np.where(domestic, len(families()), family), _places())
    alcohol, drugs = _keywords(rng, half, family)
    knife, hate, sex = _knife_hate_and_sex(offence, domestic)
    markers = knife * 8 + domestic * 4 + alcohol * 2 + drugs
    key = (((area * MONTHS + month) * len(offences()) + offence) * 3 + place) * 16 + markers
    used, found = np.unique(
        (key * (len(profiles.HATE_STRANDS) + 1) + hate + 1) * 3 + sex + 1, return_counts=True
    )
    rest, victim = np.divmod(used, 3)
    rest, strand = np.divmod(rest, len(profiles.HATE_STRANDS) + 1)
    rest, marker = np.divmod(rest, 16)
    rest, at = np.divmod(rest, 3)
    rest, code = np.divmod(rest, len(offences()))
    where, when = np.divmod(rest, MONTHS)
    return Cells(
        area=where,
        month=when,
        offence=code,
        place=at,
        domestic=(marker & 4) > 0,
        alcohol=(marker & 2) > 0,
        drugs=(marker & 1) > 0,
        knife=(marker & 8) > 0,
        hate=strand - 1,
        sex=victim - 1,
        crimes=found.astype(np.int64),
    )


def _knife_hate_and_sex(offence: Ints, domestic: Bools) -> tuple[Bools, Ints, Ints]:
    """Knife marker, hate strand and sex of the first victim, as likely as in Wolverhampton."""
    rng = generator(Stream.FORCE, 100)
    size = len(offence)
    knife = happens(rng, by_offence({}, profiles.KNIFE_CODES)[offence], size)
    hate = hate_strands(rng, offence)
    usual = by_family(profiles.FEMALE, 480)[family_of()[offence]]
    exact = by_offence({}, profiles.FEMALE_CODES, -1)[offence]
    share = np.where(exact >= 0, exact, np.where(domestic, profiles.DOMESTIC_FEMALE, usual))
    female = not_recorded(rng, happens(rng, share, size).astype(np.int64), cal.SEX_NOT_RECORDED)
    told = np.isin(offence, in_families(*VICTIM_TOLD))
    return knife, hate, np.asarray(np.where(told, female, -1), dtype=np.int64)


def _months() -> list[Ints]:
    """Month weights of every area, family and half-year, each area with bursts of its own."""
    tables: list[Ints] = []
    for area in range(UNLOCATED + 1):
        tables += month_tables(generator(Stream.FORCE, 1 + area))
    return tables


def _places() -> list[tuple[int, int, int]]:
    """Weights of public, private and not recorded for every family, then for domestic abuse."""
    tables: list[tuple[int, int, int]] = []
    for name in (*(profiles.LOCATION_OF[family] for family in families()), "domestic"):
        weights = profiles.LOCATIONS[name]
        public = sum(weights[kind] for kind in profiles.PUBLIC_TYPES)
        placed = 1000 - cal.PLACE_NOT_RECORDED
        whole = sum(weights)
        tables.append((public * placed, (whole - public) * placed, whole * cal.PLACE_NOT_RECORDED))
    return tables


def _keywords(rng: np.random.Generator, half: Ints, family: Ints) -> tuple[Bools, Bools]:
    """Markers that give the whole force, Wolverhampton included, its exact share in each half."""
    found = crimes()
    own_half = half_of(found.recorded)
    alcohol = np.zeros(len(half), dtype=np.bool_)
    drugs = np.zeros(len(half), dtype=np.bool_)
    for together in halves_met_together():
        rows = np.flatnonzero(np.isin(half, together))
        own = np.isin(own_half, together)
        for marker, own_marker, weights, share in (
            (alcohol, found.alcohol, profiles.ALCOHOL_WEIGHT, cal.FORCE_ALCOHOL_SHARE),
            (drugs, found.drugs, profiles.DRUGS_WEIGHT, cal.FORCE_DRUGS_SHARE),
        ):
            force = len(rows) + int(own.sum())
            wanted = (force * share[together[0]] + 5000) // 10000 - int(own_marker[own].sum())
            marker[rows] = exactly(rng, wanted, by_family(weights, 1)[family[rows]])
    return alcohol, drugs


def write_force(path: Path, first_month: int, last_month: int) -> int:
    """Counts of the months from ``first_month`` up to but not with ``last_month``."""
    found = cells()
    rows = np.flatnonzero((found.month >= first_month) & (found.month < last_month))
    area = np.where(found.area[rows] == UNLOCATED, -1, found.area[rows])
    return write_columns(
        path,
        {
            "Area Code": Labels(d.code for d in peers())(area),
            "Area Name": Labels(d.name for d in peers())(area),
            "Month": Labels(month_label(m) for m in range(MONTHS))(found.month[rows]),
            "Offence Code": Labels(o.code for o in offences())(found.offence[rows]),
            "Place": Labels(profiles.PLACES)(found.place[rows]),
            "Domestic Abuse": flags(found.domestic[rows]),
            "Alcohol": flags(found.alcohol[rows]),
            "Drugs": flags(found.drugs[rows]),
            "Knife": flags(found.knife[rows]),
            "Hate Strand": Labels(profiles.HATE_STRANDS)(found.hate[rows]),
            "Victim Sex": Labels(("Male", "Female"))(found.sex[rows]),
            "Crimes": numbers(found.crimes[rows]),
        },
    )
