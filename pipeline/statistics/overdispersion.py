"""Overdispersion of a monthly series: how much more it varies than chance alone.

Model: quasi-Poisson, log-linear in a year effect and a month-of-year effect; the dispersion is
Pearson's chi-square over its degrees of freedom (McCullagh, P. and Nelder, J.A. 1989, Generalized
Linear Models, 2nd edition, sections 4.5 and 6.2). Year and month effects take out trend, change
and season, which are not noise. The fit is by margins: closed where every month is there, and by
iterative proportional fitting over the months that are (Deming and Stephan 1940; Bishop, Fienberg
and Holland 1975, section 5.2), which reaches the maximum likelihood of the same model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics.intervals import check_count
from pipeline.statistics.ratio import check_dispersion

MINIMUM_MONTHS = 36
"""Fewer observed months than this cannot measure dispersion."""

_ROUNDS = 500
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Dispersion:
    """A dispersion of 1 or more, and whether it was measured.

    `measured` False means the series could not say, and `value` is the declared one. `months` is
    how many months were observed.
    """

    value: float
    measured: bool
    months: int


def dispersion(series: Sequence[float | None], declared: float = 1.0, start_month: int = 1) -> Dispersion:
    """Return the dispersion of consecutive monthly counts after year and month-of-year effects.

    `series` holds one count per month, oldest first; None is a month not delivered, incomplete or
    inside a declared break, and is left out. `start_month` (1 to 12) is the calendar month of the
    first element and decides where its years begin: left at 1, years are counted from the first
    element. Measured from 36 observed months on, with a floor of 1; otherwise, or where the
    months leave no degrees of freedom, hold no events or lie so oddly that the fit does not
    settle, `declared` is returned as not measured.

    Raises ValueError for negative counts, `declared` under 1 or a start month outside 1 to 12.
    """
    check_dispersion(declared)
    cells = _cells(series, start_month)
    months = len(cells)
    if months < MINIMUM_MONTHS:
        return Dispersion(declared, False, months)
    cells = _without_empty_margins(cells)
    degrees = len(cells) - _rank(cells)
    if degrees <= 0:
        return Dispersion(declared, False, months)
    fitted = _fit(cells)
    if fitted is None:
        return Dispersion(declared, False, months)
    chi_square = sum((count - fitted[key]) ** 2 / fitted[key] for key, count in cells.items())
    return Dispersion(max(1.0, chi_square / degrees), True, months)


def _cells(series: Sequence[float | None], start_month: int) -> dict[tuple[int, int], float]:
    """Return the observed months as {(year, month of year): count}, years numbered from 0."""
    if not 1 <= start_month <= 12:
        raise ValueError(f"start_month must be from 1 to 12, got {start_month!r}")
    cells: dict[tuple[int, int], float] = {}
    for position, count in enumerate(series, start_month - 1):
        if count is not None:
            check_count(count, "a monthly count")
            cells[divmod(position, 12)] = float(count)
    return cells


def _margins(
    cells: dict[tuple[int, int], float],
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the totals by year and by month of year."""
    years: dict[int, float] = {}
    months: dict[int, float] = {}
    for (year, month), count in cells.items():
        years[year] = years.get(year, 0.0) + count
        months[month] = months.get(month, 0.0) + count
    return years, months


def _without_empty_margins(
    cells: dict[tuple[int, int], float],
) -> dict[tuple[int, int], float]:
    """Leave out years and months of the year with no events: their fit is exactly 0.

    One pass is enough: what is dropped holds no events, so no other total changes.
    """
    years, months = _margins(cells)
    return {key: n for key, n in cells.items() if years[key[0]] > 0 and months[key[1]] > 0}


def _rank(cells: dict[tuple[int, int], float]) -> int:
    """Return the number of free parameters: years + months of year - unconnected blocks.

    Years and months of the year are connected by the months observed; each block of connected
    ones has one constant too many.
    """
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for year, month in cells:
        parent[root(year)] = root(~month)  # years from 0 up, months of the year from -1 down
    return len(parent) - sum(1 for node, above in parent.items() if node == above)


def _fit(cells: dict[tuple[int, int], float]) -> dict[tuple[int, int], float] | None:
    """Return the fitted counts year effect * month effect with the observed margins.

    Where all months of all years are there, the first round is already the answer; None where
    the rounds run out.
    """
    years, months = _margins(cells)
    by_month = dict(months)
    for _ in range(_ROUNDS):
        totals = dict.fromkeys(years, 0.0)
        for year, month in cells:
            totals[year] += by_month[month]
        by_year = {year: years[year] / totals[year] for year in years}
        totals = dict.fromkeys(months, 0.0)
        for year, month in cells:
            totals[month] += by_year[year]
        renewed = {month: months[month] / totals[month] for month in months}
        moved = max(abs(renewed[m] - by_month[m]) / renewed[m] for m in months)
        by_month = renewed
        if moved < _TOLERANCE:
            return {(year, month): by_year[year] * by_month[month] for year, month in cells}
    return None
