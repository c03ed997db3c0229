"""Which periods an indicator is computed for: its current window, its references, its month points."""

import re
from datetime import date, timedelta

from pipeline.definitions.indicator import Compare, Indicator, Window
from pipeline.definitions.source import Source
from pipeline.model.period import Period, add_months, month_of, parse_month

MONTH_POINTS = 60
"""At most so many months are computed one by one, the last ones."""


def period_ending(window: Window, last_month: date) -> Period:
    """The window's latest period that ends in `last_month` or before it.

    Financial years end in March, calendar years in December, quarters in the last month of a calendar
    quarter (they are the quarters of the financial year too). A year to date begins in April.
    Raises ValueError for a wave, whose periods its source declares.
    """
    basis = window.basis
    match window.kind:
        case "rolling":
            return Period.ending(last_month, window.months, basis)
        case "year_ending":
            return Period.ending(last_month, 12, basis)
        case "month":
            return Period.month(last_month)
        case "financial_year":
            return Period.ending(add_months(last_month, -((last_month.month - 3) % 12)), 12, basis)
        case "calendar_year":
            return Period.ending(add_months(last_month, -(last_month.month % 12)), 12, basis)
        case "financial_quarter" | "calendar_quarter":
            return Period.ending(add_months(last_month, -(last_month.month % 3)), 3, basis)
        case "ytd":
            return Period.ending(last_month, (last_month.month - 4) % 12 + 1, basis)
        case "wave":
            raise ValueError("the periods of waves are those its source declares")


def wave_periods(source: Source) -> dict[str, Period]:
    """The period of each wave that a survey declares, in the order declared: the months it touches."""
    return {
        name: Period(month_of(wave.start), add_months(month_of(wave.end), 1), "wave")
        for name, wave in source.waves.items()
    }


def reference_period(
    compare: Compare, window: Window, period: Period, waves: tuple[Period, ...] = ()
) -> Period | None:
    """The period that the comparator sets beside `period`, of the same length and basis.

    None where it needs no other period (a position) or there is none (the first wave).
    """
    match compare.to:
        case "previous_year" | "same_quarter_last_year" | "change_of":
            return None if period.basis == "wave" else period.shifted(-12)
        case "period" | "baseline":
            return period_ending(window, parse_month(compare.ending)) if compare.ending else None
        case "previous_wave":
            earlier = [wave for wave in waves if wave.end <= period.start]
            return max(earlier, default=None)
        case _:
            return None


def published_period(window: Window, text: str) -> Period | None:
    """The period that a publication names: `2021-22`, or the month `2022-09` that ends the window.

    None for waves, which are computed as their source declares them, and for text that names no period.
    """
    if window.kind == "wave" or re.fullmatch(r"\d{4}-\d{2}", text) is None:
        return None
    first, second = int(text[:4]), int(text[5:])
    if second == (first + 1) % 100 and window.kind == "financial_year":
        return period_ending(window, date(first + 1, 3, 1))
    if 1 <= second <= 12:
        return period_ending(window, date(first, second, 1))
    return Period.ending(date(first + 1, 3, 1), 12, window.basis) if second == (first + 1) % 100 else None


def other_periods(indicator: Indicator, current: Period) -> tuple[Period, ...]:
    """The further windows to compute: those asked for (`also`) and those published before.

    Where the window ends at the latest month, nothing later than it is computed.
    """
    window = indicator.window
    wanted = [period_ending(window, parse_month(month)) for month in window.also]
    for published in indicator.published:
        named = published_period(window, published.period)
        if named is not None:
            wanted.append(named)
    anywhere = window.named_month is not None
    return tuple(period for period in dict.fromkeys(wanted) if anywhere or period.end <= current.end)


def compared_periods(indicator: Indicator, current: Period) -> tuple[Period, ...]:
    """The windows that changes are computed for: the current one, and those whose change was published."""
    window = indicator.window
    named = (published_period(window, p.period) for p in indicator.published if p.changes)
    return tuple(dict.fromkeys([current, *(period for period in named if period is not None)]))


def windows(indicator: Indicator, current: Period) -> tuple[Period, ...]:
    """Every window to compute, the current one first: with references, as asked and as published.

    A reference is earlier than what is compared with it, so none is later than the current window.
    """
    found = [current, *other_periods(indicator, current)]
    for period in compared_periods(indicator, current):
        for compare in indicator.compare:
            reference = reference_period(compare, indicator.window, period)
            if reference is not None and reference < period:
                found.append(reference)
    return tuple(dict.fromkeys(found))


def month_points(first: date | None, last: date) -> tuple[Period, ...]:
    """The months from `first` to `last`, both included, at most the last 60."""
    if first is None or first > last:
        return ()
    earliest = max(first, add_months(last, 1 - MONTH_POINTS))
    length = (last.year - earliest.year) * 12 + last.month - earliest.month + 1
    return tuple(Period.month(add_months(earliest, n)) for n in range(length))


def after(day: date, lag: str) -> date:
    """The day so many weeks (`6w`) or months (`2m`) after the first of a month."""
    count, unit = int(lag[:-1]), lag[-1]
    return day + timedelta(weeks=count) if unit == "w" else add_months(day, count)


def is_published(month: date, lag: str, as_at: date) -> bool:
    """Whether a month had ended and its lag had passed by the end of the day `as_at`."""
    return after(add_months(month, 1), lag) <= as_at + timedelta(days=1)
