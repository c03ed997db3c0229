"""Returns: what each supplier was to deliver for each period, when it was due, and when it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.model.period import Period

NAMED_ITEMS = 3  # of a return of which nothing has come; more are counted


class ReturnState(StrEnum):
    """How a return stands on a day. Only those that are `received` or `late` are there whole."""

    RECEIVED = "received"
    LATE = "late"
    OVERDUE = "overdue"
    NOT_YET_DUE = "not_yet_due"


class Content(StrEnum):
    """What came for an item. To be told that there is no figure is not to be told nothing."""

    FIGURE = "figure"
    NO_FIGURE = "no_figure"  # the supplier says that it has none
    SUPPRESSED = "suppressed"  # the supplier keeps it back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedItem:
    """One item of a return for one area; both are empty where a return is a file as a whole.

    `received` is the day on which it first was there for the whole period, None where it is not;
    `revised` the last day after that on which it changed. `missing` are the months that have not come
    where others of the period have.
    """

    item: str
    area_code: str
    received: date | None = None
    content: Content | None = None  # of a figure that has come
    revised: date | None = None
    missing: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What one supplier was to deliver for one period: all its items by one day."""

    source: str
    supplier: str
    contact: str
    period: Period
    due: date
    items: tuple[ReturnedItem, ...]

    @property
    def lacking(self) -> tuple[ReturnedItem, ...]:
        """The items that have not come, or not for the whole period."""
        return tuple(item for item in self.items if item.received is None)

    @property
    def received(self) -> date | None:
        """The day on which the last item came; None where one has not."""
        days = [item.received for item in self.items if item.received is not None]
        return max(days) if len(days) == len(self.items) else None

    @property
    def revised(self) -> date | None:
        """The last day on which an item that was there changed."""
        return max((item.revised for item in self.items if item.revised is not None), default=None)

    @property
    def without_figure(self) -> tuple[ReturnedItem, ...]:
        """The items of which the supplier says that there is no figure."""
        return tuple(item for item in self.items if item.content is Content.NO_FIGURE)

    @property
    def is_file(self) -> bool:
        """Whether it is a file as a whole, and has no items."""
        return not self.items[0].item

    @property
    def lacks_all(self) -> bool:
        """Whether nothing of it has come, of so many items that they need not be named."""
        return len(self.lacking) == len(self.items) > NAMED_ITEMS

    def state(self, day: date) -> ReturnState:
        """How it stands on a day."""
        if self.received is not None:
            return ReturnState.LATE if self.received > self.due else ReturnState.RECEIVED
        return ReturnState.OVERDUE if day > self.due else ReturnState.NOT_YET_DUE

    def days_late(self, day: date) -> int:
        """How many days after it was due it came, or has not come by `day`; 0 where it is not late."""
        return max(0, ((self.received or day) - self.due).days)


def overdue(returns: Sequence[Return], day: date) -> tuple[Return, ...]:
    """The returns that are owed on a day though they were due before, the oldest first."""
    found = [one for one in returns if one.state(day) is ReturnState.OVERDUE]
    return tuple(sorted(found, key=lambda one: (one.due, one.supplier, one.period)))
