"""YAML, read strictly and with positions; the only module that imports the YAML library.

The rules are those of YAML 1.2's core schema, made narrower where a value could be misread:

- only `null`, `~` and nothing are null; only `true` and `false` are flags;
- NO, yes and off are refused where they are values: YAML 1.2 reads a text, 1.1 reads a flag, and so do
  many programs that people open such files with. Write 'No' for the text, false for the flag;
- a number is written the way it is printed. 010, 4.10, 1e3, +5 and 0x1F are refused, because an offence
  code may look like that: write 10 for the number, '010' for the text;
- 12:30 is refused, because YAML 1.1 reads 750: write '12:30';
- 2023-06-30 is text (dates are recognised where a date is expected); a key is always text;
- duplicate keys, anchors, aliases, tags, tabs, a second document and files over 1 MB are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline.model.issue import Issue

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

Path_ = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = {"", "~", "null", "Null", "NULL"}
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)")
# What YAML 1.1 or 1.2 would take for a number, in a form that does not print the same.
_OTHER_NUMBER = re.compile(
    r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
# What YAML 1.1 would take for a flag, or for a number of base sixty.
_OLD_FLAG = re.compile(r"y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF")
_BASE_SIXTY = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text file; lines and columns count from 1."""

    line: int
    column: int


START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as plain values, and where each of its keys and values stands.

    `plain` holds dicts with text keys, lists, texts, whole numbers, decimals, flags and None.
    A place is named by its path: keys and list indices from the root.
    """

    file: str
    plain: Any
    values: dict[Path_, Position] = field(repr=False)
    keys: dict[Path_, Position] = field(repr=False)

    def value_at(self, path: Path_) -> Position:
        """Where the value of that path stands, or else the nearest thing that holds it."""
        return next((self.values[p] for p in _upwards(path) if p in self.values), START)

    def key_at(self, path: Path_) -> Position:
        """Where the key of that path stands (an item of a list: its value)."""
        for p in _upwards(path):
            if p in self.keys:
                return self.keys[p]
            if p in self.values:
                return self.values[p]
        return START


def _upwards(path: Path_) -> Iterator[Path_]:
    for length in range(len(path), -1, -1):
        yield path[:length]


def read_yaml(file: Path, name: str) -> tuple[Document, list[Issue]]:
    """The file's content and everything that is wrong with its form.

    Where it cannot be read at all `plain` is None and there is at least one issue.
    `name` is how messages call the file.
    """
    reader = _Reader(name)
    size = file.stat().st_size
    if size > MAX_BYTES:
        reader.refuse(START, f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read. Shorten it")
        return reader.document(None), reader.issues
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        reader.refuse(Position(line, 1), "the file is not UTF-8 text; save it again as UTF-8")
        return reader.document(None), reader.issues
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> tuple[Document, list[Issue]]:
    """As `read_yaml`, from text."""
    reader = _Reader(name)
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line:
            position = Position(number, line.index("\t") + 1)
            reader.refuse(position, 'found a tab; use spaces (in a text, write "\\t")')
    if reader.issues:
        return reader.document(None), reader.issues
    try:
        plain = reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else START
        reader.refuse(position, _syntax_message(error.problem or error.context or "not readable"))
        plain = None
    except yaml.reader.ReaderError as unreadable:
        number = text.count("\n", 0, unreadable.position) + 1
        reader.refuse(Position(number, 1), "found a character that YAML does not allow; delete it")
        plain = None
    except _TooDeepError as deep:
        reader.refuse(deep.position, f"nested more than {MAX_DEPTH} levels deep")
        plain = None
    return reader.document(plain), reader.issues


def _syntax_message(problem: str) -> str:
    advice = {
        "mapping values are not allowed": "a text with ': ' in it needs quotes",
        "did not find expected key": "check the indentation and that every bracket and quote is closed",
        "could not find expected ':'": "a key needs a colon and a space after it",
        "found unexpected end of stream": "a quote or bracket is not closed",
        "cannot start any token": "a text that starts with this character needs quotes",
        "expected ',' or": "a bracket is not closed, or a comma is missing",
    }
    hint = next((words for start, words in advice.items() if start in problem), "")
    return f"not readable as YAML: {problem}" + (f" ({hint})" if hint else "")


class _TooDeepError(Exception):
    def __init__(self, position: Position) -> None:
        super().__init__()
        self.position = position


class _Reader:
    """Turns the parser's events into plain values, noting positions and refusals."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self.values: dict[Path_, Position] = {}
        self.keys: dict[Path_, Position] = {}

    def document(self, plain: Any) -> Document:
        return Document(self.name, plain, self.values, self.keys)

    def refuse(self, position: Position, message: str) -> None:
        self.issues.append(Issue(self.name, position.line, position.column, message))

    def read(self, events: Iterator[yaml.Event]) -> Any:
        plain: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(_position(event), "found a second document ('---'); a file holds one")
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, ())
                plain = value if documents == 1 else plain
        return plain

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path_) -> Any:
        position = _position(event)
        if len(path) > MAX_DEPTH:
            raise _TooDeepError(position)
        self.values.setdefault(path, position)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(position, f"found the alias *{event.anchor}; write the value out instead")
            return None
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is not None:
            self.refuse(position, f"found the anchor &{event.anchor}; write the value out instead")
        tag: str | None = event.tag  # type: ignore[attr-defined]
        if tag is not None:
            self.refuse(position, f"found the tag {tag}; tags are not allowed")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, position)

    def _mapping(self, events: Iterator[yaml.Event], path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            position = _position(event)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self.refuse(position, "found a key that is not plain text")
                # Read it, and its value, to its end, so that what follows is still checked.
                self._node(event, events, (*path, "?"))
                self._node(next(events), events, (*path, "?"))
                continue
            key = event.value
            inner = (*path, key)
            if key in found:
                first = self.keys[inner]
                self.refuse(position, f"the key '{key}' stands here twice; first in line {first.line}")
                self._node(next(events), events, (*inner, "again"))
                continue
            if not key:
                self.refuse(position, "found an empty key")
            self.keys[inner] = position
            found[key] = None  # a key counts as seen even where its value is refused
            found[key] = self._node(next(events), events, inner)
        return found

    def _sequence(self, events: Iterator[yaml.Event], path: Path_) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, events, (*path, len(found))))
        return found

    def _scalar(self, event: yaml.ScalarEvent, position: Position) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in _NULL:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if _INTEGER.fullmatch(text) and text != "-0":
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        if _OTHER_NUMBER.fullmatch(text):
            self.refuse(
                position,
                f"found {text}, which could be a number or a code; write the number the way it is printed "
                f"(10, 0.5), or quote the text: '{text}'",
            )
            return None
        if _OLD_FLAG.fullmatch(text):
            self.refuse(
                position,
                f"found {text}, which could be a flag or a text; write true or false, or quote the text: "
                f"'{text}'",
            )
            return None
        if _BASE_SIXTY.fullmatch(text):
            self.refuse(position, f"found {text}, which could be a time or a number; quote it: '{text}'")
            return None
        return text


def _position(event: yaml.Event) -> Position:
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1) if mark else START


_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.()%/+'-]*")


def is_plain_text(text: str) -> bool:
    """Whether the text can be written without quotes, anywhere, and is read back as the same text."""
    if not _PLAIN.fullmatch(text) or text != text.strip():
        return False
    misread = (_OTHER_NUMBER, _OLD_FLAG, _BASE_SIXTY)
    return text not in _NULL and text not in _FLAGS and not any(trap.fullmatch(text) for trap in misread)
