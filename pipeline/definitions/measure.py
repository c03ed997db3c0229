"""What a figure is made of: filters over rows, and the measures that count, divide or read them.

Each model is one form that `measure:` may take in `config/indicators.yaml`; `type` tells them apart.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model.observation import MILESTONE

Scalar = str | int | float | bool


class Model(BaseModel):
    """Frozen, and no key that is not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


KEYWORD = "keyword"
"""What a filter names to ask for flags by their columns: `keyword: {any_of: [alcohol, drugs]}`."""


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
    unit: Literal["%"] = Field("%", description="always a percentage")
    within_days: int | None = Field(
        None,
        ge=0,
        description="count only outcomes assigned within so many days of recording, in every period",
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
    unit: Literal["%"] = Field("%", description="always a percentage")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Repeat(Model):
    """How often it happens to the same people (or places) again, by one of three definitions.

    `people`: of those with a row in the window, the percentage with at least `at_least` of them.
    `crimes`: of the rows of known people, the percentage beyond the first of each.
    `lookback`: of those with a row in the window, the percentage with an earlier one in the
    `lookback_months` before one of them; it needs that much history before the window.
    The three do not agree and are not to be mixed.
    """

    type: Literal["repeat"] = Field(description="the kind of measure")
    entity: str | tuple[str, ...] = Field(
        description="the column that tells people or places apart; of several, the first recorded one"
    )
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    report: Literal["people", "crimes", "lookback"] = Field(
        "people", description="which of the three definitions"
    )
    at_least: int = Field(2, ge=2, description="how many rows make a repeat (people)")
    lookback_months: int = Field(12, ge=1, le=60, description="how far back an earlier row counts (lookback)")
    unit: Literal["%"] = Field("%", description="always a percentage")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")

    @property
    def entities(self) -> tuple[str, ...]:
        """The columns that tell people or places apart, the first recorded one counts."""
        return (self.entity,) if isinstance(self.entity, str) else self.entity


class Survey(Model):
    """The percentage of those `among` whose answer satisfies `where`."""

    type: Literal["survey"] = Field(description="the kind of measure")
    where: Filter = Field(description="the answers that count, a part of `among`")
    among: Filter = Field(EVERYTHING, description="the rows that could count; left out: all of them")
    min_base: int = Field(50, ge=1, description="fewer answers than this are withheld")
    low_base: int = Field(100, ge=0, description="fewer answers than this are marked as of low reliability")
    bad_weights: Literal["refuse", "leave_out"] = Field(
        "refuse",
        description="answers whose weight is missing, 0 or negative: withhold the figure, or leave them "
        "out, count them and mark the figure as of low reliability",
    )
    unit: Literal["%"] = Field("%", description="always a percentage")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Reported(Model):
    """A figure that a partner or publisher reports ready-made. What is missing is never zero."""

    type: Literal["reported"] = Field(description="the kind of measure")
    item: str = Field(description="the item of the return")
    of: str | None = Field(None, description="the item it is a percentage of")
    combine: Literal["sum", "latest"] = Field(
        "sum",
        description="how figures within the window combine; `latest` is how a register stands at its end, "
        "which has no interval and whose change has no test",
    )
    missing: Literal["awaiting_return"] = Field(
        "awaiting_return", description="what a missing figure becomes"
    )
    unit: str = Field(
        "cases",
        description=f"as printed; `{MILESTONE}` for what is reported as 1 or 0 and told in these words",
    )
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")

    @property
    def is_stock(self) -> bool:
        """Whether it is how a register stands at the end of the window, in which there is no chance."""
        return self.combine == "latest"

    @property
    def is_count(self) -> bool:
        """Whether it is a number of events in the window."""
        return self.of is None and not self.is_stock


class OtherRows(Model):
    """The rows that a ratio divides by: of the same source, of a part of it, or of another source."""

    source: str | None = Field(None, description="the source that holds them; left out: the indicator's own")
    table: str | None = Field(
        None, description="the part of that source: victims, suspects; left out: its main table"
    )
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")


class Ratio(Model):
    """How many rows `where` for every `per` rows of another count, of which they need not be a part.

    Limits and tests take the two counts as independent. Where nearly every row above belongs to a row below,
    as victims do to their crimes, the two move together, and the limits are wider than they need be or, where
    one crime has many victims, too narrow: read such a ratio as a description, and let the counts be judged.
    """

    type: Literal["ratio"] = Field(description="the kind of measure")
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    over: OtherRows = Field(description="the rows to divide by")
    per: int = Field(1, gt=0, description="for every so many rows of `over`")
    unit: str = Field(description="as printed: victims per crime, incidents per 100 crimes")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class Mean(Model):
    """The mean of a numeric column over rows; a row that stands for several counts so often.

    Rows whose column is not recorded are left out, and the figure says how many they are.
    """

    type: Literal["mean"] = Field(description="the kind of measure")
    column: str = Field(description="the column of numbers")
    where: Filter = Field(EVERYTHING, description="the rows that count; left out: all of them")
    min_base: int = Field(10, ge=2, description="fewer recorded values than this are withheld")
    unit: str = Field(description="of the column, as printed: years, days")
    table: str | None = Field(None, description="the part of the source: victims, suspects, incidents")


class DerivedMeasure(Model):
    """Arithmetic on the figures of other indicators: `per` x (`sum` - `less`) / `over`.

    Figures of the same area, period and category. A part without a figure leaves none here: nothing that
    is missing counts as zero.
    """

    type: Literal["derived"] = Field(description="the kind of measure")
    sum: tuple[str, ...] = Field(min_length=1, description="the indicators added up")
    less: tuple[str, ...] = Field((), description="the indicators taken away")
    over: tuple[str, ...] = Field((), description="the indicators whose sum it is divided by")
    per: int = Field(1, gt=0, description="for every so many of `over`; 100 for a percentage")
    independent: bool = Field(
        False,
        description="no event is counted in two of the parts: then the figure has limits and its changes "
        "a test; otherwise neither",
    )
    unit: str = Field(description="as printed: open cases, %")

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of the indicators it is made of, each once, in the order written."""
        return tuple(dict.fromkeys((*self.sum, *self.less, *self.over)))

    @property
    def table(self) -> None:
        """No rows of its own, so no part of a source."""
        return None


Measure = Annotated[
    Count | Rate | Proportion | Share | Ratio | Mean | Repeat | Survey | Reported | DerivedMeasure,
    Field(discriminator="type"),
]
