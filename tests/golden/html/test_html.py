"""Two sections of a fixed document as HTML, and what every page must hold for a screen reader.

To accept a changed page: run with ACCEPT_GOLDEN=1 and read the difference.
"""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import report
from pipeline.report import html
from pipeline.report.document import Columns, Document, Exhibit, Table
from pipeline.report.templating import rendered
from tests.unit.report import factory

HERE = Path(__file__).parent
TEMPLATES = Path("none of the workspace's own")


def without_pictures(document: Document) -> Document:
    def plain(block: object) -> bool:
        return not isinstance(block, Exhibit) and not (
            isinstance(block, Columns)
            and any(isinstance(b, Exhibit) for column in block.columns for b in column)
        )

    kept = [s for s in document.sections if s.id in ("priority-public-place-violence", "reconciliation")]
    sections = tuple(replace(s, blocks=tuple(b for b in s.blocks if plain(b))) for s in kept)
    return replace(document, sections=sections)


def test_a_priority_and_the_reconciliation_read_as_agreed() -> None:
    document = without_pictures(report.compose(report.Evidence(*factory.evidence())))
    made = rendered(document, TEMPLATES, "", lambda exhibit: "", screen=True)
    golden = HERE / "priority.html"
    if os.environ.get("ACCEPT_GOLDEN"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


class Outline(HTMLParser):
    """What a screen reader walks: headings, ids, images, header cells, links."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.unnamed: list[str] = []
        self.addresses: list[str] = []
        self.bare_headers = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "a" and (found.get("href") or "").startswith("#"):
            self.targets.append((found["href"] or "")[1:])
        if (tag == "svg" or tag == "img") and not (found.get("aria-label") or found.get("alt")):
            self.unnamed.append(tag)
        if tag == "th" and not found.get("scope"):
            self.bare_headers += 1
        self.addresses += [found[name] or "" for name in ("src", "href") if found.get(name)]


@pytest.fixture(scope="module")
def page() -> str:
    return html.render(report.compose(report.Evidence(*factory.evidence())), TEMPLATES)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    walked = Outline()
    walked.feed(page)
    return walked


def test_headings_never_skip_a_level(outline: Outline) -> None:
    assert outline.levels[0] == 1
    steps = [after - before for before, after in zip(outline.levels, outline.levels[1:], strict=False)]
    assert max(steps) <= 1


def test_every_picture_has_a_name_and_every_header_cell_a_scope(outline: Outline) -> None:
    assert outline.unnamed == []
    assert outline.bare_headers == 0


def test_ids_are_unique_and_every_link_leads_somewhere(outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)


def test_the_page_needs_nothing_from_elsewhere(page: str, outline: Outline) -> None:
    assert all(address.startswith("#") for address in outline.addresses)
    assert "@font-face" in page
    assert not re.search(r"url\((?!\"data:|#)", page)


def test_the_page_says_its_language_and_that_the_data_are_made_up(page: str) -> None:
    assert '<html lang="en-GB">' in page
    assert page.count("DEMONSTRATION DATA") > len(list(re.finditer("<figure", page)))
    assert 'href="#content"' in page


def test_text_from_definitions_is_escaped() -> None:
    definitions, *rest = factory.evidence()
    name = definitions.partnership.model_copy(update={"name": "Safer <b>Town</b> & Co"})
    document = report.compose(report.Evidence(definitions.model_copy(update={"partnership": name}), *rest))
    made = html.render(document, TEMPLATES)
    assert "Safer &lt;b&gt;Town&lt;/b&gt; &amp; Co" in made
    assert "<b>Town" not in made


def test_a_workspace_may_bring_one_template_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "cover.html.j2").write_text("<h1>Our own cover</h1>", encoding="utf-8")
    made = html.render(report.compose(report.Evidence(*factory.evidence())), tmp_path)
    assert "Our own cover" in made
    assert "How we measure success" in made


def test_long_tables_keep_all_their_rows(page: str) -> None:
    document = report.compose(report.Evidence(*factory.evidence()))
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, Table)]
    assert page.count("<tr") == sum(len(t.rows) + 1 for t in tables) + len(document.control)
