"""Code lists: `config/codelists/<name>.txt`, one code a line.

    # a comment                         what the list is, and where its definition comes from
    8N              # Assault with injury
    28I from 2023-04                    # in force from that month
    28E until 2023-03                   # in force up to and including that month
    @include robbery                    # every code of another list
    !34A                                # but not this one

The file's name, without `.txt`, is the id of the list.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.definitions.words import did_you_mean, unknown
from pipeline.definitions.yaml_nodes import MAX_BYTES
from pipeline.model.issue import Issue, Severity
from pipeline.model.period import add_months, parse_month

_VALIDITY = re.compile(r"^(?P<code>.*?)(\s+from\s+(?P<first>\S+))?(\s+until\s+(?P<last>\S+))?$")
# What a person may write for a validity, in a form or order that is not read as one.
_MISWRITTEN = re.compile(r"\s(from|until|since|to|before|after)\b\s*[=:]|\s(from|until|since|to)\s+\d{4}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list: where it stands and when it is in force (`until` is exclusive)."""

    code: str
    file: str
    line: int
    since: date | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list with its includes resolved. `meaning` is the comment at its head."""

    name: str
    codes: tuple[Code, ...]
    meaning: str = ""


@dataclass(slots=True)
class _Draft:
    """One file as written: steps in order, `+` a code, `-` a negation, `@` an include."""

    meaning: str
    steps: list[tuple[str, Code]] = field(default_factory=list)


def read_codelists(folder: Path, shown_as: str) -> tuple[dict[str, CodeList], list[Issue]]:
    """Every list of the folder by name, and everything that is wrong with them."""
    issues: list[Issue] = []
    drafts: dict[str, _Draft] = {}
    for file in sorted(folder.glob("*.txt")):
        name = f"{shown_as}/{file.name}"
        if not _NAME.fullmatch(file.stem):
            issues.append(Issue(name, 1, 1, "the name of a code list is small letters, digits and _"))
        drafts[file.stem] = _read(file, name, issues)
    resolved: dict[str, CodeList] = {}
    for stem in drafts:
        _resolve(stem, drafts, resolved, [], issues)
    return {stem: resolved[stem] for stem in drafts if stem in resolved}, issues


def _read(file: Path, name: str, issues: list[Issue]) -> _Draft:
    if file.stat().st_size > MAX_BYTES:
        issues.append(Issue(name, 1, 1, f"the file has more than {MAX_BYTES:,} bytes"))
        return _Draft("")
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        issues.append(Issue(name, 1, 1, "the file is not UTF-8 text; save it again as UTF-8"))
        return _Draft("")
    draft = _Draft(_head_comment(lines))
    for number, line in enumerate(lines, start=1):
        text, _, note = line.partition("#")
        text = text.strip()
        if not text:
            continue
        kind = text[0] if text[0] in "!@" else "+"
        if kind == "@":
            word, _, rest = text.partition(" ")
            if word != "@include" or not rest.strip():
                issues.append(Issue(name, number, 1, f"found '{text}'; allowed: @include <list>"))
                continue
            draft.steps.append(("@", Code(rest.strip(), name, number)))
            continue
        code = _code(text.removeprefix("!").strip(), name, number, note.strip(), issues)
        if code is not None:
            draft.steps.append(("-" if kind == "!" else "+", code))
    return draft


def _head_comment(lines: list[str]) -> str:
    head = []
    for line in lines:
        if not line.startswith("#"):
            break
        head.append(line.lstrip("#").strip())
    return " ".join(head).strip()


def _code(text: str, name: str, line: int, note: str, issues: list[Issue]) -> Code | None:
    match = _VALIDITY.fullmatch(text)
    code = match["code"].strip() if match else ""
    if match is None or not code or _MISWRITTEN.search(f" {code}"):
        issues.append(Issue(name, line, 1, f"found '{text}'; allowed: <code> [from YYYY-MM] [until YYYY-MM]"))
        return None
    bounds: list[date | None] = []
    for month in (match["first"], match["last"]):
        try:
            bounds.append(parse_month(month) if month else None)
        except ValueError:
            issues.append(Issue(name, line, 1, f"found the month '{month}'; allowed: YYYY-MM"))
            bounds.append(None)
    since, last = bounds
    if since and last and last < since:
        issues.append(Issue(name, line, 1, f"'{code}' ends before it begins ({text})"))
    return Code(code, name, line, since, add_months(last, 1) if last else None, note)


def _resolve(
    stem: str, drafts: dict[str, _Draft], resolved: dict[str, CodeList], above: list[str], issues: list[Issue]
) -> CodeList | None:
    """The list with its includes, or None inside a circle."""
    if stem in resolved:
        return resolved[stem]
    codes: dict[str, Code] = {}
    own: set[str] = set()
    for kind, step in drafts[stem].steps:
        if kind == "@":
            if step.code not in drafts:
                issues.append(Issue(step.file, step.line, 1, unknown("code list", step.code, drafts)))
            elif step.code == stem or step.code in above:
                circle = " -> ".join([*above, stem, step.code])
                message = f"code lists include each other in a circle: {circle}"
                issues.append(Issue(step.file, step.line, 1, message))
            else:
                included = _resolve(step.code, drafts, resolved, [*above, stem], issues)
                codes |= {code.code: code for code in (included.codes if included else ())}
        elif kind == "-":
            if codes.pop(step.code, None) is None:
                message = f"'!{step.code}' takes out a code that is not in the list above it"
                issues.append(Issue(step.file, step.line, 1, message + did_you_mean(step.code, codes)))
        else:
            if step.code in own:
                first = codes[step.code].line if step.code in codes else step.line
                message = f"'{step.code}' stands here twice; first in line {first}"
                issues.append(Issue(step.file, step.line, 1, message))
            elif step.code in codes:
                message = f"'{step.code}' is already included from {codes[step.code].file}"
                issues.append(Issue(step.file, step.line, 1, message, Severity.WARNING))
            codes[step.code] = step
            own.add(step.code)
    found = CodeList(stem, tuple(codes.values()), drafts[stem].meaning)
    if not found.codes and drafts[stem].steps:
        issues.append(Issue(drafts[stem].steps[0][1].file, 1, 1, f"the code list '{stem}' holds no code"))
    resolved[stem] = found
    return found
