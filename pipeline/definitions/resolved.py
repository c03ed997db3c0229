"""Everything that `config/` says, resolved: the value that every later stage is given."""

from datetime import date
from typing import Literal

from pydantic import Field

from pipeline.definitions.indicator import Break, Indicator, Model
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.model.area import Area, AreaKind
from pipeline.model.issue import Issue


class NamedArea(Model):
    """An area written down by hand."""

    code: str = Field(description="ONS code, e.g. E08000031")
    name: str = Field(description="as printed")


class AreaSet(Model):
    """A set of areas to compare with. It is dated, because such sets change."""

    title: str = Field(description="as printed: the seven West Midlands districts")
    kind: AreaKind = Field(description="what its members are")
    members: tuple[NamedArea, ...] = Field(
        description="the partnership's own area included, where it belongs to it"
    )
    valid_from: date | None = Field(None, description="the day from which this membership holds")


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
        """The areas of `partnership`, `force` or a declared set, in the order written."""
        if name == "partnership":
            return (self.own_area,)
        if name == "force":
            return (self.force_area,)
        members = self.area_sets[name]
        return tuple(Area(member.code, member.name, members.kind) for member in members.members)


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
    warnings: tuple[Issue, ...] = Field((), description="doubts that stop nothing")
    digest: str = Field(description="sha256 over every file of config/ that was read")
