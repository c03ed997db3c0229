"""From profiles and a suite to the small frames that Great Expectations judges, and what it expects of them.

Each frame has one line for each figure to judge, with the delivery it is of and the sentence that says
what is wrong where it is not as expected. A figure with nothing to compare it with is null, and not judged.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from pipeline.definitions.expectations import Suite
from pipeline.model.period import Period, add_months, format_month
from pipeline.quality.profile import Profile
from pipeline.statistics.neighbours import usual

MOST_DELIVERIES = 5  # that say how many records are usual: more than one, so that a slide is seen


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one delivery; `reason` is what to say where it is outside what is expected."""

    delivery: str
    figure: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: the figures of a frame are from `low` to `high`, or strictly between them."""

    name: str
    words: str
    low: float | None
    high: float | None
    lines: tuple[Line, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A delivery, those it is compared with, oldest first, and all that counted before it."""

    profile: Profile
    recent: tuple[Profile, ...]
    before: tuple[Profile, ...]

    @property
    def last(self) -> Profile | None:
        """The last delivery that it is compared with."""
        return self.recent[-1] if self.recent else None


def compared(suite: Suite, profiles: Sequence[Profile], new: set[str], held: set[str]) -> list[Compared]:
    """Each new delivery with the last ones before it that are not held."""
    found = []
    counting: list[Profile] = []
    for profile in profiles:
        if profile.delivery in new:
            earlier = [
                p
                for p in counting
                if suite.compared_with == "last_delivery" or p.supplier == profile.supplier
            ]
            found.append(Compared(profile, tuple(earlier[-MOST_DELIVERIES:]), tuple(counting)))
        if profile.delivery not in held:
            counting.append(profile)
    return found


def expectations(suite: Suite, deliveries: Sequence[Compared]) -> list[Expected]:
    """Every expectation of a suite, always in the same order, each with its frame over the deliveries."""

    def expected(
        name: str,
        words: str,
        lines: Callable[[Compared], Iterator[Line]],
        low: float | None = None,
        high: float | None = None,
        strict: bool = False,
    ) -> Expected:
        return Expected(
            name, words, low, high, tuple(line for one in deliveries for line in lines(one)), strict
        )

    per = " per period" if suite.rows.per == "period" else ""
    found = [
        expected(
            "rows against the last deliveries",
            f"more than {_number(suite.rows.above)} and fewer than {_number(suite.rows.below)} times the "
            f"records{per} of the last {'deliveries' if per else 'delivery'}",
            lambda one: _rows(one, suite.rows.per == "period"),
            suite.rows.above,
            suite.rows.below,
            strict=True,
        ),
        expected(
            "records that break a row rule",
            f"at most {_number(suite.quarantined_at_most)} % of the records break a row rule",
            _faulty,
            high=suite.quarantined_at_most,
        ),
        expected(
            "control total of the supplier",
            "as many records as the supplier says",
            lambda one: _control_total(one, suite.control_totals == "required"),
            0,
            0,
        ),
    ]
    if suite.months:
        areas = suite.months.areas
        if suite.months.every or areas:
            in_areas = f", each with rows of {', '.join(areas)}" if areas else ""
            found.append(
                expected(
                    "months and areas present",
                    f"every month from its first to its last{in_areas}",
                    lambda one: _present(one, suite),
                    low=1,
                )
            )
        if band := suite.months.band:
            found.append(
                expected(
                    "rows of each month and area",
                    f"in each month and area more than {_number(band.above)} and fewer than "
                    f"{_number(band.below)} times the median of the twelve nearest months",
                    lambda one: _typical_months(one, areas, suite.fewest_rows),
                    band.above,
                    band.below,
                    strict=True,
                )
            )
    return [*found, *_of_columns(suite, expected)]


def _of_columns(suite: Suite, expected: Callable[..., Expected]) -> Iterator[Expected]:
    """Completeness, shares and codes, column by column."""
    for column, complete in suite.complete.items():
        if complete.at_least:
            yield expected(
                f"completeness of {column}",
                f"{_said(column)}: at least {_number(complete.at_least)} % of the rows have a value",
                lambda one, column=column: _completeness(one, column),
                low=complete.at_least,
            )
        if complete.change is not None:
            yield expected(
                f"change in the completeness of {column}",
                f"{_said(column)}: the share recorded within {_number(complete.change)} percentage points "
                "of the last delivery",
                lambda one, column=column: _completeness_change(one, column, suite.fewest_rows),
                -complete.change,
                complete.change,
            )
    for column, shares in suite.shares.items():
        yield expected(
            f"shares of {column}",
            f"{_said(column)}: the share of each value, and of not recorded, within "
            f"{_number(shares.change)} percentage points of the last delivery",
            lambda one, column=column: _share_changes(one, column, suite.fewest_rows),
            -shares.change,
            shares.change,
        )
    for column, codes in suite.codes.items():
        yield expected(
            f"codes of {column}",
            f"{_said(column)}: at most {_number(codes.at_most)} % of the rows have a code that is not in "
            f"{' or '.join(codes.lists)}",
            lambda one, column=column: _unlisted(one, column),
            high=codes.at_most,
        )


# -- the delivery as a whole ------------------------------------------------------------------------


def _rows(one: Compared, per_period: bool) -> Iterator[Line]:
    """The records against the median of the last deliveries, per period; else against the last, as it is.

    One that has everything so far grows, so that only the last says how many there should be.
    """
    profile, last = one.profile, one.last
    if last is None:
        yield Line(profile.delivery, None, "")
        return
    then = one.recent if per_period else (last,)
    by_period = per_period and all(known.periods for known in (profile, *then))
    now, *rates = (p.records / p.periods if by_period else p.records for p in (profile, *then))
    typical = median(rates)
    if len(then) == 1:
        told = f"{profile.records:,} records against {last.records:,} of {last.delivery}, the last delivery"
        if by_period and profile.periods != last.periods:
            told += f", in {_counted(profile.periods)} against {_counted(last.periods)}"
    else:
        each = " a period" if by_period else ""
        told = f"{now:,.0f} records{each} against a median of {typical:,.0f} "
        told += f"in the last {len(then)} deliveries"
    yield Line(profile.delivery, now / typical if typical else None, told)


def _faulty(one: Compared) -> Iterator[Line]:
    profile = one.profile
    share = _percent(profile.faulty, profile.records)
    told = f"{profile.faulty:,} of {profile.records:,} records break a row rule"
    yield Line(profile.delivery, share, told)


def _control_total(one: Compared, required: bool) -> Iterator[Line]:
    profile = one.profile
    if profile.stated is None:
        missing = "received.csv does not say how many records the supplier sent, and the suite requires it"
        yield Line(profile.delivery, float(profile.records) if required else None, missing)
        return
    told = f"{profile.records:,} records were read and the supplier says {profile.stated:,}"
    yield Line(profile.delivery, float(profile.records - profile.stated), told)


# -- months and areas -------------------------------------------------------------------------------


def _present(one: Compared, suite: Suite) -> Iterator[Line]:
    """The rows of each month that there should be, and of each area in it."""
    profile, months = one.profile, suite.months
    by_month: dict[date, dict[str, int]] = {}
    for month, area, rows in profile.months:
        by_month.setdefault(month, {})[area] = rows
    if months is None or not by_month:
        yield Line(profile.delivery, 0, "it has no month")
        return
    for month in sorted(by_month):
        there = by_month[month]
        yield Line(profile.delivery, sum(there.values()), f"{format_month(month)} is missing")
        for area in months.areas:
            yield Line(profile.delivery, there.get(area, 0), f"{format_month(month)} has no row of {area}")
    for before, after in pairwise(sorted(by_month)) if months.every else ():
        if add_months(before, 1) == after:
            continue
        missing = Period(add_months(before, 1), after, "month").months
        if len(missing) == 1:
            yield Line(profile.delivery, 0, f"{format_month(missing[0])} is missing")
        else:
            first, last = format_month(missing[0]), format_month(missing[-1])
            yield Line(profile.delivery, 0, f"the {len(missing)} months from {first} to {last} are missing")


def _typical_months(one: Compared, areas: Sequence[str], fewest: int) -> Iterator[Line]:
    """Each month against what is usual in the areas named, else in all; few rows say nothing."""
    known: dict[str, dict[date, int]] = {}
    for profile in (*one.before, one.profile):
        for month, area, rows in profile.months:
            known.setdefault(area, {})[month] = rows
    for month, area, rows in one.profile.months:
        if not area or (areas and area not in areas):
            continue
        nearest = usual(known[area], month)
        nearest = nearest if nearest and nearest >= fewest else None
        told = f"{format_month(month)}, {area}: {rows:,} rows"
        if nearest:
            told += f" against a median of {nearest:,.0f} in the nearest months"
        yield Line(one.profile.delivery, rows / nearest if nearest else None, told)


# -- columns ----------------------------------------------------------------------------------------


def _completeness(one: Compared, column: str) -> Iterator[Line]:
    recorded, rows = one.profile.recorded[column], one.profile.rows
    share = _percent(recorded, rows)
    told = f"{_said(column)}: {rows - recorded:,} of {rows:,} rows have no value"
    yield Line(one.profile.delivery, share, told)


def _completeness_change(one: Compared, column: str, fewest: int) -> Iterator[Line]:
    profile, last = one.profile, one.last
    if last is None or min(profile.rows, last.rows) < fewest:
        yield Line(profile.delivery, None, "")
        return
    now, then = (_percent(p.recorded[column], p.rows) for p in (profile, last))
    told = f"{_said(column)}: recorded in {now:.1f} % of the rows, and in {then:.1f} % of {last.delivery}"
    yield Line(profile.delivery, now - then, told)


def _share_changes(one: Compared, column: str, fewest: int) -> Iterator[Line]:
    profile, last = one.profile, one.last
    if last is None or min(profile.rows, last.rows) < fewest:
        yield Line(profile.delivery, None, "")
        return
    now, then = profile.values[column], last.values[column]
    for value in sorted({*now, *then}):
        share, before = _percent(now.get(value, 0), profile.rows), _percent(then.get(value, 0), last.rows)
        told = f"{_said(column)}, {value}: {share:.1f} % of the rows, and {before:.1f} % of {last.delivery}"
        yield Line(profile.delivery, share - before, told)


def _unlisted(one: Compared, column: str) -> Iterator[Line]:
    unlisted, rows = one.profile.unlisted[column], one.profile.rows
    told = f"{_said(column)}: {unlisted:,} of {rows:,} rows have a code that is in none of its lists"
    yield Line(one.profile.delivery, _percent(unlisted, rows), told)


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _said(column: str) -> str:
    return column.replace("_", " ")


def _number(value: float) -> str:
    return f"{value:g}"


def _counted(periods: int) -> str:
    return "one period" if periods == 1 else f"{periods} periods"
