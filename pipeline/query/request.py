"""What the compiler is asked for: which rows, which places, which periods, how fine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pipeline.definitions.indicator import Indicator


class Side(StrEnum):
    """Which side of a ratio the rows of a table are counted on; every other measure counts both."""

    BOTH = "both"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Table:
    """One curated table that holds rows of the indicator, with the DuckDB type of each column.

    `area_code` is the area of every row of a table that has no `district_code` of its own.
    """

    name: str
    types: Mapping[str, str]
    area_code: str
    side: Side = Side.BOTH

    @property
    def has_quantity(self) -> bool:
        """Whether a row may stand for several crimes; otherwise it stands for one."""
        return "quantity" in self.types


class Level(StrEnum):
    """Which rows belong to a place."""

    EVERYTHING = "everything"  # every row of the source, located or not
    DISTRICTS = "districts"  # rows of its member districts
    WARDS = "wards"  # rows of its member wards
    LSOAS = "lsoas"  # rows of its member small areas
    UNLOCATED = "unlocated"  # rows with no district
    ELSEWHERE = "elsewhere"  # rows of any district that is not a member


@dataclass(frozen=True)
class Place:
    """Rows counted together under one key.

    `detail` is how fine its figures are wanted: 0 totals of windows; 1 also their categories, and totals
    of months; 2 also categories of months. `base_codes` are the areas whose population is its own.
    """

    key: str
    level: Level
    members: tuple[str, ...] = ()
    detail: int = 0
    base_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """One period under a key: whole months from `start` to before `end`, or one survey wave.

    `detail` is 0 for a window and 1 for a month point. `base_year` is the year of the population it is
    divided by; None where there is none.
    """

    key: str
    start: date
    end: date
    detail: int = 0
    wave: str | None = None
    base_year: int | None = None


@dataclass(frozen=True)
class Request:
    """One indicator over places and periods. All spans are waves, or none is.

    `validity` says, by code list and code, when a code is in force: from the first month (included) to the
    second (excluded); a code that is not there always is.
    """

    indicator: Indicator
    tables: tuple[Table, ...]
    places: tuple[Place, ...]
    spans: tuple[Span, ...]
    codelists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    validity: Mapping[str, Mapping[str, tuple[date | None, date | None]]] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, str]:
        """The type of each column, from the first table that has it."""
        merged: dict[str, str] = {}
        for table in reversed(self.tables):
            merged.update(table.types)
        return merged

    @property
    def by_wave(self) -> bool:
        """Whether the periods are survey waves."""
        return any(span.wave is not None for span in self.spans)
