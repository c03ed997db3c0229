"""`config/` read whole: every file, every error, one value.

    partnership.yaml   who the assessment is for           sources.yaml    what is delivered
    indicators.yaml    what is measured, and why           policies.yaml   what must not be published (optional)
    codelists/*.txt    named lists of codes

Nothing is computed here and no data are touched. Errors are collected over all files and raised together.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.definitions.codelists import CodeList, read_codelists
from pipeline.definitions.faults import Origin, Shape, build, describe, did_you_mean, listed
from pipeline.definitions.indicator import Indicator, Priority
from pipeline.definitions.lint import Places, error_rules, warnings
from pipeline.definitions.resolved import Definitions, Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.definitions.yaml_nodes import Document, Path_, read_yaml
from pipeline.errors import DefinitionError, UsageError
from pipeline.model.issue import Issue, Severity

VERSION = 1
_ID = re.compile(r"[a-z][a-z0-9_]*")
_SECTIONS = {
    "sources": ("version", "defaults", "sources"),
    "indicators": ("version", "defaults", "indicators", "priorities", "duties"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder of definitions says, or everything that is wrong with it."""

    definitions: Definitions | None
    issues: tuple[Issue, ...]
    places: Places


def load(config: Path) -> Definitions:
    """The definitions of a workspace's `config/`. Raises DefinitionError with every error of every file."""
    reading = read(config)
    return _or_raise(reading)


def check(config: Path, today: date) -> tuple[Definitions, tuple[Issue, ...]]:
    """The definitions and the warnings about them. Raises DefinitionError as `load` does."""
    reading = read(config)
    definitions = _or_raise(reading)
    doubtful = [issue for issue in reading.issues if issue.severity is Severity.WARNING]
    return definitions, tuple(sorted([*doubtful, *warnings(definitions, reading.places, today)]))


def _or_raise(reading: Reading) -> Definitions:
    errors = [issue for issue in reading.issues if issue.severity is Severity.ERROR]
    if errors or reading.definitions is None:
        raise DefinitionError(error_text(errors))
    return reading.definitions


def error_text(errors: list[Issue]) -> str:
    """Errors as the user reads them: a blank line between files, each line `file:line:column: message`."""
    files = list(dict.fromkeys(issue.file for issue in errors))
    count = f"{len(errors)} error{'s' if len(errors) != 1 else ''}"
    lines = [f"{count} in {listed(files)}"]
    for file in files:
        lines += ["", *(str(issue) for issue in errors if issue.file == file)]
    return "\n".join(lines)


def read(config: Path) -> Reading:
    """Everything in `config/`, without raising for what is wrong in it."""
    if not config.is_dir():
        raise UsageError(f"{config}: there is no such folder of definitions")
    reader = _Reader(config)
    partnership = reader.whole_file("partnership", Partnership)
    policies = reader.whole_file("policies", Policies, optional=True)
    sources = reader.section("sources", "sources", Source)
    indicators = reader.section("indicators", "indicators", Indicator)
    priorities = reader.section("indicators", "priorities", Priority, has_defaults=False)
    duties = reader.section("indicators", "duties", Priority, has_defaults=False)
    codelists = reader.codelists()
    places = Places(reader.documents, reader.origins, codelists)
    issues = list(reader.issues)
    definitions = None
    if partnership is not None and not any(issue.severity is Severity.ERROR for issue in issues):
        definitions = Definitions(
            partnership=partnership,
            sources=sources,
            indicators=indicators,
            priorities=priorities,
            duties=duties,
            policies=policies or Policies(),
            codelists={name: tuple(code.code for code in found.codes) for name, found in codelists.items()},
            codelist_validity={
                name: {code.code: (code.since, code.until) for code in found.codes if code.since or code.until}
                for name, found in codelists.items()
            },
            codelist_meanings={name: found.meaning for name, found in codelists.items()},
            digest=reader.digest.hexdigest(),
        )
        issues += error_rules(definitions, places)
    return Reading(definitions, _one_each(issues), places)


def _one_each(issues: list[Issue]) -> tuple[Issue, ...]:
    """The issues in order, one for each message and, among errors, the first found at each place."""
    first: dict[tuple[str, int, int, str], Issue] = {}
    for issue in issues:
        distinct = issue.message if issue.severity is Severity.WARNING or _says_key(issue) else ""
        first.setdefault((issue.file, issue.line, issue.column, distinct), issue)
    return tuple(sorted(first.values()))


def _says_key(issue: Issue) -> bool:
    return "is missing" in issue.message or "unknown" in issue.message


@dataclass
class _Reader:
    """Reads the files of one folder and keeps what went wrong."""

    config: Path
    issues: list[Issue] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    origins: dict[Path_, Origin] = field(default_factory=dict)
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
                self.issues.append(Issue(name, 1, 1, "the file is missing; `assessment init` writes one to start from"))
            return None
        self.take(file, name)
        document, issues = read_yaml(file, name)
        self.issues += issues
        self.documents[stem] = document
        plain = document.plain
        if plain is None and issues:
            return document
        if not isinstance(plain, dict):
            self.refuse(document, (), f"found {describe(plain)}; allowed: a mapping that begins with `version: {VERSION}`")
        elif "version" not in plain:
            self.refuse(document, (), f"'version' is missing; write `version: {VERSION}` at the top")
        elif plain["version"] != VERSION or isinstance(plain["version"], bool):
            self.refuse(document, ("version",), f"version: found {describe(plain['version'])}; allowed: {VERSION}")
        return document

    def refuse(self, document: Document, path: Path_, message: str, *, at_key: bool = False) -> None:
        position = document.key_at(path) if at_key else document.value_at(path)
        self.issues.append(Issue(document.file, position.line, position.column, message))

    def whole_file(self, stem: str, model: type[Shape], *, optional: bool = False) -> Shape | None:
        """A file that is one model."""
        document = self.document(stem, optional=optional)
        if document is None or not isinstance(document.plain, dict):
            return None
        plain = {key: value for key, value in document.plain.items() if key != "version"}
        built, issues = build(model, plain, document, ())
        self.issues += issues
        return built

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
        found = {}
        for key, own in written.items():
            path: Path_ = (name, key)
            self._check_id(document, path, key)
            if not isinstance(own, dict):
                self.refuse(document, path, f"{name}.{key}: found {describe(own)}; allowed: a mapping (key: value)")
                continue
            merged, places = deep_merge(defaults if isinstance(defaults, dict) else {}, own, path)
            origin = Origin(places)
            self.origins[path] = origin
            if "id" in model.model_fields:
                if "id" in own:
                    self.refuse(document, (*path, "id"), f"unknown key 'id' in {name}.{key}; the key above is the id", at_key=True)
                merged["id"] = key
            built, issues = build(model, merged, document, path, origin)
            self.issues += issues
            if built is not None:
                found[key] = built
        return found

    def _check_sections(self, stem: str, document: Document) -> None:
        allowed = _SECTIONS[stem]
        for key in document.plain:
            if key not in allowed:
                message = f"unknown key '{key}' in the file; allowed: {listed(allowed)}{did_you_mean(key, allowed)}"
                self.refuse(document, (key,), message, at_key=True)
        defaults = document.plain.get("defaults")
        if defaults is not None and not isinstance(defaults, dict):
            self.refuse(document, ("defaults",), f"defaults: found {describe(defaults)}; allowed: a mapping (key: value)")

    def _check_id(self, document: Document, path: Path_, key: str) -> None:
        if not _ID.fullmatch(key):
            message = f"'{key}' is not an id; allowed: small letters, digits and _, beginning with a letter"
            self.refuse(document, path, message, at_key=True)

    def codelists(self) -> dict[str, CodeList]:
        folder = self.config / "codelists"
        for file in sorted(folder.glob("*.txt")):
            self.take(file, self.shown(f"codelists/{file.name}"))
        found, issues = read_codelists(folder, self.shown("codelists"))
        self.issues += issues
        return found


def deep_merge(defaults: dict[str, Any], own: dict[str, Any], path: Path_) -> tuple[dict[str, Any], dict[Path_, Path_]]:
    """`own` over `defaults`: mappings merge key by key, anything else replaces.

    Also where in the document each merged-in value comes from, by its place in the result; what is not
    named there stands under `path`. A measure of another type replaces the default measure whole.
    """
    places: dict[Path_, Path_] = {}

    def merge(under: dict[str, Any], over: dict[str, Any], inner: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key in (*under, *(key for key in over if key not in under)):
            here = (*inner, key)
            if key not in over:
                result[key] = under[key]
                places[here] = ("defaults", *here)
            elif isinstance(over[key], dict) and isinstance(under.get(key), dict) and not _other_type(under[key], over[key]):
                result[key] = merge(under[key], over[key], here)
            else:
                result[key] = over[key]
        return result

    return merge(defaults, own, ()), places


def _other_type(under: dict[str, Any], over: dict[str, Any]) -> bool:
    return "type" in over and under.get("type", over["type"]) != over["type"]
