"""The indicator language: what is measured, for whom, when, against what.

These models are both the validation of `config/indicators.yaml` and the source of its JSON Schema.
They are the resolved form: defaults are merged in before they are built.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model.comparison import Want

Scalar = str | int | float | bool


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

    type: Literal["count"]
    unit: str = Field(description="what is counted, as printed: crimes, incidents")
    where: Filter = EVERYTHING
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Rate(Model):
    """How many for every so many residents, households, ..."""

    type: Literal["rate"]
    per: int = Field(1000, gt=0)
    unit: str = Field(description="as printed: crimes per 1,000 residents")
    where: Filter = EVERYTHING
    over: Denominator
    table: str | None = None


class Proportion(Model):
    """The percentage of the rows `among` that also satisfy `where`: a subset by construction."""

    type: Literal["proportion"]
    where: Filter
    among: Filter = EVERYTHING
    unit: str = "%"
    within_days: int | None = Field(
        None, description="count only outcomes assigned within so many days of recording, in every period"
    )
    table: str | None = None


class ShareOf(Model):
    """The whole that a share is a part of."""

    where: Filter = EVERYTHING


class Share(Model):
    """The percentage that the rows `where` are of the rows `of`."""

    type: Literal["share"]
    where: Filter
    of: ShareOf = ShareOf()
    unit: str = "%"
    table: str | None = None


class Repeat(Model):
    """The percentage of people (or places) with at least `at_least` rows in the window."""

    type: Literal["repeat"]
    entity: str = Field(description="the column that tells people or places apart")
    where: Filter = EVERYTHING
    at_least: int = Field(2, ge=2)
    unit: str = "%"
    table: str | None = None


class Survey(Model):
    """The percentage of those `among` whose answer satisfies `where`."""

    type: Literal["survey"]
    where: Filter
    among: Filter = EVERYTHING
    min_base: int = Field(50, description="fewer answers than this are withheld")
    unit: str = "%"
    table: str | None = None


class Reported(Model):
    """A figure that a partner or publisher reports ready-made. What is missing is never zero."""

    type: Literal["reported"]
    item: str = Field(description="the item of the return")
    of: str | None = Field(None, description="the item it is a percentage of")
    combine: Literal["sum", "latest"] = Field("sum", description="how figures within the window combine")
    missing: Literal["awaiting_return"] = "awaiting_return"
    unit: str = Field("cases", description="as printed")
    table: str | None = None


Measure = Annotated[
    Count | Rate | Proportion | Share | Repeat | Survey | Reported, Field(discriminator="type")
]


class Window(Model):
    """Which whole months a figure covers."""

    kind: Literal[
        "rolling", "financial_year", "financial_quarter", "calendar_quarter", "calendar_year",
        "year_ending", "ytd", "wave", "month",
    ]  # fmt: skip
    months: int = Field(12, ge=1, le=120, description="length of a rolling window")
    ending: str = Field(
        "latest_complete",
        pattern=rf"^(latest_complete|latest|{MONTH})$",
        description="latest_complete, latest, or a month YYYY-MM",
    )
    also: tuple[Annotated[str, Field(pattern=rf"^{MONTH}$")], ...] = Field(
        (),
        description="further windows of the same kind and length, each named by its last month YYYY-MM; they are "
        "computed beside the main one, with the comparators that state a position (average, rank)",
    )


class Breakdown(Model):
    """How a total is cut. Rows with no value always show as 'not recorded'."""

    name: str
    column: str | None = Field(
        None, description="the column whose values, or bands of values, are the categories"
    )
    bands: dict[str, tuple[int | None, int | None]] | None = Field(
        None, description="categories as ranges of whole numbers, both ends included; null leaves an end open"
    )
    groups: dict[str, str | tuple[Scalar, ...]] | None = Field(
        None, description="categories as code lists (a name) or lists of values of the column"
    )
    unknown: Literal["show"] = "show"
    over: dict[str, Denominator] = Field({}, description="another denominator for a category")


class Compare(Model):
    """One comparator."""

    to: Literal[
        "previous_year", "same_quarter_last_year", "previous_wave", "period", "baseline",
        "change_of", "average", "rank", "target", "paired",
    ]  # fmt: skip
    ending: str | None = Field(
        None, description="last month YYYY-MM of the reference period (period, baseline)"
    )
    of: str | None = Field(None, description="an area set, force or rest_of_force (change_of, average, rank)")
    best: Literal["lowest", "highest"] = Field("lowest", description="which end is first (rank)")
    ties: Literal["shared"] = "shared"
    interval: float = Field(0.95, gt=0.5, lt=1)


class Test(Model):
    """How a change is tested."""

    method: Literal["auto"] = "auto"
    level: float = Field(0.95, gt=0.5, lt=1)
    dispersion: Literal["measured"] | float = Field(
        "measured", description="measured from the monthly series, or a declared value of at least 1"
    )


class Complete(Model):
    """What must be there for a figure to be made."""

    months: Literal["all"] = "all"
    areas: Literal["all"] = "all"
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

    date: date
    end: date | None = Field(None, description="last day of a break that lasts")
    note: str
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

    rows: tuple[dict[str, Any], ...]
    over: tuple[dict[str, Any], ...] = ()
    expect: float | None = Field(description="the value; null where the rows must give none")


class Govern(Model):
    """Who answers for a definition."""

    owner: str
    checked_by: str | None = None
    next_review: date | None = None


class Indicator(Model):
    """What is measured."""

    id: str
    title: str = Field(description="plain English, as printed")
    why: str = Field("", description="why it matters")
    source: str | tuple[str, ...] = Field(description="the source, or sources whose areas do not overlap")
    measure: Measure
    by: tuple[Breakdown, ...] = ()
    areas: tuple[str, ...] = Field(
        ("partnership",), description="partnership, force, or area sets of partnership.yaml"
    )
    window: Window
    complete: Complete = Complete()
    unknown_shift_pp: float = 1.0
    compare: tuple[Compare, ...] = ()
    test: Test = Test()
    lag: Lag = Lag()
    breaks: tuple[Break, ...] = ()
    tags: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    stands_for: str | None = Field(None, description="what it stands in for, where it is a proxy")
    published: tuple[Published, ...] = ()
    examples: tuple[Example, ...] = ()
    govern: Govern

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its sources."""
        return (self.source,) if isinstance(self.source, str) else self.source


class Target(Model):
    """What a use should reach, by when, and how it gets there."""

    value: float
    by: str
    path: Literal["linear", "step"] = "linear"
    from_: dict[str, Any] | None = Field(None, alias="from")


class Use(Model):
    """An indicator under a success measure: which way is wanted, and whether it is the headline."""

    use: str = Field(description="the id of an indicator")
    want: Want
    headline: bool = False
    target: Target | None = None


class AwaitedReturn(Model):
    """What a measure still waits for, and who owes it."""

    owner: str
    reason: str
    item: str = Field("", description="what will be reported, in words")
    since: date | None = Field(None, description="the day from which it has been missing")
    due: date | None = Field(None, description="the day on which it was, or will be, due")


class SuccessMeasure(Model):
    """One success measure: its indicators, or the return it awaits."""

    title: str
    uses: tuple[Use, ...] = ()
    awaiting: AwaitedReturn | tuple[AwaitedReturn, ...] = ()
    question: str = Field("", description="what the board is asked about it")

    @property
    def awaited(self) -> tuple[AwaitedReturn, ...]:
        """The returns it awaits, as a tuple."""
        return (self.awaiting,) if isinstance(self.awaiting, AwaitedReturn) else self.awaiting


class Priority(Model):
    """A priority of the strategy, or a statutory duty, with its success measures."""

    title: str
    why: tuple[str, ...] = Field((), description="why it matters, a sentence each")
    aims: tuple[str, ...] = Field((), description="what the partnership wants to achieve")
    cannot_say: tuple[str, ...] = Field((), description="what the evidence does not show yet")
    question: str = Field("", description="what the board is asked")
    chart: tuple[str, ...] = Field((), description="indicators to chart, at most two")
    measures: dict[str, SuccessMeasure]
