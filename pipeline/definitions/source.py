"""Sources: how each supplier's files map onto the curated contract."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.definitions.indicator import MONTH, Model, Scalar

DELIMITER = r'^[^"\r\n]$'


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
    serial: Literal[1900, 1904] | None = Field(
        None, description="whole numbers are spreadsheet days, counted from this year; else they are no dates"
    )
    month_of: str | None = Field(None, description="the curated date column whose month it is")
    year_from: str | None = Field(
        None, description="header of the column with the year, where `from` has the month's number"
    )
    time_format: str | None = Field(
        None, description="strptime format of a time of day, of which the hour is kept, e.g. %H:%M"
    )
    quarter_from: str | None = Field(
        None,
        description="header of the column with the financial quarter, 1 to 4, where `from` has the financial "
        "year, e.g. 2017/18; the date is the quarter's first day",
    )
    sum_of: tuple[str, ...] = Field(
        (), description="headers of columns that are added up, e.g. one for each year of age"
    )
    thousands: Literal[","] | None = Field(None, description="what groups the digits of numbers: 16,149")
    by_name: Literal["ward", "district"] | None = Field(
        None,
        description="`from` has the name of such an area; its code is the one that `geography` has for that "
        "name in the row's district",
    )
    plus_days: int = Field(
        0, description="days added to a date: 1 where the file gives the last day of a period"
    )
    plus_months: int = Field(
        0, description="months added to a date: 3 where the file gives the first day of a quarter"
    )
    allowed: tuple[str, ...] = Field(
        (), description="the only values the file may hold; rows with others are quarantined"
    )
    hashed: bool = Field(False, description="a person or address reference: keyed hash on the way in")
    type: Literal["VARCHAR", "INTEGER", "DOUBLE", "DATE", "BOOLEAN"] | None = Field(
        None, description="type of a survey question or other column outside the contract"
    )
    empty: tuple[str, ...] = Field((), description="texts that mean: not recorded")

    @property
    def counted_from(self) -> str | None:
        """The header of the year, or of the quarter, beside which `from` is read."""
        return self.year_from or self.quarter_from

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header of the file that the column is made of."""
        return tuple(name for name in (self.from_, self.counted_from, *self.sum_of) if name)

    least: float | None = Field(
        None, description="the least number that a row may have, in place of the usual"
    )
    most: float | None = Field(None, description="the most that a row may have, in place of the usual")
    required: bool = Field(False, description="rows in which it is empty are quarantined")
    invalid: Literal["quarantined", "not_recorded"] = Field(
        "quarantined",
        description="what becomes of a row with a text that is no value, or none that is allowed: it is "
        "quarantined, or counts, and the value is not recorded; how many is told",
    )


class Part(Model):
    """A further table that the same file fills."""

    contract: str = Field(description="victims, suspects or incidents")
    columns: dict[str, Derived | str] = Field({}, description="curated column -> file column")
    key: tuple[str, ...] = Field(
        (),
        description="headers that tell its rows apart within a row of the main table; "
        "rows where they are all empty are left out",
    )
    rows: dict[str, tuple[Scalar, ...]] = Field(
        {},
        description="only file rows with these values (file column -> values); "
        "they then stay out of the main table",
    )


class Unpivot(Model):
    """Columns of a wide table that become rows: each named column is an item of a return."""

    items: dict[str, str] = Field(description="item -> header of its column")
    name_to: str = Field("item", description="the column that receives the item")
    value_to: str = Field("value", description="the column that receives the figure")
    missing: tuple[str, ...] = Field((), description="texts that mean: not available, e.g. [x]")


class Sheet(Model):
    """One sheet of a spreadsheet, or the whole of a text file, and what is fixed about it."""

    file: str = Field("*", description="the files that have it, by a pattern of their names")
    sheet: str | None = Field(None, description="name of the sheet; text files have none")
    header_row: int = Field(1, ge=1, description="row, counted from 1, that holds the headers")
    last_row: int | None = Field(None, description="last row of its table, where other things follow it")
    constants: dict[str, Scalar] = Field({}, description="curated columns with one value for the whole sheet")
    columns: tuple[str, ...] = Field(
        (), description="the curated columns it fills, where they are not all of the source's"
    )


class Format(Model):
    """What files of another time, or of another name, have otherwise than the source says."""

    file: str = Field("*", description="the files it is of, by a pattern of their names")
    valid_from: date | None = Field(None, description="the first day on which such files were received")
    valid_until: date | None = Field(None, description="the last day on which such files were received")
    encoding: Literal["utf-8", "cp1252", "latin-1", "utf-16"] | None = Field(
        None, description="how their text is encoded"
    )
    delimiter: Annotated[str, Field(pattern=DELIMITER)] | None = Field(
        None, description="the one character that separates their columns"
    )
    columns: dict[str, Derived | str] = Field(
        {}, description="curated columns that they have under other headers, or written in another way"
    )
    headers: dict[str, str] = Field(
        {},
        description="headers that `rows`, `present`, `grain` and `parts` name -> the headers of these files",
    )


class Footer(Model):
    """Lines at the end of a file that are no records, and what they say of the records."""

    starts_with: tuple[str, ...] = Field(description="how the first value of such a line begins, e.g. Total")
    required: bool = Field(True, description="a file without it is cut short, and is refused")
    records: str | None = Field(
        None, description="header under which such a line has the number of the records"
    )
    sums: tuple[str, ...] = Field(
        (), description="headers under which such a line has the sum of the records' values"
    )

    def begins(self, record: Sequence[str]) -> bool:
        """Whether a record is such a line, by its first value."""
        marks = tuple(mark.casefold() for mark in self.starts_with)
        return bool(record) and record[0].strip().casefold().startswith(marks)


class Wave(Model):
    """A survey's wave, by the days on which answers were given (both included)."""

    start: date = Field(description="first day")
    end: date = Field(description="last day")


class Accepted(Model):
    """A person's decision to take a delivery as it is, on record."""

    file: str = Field(
        description="id of the delivery; or its file name, which means the first held delivery so called, "
        "else the last that had come when it was decided"
    )
    by: str = Field(description="who decided")
    on: date = Field(description="the day of the decision")
    reason: str = Field(description="why it is taken as it is")


class DecidedMonths(Model):
    """Months of which a person decided that they are whole, or that they are not."""

    months: tuple[Annotated[str, Field(pattern=rf"^{MONTH}$")], ...] = Field(
        description="the months, as YYYY-MM"
    )
    areas: tuple[str, ...] = Field((), description="codes of the districts; all of them where none is named")
    by: str = Field(description="who decided")
    on: date = Field(description="the day of the decision")
    reason: str = Field(description="how it is known")


class Expected(Model):
    """What one supplier has agreed to deliver, how often, and by when."""

    supplier: str = Field(description="who owes it, as printed")
    contact: str = Field("", description="whom to ask for it: a role, never a person's name")
    every: Literal["month", "quarter", "calendar_year", "financial_year"] = Field(
        description="one for each month, quarter of three months from January, or year"
    )
    due_days: int = Field(ge=0, description="days after the end of a period by which it is due")
    since: Annotated[str, Field(pattern=rf"^{MONTH}$")] = Field(
        description="first month of the first period that it is owed for, as YYYY-MM"
    )
    until: Annotated[str, Field(pattern=rf"^{MONTH}$")] | None = Field(
        None, description="last month of the last such period; left out: it goes on"
    )
    first_due: date | None = Field(
        None, description="no return is due before this day, where it was agreed after the first periods"
    )
    items: tuple[str, ...] = Field(
        (), description="the items of a source of `returns`; none for a source that delivers whole files"
    )
    areas: tuple[str, ...] = Field(
        (), description="codes of the areas that each item is reported for; by default the partnership's"
    )


class Source(Model):
    """One kind of delivery."""

    id: str = Field(description="its key in the file")
    like: str | None = Field(
        None, description="the built-in mapping that it begins with; what it says itself goes over that"
    )
    title: str = Field(description="as printed")
    supplier: str = Field(description="who delivers it")
    publisher_page: str = Field("", description="where the publisher offers it")
    licence: str = Field("", description="as printed in the provenance")
    files: tuple[str, ...] = Field(description="path patterns, matched against the end of a file's path")
    encoding: Literal["utf-8", "cp1252", "latin-1", "utf-16"] = Field(
        "utf-8", description="how the text of its files is encoded"
    )
    delimiter: str = Field(
        ",",
        pattern=DELIMITER,
        description="the one character that separates the columns of a text file; none is a quotation mark",
    )
    contract: str = Field(description="the kind of curated table it fills")
    sheets: tuple[Sheet, ...] = Field(
        (Sheet(),), description="sheets to read; each row of all of them is a record"
    )
    columns: dict[str, Derived | str] = Field({}, description="curated column -> file column")
    codes: dict[str, tuple[str, ...]] = Field(
        {},
        description="curated column -> the code lists that, with those that indicators read, hold every code "
        "it may have; rows with others are loaded, and told with the indicators that may miss them",
    )
    formats: tuple[Format, ...] = Field(
        (), description="how other files are mapped; the first that fits a file holds, else the source itself"
    )
    footer: Footer | None = Field(None, description="lines at the end that are no records, such as totals")
    allow_empty: bool = Field(
        False, description="a file without a record says that there is nothing; otherwise it is refused"
    )
    ignored: tuple[str, ...] = Field(
        (),
        description="headers known and not stored; others are reported, and not stored. "
        '"" stands for columns without a header, which are refused otherwise',
    )
    unpivot: Unpivot | None = Field(None, description="columns of a wide table that become rows")
    parts: dict[str, Part] = Field({}, description="further tables that the same file fills, by name")
    rows: dict[str, tuple[Scalar, ...]] = Field(
        {},
        description="only file rows with these values are records of this source; "
        "others are counted as set aside",
    )
    present: tuple[str, ...] = Field(
        (),
        description="headers under which every record has a value; rows without one are "
        "subtotals or notes, and are counted as set aside",
    )
    key: tuple[str, ...] = Field(
        (), description="curated columns that tell rows apart; a row without them is never a duplicate"
    )
    grain: tuple[str, ...] = Field(
        (),
        description="headers that, with the key, tell records apart where a file has several records "
        "for one row of the main table, e.g. Victim Number and Suspect Number",
    )
    redelivers: Literal["whole_months", "single_rows"] = Field(
        "whole_months",
        description="what a later delivery holds: every row of each period in it (a month in a district, a "
        "wave, the days of a return, a year), so that earlier rows it lacks are gone, or only further rows",
    )
    conflicts: Literal["keep_first", "keep_last", "quarantine", "add_up"] = Field(
        "keep_last",
        description="which of several rows of one key with different contents counts; add_up: their figures "
        "are added up, where a publisher prints one figure in several rows",
    )
    geography: str | None = Field(
        None, description="the geography source that places an lsoa_code in a ward and district"
    )
    roll_up: Literal["ward", "district"] | None = Field(
        None, description="sum rows of small areas to this level through `geography` (population)"
    )
    every_month: bool = Field(
        False, description="it delivers every month for every area, so a missing month is a gap"
    )
    months_in_name: Annotated[str, Field(pattern=r"^[^%]*(%[Yym][^%]*)+$")] | None = Field(
        None,
        description="how a file's name says which months it is of, e.g. %Y-%m, twice for a first and a last; "
        "rows of other months are quarantined",
    )
    areas: Literal["rows", "partnership"] = Field(
        "rows",
        description="whose months are watched: every district of the force in its rows, "
        "or only the partnership's",
    )
    sample_design: Literal["probability", "self_selected"] | None = Field(
        None, description="how respondents came into a survey; self_selected has no margins of error"
    )
    waves: dict[str, Wave] = Field({}, description="waves of a survey")
    published_on: date | None = Field(
        None, description="the supplier's own publication date of the latest file"
    )
    retain_months: int | None = Field(
        None,
        ge=0,
        description="months after receipt for which an extract may be kept; past the end of the last, every "
        "ingest says that it is to be purged",
    )
    accepted: tuple[Accepted, ...] = Field(
        (), description="deliveries that a person took although they are held"
    )
    accepted_months: tuple[DecidedMonths, ...] = Field(
        (),
        description="months that are whole although they are far below their neighbours, or have no row at "
        "all: nothing happened, and that is a zero",
    )
    incomplete: tuple[DecidedMonths, ...] = Field(
        (),
        description="months known to be incomplete although their counts do not show it; their figures are "
        "not compared",
    )
    expected: tuple[Expected, ...] = Field(
        (),
        description="what its suppliers have agreed to deliver, and by when; `assessment returns` says "
        "what has come",
    )
    caveats: tuple[str, ...] = Field((), description="what a reader of any of its figures must know")


def places_table(geography: str) -> str:
    """The table, made while a warehouse is built, with one row for each small area of a geography source."""
    return f"places:{geography}"
