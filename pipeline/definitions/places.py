"""Where things stand in the files, for rules that look at the resolved value."""

from dataclasses import dataclass, field, replace

from pipeline.definitions.codelists import CodeList
from pipeline.definitions.faults import Origin
from pipeline.definitions.yaml_nodes import Document, Path_
from pipeline.model.issue import Issue, Severity


@dataclass(frozen=True, slots=True)
class Places:
    """The documents by file stem and, for merged values, where they came from."""

    documents: dict[str, Document]
    origins: dict[Path_, Origin]
    ids: dict[str, tuple[str, ...]]  # by section, as written: what is malformed is not also unknown
    codelists: dict[str, CodeList] = field(default_factory=dict)  # each code with its file and line

    def issue(self, stem: str, path: Path_, message: str, *, at_key: bool = False) -> Issue:
        """An error at a place of a file, found in the defaults where the value was merged in."""
        document = self.documents[stem]
        origin = self.origins.get(path[:2])
        where = origin.of(path[:2], path[2:]) if origin else path
        position = document.key_at(where) if at_key else document.value_at(where)
        return Issue(document.file, position.line, position.column, message)

    def doubt(self, stem: str, path: Path_, message: str) -> Issue:
        """As `issue`, but a warning."""
        return replace(self.issue(stem, path, message), severity=Severity.WARNING)
