"""Wolverhampton's crimes, April 2018 to September 2023: what, when, where, and how marked."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.dates import committed_days, committed_minutes, recorded_days
from pipeline.demo.draws import Bools, Ints, Stream, exactly, generator, happens, pick, pick_by
from pipeline.demo.geography import public_weights, residential_weights
from pipeline.demo.offences import families, family_of, offences, with_codes
from pipeline.demo.timeline import HALVES, SEED_YEAR_HALVES, half_of, iso
from pipeline.demo.volumes import wolverhampton


@dataclass(frozen=True)
class Crimes:
    """One element a crime, in order of the day it was recorded. Days count from 1 April 2018."""

    offence: Ints
    recorded: Ints
    committed: Ints
    minute: Ints
    """Minute of the day; -1 = not known."""
    location_type: Ints
    place: Ints
    small_area: Ints
    """Place in ``geography.small_areas()``; -1 = not recorded."""
    domestic: Bools
    alcohol: Bools
    drugs: Bools
    knife: Bools
    hate: Ints
    """Place in ``profiles.HATE_STRANDS``; -1 = none."""

    @property
    def family(self) -> Ints:
        return np.asarray(family_of()[self.offence], dtype=np.int64)

    @property
    def year(self) -> Ints:
        """Financial year, counted from 2018-19."""
        return half_of(self.recorded) // 2

    def __len__(self) -> int:
        return len(self.offence)


def by_family(values: dict[str, int], default: int = 0) -> Ints:
    """A number for every family, in the order of ``families()``."""
    return np.array([values.get(name, default) for name in families()], dtype=np.int64)


def by_offence(values: dict[str, int], codes: dict[str, int], default: int = 0) -> Ints:
    """A number for every offence: its own where its code has one, else its family's."""
    return np.array([codes.get(o.code, values.get(o.family, default)) for o in offences()], dtype=np.int64)


@cache
def crimes() -> Crimes:
    """All crimes, those after June 2023 included."""
    counts = wolverhampton()
    offence = np.repeat(np.repeat(np.arange(len(offences())), HALVES), counts.ravel())
    half = np.repeat(np.tile(np.arange(HALVES), len(offences())), counts.ravel())
    recorded = recorded_days(offence, half)
    order = np.lexsort((generator(Stream.DATES, 5).random(len(recorded)), recorded))
    offence, recorded = offence[order], recorded[order]
    committed = committed_days(offence, recorded)
    minute = committed_minutes(offence, committed)
    rng = generator(Stream.MARKERS)
    domestic = happens(rng, by_offence(profiles.DOMESTIC, profiles.DOMESTIC_CODES)[offence], len(offence))
    knife = happens(rng, by_offence({}, profiles.KNIFE_CODES)[offence], len(offence))
    location_type, place, small_area = _places(offence, domestic)
    alcohol, drugs = _keywords(offence, recorded, minute, location_type)
    return Crimes(
        offence=offence,
        recorded=recorded,
        committed=committed,
        minute=minute,
        location_type=location_type,
        place=place,
        small_area=small_area,
        domestic=domestic,
        alcohol=alcohol,
        drugs=drugs,
        knife=knife,
        hate=hate_strands(rng, offence),
    )


def _places(offence: Ints, domestic: Bools) -> tuple[Ints, Ints, Ints]:
    """Location type, public or private, and small area of each crime."""
    rng = generator(Stream.PLACES)
    kinds = list(profiles.LOCATIONS)
    usual = np.array([kinds.index(profiles.LOCATION_OF[f]) for f in families()], dtype=np.int64)
    kind = np.where(domestic, kinds.index("domestic"), usual[family_of()[offence]])
    location = pick_by(rng, kind, [profiles.LOCATIONS[name] for name in kinds])
    public = np.isin(location, profiles.PUBLIC_TYPES)
    area = np.where(
        public,
        pick(rng, public_weights(), len(offence)),
        pick(rng, residential_weights(), len(offence)),
    )
    unplaced = happens(rng, cal.PLACE_NOT_RECORDED, len(offence))
    location = np.where(unplaced, profiles.LOCATION_NOT_RECORDED, location)
    place = np.where(unplaced, 2, np.where(public, 0, 1))
    lost = happens(rng, cal.LOCATION_NOT_RECORDED, len(offence))
    return location, place, np.where(lost, -1, area)


def halves_met_together() -> list[list[int]]:
    """Half-years one by one, the seed's year as one."""
    alone = [[half] for half in range(HALVES) if half not in SEED_YEAR_HALVES]
    return [*alone, list(SEED_YEAR_HALVES)]


def _keywords(offence: Ints, recorded: Ints, minute: Ints, location_type: Ints) -> tuple[Bools, Bools]:
    """Alcohol and drugs markers: exact shares of each half-year's recorded crime."""
    rng = generator(Stream.MARKERS, 1)
    late = (minute >= 20 * 60) | ((minute >= 0) & (minute < 5 * 60))
    alcohol_weight = by_family(profiles.ALCOHOL_WEIGHT, 1)[family_of()[offence]]
    alcohol_weight = alcohol_weight * np.where(late, 2, 1)
    alcohol_weight = alcohol_weight * np.where(location_type == profiles.PUB, 5, 1)
    drugs_weight = by_family(profiles.DRUGS_WEIGHT, 1)[family_of()[offence]]
    alcohol = np.zeros(len(offence), dtype=np.bool_)
    drugs = np.zeros(len(offence), dtype=np.bool_)
    half = half_of(recorded)
    for together in halves_met_together():
        rows = np.flatnonzero(np.isin(half, together))
        for marker, weight, share in (
            (alcohol, alcohol_weight, cal.ALCOHOL_SHARE),
            (drugs, drugs_weight, cal.DRUGS_SHARE),
        ):
            wanted = (len(rows) * share[together[0]] + 5000) // 10000
            marker[rows] = exactly(rng, wanted, weight[rows])
    return alcohol, drugs


def hate_strands(rng: np.random.Generator, offence: Ints) -> Ints:
    """Hate strand of each crime, a place in ``profiles.HATE_STRANDS``; -1 for none."""
    aggravated = np.isin(offence, with_codes(*profiles.AGGRAVATED_CODES))
    strand = np.where(
        aggravated,
        pick(rng, (88, 12), len(offence)),
        pick(rng, (44, 8, 26, 14, 8), len(offence)),
    )
    hate = aggravated | happens(rng, by_family(profiles.OTHER_HATE)[family_of()[offence]], len(offence))
    return np.asarray(np.where(hate, strand, -1), dtype=np.int64)


def references(recorded: Ints) -> list[str]:
    """Crime references: year of recording and a running number within it."""
    years = [text[2:4] for text in iso(recorded)]
    numbers: list[str] = []
    running, last = 0, ""
    for year in years:
        running = running + 1 if year == last else 1
        last = year
        numbers.append(f"DM{year}/{running:06d}")
    return numbers
