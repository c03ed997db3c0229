"""The police extract: one row per crime x victim x suspect, as a force delivers it."""

from functools import cache
from pathlib import Path

import numpy as np

from pipeline.demo import profiles
from pipeline.demo.crimes import Crimes, crimes, references
from pipeline.demo.draws import Ints
from pipeline.demo.geography import WOLVERHAMPTON, small_areas
from pipeline.demo.offences import offences
from pipeline.demo.outcomes import Outcomes
from pipeline.demo.people import pseudonyms
from pipeline.demo.suspects import Suspects, suspects
from pipeline.demo.timeline import iso
from pipeline.demo.victims import OFFICER, ORGANISATION, PERSON, TYPES, Victims, victims
from pipeline.demo.write import Labels, flags, numbers, write_columns

_CODES = Labels(o.code for o in offences())
_NAMES = Labels(o.name for o in offences())
_WARDS = Labels(a.ward_code for a in small_areas())
_AREAS = Labels(a.code for a in small_areas())
_LOCATIONS = Labels(profiles.LOCATION_TYPES)
_PLACES = Labels(profiles.PLACES)
_STRANDS = Labels(profiles.HATE_STRANDS)
_TYPES = Labels(TYPES)
_SEXES = Labels(("Male", "Female"))
_ETHNICITIES = Labels(profiles.ETHNICITIES)
_TIMES = Labels(f"{m // 60:02d}:{m % 60:02d}" for m in range(24 * 60))


@cache
def _references() -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(references(crimes().recorded), dtype=object)


def rows_of(chosen: Ints, found: Victims | Suspects, size: int) -> tuple[Ints, Ints]:
    """First row and number of rows that each chosen crime has in a table sorted by crime."""
    counts = np.bincount(found.crime, minlength=size)
    starts = np.cumsum(counts) - counts
    return starts[chosen], counts[chosen]


def write_police(path: Path, chosen: Ints, offence: Ints, known: Outcomes) -> int:
    """Write the crimes numbered ``chosen``.

    ``offence`` gives every crime the offence it was classified as at delivery, and ``known`` the
    outcomes known by then. Returns the number of rows.
    """
    found, harmed, named = crimes(), victims(), suspects()
    victim_start, victim_count = rows_of(chosen, harmed, len(found))
    suspect_start, suspect_count = rows_of(chosen, named, len(found))
    across = np.maximum(suspect_count, 1)
    times = np.maximum(victim_count, 1) * across
    place = np.repeat(np.arange(len(chosen)), times)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
    victim = np.where(victim_count[place] > 0, victim_start[place] + nth // across[place], -1)
    suspect = np.where(suspect_count[place] > 0, suspect_start[place] + nth % across[place], -1)
    crime = chosen[place]
    columns = _crime_columns(found, crime, offence)
    columns |= _victim_columns(harmed, victim)
    columns |= _suspect_columns(named, suspect)
    columns["Outcome Code"] = numbers(known.code[crime])
    columns["Outcome Date"] = _dates(known.day[crime])
    return write_columns(path, columns)


def _dates(days: Ints) -> list[str]:
    texts = np.array(iso(np.maximum(days, 0)), dtype=object)
    texts[days < 0] = ""
    found: list[str] = texts.tolist()
    return found


def _crime_columns(found: Crimes, crime: Ints, offence: Ints) -> dict[str, list[str]]:
    return {
        "Crime Reference": _references()[crime].tolist(),
        "Offence Code": _CODES(offence[crime]),
        "Offence": _NAMES(offence[crime]),
        "Date Recorded": iso(found.recorded[crime]),
        "Date Committed": iso(found.committed[crime]),
        "Time Committed": _TIMES(found.minute[crime]),
        "Partnership Area": [WOLVERHAMPTON[0]] * len(crime),
        "Ward Code": _WARDS(found.small_area[crime]),
        "LSOA Code": _AREAS(found.small_area[crime]),
        "Location Type": _LOCATIONS(found.location_type[crime]),
        "Place": _PLACES(found.place[crime]),
        "Domestic Abuse": flags(found.domestic[crime]),
        "Alcohol": flags(found.alcohol[crime]),
        "Drugs": flags(found.drugs[crime]),
        "Knife": flags(found.knife[crime]),
        "Hate Strand": _STRANDS(found.hate[crime]),
    }


def _taken(values: Ints, rows: Ints) -> Ints:
    """Values of the rows, -1 where the row is -1 (nobody)."""
    return np.asarray(np.where(rows < 0, -1, values[rows]), dtype=np.int64)


def _victim_columns(harmed: Victims, row: Ints) -> dict[str, list[str]]:
    kind = _taken(harmed.kind, row)
    identity = _taken(harmed.identity, row)
    reference = np.full(len(row), "", dtype=object)
    for each, prefix in ((PERSON, "VIC"), (ORGANISATION, "ORG"), (OFFICER, "OFF")):
        mask = kind == each
        reference[mask] = pseudonyms(prefix, identity[mask])
    return {
        "Victim Number": numbers(_taken(harmed.number, row)),
        "Victim Reference": reference.tolist(),
        "Victim Type": _TYPES(kind),
        "Victim Address Reference": pseudonyms("ADR", _taken(harmed.address, row)),
        "Victim Age": numbers(_taken(harmed.age, row)),
        "Victim Sex": _SEXES(_taken(harmed.female, row)),
        "Victim Ethnicity": _ETHNICITIES(_taken(harmed.ethnicity, row)),
    }


def _suspect_columns(named: Suspects, row: Ints) -> dict[str, list[str]]:
    return {
        "Suspect Number": numbers(_taken(named.number, row)),
        "Suspect Reference": pseudonyms("SUS", _taken(named.identity, row)),
        "Suspect Age": numbers(_taken(named.age, row)),
        "Suspect Sex": _SEXES(_taken(named.female, row)),
        "Suspect Ethnicity": _ETHNICITIES(_taken(named.ethnicity, row)),
    }
