"""How each family of offences behaves: season, hour, place, markers, victims, suspects.

Plausible shapes, not measurements. Whole-number weights; shares are per mille.
"""

from typing import Final

LOCATION_TYPES: Final = (
    "Dwelling",
    "Street or road",
    "Shop or supermarket",
    "Pub bar or club",
    "Park or open space",
    "Public transport",
    "Car park",
    "School or college",
    "Hospital or care setting",
    "Police station or custody",
    "Workplace or office",
    "Online",
    "Not recorded",
)
LOCATION_NOT_RECORDED: Final = 12
PLACES: Final = ("Public", "Private", "Not recorded")
PUBLIC_TYPES: Final = (1, 2, 3, 4, 5, 6)
PUB: Final = 3

# Month weights, April to March.
SEASONS: Final = {
    "summer": (100, 107, 106, 109, 105, 101, 101, 96, 97, 94, 88, 102),
    "dark": (94, 93, 90, 92, 94, 97, 106, 112, 108, 106, 96, 101),
    "level": (98, 101, 99, 102, 100, 99, 103, 101, 97, 100, 94, 104),
    "bicycle": (100, 112, 118, 120, 115, 112, 100, 88, 70, 72, 74, 88),
}
SEASON_OF: Final = {
    "violence_with_injury": "summer",
    "violence_without_injury": "summer",
    "stalking_harassment": "summer",
    "public_order": "summer",
    "damage": "level",
    "arson": "summer",
    "sexual": "level",
    "robbery": "dark",
    "burglary_residential": "dark",
    "burglary_other": "dark",
    "vehicle": "dark",
    "theft_from_person": "dark",
    "bicycle_theft": "bicycle",
}

# Location types in the order above, without and with domestic abuse.
_HOME = (800, 70, 5, 5, 8, 4, 8, 3, 6, 3, 6, 60, 0)
LOCATIONS: Final = {
    "violence": (200, 390, 65, 120, 45, 40, 30, 45, 35, 15, 20, 0, 0),
    "harassment": (420, 110, 20, 8, 12, 10, 10, 25, 8, 2, 30, 340, 0),
    "sexual": (480, 130, 15, 50, 50, 35, 10, 45, 20, 2, 25, 130, 0),
    "robbery": (45, 610, 140, 15, 90, 50, 45, 5, 0, 0, 5, 0, 0),
    "burglary_home": (1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "burglary_other": (0, 0, 380, 60, 10, 0, 10, 60, 20, 0, 460, 0, 0),
    "vehicle": (210, 560, 10, 8, 12, 2, 180, 2, 4, 0, 12, 0, 0),
    "theft_person": (10, 380, 220, 150, 20, 160, 20, 10, 10, 0, 10, 0, 0),
    "shop": (0, 5, 985, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0),
    "theft": (260, 190, 230, 40, 20, 25, 55, 30, 35, 2, 75, 38, 0),
    "damage": (430, 330, 70, 25, 30, 12, 55, 18, 12, 6, 12, 0, 0),
    "street": (110, 590, 55, 45, 80, 25, 55, 12, 4, 18, 6, 0, 0),
    "order": (170, 450, 120, 75, 35, 40, 35, 25, 20, 15, 15, 0, 0),
    "domestic": _HOME,
}
LOCATION_OF: Final = {
    "violence_with_injury": "violence",
    "violence_without_injury": "violence",
    "homicide": "violence",
    "stalking_harassment": "harassment",
    "sexual": "sexual",
    "robbery": "robbery",
    "burglary_residential": "burglary_home",
    "burglary_other": "burglary_other",
    "vehicle": "vehicle",
    "bicycle_theft": "street",
    "theft_from_person": "theft_person",
    "shoplifting": "shop",
    "other_theft": "theft",
    "damage": "damage",
    "arson": "damage",
    "drugs": "street",
    "weapons": "street",
    "driving": "street",
    "public_order": "order",
    "miscellaneous": "theft",
}

# Hour weights, 00 to 23.
HOURS: Final = {
    "day": (12, 8, 6, 4, 4, 6, 12, 26, 40, 46, 52, 56, 60, 56, 56, 66, 66, 62, 56, 48, 40, 34, 28, 20),
    "evening": (26, 16, 12, 8, 6, 6, 10, 20, 30, 34, 38, 42, 46, 46, 48, 56, 58, 60, 62, 62, 60, 56, 50, 40),
    "night_out": (
        88,
        78,
        66,
        48,
        22,
        10,
        8,
        12,
        16,
        20,
        26,
        32,
        38,
        38,
        42,
        50,
        52,
        56,
        60,
        66,
        74,
        82,
        92,
        96,
    ),
    "overnight": (
        62,
        60,
        58,
        54,
        40,
        28,
        26,
        28,
        28,
        24,
        24,
        26,
        30,
        28,
        30,
        32,
        36,
        44,
        52,
        56,
        58,
        60,
        64,
        66,
    ),
    "shop": (0, 0, 0, 0, 0, 0, 6, 16, 32, 50, 70, 84, 88, 88, 88, 92, 88, 78, 64, 46, 30, 16, 6, 2),
}
HOURS_OF: Final = {
    "violence_with_injury": "evening",
    "violence_without_injury": "evening",
    "homicide": "evening",
    "sexual": "overnight",
    "robbery": "evening",
    "burglary_residential": "overnight",
    "burglary_other": "overnight",
    "vehicle": "overnight",
    "shoplifting": "shop",
    "public_order": "evening",
    "damage": "evening",
    "arson": "overnight",
}
NIGHT_OUT_FAMILIES: Final = ("violence_with_injury", "violence_without_injury", "public_order")
"""Their hours on Friday, Saturday and Sunday are those of a night out."""

# Days from committed to recorded: (longest lag, weight); lags are uniform within a step.
LAGS: Final = {
    "quick": ((0, 660), (1, 190), (7, 100), (30, 40), (365, 10)),
    "found_later": ((0, 430), (1, 310), (7, 190), (30, 55), (365, 15)),
    "slow": ((0, 260), (1, 130), (7, 160), (30, 150), (365, 180), (3650, 120)),
}
LAG_OF: Final = {"sexual": "slow", "vehicle": "found_later", "burglary_residential": "found_later"}

DOMESTIC: Final = {
    "violence_with_injury": 340,
    "violence_without_injury": 400,
    "stalking_harassment": 380,
    "sexual": 230,
    "homicide": 250,
    "damage": 150,
    "public_order": 45,
    "other_theft": 45,
    "burglary_residential": 35,
    "arson": 40,
    "miscellaneous": 70,
    "robbery": 10,
    "theft_from_person": 8,
}
DOMESTIC_CODES: Final = {
    "8U": 1000, "8Q": 520, "8S": 0, "104": 0, "8P": 20, "105B": 20, "8M": 20, "11A": 150, "106": 40,
    "5E": 40, "58B": 30, "58C": 120,
}  # fmt: skip

ALCOHOL_WEIGHT: Final = {
    "violence_with_injury": 30,
    "violence_without_injury": 24,
    "public_order": 27,
    "sexual": 15,
    "homicide": 20,
    "driving": 60,
    "damage": 14,
    "weapons": 12,
    "arson": 8,
    "miscellaneous": 8,
    "stalking_harassment": 6,
    "robbery": 5,
    "shoplifting": 3,
}
DRUGS_WEIGHT: Final = {
    "drugs": 4000,
    "homicide": 40,
    "weapons": 30,
    "miscellaneous": 8,
    "robbery": 6,
    "violence_with_injury": 5,
    "violence_without_injury": 4,
    "public_order": 4,
    "sexual": 4,
    "stalking_harassment": 2,
    "burglary_residential": 2,
}
KNIFE_CODES: Final = {
    "1": 550, "2": 560, "5D": 300, "34B": 220, "34A": 260, "10D": 1000, "3B": 150, "8N": 40, "36": 120,
    "29A": 250,
}  # fmt: skip
HATE_STRANDS: Final = ("Race", "Religion", "Sexual orientation", "Disability", "Transgender")
AGGRAVATED_CODES: Final = ("8P", "9B", "105B", "8M", "58J")
"""Racially or religiously aggravated offences: always a hate crime."""
OTHER_HATE: Final = {
    "public_order": 26,
    "violence_with_injury": 9,
    "violence_without_injury": 14,
    "stalking_harassment": 22,
    "damage": 8,
}

# Who is recorded as the victim (per mille): a person, an organisation, else the State (nobody).
VICTIM_KIND: Final = {
    "shoplifting": (0, 1000),
    "burglary_other": (240, 760),
    "robbery": (900, 100),
    "vehicle": (920, 80),
    "other_theft": (700, 300),
    "damage": (800, 200),
    "arson": (700, 300),
    "drugs": (0, 0),
    "weapons": (0, 0),
    "public_order": (620, 40),
    "miscellaneous": (330, 50),
}
VICTIM_KIND_CODES: Final = {
    "34A": (0, 1000), "34B": (1000, 0), "49A": (0, 1000), "41": (20, 980), "40": (900, 100),
    "49": (840, 160), "58A": (900, 100), "58B": (200, 800), "58C": (930, 70), "66": (100, 60),
}  # fmt: skip
OFFICER_CODES: Final = ("8S", "104")
SECOND_VICTIM: Final = {"burglary_residential": 120, "damage": 40, "public_order": 50, "arson": 60}

FEMALE: Final = {
    "violence_with_injury": 390,
    "violence_without_injury": 460,
    "stalking_harassment": 620,
    "sexual": 830,
    "robbery": 270,
    "theft_from_person": 620,
    "public_order": 430,
}
DOMESTIC_FEMALE: Final = 735
FEMALE_CODES: Final = {
    "17A": 0, "17B": 0, "19F": 0, "19G": 0, "19H": 0, "20A": 1000, "20B": 1000, "19C": 1000,
    "19D": 1000, "19E": 1000, "19J": 1000, "88E": 900, "8Q": 740, "8U": 900,
}  # fmt: skip
UNDER_25: Final = {
    "violence_without_injury": 260,
    "stalking_harassment": 230,
    "sexual": 500,
    "robbery": 430,
    "theft_from_person": 260,
    "bicycle_theft": 400,
    "public_order": 210,
    "homicide": 300,
}
UNDER_25_CODES: Final = {
    "17B": 1000, "20B": 1000, "19E": 1000, "19H": 1000, "21": 1000, "19D": 1000, "19G": 1000,
    "11A": 1000, "13": 1000, "8S": 60, "104": 60, "71": 1000, "22B": 1000,
}  # fmt: skip
# Ages: (first, last, weight).
YOUNG: Final = ((1, 9, 60), (10, 14, 190), (15, 17, 250), (18, 24, 500))
YOUNG_ADULT: Final = ((16, 17, 120), (18, 20, 350), (21, 24, 530))
OWNED: Final = ("burglary_residential", "burglary_other", "vehicle", "damage", "arson", "other_theft")
"""Offences against what adults own: their victims are 16 or over."""
AGE_LIMITS: Final = {
    # Ages of victim that the offence itself names.
    "17A": (13, 99), "17B": (1, 12), "20A": (13, 99), "20B": (1, 12), "21": (1, 12), "22B": (13, 15),
    "19C": (16, 99), "19D": (13, 15), "19E": (1, 12), "19F": (16, 99), "19G": (13, 15),
    "19H": (1, 12), "11A": (1, 15), "13": (1, 15), "71": (10, 17), "8Q": (14, 99), "8U": (16, 99),
}  # fmt: skip
YOUNG_SUSPECT: Final = ((10, 13, 120), (14, 17, 400), (18, 24, 480))
ADULT: Final = ((25, 34, 330), (35, 44, 270), (45, 54, 190), (55, 64, 120), (65, 74, 60), (75, 92, 30))
ETHNICITIES: Final = ("White", "Asian", "Black", "Mixed", "Other")
ETHNICITY_WEIGHT: Final = (620, 200, 100, 60, 20)

# Named suspects: none, one, two, three.
SUSPECTS: Final = {
    "violence_with_injury": (250, 600, 110, 40),
    "violence_without_injury": (240, 660, 80, 20),
    "homicide": (80, 620, 200, 100),
    "stalking_harassment": (160, 770, 60, 10),
    "sexual": (250, 700, 40, 10),
    "robbery": (690, 130, 110, 70),
    "burglary_residential": (860, 105, 27, 8),
    "burglary_other": (840, 120, 30, 10),
    "vehicle": (930, 50, 15, 5),
    "shoplifting": (580, 340, 60, 20),
    "drugs": (40, 880, 60, 20),
    "weapons": (100, 820, 60, 20),
    "public_order": (440, 460, 80, 20),
    "damage": (640, 320, 30, 10),
    "arson": (720, 230, 40, 10),
    "driving": (30, 960, 10, 0),
    "miscellaneous": (330, 600, 60, 10),
}
SUSPECTS_OTHER: Final = (850, 130, 18, 2)
SUSPECT_FEMALE: Final = {"shoplifting": 300, "violence_without_injury": 290, "stalking_harassment": 300}
SUSPECT_UNDER_25: Final = {
    "robbery": 580,
    "vehicle": 480,
    "drugs": 420,
    "weapons": 450,
    "arson": 480,
    "violence_with_injury": 310,
    "damage": 320,
    "shoplifting": 150,
}
