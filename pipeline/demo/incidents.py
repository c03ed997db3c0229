"""Anti-social behaviour reported to the police: Wolverhampton's reports, other districts' counts."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo.draws import Ints, Stream, below, generator, happens, pick, pick_by
from pipeline.demo.geography import (
    WOLVERHAMPTON,
    peers,
    public_weights,
    residential_weights,
    small_areas,
)
from pipeline.demo.people import linked, pseudonyms
from pipeline.demo.timeline import FIRST_DAY, MONTHS, iso, month_label
from pipeline.demo.write import Labels, numbers, write_columns

CATEGORIES = ("Personal", "Nuisance", "Environmental")
CATEGORY_WEIGHT = (250, 620, 130)
SEASON = (104, 112, 116, 122, 118, 104, 104, 98, 78, 76, 80, 96)
"""Month weights, April to March."""
CHANNELS = ("Telephone 101", "Telephone 999", "Online", "Front counter", "Officer")
CHANNEL_WEIGHT = (560, 130, 240, 20, 50)
CODES = (
    *(f"ASB {name}" for name in CATEGORIES),
    "Crime",
    "Domestic incident",
    "Concern for safety",
    "Road related",
    "Suspicious circumstances",
)
OPENED_WEIGHT = (0, 0, 0, 0, 150, 350, 150, 350)
CLOSED_WEIGHT = (0, 0, 0, 480, 140, 230, 150, 0)


@dataclass(frozen=True)
class Incidents:
    """One element a report, in order of the day; codes are places in ``CODES``."""

    day: Ints
    category: Ints
    opened: Ints
    closed: Ints
    small_area: Ints
    caller: Ints
    """-1 = anonymous."""
    channel: Ints


def _days(rng: np.random.Generator) -> Ints:
    months: list[Ints] = []
    for year, total in enumerate(cal.INCIDENTS):
        length = min(12, MONTHS - 12 * year)
        burst = 100 + below(rng, 13, length) - 6
        weights = np.array(SEASON[:length], dtype=np.int64) * burst
        months.append(12 * year + pick(rng, weights, total))
    month = np.concatenate(months)
    return np.sort(FIRST_DAY[month] + below(rng, FIRST_DAY[month + 1] - FIRST_DAY[month], len(month)))


@cache
def incidents() -> Incidents:
    """All reports, those after June 2023 included."""
    rng = generator(Stream.INCIDENTS)
    day = _days(rng)
    size = len(day)
    year = np.searchsorted(FIRST_DAY[12::12], day, side="right")
    category = pick(rng, CATEGORY_WEIGHT, size)
    other_opening = happens(rng, np.array(cal.OPENED_AS_OTHER, dtype=np.int64)[year], size)
    other_closing = happens(rng, np.array(cal.CLOSED_AS_OTHER, dtype=np.int64)[year], size)
    opened = np.where(other_opening, pick(rng, OPENED_WEIGHT, size), category)
    closed = np.where(other_closing & ~other_opening, pick(rng, CLOSED_WEIGHT, size), category)
    indoors = happens(rng, 550, size)
    area = np.where(indoors, pick(rng, residential_weights(), size), pick(rng, public_weights(), size))
    again = happens(rng, np.array(cal.REPEAT_CALLER, dtype=np.int64)[year], size)
    person = linked(rng, day, category, again)
    caller = np.where(happens(rng, cal.ANONYMOUS_CALLER, size), -1, person)
    return Incidents(
        day=day,
        category=category,
        opened=opened,
        closed=closed,
        small_area=np.where(happens(rng, 20, size), -1, area),
        caller=caller,
        channel=pick_by(rng, np.zeros(size, dtype=np.int64), [CHANNEL_WEIGHT]),
    )


def write_incidents(path: Path, first_month: int, last_month: int) -> int:
    """Reports of the months from ``first_month`` up to but not with ``last_month``."""
    found = incidents()
    rows = np.flatnonzero((found.day >= FIRST_DAY[first_month]) & (found.day < FIRST_DAY[last_month]))
    codes = Labels(CODES)
    days = iso(found.day[rows])
    return write_columns(
        path,
        {
            "Incident Reference": [
                f"DI{day[2:4]}/{row + 1:06d}" for day, row in zip(days, rows.tolist(), strict=True)
            ],
            "Date Reported": days,
            "Category": Labels(CATEGORIES)(found.category[rows]),
            "Opening Code": codes(found.opened[rows]),
            "Closing Code": codes(found.closed[rows]),
            "Partnership Area": [WOLVERHAMPTON[0]] * len(rows),
            "Ward Code": Labels(a.ward_code for a in small_areas())(found.small_area[rows]),
            "LSOA Code": Labels(a.code for a in small_areas())(found.small_area[rows]),
            "Caller Reference": pseudonyms("CAL", found.caller[rows]),
            "Channel": Labels(CHANNELS)(found.channel[rows]),
        },
    )


@cache
def _peer_counts() -> Ints:
    """Reports by district, month and category."""
    rng = generator(Stream.FORCE_INCIDENTS)
    counts = np.zeros((len(peers()), MONTHS, len(CATEGORIES)), dtype=np.int64)
    yearly = (*cal.INCIDENTS[:5], 2 * cal.INCIDENTS[5])
    for area, district in enumerate(peers()):
        level = district.residents * cal.INCIDENTS_PER_100_000[district.code] / 100_000
        for month in range(MONTHS):
            expected = level * yearly[month // 12] / yearly[3] * SEASON[month % 12] / sum(SEASON)
            for category, weight in enumerate(CATEGORY_WEIGHT):
                mean = expected * weight / 1000
                noise = (rng.random() * 2 - 1) * 1.6 * mean**0.5
                counts[area, month, category] = max(0, int(mean + noise + 0.5))
    return counts


def write_peer_incidents(path: Path, first_month: int, last_month: int) -> int:
    """Counts of the six other districts; a combination with none has no row."""
    counts = _peer_counts()[:, first_month:last_month]
    area, month, category = np.nonzero(counts)
    return write_columns(
        path,
        {
            "Area Code": Labels(d.code for d in peers())(area),
            "Area Name": Labels(d.name for d in peers())(area),
            "Month": Labels(month_label(m) for m in range(MONTHS))(month + first_month),
            "Category": Labels(CATEGORIES)(category),
            "Incidents": numbers(counts[area, month, category]),
        },
    )
