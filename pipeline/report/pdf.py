"""The only owner of WeasyPrint: a document -> a tagged PDF (PDF/UA-1), the same bytes every time.

Nothing is fetched: a page may use the bundled fonts and the document's own charts, and a reference to
anything else stops the build.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from pipeline.errors import ReportError
from pipeline.report import charts, fonts, vega
from pipeline.report.document import Document, Exhibit, exhibits
from pipeline.report.templating import css_string, found, packaged_templates, rendered
from pipeline.report.text import plain

VARIANT = "pdf/ua-1"
_SCHEME = "bundled:///"


def missing_libraries() -> str:
    """Why no PDF can be made here; empty where one can."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        return str(error).splitlines()[0]
    return ""


def write_pdf(
    document: Document, path: Path, workspace_templates: Path, attachment: str | None = None
) -> None:
    """Write the document to `path`, with `attachment` (JSON) as `provenance.json` inside it.

    Raises ReportError where a character has no glyph, a template is wrong, or the layout complains.
    """
    made = pdf_bytes(document, workspace_templates, attachment)
    with path.open("wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())


def pdf_bytes(document: Document, workspace_templates: Path, attachment: str | None = None) -> bytes:
    """The PDF of the document."""
    from weasyprint import HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError

    folder = packaged_templates() / "fonts"
    fonts.check_characters(document, folder)
    parts = _parts(document, folder)
    page = rendered(
        document, workspace_templates, _stylesheet(document, workspace_templates), _picture, screen=False
    )
    identifier = hashlib.sha256(page.encode()).digest()[:16]
    attachments = []
    if attachment is not None:
        day = _day(document.created)
        attachments.append(
            Attachment(
                string=attachment,
                name="provenance.json",
                description="Where every figure comes from",
                created=day,
                modified=day,
            )
        )
    with _complaints() as complaints, _fixed_time(document.created):
        try:
            made: bytes = HTML(string=page, url_fetcher=_fetcher(parts), base_url=_SCHEME).write_pdf(
                pdf_variant=VARIANT, pdf_identifier=identifier, attachments=attachments or None
            )
        except FatalURLFetchingError as error:
            raise ReportError(f"{document.name}: {error}") from None
    if complaints:
        raise ReportError(f"{document.name}: the layout complains: {'; '.join(sorted(set(complaints))[:5])}")
    return made


def _stylesheet(document: Document, workspace_templates: Path) -> str:
    sheet = found("print.css", workspace_templates).read_text(encoding="utf-8")
    words = {
        "var-title": f"{plain(document.title)}",
        "var-partnership": plain(document.partnership),
        "var-footer": plain(document.footer),
    }
    for name, value in words.items():
        sheet = sheet.replace(f"content: {name}", f"content: {css_string(value)}")
    return fonts.face_rules({file: _SCHEME + file for file in fonts.FACES}) + "\n" + sheet


def _parts(document: Document, folder: Path) -> dict[str, tuple[bytes, str]]:
    """What the page may ask for: address -> bytes and media type."""
    parts = {_SCHEME + file: ((folder / file).read_bytes(), "font/ttf") for file in fonts.FACES}
    for exhibit in exhibits(document):
        drawn = vega.svg(charts.specification(exhibit.chart, exhibit.wide), folder)
        parts[_address(exhibit)] = (drawn.encode(), "image/svg+xml")
    return parts


def _address(exhibit: Exhibit) -> str:
    return f"{_SCHEME}{exhibit.name}.svg"


def _picture(exhibit: Exhibit) -> str:
    return f'<img src="{_address(exhibit)}" alt="{escape(plain(exhibit.alt))}">'


def _fetcher(parts: dict[str, tuple[bytes, str]]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Bundled(URLFetcher):  # type: ignore[misc]
        """Serves the bundled parts and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """The part at that address; anything else ends the rendering."""
            if url not in parts:
                raise FatalURLFetchingError(f"{url} is not part of the document")
            body, media = parts[url]
            return URLFetcherResponse(url, body, {"Content-Type": media})

    return Bundled()


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collects what WeasyPrint logs: in a document of ours, any line is a fault."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, entry: logging.LogRecord) -> None:
            lines.append(entry.getMessage())

    logger = logging.getLogger("weasyprint")
    collector = Collector(logging.WARNING)
    before = (logger.handlers[:], logger.propagate)
    logger.handlers, logger.propagate = [collector], False
    try:
        yield lines
    finally:
        logger.handlers, logger.propagate = before


def _day(created: str) -> datetime:
    """The edition's date at midnight."""
    return datetime.fromisoformat(created).replace(tzinfo=UTC)


@contextmanager
def _fixed_time(created: str) -> Iterator[None]:
    """Font subsets carry a time stamp; it is the edition's date, not today."""
    stamp = str(int(_day(created).timestamp()))
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = stamp
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
