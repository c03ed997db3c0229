"""The indicator language: what is measured, for whom, when, against what.

These models are both the validation of `config/indicators.yaml` and the source of its JSON Schema.
They are the resolved form: defaults are merged in before they are built.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model.observation import MILESTONE

Scalar = str | int | float | bool


Day = date  # for a class with a field that is called `date`
MONTH = r"\d{4}-(0[1-9]|1[0-2])"  # as a pattern


class Model(BaseModel):
    """Frozen, and no key that is not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(Model):
    """What one column must satisfy. A row whose column is null satisfies only `answered: false`."""

    in_: tuple[Scalar, ...] | None = Field(None, alias="in", description="one of these values")
    not_in: tuple[Scalar, ...] | None = Field(None, description="a recorded value other than these")
    in_codelist: str | None = Field(None, description="a code of this list in config/codelists/")
    any_of: tuple[Scalar, ...] | None = Field(None, description="at least one of these keywords is flagged")
    between: tuple[float | None, float | None] | None = Field(
        None, description="from the first to the last value, both included; null leaves an end open"
    )
    is_: bool | None = Field(None, alias="is", description="flagged (true) or not flagged (false)")
    answered: bool | None = Field(None, description="has a recorded value (true) or has none (false)")


class Filter(Model):
    """Conditions on columns, all of which hold; `any` and `not` hold further filters."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    __pydantic_extra__: dict[str, Condition] = Field(init=False)

    any_: tuple["Filter", ...] = Field((), alias="any", description="at least one of these filters holds")
    not_: "Filter | None" = Field(None, alias="not", description="this filter does not hold")

    @property
    def columns(self) -> dict[str, Condition]:
        """The conditions by column, in the order written."""
        return dict(self.__pydantic_extra__)


EVERYTHING = Filter()


class Denominator(Model):
    """A denominator from outside the counted rows."""

    table: str = Field("population", description="the source that holds it")
    column: str = Field(description="its column, e.g. residents or households")
    year: Literal["mid_window", "latest"] | int = Field(
        "mid_window", description="the year wanted; where it is missing the nearest is used, and said"
    )


class Count(Model):
    """How many."""

    type: Literal["count"] = Field(description="the kind of measure")
    unit: str = Field(description="what is counted, as printed: crimes, incidents")
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Rate(Model):
    """How many for every so many residents, households, ..."""

    type: Literal["rate"] = Field(description="the kind of measure")
    per: int = Field(1000, gt=0, description="for every so many of the denominator")
    unit: str = Field(description="as printed: crimes per 1,000 residents")
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    over: Denominator = Field(description="the denominator: residents, households, ...")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Proportion(Model):
    """The percentage of the rows `among` that also satisfy `where`: a subset by construction."""

    type: Literal["proportion"] = Field(description="the kind of measure")
    where: Filter = Field(description="the rows that count, a part of `among`")
    among: Filter = Field(EVERYTHING, description="the rows that could count; left out: all of them")
    unit: str = Field("%", description="as printed")
    within_days: int | None = Field(
        None, description="count only outcomes assigned within so many days of recording, in every period"
    )
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class ShareOf(Model):
    """The whole that a share is a part of."""

    where: Filter = Field(EVERYTHING, description="the rows of the whole; left out: all of them")


class Share(Model):
    """The percentage that the rows `where` are of the rows `of`."""

    type: Literal["share"] = Field(description="the kind of measure")
    where: Filter = Field(description="the rows that are the part")
    of: ShareOf = Field(ShareOf(), description="the whole")
    unit: str = Field("%", description="as printed")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Repeat(Model):
    """The percentage of people (or places) with at least `at_least` rows in the window."""

    type: Literal["repeat"] = Field(description="the kind of measure")
    entity: str = Field(description="the column that tells people or places apart")
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    at_least: int = Field(2, ge=2, description="how many rows make a repeat")
    unit: str = Field("%", description="as printed")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Survey(Model):
    """The percentage of those `among` whose answer satisfies `where`."""

    type: Literal["survey"] = Field(description="the kind of measure")
    where: Filter = Field(description="the answers that count, a part of `among`")
    among: Filter = Field(EVERYTHING, description="the rows that could count; left out: all of them")
    min_base: int = Field(50, description="fewer answers than this are withheld")
    unit: str = Field("%", description="as printed")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Reported(Model):
    """A figure that a partner or publisher reports ready-made. What is missing is never zero."""

    type: Literal["reported"] = Field(description="the kind of measure")
    item: str = Field(description="the item of the return")
    of: str | None = Field(None, description="the item it is a percentage of")
    combine: Literal["sum", "latest"] = Field("sum", description="how figures within the window combine")
    missing: Literal["awaiting_return"] = Field(
        "awaiting_return", description="what a missing figure becomes"
    )
    unit: str = Field(
        "cases",
        description=f"as printed; `{MILESTONE}` for what is reported as 1 or 0 and told in these words",
    )
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


Measure = Annotated[
    Count | Rate | Proportion | Share | Repeat | Survey | Reported, Field(discriminator="type")
]


class Window(Model):
    """Which whole months a figure covers."""

    kind: Literal[
        "rolling", "financial_year", "financial_quarter", "calendar_quarter", "calendar_year",
        "year_ending", "ytd", "wave", "month",
    ] = Field(description="the kind of span, in whole months; `rolling` is `months` long")  # fmt: skip
    months: int = Field(12, ge=1, le=120, description="length of a rolling window")
    ending: str = Field(
        "latest_complete",
        pattern=rf"^(latest_complete|latest|{MONTH})$",
        description="latest_complete, latest, or a month YYYY-MM",
    )
    also: tuple[Annotated[str, Field(pattern=rf"^{MONTH}$")], ...] = Field(
        (),
        description="further windows of the same kind and length, each named by its last month YYYY-MM; "
        "computed beside the main one, with the comparators that state a position (average, rank)",
    )


class Breakdown(Model):
    """How a total is cut. Rows with no value always show as 'not recorded'."""

    name: str = Field(description="what the cut is called, e.g. victim_age")
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
    of: str | None = Field(None, description="an area set, force or rest_of_force (change_of, average, rank)")
    best: Literal["lowest", "highest"] = Field("lowest", description="which end is first (rank)")
    ties: Literal["shared"] = Field("shared", description="areas with the same value share a rank")
    interval: float = Field(0.95, gt=0.5, lt=1, description="confidence level of the limits of a rank")


class Test(Model):
    """How a change is tested."""

    method: Literal["auto"] = Field(
        "auto", description="chosen by the kind of measure and the size of the counts"
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="confidence level of the limits of a change")
    dispersion: Literal["measured"] | float = Field(
        "measured", description="measured from the monthly series, or a declared value of at least 1"
    )


class Complete(Model):
    """What must be there for a figure to be made."""

    months: Literal["all"] = Field("all", description="every month of the window must have been delivered")
    areas: Literal["all"] = Field("all", description="for every area that is compared")
    entity_missing_max_pct: float = Field(
        10, description="more rows without the entity than this: withheld (repeat)"
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
        description="rows of the curated table, with only the columns that matter"
    )
    over: tuple[dict[str, Any], ...] = Field((), description="rows of the table that holds the denominator")
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
    source: str | tuple[str, ...] = Field(description="the source, or sources whose areas do not overlap")
    measure: Measure = Field(description="what is counted or measured, and how")
    by: tuple[Breakdown, ...] = Field((), description="the breakdowns")
    areas: tuple[str, ...] = Field(
        ("partnership",), description="partnership, force, or area sets of partnership.yaml"
    )
    window: Window = Field(description="the span that a figure covers")
    complete: Complete = Field(Complete(), description="what must be there for a figure to be made")
    unknown_shift_pp: float = Field(
        1.0, description="a share of unknowns that moves by more points than this comes into the comparison"
    )
    compare: tuple[Compare, ...] = Field((), description="the comparators, the main one first")
    test: Test = Field(Test(), description="how a change is tested")
    lag: Lag = Field(Lag(), description="how late the data are, and how late their outcomes")
    breaks: tuple[Break, ...] = Field((), description="days on which its figures changed their meaning")
    tags: tuple[str, ...] = Field((), description="words that a break's scope can name")
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
    def all_sources(self) -> tuple[str, ...]:
        """The ids of every source behind its figures: those counted, then those that hold a denominator."""
        bases = [self.measure.over] if isinstance(self.measure, Rate) else []
        bases += [over for breakdown in self.by for over in breakdown.over.values()]
        return tuple(dict.fromkeys((*self.sources, *(base.table for base in bases))))
