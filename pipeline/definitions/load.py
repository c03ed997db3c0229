"""`config/` read whole: every file, every error, one value.

    partnership.yaml   who the assessment is for    sources.yaml    what is delivered
    indicators.yaml    what is measured, and why    policies.yaml   what must stay unpublished (optional)
    codelists/*.txt    named lists of codes             expectations/*.yaml   what deliveries must be like
    corrections.yaml   refused rows that a person releases (optional)

Nothing is computed here and no data are touched. Errors are collected over all files and raised together.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.definitions import built_in
from pipeline.definitions.area_sets import read_members
from pipeline.definitions.codelists import CodeList, read_codelists
from pipeline.definitions.corrections import Correction, Corrections
from pipeline.definitions.expectations import FOLDER as SUITES
from pipeline.definitions.expectations import Suite, read_suites
from pipeline.definitions.faults import Origin, Shape, build, error_text
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.lint import lint
from pipeline.definitions.merge import deep_merge
from pipeline.definitions.parts import resolved_from_parts
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import AreaSet, Definitions, Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.definitions.words import describe, did_you_mean, listed, unknown
from pipeline.definitions.yaml_nodes import Document, Path_, read_yaml
from pipeline.errors import DefinitionError, UsageError
from pipeline.model.issue import Issue, Severity

VERSION = 1
_FILES = ("partnership", "sources", "indicators", "policies", "corrections")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_SECTIONS = {
    "sources": ("version", "defaults", "sources"),
    "indicators": ("version", "defaults", "indicators", "priorities", "duties"),
}


def load(config: Path) -> Definitions:
    """The definitions of a workspace's `config/`, with the warnings about them.

    Raises DefinitionError with every error of every file; its message holds one line for each,
    `file:line:column: what was found, what is allowed`.
    """
    return _or_raise(*read(config))


def check(config: Path, today: date) -> tuple[Definitions, tuple[Issue, ...]]:
    """The definitions and every doubt about them. Raises DefinitionError as `load` does.

    What is past its review is judged at the edition's own date; `today` serves where none is set.
    """
    definitions = _or_raise(*read(config, today))
    return definitions, definitions.warnings


def _or_raise(definitions: Definitions | None, issues: tuple[Issue, ...]) -> Definitions:
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors or definitions is None:
        raise DefinitionError(error_text(errors), tuple(errors))
    return definitions


def issue_at(
    config: Path, path: Path_, message: str, severity: Severity = Severity.WARNING, *, at_key: bool = False
) -> Issue:
    """An issue at a place of `indicators.yaml`, for what is found only when figures are computed."""
    document, _ = read_yaml(config / "indicators.yaml", f"{config.name}/indicators.yaml")
    position = document.key_at(path) if at_key else document.value_at(path)
    return Issue(document.file, position.line, position.column, message, severity)


def read(config: Path, today: date | None = None) -> tuple[Definitions | None, tuple[Issue, ...]]:
    """Everything in `config/` and everything found wrong or doubtful in it, without raising for that.

    The definitions are None where there are errors. What is well formed is checked against the rest even
    where something else is not, unless a whole file is missing or unreadable.
    """
    if not config.is_dir():
        raise UsageError(f"{config}: there is no such folder of definitions")
    reader = _Reader(config)
    partnership = reader.partnership()
    policies = reader.whole_file("policies", Policies, optional=True)
    sources = reader.section("sources", "sources", Source)
    indicators = reader.section("indicators", "indicators", Indicator)
    priorities = reader.section("indicators", "priorities", Priority, has_defaults=False)
    duties = reader.section("indicators", "duties", Priority, has_defaults=False)
    codelists = reader.codelists()
    suites = reader.suites(sources, codelists)
    corrections, correction_lines = reader.corrections()
    reader.note_unread_files()
    issues = reader.issues
    if not reader.all_there():
        return None, _one_each(issues)
    definitions = Definitions(
        partnership=partnership or _STAND_IN,
        policies=policies or Policies(),
        sources=sources,
        indicators=resolved_from_parts(indicators),
        priorities=priorities,
        duties=duties,
        codelists={name: tuple(code.code for code in found.codes) for name, found in codelists.items()},
        codelist_validity={
            name: {code.code: (code.since, code.until) for code in found.codes if code.since or code.until}
            for name, found in codelists.items()
        },
        codelist_meanings={name: found.meaning for name, found in codelists.items()},
        suites=suites,
        corrections=corrections,
        correction_lines=correction_lines,
        digest=reader.digest.hexdigest(),
    )
    places = Places(reader.documents, reader.origins, reader.ids, codelists)
    as_at = definitions.partnership.as_at or today
    found = _one_each([*issues, *lint(definitions, places, as_at, areas_known=partnership is not None)])
    doubts = tuple(issue for issue in found if issue.severity is Severity.WARNING)
    if partnership is None or len(doubts) < len(found):
        return None, found
    return definitions.model_copy(update={"warnings": doubts}), found


# While partnership.yaml is wrong, the other files are checked beside this, and nothing is asked of areas.
_NOWHERE = {"code": "none", "name": "none"}
_STAND_IN = Partnership.model_validate(
    {"name": "none", "area": _NOWHERE, "force": _NOWHERE, "main_source": "none"}
)


def _one_each(issues: list[Issue]) -> tuple[Issue, ...]:
    """The issues by place; a fault in the defaults, found with every indicator, is told once."""
    return tuple(sorted(dict.fromkeys(issues)))


@dataclass
class _Reader:
    """Reads the files of one folder and keeps what went wrong."""

    config: Path
    issues: list[Issue] = field(default_factory=list)
    misformed: set[tuple[str, int, int]] = field(default_factory=set)
    documents: dict[str, Document] = field(default_factory=dict)
    origins: dict[Path_, Origin] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)

    def shown(self, name: str) -> str:
        return f"{self.config.name}/{name}"

    def take(self, file: Path, name: str) -> None:
        """Add a file to the digest of the definitions."""
        self.digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        self.digest.update(file.read_bytes())

    def document(self, stem: str, *, optional: bool = False) -> Document | None:
        """A YAML file with `version: 1`; None where it is absent or cannot be read."""
        if stem in self.documents:
            return self.documents[stem]
        file = self.config / f"{stem}.yaml"
        name = self.shown(file.name)
        if not file.is_file():
            if not optional:
                message = "the file is missing; `assessment init` writes one to start from"
                self.issues.append(Issue(name, 1, 1, message))
            return None
        self.take(file, name)
        document, issues = read_yaml(file, name)
        self.issues += issues
        self.misformed |= {(issue.file, issue.line, issue.column) for issue in issues}
        self.documents[stem] = document
        plain = document.plain
        if plain is None and issues:
            return document
        if not isinstance(plain, dict):
            message = f"found {describe(plain)}; allowed: keys and values, `version: {VERSION}` first"
            self.refuse(document, (), message)
        elif "version" not in plain:
            self.refuse(document, (), f"'version' is missing; write `version: {VERSION}` at the top")
        elif plain["version"] != VERSION or isinstance(plain["version"], bool):
            message = f"version: found {describe(plain['version'])}; allowed: {VERSION}"
            self.refuse(document, ("version",), message)
        return document

    def refuse(self, document: Document, path: Path_, message: str, *, at_key: bool = False) -> None:
        position = document.key_at(path) if at_key else document.value_at(path)
        self.issues.append(Issue(document.file, position.line, position.column, message))

    def all_there(self) -> bool:
        """Whether every file that must be there could be read."""
        found = (self.documents.get(stem) for stem in ("partnership", "sources", "indicators"))
        return all(document is not None and isinstance(document.plain, dict) for document in found)

    def tell(self, issues: list[Issue]) -> None:
        """Note what is wrong with values; a value that could not be read is told already."""
        self.issues += [
            issue for issue in issues if (issue.file, issue.line, issue.column) not in self.misformed
        ]

    def whole_file(self, stem: str, model: type[Shape], *, optional: bool = False) -> Shape | None:
        """A file that is one model."""
        document = self.document(stem, optional=optional)
        if document is None or not isinstance(document.plain, dict):
            return None
        plain = {key: value for key, value in document.plain.items() if key != "version"}
        built, issues = build(model, plain, document, ())
        self.tell(issues)
        return built

    def partnership(self) -> Partnership | None:
        """`partnership.yaml`, with the members of its area sets that stand in files of their own."""
        partnership = self.whole_file("partnership", Partnership)
        if partnership is None:
            return None
        sets = {name: self._with_members(name, found) for name, found in partnership.area_sets.items()}
        return partnership.model_copy(update={"area_sets": sets})

    def _with_members(self, name: str, area_set: AreaSet) -> AreaSet:
        document = self.documents["partnership"]
        here: Path_ = ("area_sets", name)
        if (area_set.file is None) == (not area_set.members):
            message = f"{name}: needs either `members` or `file`, a CSV file of config/ with them"
            self.refuse(document, here, message, at_key=True)
        if area_set.file is None:
            return area_set
        file = (self.config / area_set.file).resolve()
        if not file.is_file() or not file.is_relative_to(self.config.resolve()):
            message = f"{name}: found '{area_set.file}'; allowed: a CSV file inside {self.config.name}/"
            self.refuse(document, (*here, "file"), message)
            return area_set
        shown = self.shown(area_set.file)
        self.take(file, shown)
        members, issues = read_members(file, shown)
        self.issues += issues
        return area_set.model_copy(update={"members": members})

    def section(
        self, stem: str, name: str, model: type[Shape], *, has_defaults: bool = True
    ) -> dict[str, Shape]:
        """One map of a file, id by id, each with the file's defaults merged in."""
        document = self.document(stem)
        if document is None or not isinstance(document.plain, dict):
            return {}
        self._check_sections(stem, document)
        written = document.plain.get(name)
        if written is None:
            written = {}
        if not isinstance(written, dict):
            self.refuse(document, (name,), f"{name}: found {describe(written)}; allowed: a mapping from ids")
            return {}
        defaults = document.plain.get("defaults") if has_defaults else None
        self.ids[name] = tuple(written)
        found = {}
        for key, own in written.items():
            path: Path_ = (name, key)
            self._check_id(document, path, key)
            if not isinstance(own, dict):
                message = f"{name}.{key}: found {describe(own)}; allowed: a mapping (key: value)"
                self.refuse(document, path, message)
                continue
            merged, places = self._merged(document, path, defaults if isinstance(defaults, dict) else {}, own)
            origin = Origin(places)
            self.origins[path] = origin
            if "id" in model.model_fields:
                if "id" in own:
                    message = f"unknown key 'id' in {name}.{key}; the id is '{key}', the key above it"
                    self.refuse(document, (*path, "id"), message, at_key=True)
                merged["id"] = key
            built, issues = build(model, merged, document, path, origin)
            self.tell(issues)
            if built is not None:
                found[key] = built
        return found

    def _merged(
        self, document: Document, path: Path_, defaults: dict[str, Any], own: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[Path_, Path_]]:
        """A definition over the file's defaults; a source also over the built-in mapping that it names."""
        name = own.get("like")
        if path[0] != "sources" or name is None:
            return deep_merge(defaults, own)
        if name not in built_in.names():
            message = f"{path[1]}: {unknown('built-in mapping', str(name), built_in.names())}"
            self.refuse(document, (*path, "like"), message)
            return deep_merge(defaults, own)
        self.take(built_in.file_of(name), f"mappings/{name}.yaml")
        return built_in.over(built_in.written(name), defaults, own, path)

    def _check_sections(self, stem: str, document: Document) -> None:
        allowed = _SECTIONS[stem]
        for key in document.plain:
            if key not in allowed:
                self.refuse(document, (key,), unknown("key in the file:", key, allowed), at_key=True)
        defaults = document.plain.get("defaults")
        if defaults is not None and not isinstance(defaults, dict):
            message = f"defaults: found {describe(defaults)}; allowed: a mapping (key: value)"
            self.refuse(document, ("defaults",), message)

    def _check_id(self, document: Document, path: Path_, key: str) -> None:
        if not _ID.fullmatch(key):
            message = f"'{key}' is not an id; allowed: small letters, digits and _, beginning with a letter"
            self.refuse(document, path, message, at_key=True)

    def note_unread_files(self) -> None:
        """A file of definitions under a name that nothing reads would be a rule that nobody applies."""
        names = [f"{stem}.yaml" for stem in _FILES]
        for file in sorted(self.config.glob("*.y*ml")):
            if file.name not in names:
                hint = did_you_mean(file.name, names)
                message = f"nothing reads this file{hint}; what is read: {listed(names)}"
                self.issues.append(Issue(self.shown(file.name), 1, 1, message, Severity.WARNING))

    def codelists(self) -> dict[str, CodeList]:
        folder = self.config / "codelists"
        for file in sorted(folder.glob("*.txt")):
            self.take(file, self.shown(f"codelists/{file.name}"))
        found, issues = read_codelists(folder, self.shown("codelists"))
        self.issues += issues
        return found

    def corrections(self) -> tuple[tuple[Correction, ...], tuple[int, ...]]:
        """The decisions that release refused rows, and the line of each."""
        written = self.whole_file("corrections", Corrections, optional=True)
        if written is None:
            return (), ()
        document = self.documents["corrections"]
        places = (("corrections", number) for number in range(len(written.corrections)))
        return written.corrections, tuple(document.value_at(place).line for place in places)

    def suites(self, sources: dict[str, Source], codelists: dict[str, CodeList]) -> dict[str, Suite]:
        found, issues = read_suites(
            self.config / SUITES,
            self.shown(SUITES),
            sources,
            self.ids.get("sources", ()),
            codelists,
            self.take,
        )
        self.issues += issues
        return found
