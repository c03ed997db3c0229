"""A draft as YAML for `config/sources.yaml`: each line as a person would write it, with its comment."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.definitions.written import in_one_line
from pipeline.ingest.proposing.derivation import Columns
from pipeline.ingest.proposing.grain import Grain
from pipeline.ingest.proposing.looking import Look

NOT_SAID = "to be named"
WIDTH = 80
_BEHAVIOUR = re.compile(
    r"anti-?\s?social behaviou?r|asb\b", re.IGNORECASE
)  # no crime, though counted beside it
_DATES = re.compile(r"\d[\d_.\s-]*\d|\d")


def id_of(name: str, taken: Sequence[str]) -> str:
    """An id for the source of a file of that name: `noise_complaints` of noise-complaints-2023-05.xlsx."""
    words = re.findall(r"[a-z]+", _stem(name).casefold())
    base = "_".join(words)[:40].strip("_") or "new_source"
    return next(one for one in (base, *(f"{base}_{n}" for n in range(2, 1000))) if one not in taken)


def pattern_of(name: str) -> str:
    """The pattern that fits the file and those of other months: its digits may be others."""
    stem, dot, suffix = name.partition(".")
    pattern = re.sub(r"\*[\s_.-]*\*", "*", _DATES.sub("*", as_pattern(stem)))
    return pattern + dot + suffix


def as_pattern(name: str) -> str:
    """The pattern that fits a file of that name alone."""
    return re.sub(r"([\[?*])", r"[\1]", name)


def _stem(name: str) -> str:
    return name.partition(".")[0]


def source_of(look: Look, contract: str, columns: Columns, grain: Grain, control: "Totals") -> dict[str, Any]:
    """The source as plain values, as it would be read from YAML; without what no file says."""
    source: dict[str, Any] = {"files": [pattern_of(look.name)]}
    if look.kind == "text":
        source |= {"encoding": look.encoding} if look.encoding != "utf-8" else {}
        source |= {"delimiter": look.delimiter} if look.delimiter != "," else {}
    source["contract"] = contract
    source |= sheets_of(look)
    source["columns"] = columns.main
    source |= {"unpivot": columns.unpivot} if columns.unpivot else {}
    parts: dict[str, Any] = {}
    if "victims" in grain.parts:
        parts["victims"] = {"contract": "victims", "key": [grain.parts["victims"]]}
    if "suspects" in grain.parts:
        parts["suspects"] = {
            "contract": "suspects",
            "columns": columns.suspects,
            "key": [grain.parts["suspects"]],
        }
    category = columns.main.get("category", {})
    behaviour = [code for code in category.get("allowed", ()) if _BEHAVIOUR.match(code)]
    if contract == "crimes" and behaviour:
        parts["incidents"] = {"contract": "incidents", "rows": {category["from"]: behaviour}}
    source |= {"parts": parts} if parts else {}
    source |= {"footer": control} if control else {}
    source |= {"ignored": columns.ignored} if columns.ignored else {}
    source |= {"key": list(grain.key)} if grain.key else {}
    source |= {"grain": list(grain.further)} if grain.further else {}
    source |= {"geography": columns.geography} if columns.geography else {}
    source |= {"waves": columns.waves, "sample_design": "self_selected"} if columns.waves else {}
    return source


def sheets_of(look: Look) -> dict[str, Any]:
    """The key `sheets`, where the table is not simply the file from its first line on."""
    sheet: dict[str, Any] = {"sheet": look.sheet} if look.sheet else {}
    sheet |= {"header_row": look.found.header_row} if look.found.header_row > 1 else {}
    sheet |= {"last_row": look.found.last_row} if look.found.last_row else {}
    return {"sheets": [sheet]} if sheet else {}


Totals = dict[str, Any]


def text_of(
    source_id: str,
    source: Mapping[str, Any],
    columns: Columns,
    notes: Mapping[str, str],
    head: Sequence[str],
) -> str:
    """The draft. `notes` are comments by key of the source; `head` stands above it."""
    lines = [line for said in head for line in _comment(2, said)]
    lines.append(f"  {source_id}:")
    for key, value in source.items():
        comment = notes.get(key, "")
        if key == "columns":
            lines += _written(4, "columns", None, comment)
            lines += _columns(value, columns.comments, 6)
        elif key == "parts":
            lines += _written(4, "parts", None, comment)
            lines += _parts(value, columns.comments)
        elif key == "ignored":
            lines += _written(4, "ignored", None, comment)
            for name in value:
                lines += _beside(6, f"- {in_one_line(name)}", columns.comments.get(f"ignored {name}", ""))
        else:
            lines += _written(4, key, value, comment)
    for name in ("month", "category"):
        if name in columns.comments and name not in columns.main:
            lines += _comment(6, columns.comments[name])
    return "\n".join(lines) + "\n"


def _columns(columns: Mapping[str, Any], comments: Mapping[str, str], indent: int) -> Iterator[str]:
    for name, read in columns.items():
        plain = read["from"] if set(read) == {"from"} else read
        yield from _written(indent, name, plain, comments.get(name, ""))


def _parts(parts: Mapping[str, Any], comments: Mapping[str, str]) -> Iterator[str]:
    for name, part in parts.items():
        yield f"      {name}:"
        yield f"        contract: {part['contract']}"
        if part.get("columns"):
            yield "        columns:"
            yield from _columns(part["columns"], comments, 10)
        for key in ("rows", "key"):
            if key in part:
                yield from _written(8, key, part[key], "")


def _written(indent: int, key: str, value: Any, comment: str) -> Iterator[str]:
    """A key with its value, on one line where it fits."""
    named = f"{in_one_line(key)}:"
    if value is None:
        yield from _beside(indent, named, comment)
        return
    line = f"{named} {in_one_line(value)}"
    if indent + len(line) <= WIDTH or not isinstance(value, dict | list):
        yield from _beside(indent, line, comment)
        return
    yield from _beside(indent, named, comment)
    for inner in value if isinstance(value, list) else ():
        yield f"{' ' * indent}  - {in_one_line(inner)}"
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield from _written(indent + 2, name, inner, "")


def _beside(indent: int, text: str, comment: str) -> Iterator[str]:
    """A line with its comment, which stands above it where both do not fit."""
    line = " " * indent + text
    if comment and len(line) + len(comment) + 4 > WIDTH:
        yield from _comment(indent, comment)
        comment = ""
    yield f"{line}  # {comment}" if comment else line


def _comment(indent: int, text: str) -> Iterator[str]:
    """A comment of as many lines as it takes; a text that is indented stays so."""
    inner = " " * (len(text) - len(text.lstrip()))
    start = " " * indent + "# " + inner
    yield from textwrap.wrap(
        text.strip(), WIDTH, initial_indent=start, subsequent_indent=start + "  " * bool(inner),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
