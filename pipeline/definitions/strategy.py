"""The strategy: priorities and duties, their success measures, and the indicators used for each.

Direction, target and place in the strategy belong to the use, not to the indicator.
"""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from pipeline.definitions.indicator import Model
from pipeline.model.comparison import Want


class Target(Model):
    """What a use should reach, by when, and how it gets there."""

    value: float = Field(description="the figure to reach")
    by: str = Field(description="the period by which it is to be reached")
    path: Literal["linear", "step"] = Field(
        "linear", description="how it gets there: evenly, or all at the end"
    )
    from_: dict[str, Any] | None = Field(
        None, alias="from", description="the period and value it starts from"
    )


class Use(Model):
    """An indicator under a success measure: which way is wanted, and whether it is the headline."""

    use: str = Field(description="the id of an indicator")
    want: Want = Field(description="the direction that would be success")
    headline: bool = Field(False, description="whether it decides the measure's verdict")
    target: Target | None = Field(None, description="what it should reach")


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
