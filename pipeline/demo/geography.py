"""Real places: codes, names, published residents and households, and ward boundaries.

Wolverhampton's 161 lower-layer super output areas (2021) and its 20 wards as from May 2023, the
seven districts of the West Midlands force, and the wards' boundaries as we simplified them. Sources
and licence: ``geography/ATTRIBUTION.md``.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from pipeline.demo.calibration import WARD_LEVEL
from pipeline.demo.draws import Ints
from pipeline.demo.write import write_rows

WOLVERHAMPTON = ("E08000031", "Wolverhampton")
FORCE = ("E23000014", "West Midlands")
CITY_CENTRE = ("E01034313", "E01034312", "E01010530")
"""The areas of shops, stations and bars, where few live and much is recorded."""


@dataclass(frozen=True)
class SmallArea:
    """A lower-layer super output area of Wolverhampton."""

    code: str
    name: str
    ward_code: str
    ward_name: str
    residents: int
    """Census 2021."""


@dataclass(frozen=True)
class District:
    """One of the seven districts; persons and households as published."""

    code: str
    name: str
    residents: int
    females: int
    households: int
    residents_2020: int
    under_25_2020: int


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("pipeline.demo") / "geography" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def small_areas() -> tuple[SmallArea, ...]:
    """Wolverhampton's small areas in code order."""
    return tuple(
        SmallArea(
            row["lsoa_code"],
            row["lsoa_name"],
            row["ward_code"],
            row["ward_name"],
            int(row["residents_2021"]),
        )
        for row in _rows("lsoas.csv")
    )


@cache
def wards() -> dict[str, str]:
    """Ward code to name, in code order."""
    found = {area.ward_code: area.ward_name for area in small_areas()}
    return dict(sorted(found.items()))


@cache
def districts() -> tuple[District, ...]:
    """The seven districts in code order."""
    return tuple(
        District(
            row["code"],
            row["name"],
            int(row["residents_2021"]),
            int(row["females_2021"]),
            int(row["households_2021"]),
            int(row["residents_2020"]),
            int(row["under_25_2020"]),
        )
        for row in _rows("districts.csv")
    )


def peers() -> tuple[District, ...]:
    """The six districts beside Wolverhampton."""
    return tuple(d for d in districts() if d.code != WOLVERHAMPTON[0])


@cache
def residential_weights() -> Ints:
    """Where crimes in homes happen: by residents and ward, small areas 0.5 to 1.5 times their ward."""
    return np.array(
        [
            area.residents * WARD_LEVEL[area.ward_name] * (50 + (n * 61 + 17) % 101)
            for n, area in enumerate(small_areas())
        ],
        dtype=np.int64,
    )


@cache
def public_weights() -> Ints:
    """Where crimes in public happen: the city centre many times over its residents."""
    boost = np.array(
        [(14, 9, 5)[CITY_CENTRE.index(a.code)] if a.code in CITY_CENTRE else 1 for a in small_areas()],
        dtype=np.int64,
    )
    return np.asarray(residential_weights() * boost, dtype=np.int64)


def write_geography(folder: Path) -> int:
    """The lookup of small areas to wards, district and force, and the ward boundaries."""
    boundaries = files("pipeline.demo") / "geography" / "ward_boundaries.json"
    (folder / "demo_ward_boundaries.geojson").write_bytes(boundaries.read_bytes())
    return write_rows(
        folder / "demo_geography.csv",
        (
            "LSOA Code",
            "LSOA Name",
            "Ward Code",
            "Ward Name",
            "District Code",
            "District Name",
            "Force Code",
            "Force Name",
        ),
        [
            (area.code, area.name, area.ward_code, area.ward_name, *WOLVERHAMPTON, *FORCE)
            for area in small_areas()
        ],
    )


def write_population(path: Path) -> int:
    """Residents and households; a field is empty where that table was not published for the year."""
    rows: list[tuple[str, ...]] = []
    for d in districts():
        rows.append((d.code, d.name, "2020", str(d.residents_2020), "", str(d.under_25_2020), ""))
        rows.append((d.code, d.name, "2021", str(d.residents), str(d.females), "", str(d.households)))
    total = districts()
    residents_2020 = sum(d.residents_2020 for d in total)
    under_25 = sum(d.under_25_2020 for d in total)
    residents = sum(d.residents for d in total)
    females = sum(d.females for d in total)
    households = sum(d.households for d in total)
    rows.append((*FORCE, "2020", str(residents_2020), "", str(under_25), ""))
    rows.append((*FORCE, "2021", str(residents), str(females), "", str(households)))
    for code, name in wards().items():
        living = sum(area.residents for area in small_areas() if area.ward_code == code)
        rows.append((code, name, "2021", str(living), "", "", ""))
    header = ("Area Code", "Area Name", "Year", "Residents", "Females", "Under 25", "Households")
    return write_rows(path, header, rows)
