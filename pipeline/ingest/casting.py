"""Casting: the SQL that makes a typed value of a text, and says what is wrong with one that is none."""

import re
from dataclasses import dataclass

from pipeline.definitions.indicator import Scalar
from pipeline.definitions.source import Derived
from pipeline.model.contract import Breach

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
ISO_DATE = "%Y-%m-%d"
MONTH = "month"  # the column of that name holds the first day of a month, whatever day the file has
TEXT = "text:"
DAY = re.compile(r"%-?[djxcauwUVW]")  # what says a day in a format of dates
WHOLE_NUMBER = "[-+]?[0-9]+"
GROUPED_NUMBER = "[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?"
FINANCIAL_YEAR = "[0-9]{4}/[0-9]{2}([0-9]{2})?"
ZONE = "Europe/London"  # where what happened happened: a moment is of the day that it was there
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
    least: float | None = None
    most: float | None = None
    past: Breach | None = None
    area: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        derived = self.derived
        return (derived.from_ or derived.month_of or ", ".join(derived.sum_of) or self.name).lstrip("=")


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
    return f'"{TEXT}' + quoted(header)[1:]


def trimmed(text: str) -> str:
    """The SQL of a text without outer spaces; null where nothing is left.

    Only a text that may have any is trimmed: trimming each of two million rows took as long as all
    else that is made of them.
    """
    may = f"{text} LIKE ' %' OR {text} LIKE '% ' OR strlen({text}) <> length({text})"
    return f"nullif(CASE WHEN {may} THEN trim({text}) ELSE {text} END, '')"


def recorded(derived: Derived) -> str:
    """The text of a column; the texts that mean `not recorded` are null."""
    text = text_of(derived.from_ or "")
    for empty in derived.empty:
        text = f"nullif({text}, {literal(empty)})"
    return text


def span(column: MappedColumn, number: str) -> str:
    """The SQL that is true of a number, or a day, inside what the column may hold."""
    if column.type == "DATE":
        return f"year({number}) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}"
    bounds = ((">=", column.least), ("<=", column.most))
    return " AND ".join(f"{number} {sign} {bound:g}" for sign, bound in bounds if bound is not None)


def typed(column: MappedColumn) -> str:
    """The SQL of a column's value; null where its text is none."""
    value, derived = _value(column), column.derived
    if derived.from_ is None or derived.invalid == "quarantined":
        return value
    allowed = derived.allowed or (() if derived.values else column.values)
    if allowed:
        return f"CASE WHEN {value} IN ({', '.join(map(literal, allowed))}) THEN {value} END"
    inside = span(column, value)
    return f"CASE WHEN {inside} THEN {value} END" if inside else value


def _value(column: MappedColumn) -> str:
    derived = column.derived
    if derived.sum_of:
        added = " + ".join(f"({_number(text_of(name), derived, 'DOUBLE')})" for name in derived.sum_of)
        return f"CAST({added} AS {column.type})"
    if derived.from_ is None:
        constant = f"CAST({literal(derived.constant)} AS {column.type})"
        return _month_of(constant) if _is_month(column) else constant
    text = recorded(derived)
    if derived.values:
        cases = " ".join(f"WHEN {literal(k)} THEN {literal(v)}" for k, v in derived.values.items())
        return f"CAST(CASE {text} {cases} END AS {column.type})"
    if derived.time_format:
        return f"CAST(hour({_moment(text, derived.time_format)}) AS INTEGER)"
    if column.type == "DATE":
        day = _day(text, derived)
        if derived.plus_months:
            day = f"CAST({day} + INTERVAL {derived.plus_months} MONTH AS DATE)"
        day = f"{day} + {derived.plus_days}" if derived.plus_days else day
        return _month_of(day) if _is_month(column) and _has_days(derived) else day
    if column.type in ("INTEGER", "DOUBLE"):
        return _number(text, derived, column.type)
    return text if column.type == "VARCHAR" else f"try_cast({text} AS {column.type})"


def _is_month(column: MappedColumn) -> bool:
    return column.name == MONTH and column.type == "DATE"


def _month_of(day: str) -> str:
    """The first day of a day's month, which is how a month is stored."""
    return f"CAST(date_trunc('month', {day}) AS DATE)"


def _has_days(derived: Derived) -> bool:
    """Whether a date may be another day of its month than the first."""
    if derived.plus_days or derived.serial:
        return True
    return not derived.counted_from and bool(DAY.search(derived.date_format or ISO_DATE))


def _day(text: str, derived: Derived) -> str:
    if derived.year_from:
        return _first_of_month(text, text_of(derived.year_from))
    if derived.quarter_from:
        return _first_of_quarter(text, text_of(derived.quarter_from))
    day = f"CAST({_moment(text, derived.date_format or ISO_DATE)} AS DATE)"
    return _serial_day(text, derived.serial, day) if derived.serial else day


def _moment(text: str, written: str) -> str:
    """The moment that a text names; one with an offset from UTC, as the clocks here showed it."""
    moment = f"try_strptime({text}, {literal(written)})"
    return f"({moment} AT TIME ZONE '{ZONE}')" if "%z" in written else moment


def _number(text: str, derived: Derived, type_: str) -> str:
    if derived.thousands:
        plain = f"replace({text}, {literal(derived.thousands)}, '')"
        text = f"CASE WHEN regexp_full_match({text}, '{GROUPED_NUMBER}') THEN {plain} ELSE {text} END"
    number = f"try_cast({text} AS {type_})"
    if type_ == "INTEGER":
        return f"CASE WHEN regexp_full_match({text}, '{WHOLE_NUMBER}') THEN {number} END"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _first_of_month(month: str, year: str) -> str:
    number = f"try_cast({month} AS INTEGER)"
    valid = f"regexp_full_match({month}, '[0-9]+') AND regexp_full_match({year}, '[0-9]{{4}}')"
    whole = f"CASE WHEN {valid} AND {number} BETWEEN 1 AND 12"
    return f"{whole} THEN make_date(try_cast({year} AS INTEGER), {number}, 1) END"


def _first_of_quarter(year: str, quarter: str) -> str:
    """The first day of a quarter of a financial year, which begins in April: 2017/18 and 4 is 2018-01-01."""
    number = f"try_cast({quarter} AS INTEGER)"
    valid = f"regexp_full_match({year}, '{FINANCIAL_YEAR}') AND regexp_full_match({quarter}, '[1-4]')"
    first = f"make_date(try_cast(left({year}, 4) AS INTEGER), 4, 1)"
    return f"CASE WHEN {valid} THEN CAST({first} + to_months(3 * ({number} - 1)) AS DATE) END"


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
    if derived.quarter_from:
        return f"not a financial year, such as 2017/18, with a quarter from 1 to 4 in {derived.quarter_from}"
    if derived.time_format:
        return f"not a time written {derived.time_format}"
    return {
        "DATE": f"not a date written {derived.date_format or ISO_DATE}",
        "INTEGER": "not a whole number",
        "DOUBLE": "not a number",
        "BOOLEAN": "neither true nor false",
    }[column.type]
