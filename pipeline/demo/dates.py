"""On which day a crime was recorded, when it was committed, and at what time."""

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.draws import Ints, Stream, below, generator, pick, pick_by
from pipeline.demo.offences import families, family_of
from pipeline.demo.timeline import FIRST_DAY, HALVES, weekday
from pipeline.demo.volumes import season

CHANCE_PART = 0
"""Part of the stream for violence with injury whose months scatter as chance does (phi at most
1.05 after year and month effects, for all ages, under 25 and over); the tests check it."""


def month_tables(rng: np.random.Generator) -> list[Ints]:
    """Weights of the six months of every family and half-year, bursts of crime included."""
    tables: list[Ints] = []
    for family in families():
        burst = cal.LEVELS[family].burst
        for half in range(HALVES):
            start = half % 2 * 6
            extra = below(rng, 2 * burst + 1, 6) - burst
            tables.append(season(family)[start : start + 6] * (100 + extra))
    return tables


def recorded_days(offence: Ints, half: Ints) -> Ints:
    """Day of recording of each crime, within its half-year."""
    family = family_of()[offence]
    violence = family == families().index("violence_with_injury")
    tables = month_tables(generator(Stream.DATES))
    month = np.empty(len(offence), dtype=np.int64)
    for rng, rows in (
        (generator(Stream.VIOLENCE_DATES, CHANCE_PART), np.flatnonzero(violence)),
        (generator(Stream.DATES, 1), np.flatnonzero(~violence)),
    ):
        month[rows] = half[rows] * 6 + pick_by(rng, family[rows] * HALVES + half[rows], tables)
    lengths = FIRST_DAY[month + 1] - FIRST_DAY[month]
    return FIRST_DAY[month] + below(generator(Stream.DATES, 2), lengths, len(month))


def committed_days(offence: Ints, recorded: Ints) -> Ints:
    """Day each crime was committed, mostly the day it was recorded or the day before."""
    rng = generator(Stream.DATES, 3)
    family = family_of()[offence]
    names = list(profiles.LAGS)
    kind = np.array([names.index(profiles.LAG_OF.get(f, "quick")) for f in families()])[family]
    step = pick_by(rng, kind, [[w for _, w in profiles.LAGS[name]] for name in names])
    longest = np.zeros((len(names), 7), dtype=np.int64)
    for row, name in enumerate(names):
        longest[row, 1 : len(profiles.LAGS[name]) + 1] = [last + 1 for last, _ in profiles.LAGS[name]]
    shortest = longest[kind, step]
    width = longest[kind, step + 1] - shortest
    return np.asarray(recorded - shortest - below(rng, width, len(recorded)), dtype=np.int64)


def committed_minutes(offence: Ints, committed: Ints) -> Ints:
    """Minute of the day, -1 where it is not known; officers round to the quarter of an hour."""
    rng = generator(Stream.DATES, 4)
    family = family_of()[offence]
    names = list(profiles.HOURS)
    kind = np.array([names.index(profiles.HOURS_OF.get(f, "day")) for f in families()])[family]
    out = np.isin(family, [families().index(f) for f in profiles.NIGHT_OUT_FAMILIES])
    weekend = np.isin(weekday(committed), (4, 5, 6))
    kind = np.where(out & weekend, names.index("night_out"), kind)
    hour = pick_by(rng, kind, [profiles.HOURS[name] for name in names])
    exact = below(rng, 60, len(hour))
    minute = np.where(rng.random(len(hour)) < 0.6, exact // 15 * 15, exact)
    unknown = pick(rng, (97, 3), len(hour)) == 1
    return np.asarray(np.where(unknown, -1, hour * 60 + minute), dtype=np.int64)
