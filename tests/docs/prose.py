"""The documentation as the tests read it: pages, fenced blocks, links."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
TUTORIAL = ROOT / "docs" / "tutorial.md"

_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(?P<text>\S.*)$", re.MULTILINE)
_INLINE = re.compile(r"`(?P<text>[^`\n]+)`")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its instructions to the tests, and its text.

    `run`: run it. `write=FILE`: it is that file. `add-to=FILE after=LINE [skip=N]`: put it into that
    file, N lines further down than the line that reads LINE. `change=FILE`: replace its lines that begin
    with `-` by those that begin with `+`. `copy=FILE to=FOLDER`: put the file beside the page there, which
    it shows. `printed`: the last run printed it.
    """

    language: str
    instructions: dict[str, str]
    text: str

    @property
    def is_followed(self) -> bool:
        """Whether the tests do what it says."""
        return bool(self.instructions)


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page in order."""
    found = []
    for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
        language, *words = shlex.split(match["info"])
        instructions = {name: value for name, _, value in (word.partition("=") for word in words)}
        found.append(Fence(language, instructions, match["text"]))
    return found


def shell_lines(page: Path) -> list[str]:
    """Every line of a page that a reader could type, whether the tests run it or not."""
    text = page.read_text(encoding="utf-8")
    typed = [
        line.partition("#")[0]
        for fence in fences(page)
        if fence.language == "bash"
        for line in fence.text.splitlines()
    ]
    typed += [match["text"] for match in _INDENTED.finditer(_FENCE.sub("", text))]
    typed += [match["text"] for match in _INLINE.finditer(_FENCE.sub("", text))]
    return typed


def links(page: Path) -> list[str]:
    """The targets of a page's links, without those to other sites."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [match["target"] for match in _LINK.finditer(text) if "://" not in match["target"]]


def anchors(page: Path) -> set[str]:
    """What links into a page can name: its headings, as they are written in an address."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
