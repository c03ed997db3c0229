"""What the demonstration is made to say: every figure of the seed, and the signals around them.

Three kinds of numbers stand here and nowhere else.

* Figures of the seed (``SEED_*``), reproduced to the last crime. The seed does not say which years
  it means; assumed are financial years 2021-22 and 2022-23 for violence, October 2021 to September
  2022 for shares and ranks, and the survey of November 2022 to January 2023.
* Levels: crimes a year in 2021-22, Wolverhampton's by family and the other districts' as rates.
* Signals: how each level moves from year to year (per mille of 2021-22). The data are synthetic
  and have no pandemic.

Years run 2018-19, 2019-20 ... 2022-23, and the first half of 2023-24.
"""

from dataclasses import dataclass
from typing import Final

Yearly = tuple[int, int, int, int, int, int]

# --- violence with injury, by age of victim -------------------------------------------------------

VIOLENCE_WITH_INJURY: Final[Yearly] = (3720, 3800, 3890, 3964, 3950, 1990)
"""Crimes a financial year; the last is April to September 2023. 3964 and 3950 are the seed's."""

VIOLENCE_UNDER_25: Final[Yearly] = (1172, 1158, 1140, 1119, 1011, 503)
"""Victims recorded as under 25; 1119 and 1011 are the seed's."""

VIOLENCE_AGE_NOT_RECORDED: Final[Yearly] = (149, 150, 157, 155, 57, 29)
"""Victims with no recorded age: what the seed's two age groups leave out of its total."""

# --- shares of total recorded crime ---------------------------------------------------------------

SEED_VIOLENCE_SHARE: Final = (45, 100)
"""Violence against the person is 45 % of total recorded crime in the seed's year."""

BALANCING_CODE: Final = "49"
"""Other theft: its count in the seed's year is what makes the share of violence exact."""

# Crimes with a marker, in hundredths of a per cent, by half-year from April 2018. Halves 7 and 8
# are the seed's year and are met together.
ALCOHOL_SHARE: Final = (1245, 1230, 1240, 1220, 1225, 1205, 1200, 1160, 1160, 1055, 1045)
DRUGS_SHARE: Final = (350, 345, 340, 345, 335, 340, 335, 330, 330, 335, 340)
FORCE_ALCOHOL_SHARE: Final = (1080, 1075, 1080, 1070, 1070, 1065, 1065, 1060, 1060, 1050, 1050)
FORCE_DRUGS_SHARE: Final = (520, 525, 530, 540, 545, 555, 560, 570, 570, 575, 580)

# --- levels and trends by family of offences -------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """One family of offences: Wolverhampton's crimes in 2021-22 and how they and the rest move."""

    crimes: int
    """Wolverhampton, 2021-22."""
    trend: Yearly
    """Wolverhampton, per mille of 2021-22."""
    rest: Yearly
    """The six other districts and the rows without one, per mille of 2021-22."""
    unlocated: int = 8
    """Per mille of the force's crimes that carry no district."""
    burst: int = 0
    """Largest departure of a month from its season, per cent: series of crimes by few offenders."""


LEVELS: Final[dict[str, Level]] = {
    "violence_with_injury": Level(3964, (938, 959, 981, 1000, 996, 1004), (930, 955, 980, 1000, 992, 985)),
    "violence_without_injury": Level(
        5220, (840, 890, 950, 1000, 1015, 1010), (850, 900, 950, 1000, 1010, 1000), 15
    ),
    "stalking_harassment": Level(
        5010, (720, 820, 920, 1000, 1045, 1060), (720, 830, 930, 1000, 960, 940), 60
    ),
    "homicide": Level(5, (1000,) * 6, (1000,) * 6, 0),
    "driving": Level(3, (1000,) * 6, (1000,) * 6, 0),
    "sexual": Level(960, (820, 880, 940, 1000, 1085, 1090), (830, 890, 950, 1000, 990, 980), 40),
    "robbery": Level(668, (980, 1010, 990, 1000, 1030, 1020), (1010, 1000, 990, 1000, 1050, 1040), 5, 9),
    "burglary_residential": Level(
        1400, (1300, 1200, 1090, 1000, 900, 880), (1280, 1180, 1080, 1000, 970, 960), 4, 8
    ),
    "burglary_other": Level(
        505, (1160, 1090, 1040, 1000, 975, 960), (1150, 1090, 1040, 1000, 1010, 1000), 4, 8
    ),
    "vehicle": Level(2330, (960, 1000, 1030, 1000, 940, 955), (940, 960, 980, 1000, 1050, 1060), 5, 8),
    "theft_from_person": Level(
        300, (860, 900, 950, 1000, 1090, 1080), (850, 900, 950, 1000, 1120, 1130), 10, 8
    ),
    "bicycle_theft": Level(190, (1150, 1100, 1050, 1000, 950, 930), (1150, 1100, 1050, 1000, 950, 930)),
    "shoplifting": Level(1420, (1020, 1000, 980, 1000, 1110, 1170), (1000, 990, 980, 1000, 1150, 1200), 5, 6),
    "other_theft": Level(
        1950, (1050, 1030, 1010, 1000, 1040, 1050), (1040, 1020, 1000, 1000, 1060, 1070), 25, 3
    ),
    "damage": Level(2690, (980, 990, 1000, 1000, 990, 980), (980, 990, 1000, 1000, 995, 985), 8, 3),
    "arson": Level(150, (960, 980, 990, 1000, 1010, 990), (960, 980, 990, 1000, 1000, 990)),
    "drugs": Level(500, (900, 930, 960, 1000, 1030, 1040), (880, 920, 960, 1000, 1060, 1080), 10, 10),
    "weapons": Level(540, (620, 740, 880, 1000, 1090, 1080), (600, 730, 870, 1000, 1150, 1160), 10, 4),
    "public_order": Level(3250, (760, 840, 930, 1000, 985, 970), (740, 830, 930, 1000, 950, 940), 15, 3),
    "miscellaneous": Level(580, (850, 900, 950, 1000, 1000, 990), (850, 900, 950, 1000, 1000, 990), 20),
}

RANKED_RATES: Final[dict[str, dict[str, tuple[str, int]]]] = {
    # Crimes in 2021-22 per 100,000 residents (vehicle crime, robbery) or households (burglary). They
    # place Wolverhampton 2nd for vehicle crime, 5th for robbery, 5th for burglary and 2nd for
    # serious acquisitive crime, with neighbours near enough for the ranges of ranks to overlap.
    "E08000025": {
        "vehicle": ("residents", 1420),
        "robbery": ("residents", 390),
        "burglary_residential": ("households", 1660),
        "burglary_other": ("households", 560),
    },
    "E08000026": {
        "vehicle": ("residents", 1100),
        "robbery": ("residents", 220),
        "burglary_residential": ("households", 1150),
        "burglary_other": ("households", 420),
    },
    "E08000027": {
        "vehicle": ("residents", 785),
        "robbery": ("residents", 142),
        "burglary_residential": ("households", 980),
        "burglary_other": ("households", 330),
    },
    "E08000028": {
        "vehicle": ("residents", 1080),
        "robbery": ("residents", 264),
        "burglary_residential": ("households", 1200),
        "burglary_other": ("households", 440),
    },
    "E08000029": {
        "vehicle": ("residents", 1300),
        "robbery": ("residents", 135),
        "burglary_residential": ("households", 1400),
        "burglary_other": ("households", 460),
    },
    "E08000030": {
        "vehicle": ("residents", 1040),
        "robbery": ("residents", 195),
        "burglary_residential": ("households", 1100),
        "burglary_other": ("households", 390),
    },
}

OTHER_WEIGHT: Final = {
    # How a district's residents count when the force's other crimes are shared out.
    "E08000025": 112,
    "E08000026": 96,
    "E08000027": 84,
    "E08000028": 100,
    "E08000029": 78,
    "E08000030": 100,
}

WARD_LEVEL: Final = {
    # Crimes per resident as a per cent of the average ward's, before the city centre's extra.
    # Made up, so that a map has something to show.
    "Bilston North": 105,
    "Bilston South": 115,
    "Blakenhall": 110,
    "Bushbury North": 85,
    "Bushbury South & Low Hill": 140,
    "East Park": 125,
    "Ettingshall North": 125,
    "Ettingshall South & Spring Vale": 100,
    "Fallings Park": 115,
    "Graiseley": 120,
    "Heath Town": 130,
    "Merry Hill": 75,
    "Oxley": 95,
    "Park": 100,
    "Penn": 60,
    "St Peters": 140,
    "Tettenhall Regis": 60,
    "Tettenhall Wightwick": 55,
    "Wednesfield North": 75,
    "Wednesfield South": 90,
}

# --- what is not recorded (per mille) --------------------------------------------------------------

LOCATION_NOT_RECORDED: Final = 24
PLACE_NOT_RECORDED: Final = 110
ADDRESS_NOT_RECORDED: Final = 50
SEX_NOT_RECORDED: Final = 18
ETHNICITY_NOT_RECORDED: Final = 210
AGE_NOT_RECORDED: Final[Yearly] = (40, 40, 40, 39, 15, 15)
"""Of victims other than of violence with injury, whose count is exact; better since April 2022."""

# --- repeats, outcomes: signals (per mille) ---------------------------------------------------------

REPEAT_VICTIM: Final[dict[str, Yearly]] = {
    # Chance that a victim is one of the year before, of the same kind of crime.
    "domestic": (330, 330, 325, 320, 285, 280),
    "violence": (280, 280, 280, 280, 275, 275),
    "sexual": (90, 90, 90, 90, 88, 88),
    "burglary": (75, 75, 74, 72, 70, 70),
    "vehicle": (52, 52, 53, 54, 54, 54),
    "robbery": (48, 48, 48, 48, 50, 50),
    "other": (60, 60, 60, 60, 60, 60),
}

REPEAT_SUSPECT: Final[dict[str, Yearly]] = {
    # Chance that a suspect was a suspect in the year before.
    "domestic": (300, 300, 300, 300, 300, 300),
    "violence": (330, 330, 332, 335, 340, 342),
    "neighbourhood": (330, 332, 335, 340, 520, 520),
    "other": (260, 260, 262, 265, 268, 270),
}

POSITIVE_OUTCOME: Final[dict[str, Yearly]] = {
    # Positive outcomes among crimes with a named suspect.
    "neighbourhood": (400, 395, 390, 385, 530, 535),
    "violence": (190, 185, 178, 170, 172, 173),
    "sexual": (110, 105, 100, 98, 102, 104),
    "stalking_harassment": (120, 112, 105, 100, 98, 98),
    "drugs_weapons": (760, 755, 750, 745, 750, 750),
    "other": (330, 325, 320, 315, 318, 318),
}

# --- anti-social behaviour --------------------------------------------------------------------------

INCIDENTS: Final[Yearly] = (5650, 5520, 5390, 5260, 4960, 2560)
"""Reports to the police in Wolverhampton a financial year; the last is April to September 2023."""
REPEAT_CALLER: Final[Yearly] = (365, 362, 360, 355, 351, 350)
ANONYMOUS_CALLER: Final = 240
OPENED_AS_OTHER: Final[Yearly] = (45, 45, 44, 43, 42, 42)
CLOSED_AS_OTHER: Final[Yearly] = (152, 150, 146, 142, 118, 116)
INCIDENTS_PER_100_000: Final = {
    "E08000025": 2120,
    "E08000026": 1960,
    "E08000027": 1640,
    "E08000028": 2050,
    "E08000029": 1480,
    "E08000030": 1890,
}

# --- the women and girls survey ---------------------------------------------------------------------


@dataclass(frozen=True)
class Wave:
    """One wave: how many answered, and how many of them do not feel safe out at night."""

    name: str
    first_day: str
    days: int
    respondents: int
    unsafe: int
    very_unsafe: int
    unanswered: int
    """Respondents who left the question on safety at night empty."""


SURVEY_WAVES: Final = (
    Wave("2022-01", "2021-11-08", 75, 1874, 634, 322, 32),
    Wave("2023-01", "2022-11-07", 80, 2216, 701, 363, 0),
)
"""The seed's 48 % of 2,216: 1,064 unsafe or very unsafe, all 2,216 having answered the question."""
