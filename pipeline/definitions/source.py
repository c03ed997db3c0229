"""Sources: how each supplier's files map onto the curated contract."""

from datetime import date
from typing import Literal

from pydantic import Field

from pipeline.definitions.indicator import Model, Scalar


class Derived(Model):
    """A column of the file read into a curated column, with how its text becomes a value.

    A plain string in YAML is short for `{from: <header>}`.
    """

    from_: str | None = Field(None, alias="from", description="header of the file's column")
    constant: Scalar | None = Field(None, description="the same value for every row")
    values: dict[str, Scalar | None] | None = Field(
        None, description="how the file's values are written in the curated table; others are quarantined"
    )
    date_format: str | None = Field(None, description="strptime format of a date, e.g. %d/%m/%Y; default ISO")
    month_of: str | None = Field(None, description="the curated date column whose month it is")
    year_from: str | None = Field(None, description="header of the column with the year, where `from` has the month's number")
    hashed: bool = Field(False, description="a person or address reference: keyed hash on the way in")
    type: Literal["VARCHAR", "INTEGER", "DOUBLE", "DATE", "BOOLEAN"] | None = Field(
        None, description="type of a survey question or other column outside the contract"
    )
    empty: tuple[str, ...] = Field((), description="texts that mean: not recorded")


class Part(Model):
    """A further table that the same file fills."""

    contract: str = Field(description="victims, suspects or incidents")
    columns: dict[str, Derived | str] = Field({}, description="curated column -> file column")
    key: tuple[str, ...] = Field((), description="columns that tell its rows apart; rows where they are all empty are left out")
    rows: dict[str, tuple[Scalar, ...]] = Field(
        {}, description="only file rows with these values (file column -> values); they then stay out of the main table"
    )


class Unpivot(Model):
    """Columns of a wide table that become rows: each named column is an item of a return."""

    items: dict[str, str] = Field(description="item -> header of its column")
    name_to: str = "item"
    value_to: str = "value"
    missing: tuple[str, ...] = Field((), description="texts that mean: not available, e.g. [x]")


class Sheet(Model):
    """One sheet of a spreadsheet, or the whole of a text file, and what is fixed about it."""

    sheet: str | None = Field(None, description="name of the sheet; text files have none")
    header_row: int = Field(1, ge=1, description="row, counted from 1, that holds the headers")
    constants: dict[str, Scalar] = Field({}, description="curated columns with one value for the whole sheet")


class Wave(Model):
    """A survey's wave, by the days on which answers were given (both included)."""

    start: date
    end: date


class Accepted(Model):
    """A person's decision to take a delivery that is held, on record."""

    file: str = Field(description="file name of the delivery")
    by: str
    on: date
    reason: str


class Source(Model):
    """One kind of delivery."""

    id: str
    title: str = Field(description="as printed")
    supplier: str
    publisher_page: str = Field("", description="where the publisher offers it")
    licence: str = ""
    files: tuple[str, ...] = Field(description="path patterns, matched against the end of a file's path")
    format: Literal["csv", "xlsx", "geojson"] = "csv"
    encoding: Literal["utf-8", "cp1252", "latin-1", "utf-16"] = "utf-8"
    delimiter: str = ","
    contract: str = Field(description="the kind of curated table it fills")
    sheets: tuple[Sheet, ...] = Field((Sheet(),), description="sheets to read; each row of all of them is a record")
    columns: dict[str, Derived | str] = Field({}, description="curated column -> file column")
    ignored: tuple[str, ...] = Field((), description="headers known and not stored; others are reported, and not stored")
    unpivot: Unpivot | None = None
    parts: dict[str, Part] = {}
    rows: dict[str, tuple[Scalar, ...]] = Field({}, description="only file rows with these values are records of this source; others are counted as set aside")
    key: tuple[str, ...] = Field((), description="curated columns that tell rows apart; a row without them is never a duplicate")
    conflicts: Literal["keep_first", "keep_last", "quarantine"] = Field(
        "keep_last", description="which of several rows of one key with different contents counts"
    )
    geography: str | None = Field(None, description="the geography source that places an lsoa_code in a ward and district")
    roll_up: Literal["ward", "district"] | None = Field(
        None, description="sum rows of small areas to this level through `geography` (population)"
    )
    every_month: bool = Field(False, description="it delivers every month for every area, so a missing month is a gap")
    areas: Literal["rows", "partnership"] = Field("rows", description="whose months are watched: every district in its rows, or only the partnership's")
    sample_design: Literal["probability", "self_selected"] | None = None
    waves: dict[str, Wave] = Field({}, description="waves of a survey")
    published_on: date | None = Field(None, description="the supplier's own publication date of the latest file")
    accepted: tuple[Accepted, ...] = ()
    caveats: tuple[str, ...] = ()
