"""Made-up files in the shape of data.police.uk's street files: the same bytes for the same number of rows."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.model.period import add_months, format_month, parse_month

FIRST_MONTH = parse_month("2019-01")
MONTHS = 60
DISTRICTS = tuple(f"E0800090{n}" for n in range(1, 9))
OUTSIDE = "E08000999"  # a few rows lie in a district of another force
LSOAS_A_DISTRICT = 150
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
ANTISOCIAL = "Anti-social behaviour"
CATEGORIES = {  # share of the rows, in percent
    ANTISOCIAL: 21, "Violence and sexual offences": 28, "Criminal damage and arson": 9, "Public order": 9,
    "Vehicle crime": 7, "Other theft": 7, "Burglary": 6, "Shoplifting": 5, "Drugs": 2, "Other crime": 2,
    "Robbery": 1, "Theft from the person": 1, "Possession of weapons": 1, "Bicycle theft": 1,
}  # fmt: skip
OUTCOMES = (
    "Under investigation", "Investigation complete; no suspect identified", "Unable to prosecute suspect",
    "Awaiting court outcome", "Court result unavailable", "Local resolution", "Offender given a caution",
    "Action to be taken by another organisation", "Further investigation is not in the public interest",
    "Status update unavailable",
)  # fmt: skip
ONE_IN_REPEATED = 1_000  # rows that stand twice in their file, for duplicates to be looked for and found
ONE_IN_WRONG = 5_000  # rows with a crime type that nobody declared, for the quarantine


def street_files(folder: Path, rows: int) -> Path:
    """The folder with the monthly files and the geography; made where it is not there whole."""
    made = folder / f"{rows}-{MONTHS}"
    if made.is_dir():
        return made
    unfinished = made.with_name(f".{made.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "police_street").mkdir(parents=True)
    codes = {lsoa: district for district in (*DISTRICTS, OUTSIDE) for lsoa in _lsoas(district)}
    lines = [f"{lsoa},{district},District {district[-1]}" for lsoa, district in codes.items()]
    (unfinished / "geography.csv").write_text("\n".join(["LSOA,District,District name", *lines, ""]))
    for number in range(MONTHS):
        month = format_month(add_months(FIRST_MONTH, number))
        size = rows // MONTHS + (number < rows % MONTHS)
        with (unfinished / "police_street" / f"{month}-benchmark-street.csv").open("w") as file:
            file.write("\n".join([HEADER, *_records(month, size, np.random.default_rng(number)), ""]))
    unfinished.rename(made)
    return made


def _lsoas(district: str) -> list[str]:
    return [f"E01{district[-3:]}{n:03d}" for n in range(4 if district == OUTSIDE else LSOAS_A_DISTRICT)]


def _records(month: str, rows: int, random: np.random.Generator) -> Iterator[str]:
    shares = np.array(list(CATEGORIES.values())) / sum(CATEGORIES.values())
    categories = random.choice(np.array(list(CATEGORIES)), rows, p=shares)
    outcomes = random.choice(np.array(["", *OUTCOMES]), rows)
    lsoas = np.array(["", *(lsoa for district in (*DISTRICTS, OUTSIDE) for lsoa in _lsoas(district))])
    places = random.integers(0, len(lsoas), rows)
    places[random.random(rows) < 0.03] = 0  # the row has no place
    repeated = random.random(rows) < 1 / ONE_IN_REPEATED
    wrong = random.random(rows) < 1 / ONE_IN_WRONG
    references = random.bytes(32 * rows).hex()
    force = "Benchmark Police"
    for n in range(rows):
        category = "Unheard-of crime" if wrong[n] else categories[n]
        crime = category != ANTISOCIAL
        reference = references[64 * n : 64 * n + 64] if crime else ""
        where = int(places[n])
        record = (
            f"{reference},{month},{force},{force},-1.{where:04d}{n % 100:02d},53.{where:04d}{n % 90:02d},"
            f"On or near Street {n % 997},{lsoas[where]},{f'Place {where:04d}A' if where else ''},"
            f"{category},{outcomes[n] if crime else ''},"
        )
        yield record
        if repeated[n]:
            yield record
