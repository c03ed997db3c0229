"""How many crimes of each offence in each half-year: Wolverhampton's, and the rest of the force's."""

from functools import cache

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo import profiles
from pipeline.demo.draws import Ints, Stream, apportion, generator
from pipeline.demo.geography import peers
from pipeline.demo.offences import (
    VIOLENCE_AGAINST_THE_PERSON,
    families,
    in_families,
    offences,
    position,
)
from pipeline.demo.timeline import HALVES, SEED_YEAR_HALVES

UNLOCATED = 6
"""Place, after the six other districts, of the force's crimes that carry no district."""


def season(family: str) -> Ints:
    """Month weights of a family, April to March."""
    name = profiles.SEASON_OF.get(family, "level")
    return np.array(profiles.SEASONS[name], dtype=np.int64)


def half_weight(family: str, half: int) -> int:
    """Weight of one half-year within its financial year."""
    start = half % 2 * 6
    return int(season(family)[start : start + 6].sum())


def _whole(rng: np.random.Generator, expected: float) -> int:
    """A whole number near ``expected``: about as far from it as chance would put it."""
    spread = int(expected**0.5)
    return max(0, int(expected + (rng.random() * 2 - 1) * spread + rng.random()))


def _spread(rng: np.random.Generator, family: str, crimes: float, trend: cal.Yearly) -> Ints:
    """Counts by offence of the family and half-year from a level in 2021-22."""
    members = in_families(family)
    weights = [offences()[int(i)].weight for i in members]
    year = int(season(family).sum())
    counts = np.zeros((len(members), HALVES), dtype=np.int64)
    for row, weight in enumerate(weights):
        for half in range(HALVES):
            level = crimes * weight / sum(weights) * trend[half // 2] / 1000
            counts[row, half] = _whole(rng, level * half_weight(family, half) / year)
    return counts


def by_half(yearly: cal.Yearly, half: int) -> int:
    """The part of an exact yearly total of violence with injury that falls in a half-year."""
    year = half // 2
    if year == len(yearly) - 1:
        return yearly[year]
    family = "violence_with_injury"
    parts = apportion(yearly[year], [half_weight(family, 2 * year), half_weight(family, 2 * year + 1)])
    return int(parts[half % 2])


@cache
def wolverhampton() -> Ints:
    """Crimes by offence and half-year, with every total of the seed met."""
    rng = generator(Stream.VOLUMES)
    counts = np.zeros((len(offences()), HALVES), dtype=np.int64)
    for family, level in cal.LEVELS.items():
        counts[in_families(family)] = _spread(rng, family, level.crimes, level.trend)
    members = in_families("violence_with_injury")
    weights = [offences()[int(i)].weight for i in members]
    for half in range(HALVES):
        counts[members, half] = apportion(by_half(cal.VIOLENCE_WITH_INJURY, half), weights)
    _balance(counts)
    return counts


def _balance(counts: Ints) -> None:
    """Make violence against the person its exact share of the seed's year, by other theft."""
    halves = list(SEED_YEAR_HALVES)
    violence = int(counts[in_families(*VIOLENCE_AGAINST_THE_PERSON)][:, halves].sum())
    part, whole = cal.SEED_VIOLENCE_SHARE
    total = (violence * whole + part // 2) // part
    row = position()[cal.BALANCING_CODE]
    others = int(counts[:, halves].sum() - counts[row, halves].sum())
    counts[row, halves] = apportion(total - others, [1] * len(halves))


@cache
def rest_of_force() -> Ints:
    """Crimes by area (six districts, then no district), offence and half-year."""
    counts = np.zeros((UNLOCATED + 1, len(offences()), HALVES), dtype=np.int64)
    for family in families():
        level = cal.LEVELS[family]
        members = in_families(family)
        force = sum(offences()[int(i)].weight for i in members)
        unlocated = force * level.unlocated / 1000
        shares = _district_levels(family, force - unlocated - level.crimes)
        for area, crimes in enumerate([*shares, unlocated]):
            rng = generator(Stream.VOLUMES, 1 + area * len(families()) + families().index(family))
            counts[area, members] = _spread(rng, family, crimes, level.rest)
    return counts


def _district_levels(family: str, crimes: float) -> list[float]:
    """Crimes in 2021-22 of each of the six districts."""
    if family in cal.RANKED_RATES[peers()[0].code]:
        levels: list[float] = []
        for district in peers():
            base, rate = cal.RANKED_RATES[district.code][family]
            living = district.residents if base == "residents" else district.households
            levels.append(living * rate / 100_000)
        return levels
    weights = [d.residents * cal.OTHER_WEIGHT[d.code] for d in peers()]
    return [crimes * weight / sum(weights) for weight in weights]
