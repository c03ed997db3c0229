"""The indicator language: what is measured, for whom, when, against what.

These models are both the validation of `config/indicators.yaml` and the source of its JSON Schema.
They are the resolved form: defaults are merged in before they are built.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from pipeline.definitions.measure import (
    EVERYTHING,
    Condition,
    Count,
    Denominator,
    DerivedMeasure,
    Filter,
    Mean,
    Measure,
    Model,
    OtherRows,
    Proportion,
    Rate,
    Ratio,
    Repeat,
    Reported,
    Scalar,
    Share,
    ShareOf,
    Survey,
)
from pipeline.model.observation import parts_of
from pipeline.model.period import Period, parse_month

__all__ = [
    "EVERYTHING",
    "Break",
    "Breakdown",
    "Compare",
    "Complete",
    "Condition",
    "Count",
    "Denominator",
    "DerivedMeasure",
    "Example",
    "Filter",
    "Govern",
    "Indicator",
    "Lag",
    "Mean",
    "Measure",
    "Model",
    "OtherRows",
    "Proportion",
    "Published",
    "Rate",
    "Ratio",
    "Repeat",
    "Reported",
    "Scalar",
    "Share",
    "ShareOf",
    "Survey",
    "Test",
    "Window",
]

Day = date  # for a class with a field that is called `date`
MONTH = r"\d{4}-(0[1-9]|1[0-2])"  # as a pattern


class Window(Model):
    """Which whole months a figure covers."""

    kind: Literal[
        "rolling", "financial_year", "financial_quarter", "calendar_quarter", "calendar_year",
        "year_ending", "ytd", "wave", "month",
    ] = Field(description="the kind of span, in whole months; `rolling` is `months` long")  # fmt: skip
    months: int = Field(12, ge=1, le=120, description="length of a rolling window")
    ending: str = Field(
        "latest_complete",
        pattern=rf"^(latest_complete|latest_ripe|latest|{MONTH})$",
        description="latest_complete: the last month published and whole for every area compared; "
        "latest_ripe: the last of those whose outcomes are as old as the measure asks; latest: the last "
        "month with rows; or a month YYYY-MM",
    )
    also: tuple[Annotated[str, Field(pattern=rf"^{MONTH}$")], ...] = Field(
        (),
        description="further windows of the same kind and length, each named by its last month YYYY-MM; "
        "computed beside the main one, with the comparators that state a position (average, rank)",
    )

    @property
    def basis(self) -> str:
        """The basis of its periods: `rolling_12`, `financial_year`, ..."""
        return f"rolling_{self.months}" if self.kind == "rolling" else self.kind

    @property
    def named_month(self) -> str | None:
        """The month it names as its last; None where it ends with the latest one."""
        return None if self.ending.startswith("latest") else self.ending

    def current(self, computed: Iterable[Period]) -> Period | None:
        """The current window among those computed: the one it names, else the latest; None without one.

        Nothing later than the latest complete window is ever computed; beside a named one, whatever is
        asked for may be.
        """
        named = parse_month(self.named_month) if self.named_month else None
        return max((p for p in computed if named is None or p.last_month <= named), default=None)


class Breakdown(Model):
    """How a total is cut. Rows with no value always show as 'not recorded'.

    Two breakdowns are crossed only where that is declared; a crossed category is called by its parts,
    `U25, Female`, and what is not recorded of one part is shown with the other, `U25, not recorded`.
    """

    name: str = Field(description="what the cut is called, e.g. victim_age")
    cross: tuple[str, ...] = Field(
        (), description="the names of breakdowns beside this one whose categories it crosses: [age, sex]"
    )
    column: str | None = Field(
        None, description="the column whose values, or bands of values, are the categories"
    )
    bands: dict[str, tuple[int | None, int | None]] | None = Field(
        None, description="categories as ranges of whole numbers, both ends included; null leaves an end open"
    )
    groups: dict[str, str | tuple[Scalar, ...]] | None = Field(
        None, description="categories as code lists (a name) or lists of values of the column"
    )
    printed_as: dict[str, str] = Field(
        {}, description="how the report names a category: {U25: under 25}; left out: the category itself"
    )
    unknown: Literal["show"] = Field("show", description="rows with no value are always shown")
    over: dict[str, Denominator] = Field({}, description="another denominator for a category")

    def parts(self, category: str) -> tuple[str, ...]:
        """The categories that a crossed one is made of; itself where it is not crossed."""
        parts = parts_of(category) if self.cross else (category,)
        return parts if len(parts) == max(1, len(self.cross)) else (category,)


class Compare(Model):
    """One comparator."""

    to: Literal[
        "previous_year", "same_quarter_last_year", "previous_wave", "period", "baseline",
        "change_of", "average", "rank", "target", "paired",
    ] = Field(description="what the figure is compared with")  # fmt: skip
    ending: str | None = Field(
        None,
        pattern=rf"^{MONTH}$",
        description="last month YYYY-MM of the reference period (period, baseline)",
    )
    of: str | None = Field(
        None,
        description="an area set, force or rest_of_force: its other districts, without records that have no "
        "place (change_of, average, rank)",
    )
    best: Literal["lowest", "highest"] = Field("lowest", description="which end is first (rank)")
    ties: Literal["shared"] = Field("shared", description="areas with the same value share a rank")
    interval: float = Field(0.95, gt=0.5, lt=1, description="confidence level of the limits of a rank")


class Test(Model):
    """How a change is tested."""

    method: Literal["auto"] = Field(
        "auto", description="chosen by the kind of measure and the size of the counts"
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="confidence level of the limits of a change")
    dispersion: Literal["measured"] | Annotated[float, Field(ge=1)] = Field(
        "measured", description="measured from the monthly series, or a declared value of at least 1"
    )


class Complete(Model):
    """What must be there for a figure to be made."""

    months: Literal["all"] = Field("all", description="every month of the window must have been delivered")
    areas: Literal["all"] = Field("all", description="for every area that is compared")
    entity_missing_max_pct: float = Field(
        10, ge=0, le=100, description="more rows without the entity than this: withheld (repeat)"
    )


class Lag(Model):
    """How long after its end a period is published, and ripe."""

    publish: str = Field(
        "0w", pattern=r"^\d+[wm]$", description="weeks or months from the end of a month to its publication"
    )
    mature: str = Field("0m", pattern=r"^\d+[wm]$", description="weeks or months until outcomes are ripe")


class Break(Model):
    """A break in a series: a day, or the days from `date` to `end`, on which figures change their meaning."""

    date: Day = Field(description="the first day of the break")
    end: Day | None = Field(None, description="last day of a break that lasts")
    note: str = Field(description="what changed, as printed")
    scope: tuple[str, ...] = Field((), description="sources or tags it touches; empty: everything")


class Published(Model):
    """Figures published before, to reconcile with: `all` and categories by name."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, float | int] = Field(init=False)

    period: str = Field(description="2021-22, or a month YYYY-MM that ends the window")
    in_: str = Field(alias="in", description="where it was published")
    changes: dict[str, float | int] = Field(
        {}, description="percentage changes as printed, by category or `all`"
    )
    average: float | int | None = Field(None, description="the comparator's value as printed")
    rank: int | None = Field(None, description="the rank as printed")
    assumption: str = Field("", description="what the publication leaves unsaid and we assume")

    @property
    def values(self) -> dict[str, float | int]:
        """Published values by category, `all` for the total."""
        return dict(self.__pydantic_extra__)


class Example(Model):
    """Tiny rows and the value they must give; run by `assessment check`."""

    rows: tuple[dict[str, Any], ...] = Field(
        description="rows of the curated table, with only the columns that matter; for a derived measure "
        "the figures of its parts, {indicator: id, value: 3}"
    )
    over: tuple[dict[str, Any], ...] = Field(
        (), description="rows of the table that holds the denominator, or that a ratio divides by"
    )
    repeat: int = Field(1, ge=1, description="the rows stand so many times over, where a base must be met")
    expect: float | None = Field(description="the value; null where the rows must give none")


class Govern(Model):
    """Who answers for a definition."""

    owner: str = Field(description="who answers for the definition, and for the data behind it")
    checked_by: str | None = Field(None, description="who has checked it; null: nobody yet")
    next_review: date | None = Field(None, description="the day by which it must be looked at again")


class Indicator(Model):
    """What is measured."""

    id: str = Field(description="its key in the file")
    title: str = Field(description="plain English, as printed in tables")
    said_as: str = Field(
        "",
        description="its name inside a sentence, before a verb: `the share of calls that ...`; "
        "left out: the title",
    )
    why: str = Field("", description="why it matters")
    source: str | tuple[str, ...] = Field(
        (),
        description="the source, or sources whose areas do not overlap; a derived measure has those of its "
        "parts",
    )
    measure: Measure = Field(description="what is counted or measured, and how")
    by: tuple[Breakdown, ...] = Field((), description="the breakdowns")
    areas: tuple[str, ...] = Field(
        ("partnership",), description="partnership, force, or area sets of partnership.yaml"
    )
    window: Window = Field(description="the span that a figure covers")
    complete: Complete = Field(Complete(), description="what must be there for a figure to be made")
    unknown_shift_pp: float = Field(
        1.0,
        ge=0,
        le=100,
        description="a share of unknowns that moves by more points than this comes into the comparison",
    )
    compare: tuple[Compare, ...] = Field((), description="the comparators, the main one first")
    test: Test = Field(Test(), description="how a change is tested")
    lag: Lag = Field(Lag(), description="how late the data are, and how late their outcomes")
    breaks: tuple[Break, ...] = Field((), description="days on which its figures changed their meaning")
    tags: tuple[str, ...] = Field(
        (),
        description="words that a break's scope can name; `overview`, `plan` and `residents` place it in the "
        "report's page of total crime, of last year's plan, of what residents told",
    )
    only_multi_year: bool = Field(
        False,
        description="of rare deaths: no month, year, part, smaller area or comparison of it is ever made, "
        "only a sum over three years or more",
    )
    caveats: tuple[str, ...] = Field((), description="what a reader must know, a sentence each")
    stands_for: str | None = Field(None, description="what it stands in for, where it is a proxy")
    published: tuple[Published, ...] = Field((), description="figures printed before, to reconcile with")
    examples: tuple[Example, ...] = Field((), description="tiny worked cases, run by `assessment check`")
    govern: Govern = Field(description="who answers for it")

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its sources."""
        return (self.source,) if isinstance(self.source, str) else self.source

    @property
    def over_sources(self) -> tuple[str, ...]:
        """The ids of the sources that hold the rows a ratio divides by; none for other measures."""
        if not isinstance(self.measure, Ratio):
            return ()
        return self.sources if self.measure.over.source is None else (self.measure.over.source,)

    @property
    def all_sources(self) -> tuple[str, ...]:
        """The ids of every source behind its figures: those counted, then those that hold a denominator."""
        bases = [self.measure.over] if isinstance(self.measure, Rate) else []
        bases += [over for breakdown in self.by for over in breakdown.over.values()]
        return tuple(dict.fromkeys((*self.sources, *self.over_sources, *(base.table for base in bases))))
