"""Rules over corrections: does each name one record of a declared source, and values that it can have?"""

from collections.abc import Iterator

from pipeline.definitions.corrections import Correction
from pipeline.definitions.places import Places
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Derived, Source
from pipeline.definitions.words import listed, unknown
from pipeline.definitions.yaml_nodes import Path_
from pipeline.model.issue import Issue
from pipeline.model.rule import RuleName


def corrections_named(definitions: Definitions, places: Places) -> Iterator[Issue]:
    """A correction of what is not there, of two things at once, or that ends before it begins."""
    for number, correction in enumerate(definitions.corrections):
        path: Path_ = ("corrections", number)
        source = definitions.sources.get(correction.source)
        if source is None:
            if correction.source not in places.ids.get("sources", ()):
                message = unknown("source", correction.source, definitions.sources)
                yield places.issue("corrections", (*path, "source"), message)
            continue
        for inner, message in _wrong(correction, source):
            yield places.issue("corrections", (*path, *inner), message)


def _wrong(correction: Correction, source: Source) -> Iterator[tuple[Path_, str]]:
    secret = "is a reference of a person or an address, which is never written down"
    if (correction.line is None) == (correction.key is None):
        yield (), "a correction names its record by `line`, with `file`, or by `key`: one of the two"
    elif correction.line is not None and correction.file is None:
        yield ("line",), "a line is one of a file: say which under `file`"
    if correction.key is not None and set(correction.key) != set(source.key):
        found = listed(correction.key) if correction.key else "nothing"
        allowed = (
            listed(source.key) if source.key else f"no key, because {source.id} declares none: use `line`"
        )
        yield ("key",), f"found {found}; allowed: {allowed}"
    for name in correction.key or ():
        if _hashed(source, name):
            yield ("key", name), f"{name} {secret}"
    for name in correction.values:
        if name not in source.columns:
            yield ("values", name), unknown(f"column of {source.id}", name, source.columns)
        elif _hashed(source, name):
            yield ("values", name), f"{name} {secret}"
        elif name in source.key:
            told = "is a part of the key: another value would make it another record"
            yield ("values", name), f"{name} {told}. Ask the supplier for the file again"
    if not correction.rule.is_releasable:
        allowed = listed([rule.value for rule in RuleName if rule.is_releasable])
        message = f"found {correction.rule.value}, for which nothing can release a row; allowed: {allowed}"
        yield ("rule",), f"{message}. Ask the supplier for the file again"
    if correction.until < correction.on:
        yield ("until",), f"found {correction.until}; allowed: a day not before {correction.on}, its `on`"


def _hashed(source: Source, name: str) -> bool:
    derived = source.columns.get(name)
    return isinstance(derived, Derived) and derived.hashed
