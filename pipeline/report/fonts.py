"""The bundled fonts: which weights there are, which characters they hold, and small copies for HTML."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from pipeline.errors import ReportError
from pipeline.report.document import Document, texts
from pipeline.report.text import plain

FAMILY = "Source Sans 3"
SCREEN_FACES = ("SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf", "SourceSans3-Bold.ttf")
LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180)))) | frozenset("–—‘’“”…€−↑→↓✓◊")
"""The letters of the ready-made copies of the screen faces: Latin, and the signs that reports use."""

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


def screen_addresses(folder: Path, letters: frozenset[str]) -> dict[str, str]:
    """By screen face: a copy that holds the letters, as a data address that a self-contained page carries.

    The ready-made copy serves nearly always; where a letter is not in it, one is cut from the font.
    """
    ready = frozenset(filter(str.isprintable, letters)) <= LATIN
    return {
        file: _address("woff2", ready_made(folder / file).read_bytes())
        if ready
        else _address(*subset(folder / file, letters))
        for file in SCREEN_FACES
    }


def ready_made(font: Path) -> Path:
    """Where the ready-made copy of a screen face is; `scripts/screen_fonts.py` makes it."""
    return font.with_name(f"latin-{font.stem.partition('-')[2].lower()}.woff2")


def _address(flavor: str, font: bytes) -> str:
    return f"data:font/{flavor};base64,{base64.b64encode(font).decode('ascii')}"


def subset(font: Path, letters: frozenset[str]) -> tuple[str, bytes]:
    """The font cut down to the letters: its format, `woff2` or `woff`, and its bytes."""
    options = Options()
    options.flavor = "woff2" if _woff2() else "woff"
    options.layout_features = ["kern", "liga", "tnum", "lnum", "mark", "mkmk", "ccmp", "locl"]
    options.notdef_outline = True
    options.obfuscate_names = True  # the licence reserves the font's name for the whole of it
    with TTFont(font, recalcTimestamp=False) as opened:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(letters)))
        subsetter.subset(opened)
        opened.flavor = options.flavor
        written = BytesIO()
        opened.save(written)
    return options.flavor, written.getvalue()


def _woff2() -> bool:
    """Whether the compressor of the smaller format is there."""
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        return False
    return True
