"""Which values of a record stay when a person in it goes: the event stays, the person does not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.text import clean_header

PEOPLE = ("victim", "suspect", "caller")  # a contract's columns about a person begin with one of these
WHOLLY_A_PERSON = ("responses",)  # contracts whose every record is somebody's own answers
RESPONDENT = "respondent"


@dataclass(frozen=True)
class Keeping:
    """What one source keeps of a record. Headers are as `_plain` has them.

    `about` has, by header, whom the column is about: `victim`, `suspect`, `caller`, or nobody ("").
    Headers that are not in it are not stored. `references` are those of references of people and
    addresses: only a value that is equal to a reference there is the person. `free` may hold any text.
    `needed` are those without which a record does not count, or counts as another one.
    """

    about: Mapping[str, str]
    references: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    is_wholly_a_person: bool = False

    @classmethod
    def by(cls, mappings: Sequence[SourceMapping]) -> "Keeping":
        """What any of some sources' mappings keeps of a file; without a mapping nothing is stored."""
        every = [cls._of(mapping) for mapping in mappings]
        about: dict[str, str] = {}
        for one in every:
            about |= {header: person or about.get(header, "") for header, person in one.about.items()}
        return cls(
            about,
            frozenset[str]().union(*(one.references for one in every)),
            frozenset[str]().union(*(one.free for one in every)),
            frozenset[str]().union(*(one.needed for one in every)),
            bool(every) and all(one.is_wholly_a_person for one in every),
        )

    @classmethod
    def _of(cls, mapping: SourceMapping) -> "Keeping":
        source = mapping.source

        def plain(*names: str) -> frozenset[str]:
            return frozenset(_plain(mapping.in_file(name)) for name in names)

        about = dict.fromkeys(plain(*mapping.headers), "")
        if source.unpivot:
            about.update((_plain(header), "") for header in source.unpivot.items.values())
        references, needed = set(plain()), set(plain(*source.rows, *source.present, *source.grain))
        for part in source.parts.values():
            needed |= plain(*part.key, *part.rows)
        for column in mapping.columns:
            headers = plain(*column.derived.headers)
            person = column.name.rpartition(".")[2].partition("_")[0]
            if person in PEOPLE:
                about.update(dict.fromkeys(headers, person))
            if column.derived.hashed or column.name == RESPONDENT:
                references |= headers
            if column.required or column.name in source.key:
                needed |= headers
        return cls(
            about,
            frozenset(references),
            plain(*mapping.free_texts),
            frozenset(needed),
            source.contract in WHOLLY_A_PERSON,
        )

    def header_in(self, rows: Sequence[Sequence[str]]) -> Sequence[str]:
        """The row that is most like the header: none where no row has a header that is kept."""
        found = max(rows, key=self._known, default=())
        return found if self._known(found) else ()

    def _known(self, row: Sequence[str]) -> int:
        return sum(_plain(cell) in self.about for cell in row)


@dataclass
class Redactor:
    """What takes a person out of the records of one file, and counts what it comes across.

    `staying` counts, by column, the values that hold the reference and stay: as another thing of the same
    letters, or as part of a longer value. `in_free_text` counts those among them that may well be about the
    person. With `is_control` these go too: what is then left of the reference stands in no value at all.
    """

    keeping: Keeping
    reference: Reference = field(repr=False)
    is_control: bool = False
    records: int = 0
    emptied: int = 0  # of them: records of which nothing is left
    left: int = 0  # records of which something is
    staying: Counter[str] = field(default_factory=Counter)
    in_free_text: Counter[str] = field(default_factory=Counter)

    def is_asked(self, cells: Sequence[str]) -> bool:
        """Whether a record may hold the reference: others stay as they are."""
        return any(map(self.reference.loosely.is_in, cells))

    def kept(self, header: Sequence[str], cells: Sequence[str]) -> list[bool]:
        """For each cell of a record: whether it stays.

        In the person's own record what is about them goes, and what is not stored; where it cannot be told
        who of it they are, what is about any person. In any other record what is not stored goes where it
        names the person. Raises ExtractError where the person's reference is what makes a record count.
        """
        keeping, names = self.keeping, [_plain(name) for name in header]
        names += [""] * (len(cells) - len(names))
        named = [self.reference.is_in(cell) for cell in cells]
        if header and [_plain(cell) for cell in cells] == names:
            going = [False] * len(cells)
        else:
            going = self._going(names, cells, named)
        near = [self.reference.loosely.is_in(cell) for cell in cells]
        if not self.is_control:
            for number, is_near in enumerate(near):
                if is_near and not going[number]:
                    column = clean_header(header[number]) if number < len(header) else ""
                    self.staying[column] += 1
                    self.in_free_text[column] += named[number] and names[number] in keeping.free
            self.in_free_text = +self.in_free_text
        if any(going):
            self.records += 1
            self.emptied += not any(c.strip() for c, goes in zip(cells, going, strict=True) if not goes)
        if self.is_control:
            going = [goes or is_near for goes, is_near in zip(going, near, strict=True)]
        return [not goes for goes in going]

    def _going(self, names: Sequence[str], cells: Sequence[str], named: Sequence[bool]) -> list[bool]:
        keeping = self.keeping
        references = keeping.references.intersection(names)
        own = [
            self.reference.is_value(cell)
            and (name in references if references else name not in keeping.about)
            for name, cell in zip(names, cells, strict=False)
        ]
        if not any(own):
            return [hit and name not in keeping.about for name, hit in zip(names, named, strict=False)]
        people = {keeping.about.get(name, "") for name, is_own in zip(names, own, strict=False) if is_own}
        about = people if "" not in people else set(PEOPLE)
        if keeping.is_wholly_a_person:
            return [True] * len(cells)
        going = [
            is_own or name not in keeping.about or keeping.about[name] in about
            for name, is_own in zip(names, own, strict=False)
        ]
        for name, goes, cell in zip(names, going, cells, strict=False):
            if goes and cell.strip() and name in keeping.needed:
                raise ExtractError(
                    f"values of the person stand under {name!r}, without which the record would not count as "
                    "it does: the mapping requires it, or tells records apart by it. Nothing was changed; "
                    "map another column for that, or purge the whole delivery with --delivery."
                )
        return going


def _plain(header: str) -> str:
    return clean_header(header).casefold()
