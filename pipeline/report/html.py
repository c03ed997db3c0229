"""A document -> one HTML file that needs nothing else: fonts and charts are inside it."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path

from pipeline.report import charts, fonts, vega
from pipeline.report.document import Document, Exhibit
from pipeline.report.templating import found, packaged_templates, rendered
from pipeline.report.text import plain

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_FONTS_HERE = "/* fonts */"


def render(document: Document, workspace_templates: Path) -> str:
    """The page. Raises ReportError where a character has no glyph or a template is wrong."""
    folder = packaged_templates() / "fonts"
    fonts.check_characters(document, folder)
    sheet = found("screen.css", workspace_templates).read_text(encoding="utf-8")
    page = rendered(
        document,
        workspace_templates,
        f"{_FONTS_HERE}\n{sheet}",
        lambda exhibit: _picture(exhibit, folder),
        screen=True,
    )
    letters = frozenset(unescape(_TAG.sub(" ", _STYLE.sub(" ", page))))
    return page.replace(_FONTS_HERE, fonts.face_rules(fonts.screen_addresses(folder, letters)), 1)


def _picture(exhibit: Exhibit, folder: Path) -> str:
    """The chart as inline SVG, one image to a screen reader, its text in the page's own font.

    The parts of the drawing lose their roles and labels (the alt text says what they show), and its
    ids are made the exhibit's own, since a page may hold an id once.
    """
    drawn = vega.svg(charts.specification(exhibit.chart, exhibit.wide), folder)
    drawn = re.sub(r'\s(?:role|aria-[a-z]+|class)="[^"]*"', "", drawn)
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{exhibit.name}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{exhibit.name}-\1)", drawn)
    label = escape(plain(exhibit.alt))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
