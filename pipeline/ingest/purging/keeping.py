"""Which values of a record stay when a person in it goes: the event stays, the person does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.purging.reference import Reference
from pipeline.ingest.text import clean_header

PEOPLE = ("victim", "suspect", "caller")  # a contract's columns about a person begin with one of these
WHOLLY_A_PERSON = ("responses",)  # contracts whose every record is somebody's own answers


@dataclass(frozen=True)
class Keeping:
    """What one source keeps of a record.

    `about` has, by header, whom the column is about: `victim`, `suspect`, `caller`, or nobody ("").
    Headers that are not in it are not stored, and nothing of them stays.
    """

    about: Mapping[str, str]

    @classmethod
    def by(cls, mapping: SourceMapping | None) -> "Keeping":
        """What a source's mapping keeps; without a mapping nothing of the record stays."""
        if mapping is None or mapping.source.contract in WHOLLY_A_PERSON:
            return cls({})
        about = {_plain(mapping.in_file(header)): "" for header in mapping.headers}
        if mapping.source.unpivot:
            about.update((_plain(header), "") for header in mapping.source.unpivot.items.values())
        for column in mapping.columns:
            person = column.name.rpartition(".")[2].partition("_")[0]
            if person in PEOPLE:
                about.update((_plain(mapping.in_file(header)), person) for header in column.derived.headers)
        return cls(about)

    def header_in(self, rows: Sequence[Sequence[str]]) -> Sequence[str]:
        """The row that is most like the header: none where no row has a header that is kept."""
        found = max(rows, key=self._known, default=())
        return found if self._known(found) else ()

    def _known(self, row: Sequence[str]) -> int:
        return sum(_plain(cell) in self.about for cell in row)

    def kept(self, header: Sequence[str], cells: Sequence[str], reference: Reference) -> list[bool]:
        """For each cell of a record that holds the reference: whether it stays.

        What is not stored goes, and what is about the person whose reference it is; where that cannot be
        told, what is about any person.
        """
        names = [_plain(name) for name in header] + [""] * (len(cells) - len(header))
        hit = [reference.is_in(cell) for cell in cells]
        people = {self.about.get(name, "") for name, is_hit in zip(names, hit, strict=False) if is_hit}
        going = people if people and "" not in people else set(PEOPLE)
        return [
            not is_hit and name in self.about and self.about[name] not in going
            for name, is_hit in zip(names, hit, strict=False)
        ]


def _plain(header: str) -> str:
    return clean_header(header).casefold()
