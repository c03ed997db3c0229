"""Areas: the places that figures are about."""

from dataclasses import dataclass
from enum import StrEnum


class AreaKind(StrEnum):
    """What an area is; it decides the column of a curated table that places a row in it."""

    DISTRICT = "district"  # district_code
    FORCE = "force"  # every row of the source, located or not; also districts of it taken together
    WARD = "ward"  # ward_code
    LSOA = "lsoa"  # lsoa_code


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """One place: its ONS code, its name and its kind."""

    code: str
    name: str
    kind: AreaKind
