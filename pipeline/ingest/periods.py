"""Periods: what a delivery is of, by the contract of its source, so that the same sent again is known.

A source of events delivers months, a survey its waves, a partner's return periods with their items and
areas, a population its years. Other tables have no period, and their rows only a key.
"""

from dataclasses import dataclass
from datetime import date

from pipeline.ingest.mapping import Mapping
from pipeline.model.period import format_month

PeriodId = date | str | int  # a month by its first day, a wave, the days of a return, a year


@dataclass(frozen=True, slots=True)
class Periods:
    """The SQL of a mapped row's period (`m`) and of its place in it, beside its district (`d`).

    `column` is the curated column that says the period, `type` the type of the SQL. `day` is the column
    with the day that a row is about, where there is one. `few_are_whole`: where few rows of a period are
    known, any number of rows replaces them; otherwise only the places are replaced that come again.
    """

    column: str
    period: str
    type: str
    place: str
    day: str | None
    few_are_whole: bool

    @property
    def word(self) -> str:
        """What such a period is called."""
        return "period" if self.column == "period_start" else self.column


DAYS = {
    "crimes": "recorded_on",
    "incidents": "recorded_on",
    "stops": "searched_on",
    "case_reviews": "applied_on",
    "responses": "completed_on",
}


def periods_of(mapping: Mapping) -> Periods | None:
    """The periods of a source; None where its rows are of none."""
    contract, names = mapping.contract.name, {column.name for column in mapping.main}
    day = DAYS.get(contract)
    if day not in names:
        day = None
    if "month" in names:
        return Periods("month", "m.month", "DATE", "d.district", day, few_are_whole=True)
    if contract == "responses" and "wave" in names:
        return Periods("wave", "m.wave", "VARCHAR", "d.district", day, few_are_whole=False)
    if contract == "returns" and {"item", "area_code", "period_start", "period_end"} <= names:
        days = "concat(m.period_start, ' to ', CAST(m.period_end - 1 AS DATE))"
        place = "concat(m.item, ', ', m.area_code)"
        return Periods("period_start", days, "VARCHAR", place, None, few_are_whole=False)
    if contract == "population" and {"area_code", "year"} <= names:
        return Periods("year", "m.year", "INTEGER", "m.area_code", None, few_are_whole=False)
    return None


def said(period: PeriodId) -> str:
    """A period as it is told."""
    return format_month(period) if isinstance(period, date) else str(period)
