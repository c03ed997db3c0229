"""The strategy: priorities and duties, their success measures, and the indicators used for each.

Direction, target and place in the strategy belong to the use, not to the indicator.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.definitions.indicator import Model
from pipeline.model.comparison import Want

PERIOD = r"^\d{4}-\d{2}$"
"""A period by name: `2025-26`, or the month YYYY-MM that ends it."""
Milestone = Annotated[str, Field(pattern=PERIOD)]


class TargetStart(Model):
    """Where the path to a target begins."""

    period: Milestone = Field(description="2023-24, or the month YYYY-MM that ends it")
    value: float = Field(description="the figure of that period")


class Target(Model):
    """What a use should reach, by when, and how it gets there."""

    value: float = Field(description="the figure to reach")
    by: Milestone = Field(
        description="the period by which it is to be reached: 2025-26, or the month YYYY-MM that ends it"
    )
    path: Literal["linear", "step"] = Field(
        "linear", description="how it gets from each figure to the next: evenly, or all at the end"
    )
    from_: TargetStart | None = Field(
        None,
        alias="from",
        description="the period and value it starts from; left out: the target itself is wanted throughout",
    )
    steps: dict[Milestone, float] = Field(
        {}, description="figures to reach on the way, by period; left out: none between start and end"
    )

    def named(self, unit: str) -> str:
        """What it is called: `240 by 2025-26`; a percentage with its sign, `9% by 2025-26`."""
        return f"{self.value:,g}{unit if unit == '%' else ''} by {self.by}"


class Use(Model):
    """An indicator under a success measure: which way is wanted, and whether it is the headline."""

    use: str = Field(description="the id of an indicator")
    want: Want = Field(description="the direction that would be success")
    headline: bool = Field(False, description="whether it decides the measure's verdict")
    target: Target | None = Field(None, description="what it should reach")
    because: str = Field(
        "", description="why neither direction is wanted although the measure's sentence names one"
    )


class AwaitedReturn(Model):
    """What a measure still waits for, and who owes it."""

    owner: str = Field(description="who owes it")
    reason: str = Field(description="why it is not there, as printed")
    item: str = Field("", description="what will be reported, in words")
    since: date | None = Field(None, description="the day from which it has been missing")
    due: date | None = Field(None, description="the day on which it was, or will be, due")
    fills: str | None = Field(
        None, description="the indicator it fills: once that has a figure, the wait is over"
    )


class SuccessMeasure(Model):
    """One success measure: its indicators, or the return it awaits."""

    title: str = Field(description="the sentence of the strategy, as printed")
    uses: tuple[Use, ...] = Field(
        (), description="its indicators, one headline for each half of the sentence"
    )
    awaiting: AwaitedReturn | tuple[AwaitedReturn, ...] = Field(
        (), description="what it still waits for, and from whom"
    )
    question: str = Field("", description="what the board is asked about it")

    @property
    def awaited(self) -> tuple[AwaitedReturn, ...]:
        """The returns it awaits, as a tuple."""
        return (self.awaiting,) if isinstance(self.awaiting, AwaitedReturn) else self.awaiting


class Priority(Model):
    """A priority of the strategy, or a statutory duty, with its success measures."""

    title: str = Field(description="as printed")
    why: tuple[str, ...] = Field((), description="why it matters, a sentence each")
    aims: tuple[str, ...] = Field((), description="what the partnership wants to achieve")
    cannot_say: tuple[str, ...] = Field((), description="what the evidence does not show yet")
    question: str = Field("", description="what the board is asked")
    chart: tuple[str, ...] = Field((), description="indicators to chart, at most two")
    measures: dict[str, SuccessMeasure] = Field(description="its success measures, by id")
