"""Two surveys: women and girls (open to anyone, unweighted) and residents (sampled, weighted).

The seed prints that 48 % of 2,216 participants do not feel safe when out at night. We make all
2,216 answer that question (Q12), none of them with "Don't know", and 1,064 of them Unsafe or Very
unsafe: the percentage is the same whichever base a reader takes. Other questions were not
mandatory and have smaller bases. The residents' survey holds no item that answers a success measure.
"""

from datetime import date
from pathlib import Path

import numpy as np

from pipeline.demo import calibration as cal
from pipeline.demo.draws import Ints, Stream, below, exactly, generator, happens, pick, pick_by
from pipeline.demo.geography import small_areas, wards
from pipeline.demo.people import not_recorded
from pipeline.demo.profiles import ETHNICITIES
from pipeline.demo.timeline import day_number, iso
from pipeline.demo.write import Labels, write_columns

GENDERS = ("Woman", "Man", "Non-binary", "Prefer not to say")
GENDER_WEIGHT = (815, 150, 15, 20)
AGE_BANDS = ("11-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
AGE_WEIGHT = (170, 130, 170, 180, 150, 120, 80)
SAFE = ("Very safe", "Safe", "Neither", "Unsafe", "Very unsafe", "Don't know")
VERY_SAFE, UNSAFE, VERY_UNSAFE = 0, 3, 4
NIGHT_OTHERWISE = (70, 480, 450)
"""Weights of very safe, safe and neither among those who are not unsafe at night."""
DAY_GIVEN_NIGHT = (
    (700, 250, 30, 15, 2, 3),
    (330, 560, 80, 25, 2, 3),
    (170, 560, 210, 50, 4, 6),
    (80, 500, 270, 130, 12, 8),
    (45, 340, 290, 230, 85, 10),
)
CONFIDENT = ("Very confident", "Fairly confident", "Not very confident", "Not at all confident", "Don't know")
CONFIDENT_BY_NIGHT = (
    (300, 450, 160, 50, 40),
    (220, 460, 220, 60, 40),
    (150, 410, 290, 100, 50),
    (100, 350, 350, 150, 50),
    (70, 270, 370, 240, 50),
)
UNSAFE_WEIGHT = {"Woman": 12, "Man": 5, "Non-binary": 12, "Prefer not to say": 11}
HARASSED = (410, 140, 520, 350)
"""Per mille by gender."""
REPORTED = {"2022-01": 170, "2023-01": 205}
"""Per mille of those who experienced harassment."""

RESIDENT_WAVES = (("2021-10", "2021-10-04", 78), ("2022-10", "2022-10-03", 81))
"""Wave, first day of fieldwork and interviews in each ward."""
RESIDENT_AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
SATISFIED = (
    "Very satisfied",
    "Fairly satisfied",
    "Neither",
    "Fairly dissatisfied",
    "Very dissatisfied",
    "Don't know",
)
LIVED_HERE = ("Under 1", "1 to 4", "5 to 9", "10 or more")


def write_women_and_girls(folder: Path) -> dict[str, int]:
    """Both waves; rows by file name."""
    written: dict[str, int] = {}
    for part, wave in enumerate(cal.SURVEY_WAVES):
        name = f"demo_women_and_girls_survey_{wave.name}.csv"
        written[name] = write_columns(folder / name, _women_and_girls(part, wave))
    return written


def _women_and_girls(part: int, wave: cal.Wave) -> dict[str, list[str]]:
    rng = generator(Stream.WOMEN_AND_GIRLS, part)
    size = wave.respondents
    start = day_number(date.fromisoformat(wave.first_day))
    days = np.sort(start + below(rng, wave.days, size))
    gender = pick(rng, GENDER_WEIGHT, size)
    night = _night(rng, wave, gender)
    answered = np.maximum(night, 0)
    day = not_recorded(rng, pick_by(rng, answered, DAY_GIVEN_NIGHT), 35)
    happened = happens(rng, np.array(HARASSED, dtype=np.int64)[gender], size)
    harassed = np.where(happened, 0, np.where(happens(rng, 40, size), 2, 1))
    harassed = not_recorded(rng, harassed, 95)
    reported = not_recorded(rng, np.where(happens(rng, REPORTED[wave.name], size), 0, 1), 50)
    confident = not_recorded(rng, pick_by(rng, answered, CONFIDENT_BY_NIGHT), 80)
    ward = pick(rng, [1] * len(wards()), size)
    prefix = f"W{wave.name[2:4]}"
    return {
        "Respondent": [f"{prefix}-{n + 1:04d}" for n in range(size)],
        "Completed On": iso(days),
        "Gender": Labels(GENDERS)(not_recorded(rng, gender, 25)),
        "Age Band": Labels(AGE_BANDS)(not_recorded(rng, pick(rng, AGE_WEIGHT, size), 30)),
        "Ethnicity": Labels(ETHNICITIES)(not_recorded(rng, pick(rng, (640, 210, 90, 45, 15), size), 60)),
        "Disability": Labels(("Yes", "No"))(not_recorded(rng, pick(rng, (180, 820), size), 70)),
        "Ward Code": Labels(wards())(not_recorded(rng, ward, 140)),
        "Q5 Safe By Day": Labels(SAFE)(day),
        "Q12 Safe At Night": Labels(SAFE)(night),
        "Q15 Experienced Harassment": Labels(("Yes", "No", "Prefer not to say"))(harassed),
        "Q16 Reported It": Labels(("Yes", "No"))(np.where(harassed == 0, reported, -1)),
        "Q18 Confident To Report": Labels(CONFIDENT)(confident),
    }


def _night(rng: np.random.Generator, wave: cal.Wave, gender: Ints) -> Ints:
    """Answers to Q12: exactly as many unsafe, very unsafe and unanswered as the wave says."""
    weights = np.array([UNSAFE_WEIGHT[name] for name in GENDERS], dtype=np.int64)[gender]
    night = pick(rng, NIGHT_OTHERWISE, wave.respondents)
    unsafe = exactly(rng, wave.unsafe + wave.very_unsafe, weights)
    night[unsafe] = UNSAFE
    very = exactly(rng, wave.very_unsafe, unsafe.astype(np.int64))
    night[very] = VERY_UNSAFE
    silent = exactly(rng, wave.unanswered, (~unsafe).astype(np.int64))
    return np.asarray(np.where(silent, -1, night), dtype=np.int64)


def write_residents(folder: Path) -> dict[str, int]:
    """Both waves; rows by file name."""
    written: dict[str, int] = {}
    for part, (wave, first_day, each) in enumerate(RESIDENT_WAVES):
        name = f"demo_residents_survey_{wave}.csv"
        written[name] = write_columns(folder / name, _residents(part, wave, first_day, each))
    return written


def _residents(part: int, wave: str, first_day: str, each: int) -> dict[str, list[str]]:
    """A sample stratified by ward and clustered in four small areas of each.

    A weight is the ward's residents per interview over the city's, times an age correction.
    """
    rng = generator(Stream.RESIDENTS, part)
    codes = list(wards())
    living = np.zeros(len(codes), dtype=np.int64)
    clusters: list[list[int]] = [[] for _ in codes]
    for place, area in enumerate(small_areas()):
        ward = codes.index(area.ward_code)
        living[ward] += area.residents
        clusters[ward].append(place)
    stratum = np.repeat(np.arange(len(codes)), each)
    size = len(stratum)
    chosen = np.array([np.array(members)[np.argsort(rng.random(len(members)))[:4]] for members in clusters])
    cluster = chosen[stratum, below(rng, 4, size)]
    age = pick(rng, (70, 140, 160, 180, 190, 260), size)
    correction = np.array((165, 128, 112, 97, 88, 73), dtype=np.int64)[age]
    weight = living[stratum] * len(codes) * correction * 100 // int(living.sum())
    start = day_number(date.fromisoformat(first_day))
    cleaner = np.array([(n * 37) % 5 for n in range(len(codes))], dtype=np.int64)[stratum]
    streets = pick_by(
        rng,
        cleaner,
        [(120 + 15 * n, 390 + 20 * n, 150, 190 - 20 * n, 130 - 15 * n, 20) for n in range(5)],
    )
    parks = pick(rng, (190, 450, 150, 120, 50, 40), size)
    return {
        "Respondent": [f"R{wave[2:4]}-{n + 1:04d}" for n in range(size)],
        "Completed On": iso(start + below(rng, 26, size)),
        "Weight": [f"{w // 10000}.{w % 10000:04d}" for w in weight.tolist()],
        "Stratum": Labels(codes)(stratum),
        "Cluster": Labels(a.code for a in small_areas())(cluster),
        "Age Band": Labels(RESIDENT_AGES)(age),
        "Sex": Labels(("Female", "Male"))(pick(rng, (535, 465), size)),
        "Ethnicity": Labels(ETHNICITIES)(not_recorded(rng, pick(rng, (640, 210, 90, 45, 15), size), 20)),
        "Q1 Years Lived Here": Labels(LIVED_HERE)(pick(rng, (70, 180, 170, 580), size)),
        "Q2 Satisfied With Street Cleaning": Labels(SATISFIED)(not_recorded(rng, streets, 15)),
        "Q3 Used Council Website": Labels(("Yes", "No"))(
            not_recorded(rng, pick(rng, (560 + 30 * part, 440 - 30 * part), size), 10)
        ),
        "Q4 Satisfied With Parks": Labels(SATISFIED)(not_recorded(rng, parks, 15)),
    }
