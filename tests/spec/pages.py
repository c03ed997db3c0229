"""The pages of docs/reference/examples/ as the tests read them.

A page is Markdown. Under a heading, an example is at least one block whose first line names its file
(`# config/indicators.yaml`), tables of rows in, and tables of what comes out. The line above a table says
what it holds by the code span that it ends with: a curated table, `coverage`, or an output of the edition.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.definitions.yaml_nodes import parse_yaml

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "examples"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")

OUTPUTS = ("results.csv", "comparisons.csv", "manifest.json", "reconciliations")
COVERAGE = "coverage"

Row = dict[str, str]


@dataclass(frozen=True)
class File:
    """A block that stands for a file of `config/`: its name there and what it says."""

    name: str
    text: str

    @property
    def is_yaml(self) -> bool:
        """Whether it is laid over the partnership's own file; any other file is as the block says."""
        return self.name.endswith(".yaml")

    @property
    def plain(self) -> Any:
        """The YAML as plain values."""
        document, issues = parse_yaml(self.text, self.name)
        assert not issues, issues
        return document.plain


@dataclass(frozen=True)
class Table:
    """One table of a page: what it holds, and its rows as text by column."""

    name: str
    line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass
class Example:
    """One section of a page: a heading, its definition, its rows and what they must give."""

    page: str
    title: str
    line: int
    files: list[File] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    refusal: str = ""
    last: str = ""  # its last paragraph
    blocks: str = ""  # the kinds of its blocks in order: p(rose), f(ile), t(able), r(efusal)

    @property
    def written(self) -> frozenset[str]:
        """Every key that its definition writes, at any depth."""
        return frozenset(key for file in self.files if file.is_yaml for key in _keys(file.plain))

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the heading sets in code."""
        return tuple(re.findall(r"`([^`]+)`", self.title))

    def named(self, name: str) -> list[Table]:
        """Its tables of that name."""
        return [table for table in self.tables if table.name == name]


def examples(page: Path) -> list[Example]:
    """The examples of a page in order: the sections that hold a definition."""
    found: list[Example] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    number, caption = 0, ""
    while number < len(lines):
        line = lines[number]
        if line.startswith("#"):
            found.append(Example(page.stem, line.lstrip("# "), number + 1))
        elif line.startswith("```"):
            end = lines.index("```", number + 1)
            text = "\n".join(lines[number + 1 : end]) + "\n"
            if line in ("```yaml", "```csv"):
                name, _, content = text.partition("\n")
                found[-1].files.append(File(name.removeprefix("# config/"), content))
                found[-1].blocks += "f"
            else:
                found[-1].refusal = text
                found[-1].blocks += "r"
            number = end
        elif line.startswith("|"):
            end = next((n for n in range(number, len(lines)) if not lines[n].startswith("|")), len(lines))
            found[-1].tables.append(_table(caption, number + 1, lines[number:end]))
            found[-1].blocks += "t"
            number = end - 1
        elif line.strip():
            caption = line
            found[-1].last = f"{found[-1].last} {line}" if lines[number - 1] else line
            found[-1].blocks += "p"
        number += 1
    return [example for example in found if example.files]


def _table(caption: str, line: int, lines: Sequence[str]) -> Table:
    name = re.search(r"`([^`]+)`:$", caption)
    if name is None:
        raise ValueError(f"line {line}: the line above a table ends with what it holds, `like this`:")
    columns, _, *rows = [[cell.strip() for cell in text.strip().strip("|").split("|")] for text in lines]
    return Table(name[1], line, tuple(columns), tuple(dict(zip(columns, row, strict=True)) for row in rows))


def _keys(plain: Any) -> Iterator[str]:
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield key
            yield from _keys(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _keys(value)


@cache
def partnership() -> tuple[File, ...]:
    """The files of the small partnership, from the first page."""
    (found,) = (e for e in examples(FOLDER / "README.md") if e.title == "The small partnership")
    return tuple(found.files)


def drawn(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """A table as a page writes it."""
    lines = [columns, ["---"] * len(columns), *([row[name] for name in columns] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
