"""Residents' answers to the consultation on the strategy: open to anyone, on line, on paper, at meetings.

Those who answered are older and more often women than the city, as in such consultations. Nothing is
asked that a success measure waits for: a consultation of those who choose to answer could not tell it.
"""

from datetime import date
from pathlib import Path

import numpy as np

from pipeline.demo.draws import Stream, below, generator, pick, pick_by
from pipeline.demo.geography import wards
from pipeline.demo.people import not_recorded
from pipeline.demo.profiles import ETHNICITIES
from pipeline.demo.surveys import AGE_BANDS
from pipeline.demo.timeline import day_number, iso
from pipeline.demo.write import Labels, write_columns

NAME = "demo_consultation_2023-03.csv"
SIZE = 742
FIRST_DAY, DAYS = date(2023, 2, 6), 47
ANSWERING = ("Resident", "Business", "Voluntary organisation", "Councillor", "Works or studies here")
ANSWERING_WEIGHT = (810, 55, 50, 25, 60)
CHANNELS = ("On line", "On paper", "At a meeting", "Focus group")
CHANNEL_WEIGHT = (640, 130, 170, 60)
AGE_WEIGHT = (30, 60, 130, 160, 190, 200, 230)
GENDERS = ("Woman", "Man", "Another description")
AGREE = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree", "Don't know")
AGREE_WEIGHT = (260, 430, 140, 80, 50, 40)
FIRST = (
    "Anti-social behaviour",
    "Public place violence",
    "Safety of women and girls",
    "Neighbourhood crime",
    "Alcohol and substance related crime",
    "Something else",
)
FIRST_BY_GENDER = (
    (300, 130, 220, 190, 110, 50),
    (340, 150, 70, 260, 120, 60),
    (260, 150, 190, 180, 130, 90),
)


def write_consultation(folder: Path) -> dict[str, int]:
    """The answers; rows by file name."""
    rng = generator(Stream.CONSULTATION)
    days = np.sort(day_number(FIRST_DAY) + below(rng, DAYS, SIZE))
    gender = pick(rng, (560, 420, 20), SIZE)
    columns = {
        "Response": [f"C23-{n + 1:04d}" for n in range(SIZE)],
        "Answered On": iso(days),
        "Channel": Labels(CHANNELS)(pick(rng, CHANNEL_WEIGHT, SIZE)),
        "Answering As": Labels(ANSWERING)(not_recorded(rng, pick(rng, ANSWERING_WEIGHT, SIZE), 30)),
        "Ward Code": Labels(wards())(not_recorded(rng, pick(rng, [1] * len(wards()), SIZE), 220)),
        "Age Band": Labels(AGE_BANDS)(not_recorded(rng, pick(rng, AGE_WEIGHT, SIZE), 60)),
        "Gender": Labels(GENDERS)(not_recorded(rng, gender, 70)),
        "Ethnicity": Labels(ETHNICITIES)(not_recorded(rng, pick(rng, (700, 170, 80, 35, 15), SIZE), 110)),
        "Q1 Agree With Priorities": Labels(AGREE)(not_recorded(rng, pick(rng, AGREE_WEIGHT, SIZE), 25)),
        "Q2 Work On First": Labels(FIRST)(not_recorded(rng, pick_by(rng, gender, FIRST_BY_GENDER), 55)),
    }
    return {NAME: write_columns(folder / NAME, columns)}
