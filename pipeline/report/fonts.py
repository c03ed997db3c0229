"""The bundled fonts: which weights there are, which characters they hold, and small copies for HTML."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from pipeline.errors import ReportError
from pipeline.report.document import Document, texts
from pipeline.report.text import plain

FAMILY = "Source Sans 3"
FACES = {
    "SourceSans3-Regular.ttf": ("normal", 400),
    "SourceSans3-It.ttf": ("italic", 400),
    "SourceSans3-Semibold.ttf": ("normal", 600),
    "SourceSans3-SemiboldIt.ttf": ("italic", 600),
    "SourceSans3-Bold.ttf": ("normal", 700),
}


def face_rules(address: dict[str, str]) -> str:
    """`@font-face` rules for the faces that have an address."""
    rules = []
    for file, (style, weight) in FACES.items():
        if file in address:
            rules.append(
                f'@font-face {{ font-family: "{FAMILY}"; font-style: {style}; font-weight: {weight}; '
                f'src: url("{address[file]}"); }}'
            )
    return "\n".join(rules)


@cache
def characters(font: Path) -> frozenset[int]:
    """The code points that a font has a glyph for."""
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def check_characters(document: Document, folder: Path) -> None:
    """Raise ReportError naming character and place where a face lacks a character of the document."""
    held = frozenset.intersection(*(characters(folder / file) for file in FACES))
    for section in document.sections:
        for words in (*texts(section), section.contents):
            written = plain(words)
            missing = next((letter for letter in written if ord(letter) not in held and letter != "\n"), None)
            if missing is not None:
                where = written.index(missing)
                raise ReportError(
                    f"{document.name}, section {section.id}: the bundled fonts have no {missing!r} "
                    f"(U+{ord(missing):04X}), found in {written[max(0, where - 30) : where + 30]!r}. "
                    "Write it with another character where the words come from."
                )


def subset(font: Path, letters: frozenset[str]) -> str:
    """The font cut down to the letters, as a data address: what a self-contained page carries."""
    options = Options()
    options.flavor = "woff2" if _woff2() else "woff"
    options.layout_features = ["kern", "liga", "tnum", "lnum", "mark", "mkmk", "ccmp", "locl"]
    options.notdef_outline = True
    with TTFont(font, recalcTimestamp=False) as opened:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(letters)))
        subsetter.subset(opened)
        opened.flavor = options.flavor
        written = BytesIO()
        opened.save(written)
    encoded = base64.b64encode(written.getvalue()).decode("ascii")
    return f"data:font/{options.flavor};base64,{encoded}"


def _woff2() -> bool:
    """Whether the compressor of the smaller format is there."""
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return False
    return True
