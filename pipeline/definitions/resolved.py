"""Everything that `config/` says, resolved: the value that every later stage is given."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from pipeline.definitions.corrections import Correction
from pipeline.definitions.expectations import Suite
from pipeline.definitions.indicator import Break, Indicator, Model, Reported
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.model.area import Area, AreaKind
from pipeline.model.issue import Issue


class NamedArea(Model):
    """An area written down by hand."""

    code: str = Field(description="ONS code, e.g. E08000031")
    name: str = Field(description="as printed")


class Member(NamedArea):
    """An area of a set, and the days on which it belongs to it."""

    from_: date | None = Field(
        None, alias="from", description="the first day of its membership; left out: as long as is known"
    )
    until: date | None = Field(None, description="the last day of its membership; left out: to this day")


@dataclass(frozen=True, slots=True)
class Membership:
    """The members of a set from one day to another, both included; None leaves an end open."""

    since: date | None
    until: date | None
    codes: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class AreaSet(Model):
    """A set of areas to compare with. It is dated, because such sets change."""

    title: str = Field(description="as printed: the seven West Midlands districts")
    kind: AreaKind = Field(description="what its members are")
    members: tuple[Member, ...] = Field(
        (), description="the partnership's own area included, where it belongs to it"
    )
    file: str | None = Field(
        None,
        description="a CSV file of config/ with the members instead: code, name, from, until (first and last "
        "day, empty where open), such as a most-similar group that the police supply",
    )
    valid_from: date | None = Field(
        None, description="the day from which its members belong to it, where they do not say it themselves"
    )

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """Its members over time, oldest first; the days on which it has none are left out."""
        starts = {self._since(member) for member in self.members}
        starts |= {m.until + timedelta(days=1) for m in self.members if m.until is not None}
        ordered = [None, *sorted(day for day in starts if day is not None)]
        found: list[Membership] = []
        for since, following in zip(ordered, [*ordered[1:], None], strict=True):
            until = following - timedelta(days=1) if following else None
            codes = self._codes(since if since is not None else until)
            if codes:
                found.append(Membership(since, until, codes))
        return tuple(found)

    def on(self, day: date) -> tuple[str, ...]:
        """The codes of its members on a day, in the order written."""
        return next((found.codes for found in self.memberships if found.holds(day)), ())

    def _codes(self, day: date | None) -> tuple[str, ...]:
        """The members on a day; None: on any day, of a set that never changes."""
        in_force = (m for m in self.members if day is None or Membership(self._since(m), m.until).holds(day))
        return tuple(dict.fromkeys(member.code for member in in_force))

    def _since(self, member: Member) -> date | None:
        return member.from_ or self.valid_from


class Force(NamedArea):
    """The police force and the districts it polices; rows of other districts are counted and named."""

    districts: tuple[NamedArea, ...] = Field((), description="the districts that it polices")


class Partnership(Model):
    """`config/partnership.yaml`: who the assessment is for and what it is about."""

    name: str = Field(description="the partnership, as printed")
    short_name: str = Field("", description="a shorter name for running headers")
    area: NamedArea = Field(description="the district it is responsible for")
    force: Force = Field(description="the police force that covers it")
    title: str = Field("Strategic assessment", description="title on the cover")
    contact: str = Field("", description="how to reach the author")
    author: str = Field("", description="who answers for the assessment")
    demonstration: bool = Field(False, description="mark every output DEMONSTRATION DATA")
    as_at: date | None = Field(None, description="the date of the edition")
    main_source: str = Field(description="its last complete month names the edition")
    area_sets: dict[str, AreaSet] = Field({}, description="sets of areas to compare with, by id")
    breaks: tuple[Break, ...] = Field((), description="breaks that touch more than one indicator")
    attribution: tuple[str, ...] = Field((), description="licence notes to print")

    @property
    def own_area(self) -> Area:
        """The partnership's area."""
        return Area(self.area.code, self.area.name, AreaKind.DISTRICT)

    @property
    def force_area(self) -> Area:
        """The police force's area."""
        return Area(self.force.code, self.force.name, AreaKind.FORCE)

    def area_set(self, name: str) -> tuple[Area, ...]:
        """The areas of `partnership`, `force` or a declared set, in the order written.

        Of a set whose members change: whoever was ever one.
        """
        if name == "partnership":
            return (self.own_area,)
        if name == "force":
            return (self.force_area,)
        members = self.area_sets[name]
        named = {member.code: member.name for member in members.members}
        return tuple(Area(code, name, members.kind) for code, name in named.items())


PolicyName = Literal["open", "small_areas", "partnership_wide"]


class Policies(Model):
    """`config/policies.yaml`: the disclosure policy of each source, below and at the partnership."""

    default: dict[Literal["partnership", "below"], PolicyName] = Field(
        {"partnership": "partnership_wide", "below": "small_areas"},
        description="the policy at the partnership and below it, where a source names none",
    )
    sources: dict[str, PolicyName] = Field({}, description="a source under one policy at every geography")

    def policy(self, source: str, kind: AreaKind) -> PolicyName:
        """The policy for a figure of that source at that kind of area."""
        if source in self.sources:
            return self.sources[source]
        below = kind in (AreaKind.WARD, AreaKind.LSOA)
        return self.default["below" if below else "partnership"]

    def is_public(self, source: str) -> bool:
        """Whether the source's figures are public already, and so the plain hashes of its files may be."""
        return self.policy(source, AreaKind.DISTRICT) == "open"


class Definitions(Model):
    """All of `config/`, resolved and checked. Map order is the order written."""

    partnership: Partnership
    sources: dict[str, Source]
    indicators: dict[str, Indicator]
    priorities: dict[str, Priority]
    duties: dict[str, Priority]
    policies: Policies
    codelists: dict[str, tuple[str, ...]] = Field(description="codes by list, includes resolved")
    codelist_validity: dict[str, dict[str, tuple[date | None, date | None]]] = Field(
        {}, description="by list and code: in force from the first day (included) to the second (excluded)"
    )
    codelist_meanings: dict[str, str] = Field({}, description="the comment at the head of each list")
    suites: dict[str, Suite] = Field({}, description="what deliveries must be like, by source")
    corrections: tuple[Correction, ...] = Field((), description="refused rows that a person releases")
    correction_lines: tuple[int, ...] = Field((), description="the line of each in its file")
    warnings: tuple[Issue, ...] = Field((), description="doubts that stop nothing")
    digest: str = Field(description="sha256 over every file of config/ that was read")

    def item_title(self, item: str) -> str:
        """An item of a return in words: the title of the indicator that prints it, else its own name."""
        measures = ((one.title, one.measure) for one in self.indicators.values())
        titles = (
            title for title, m in measures if isinstance(m, Reported) and (m.item, m.of) == (item, None)
        )
        return next(titles, item.replace("_", " "))
