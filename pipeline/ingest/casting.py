"""Casting: the SQL that makes a typed value of a text, and says what is wrong with one that is none."""

from dataclasses import dataclass

from pipeline.definitions.indicator import Scalar
from pipeline.definitions.source import Derived

ISO_DATE = "%Y-%m-%d"
WHOLE_NUMBER = "[-+]?[0-9]+"
# Spreadsheets of the 1900 kind have a 29 February 1900, so their days are counted right from day 61 on.
DAY_BEFORE_SERIALS = {1900: ("1899-12-30", 61), 1904: ("1904-01-01", 0)}
LAST_SERIAL = 2958465


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of the mapped rows: its name there, where it comes from, its contract."""

    name: str
    derived: Derived
    type: str
    required: bool
    values: tuple[str, ...]

    @property
    def header(self) -> str:
        return (self.derived.from_ or self.derived.month_of or self.name).lstrip("=")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Scalar | None) -> str:
    """A value of config/ as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def text_of(header: str) -> str:
    """The mapped rows' column that holds the trimmed text under a header."""
    return quoted(f"text:{header}")


def recorded(derived: Derived) -> str:
    """The text of a column; the texts that mean `not recorded` are null."""
    text = text_of(derived.from_ or "")
    for empty in derived.empty:
        text = f"nullif({text}, {literal(empty)})"
    return text


def typed(column: MappedColumn) -> str:
    derived = column.derived
    if derived.from_ is None:
        return f"CAST({literal(derived.constant)} AS {column.type})"
    text = recorded(derived)
    if derived.values:
        cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in derived.values.items())
        return f"CAST(CASE {text} {cases} END AS {column.type})"
    if derived.year_from:
        return _first_of_month(text, text_of(derived.year_from))
    if derived.time_format:
        return f"CAST(hour(try_strptime({text}, {literal(derived.time_format)})) AS INTEGER)"
    if column.type == "DATE":
        day = f"CAST(try_strptime({text}, {literal(derived.date_format or ISO_DATE)}) AS DATE)"
        if derived.serial:
            day = _serial_day(text, derived.serial, day)
        return f"{day} + {derived.plus_days}" if derived.plus_days else day
    if column.type == "INTEGER":
        number = f"try_cast({text} AS INTEGER)"
        return f"CASE WHEN regexp_full_match({text}, '{WHOLE_NUMBER}') THEN {number} END"
    if column.type == "DOUBLE":
        number = f"try_cast({text} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    return text if column.type == "VARCHAR" else f"try_cast({text} AS {column.type})"


def _first_of_month(month: str, year: str) -> str:
    number = f"try_cast({month} AS INTEGER)"
    valid = f"regexp_full_match({month}, '[0-9]+') AND regexp_full_match({year}, '[0-9]{{4}}')"
    whole = f"CASE WHEN {valid} AND {number} BETWEEN 1 AND 12"
    return f"{whole} THEN make_date(try_cast({year} AS INTEGER), {number}, 1) END"


def _serial_day(text: str, epoch: int, otherwise: str) -> str:
    before, first = DAY_BEFORE_SERIALS[epoch]
    number = f"CAST(floor(try_cast({text} AS DOUBLE)) AS INTEGER)"
    is_serial = f"regexp_full_match({text}, '[0-9]{{1,7}}([.][0-9]+)?')"
    day = f"CASE WHEN {number} BETWEEN {first} AND {LAST_SERIAL} THEN DATE '{before}' + {number} END"
    return f"CASE WHEN {is_serial} THEN {day} ELSE {otherwise} END"


def expected(column: MappedColumn) -> str:
    derived = column.derived
    if derived.serial:
        written = derived.date_format or ISO_DATE
        return f"neither a day's number counted from {derived.serial} nor a date written {written}"
    if derived.year_from:
        return f"not a month's number with a year in {derived.year_from}"
    if derived.time_format:
        return f"not a time written {derived.time_format}"
    return {
        "DATE": f"not a date written {derived.date_format or ISO_DATE}",
        "INTEGER": "not a whole number",
        "DOUBLE": "not a number",
        "BOOLEAN": "neither true nor false",
    }[column.type]
