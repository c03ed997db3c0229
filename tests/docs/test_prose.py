"""What the documentation names exists: commands, options, exit codes, pages, keys."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline import errors
from tests.docs.prose import PAGES, ROOT, anchors, links, shell_lines

FIXED = re.compile(r"\bassessment (?P<command>[a-z]+)(?P<rest>.*)")
WRITTEN = [page for page in PAGES if page.name != "CHANGELOG.md"]


def _id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commands() -> dict[str, set[str]]:
    from pipeline.cli.app import app

    group: Any = typer.main.get_command(app)
    return {
        name: {option for parameter in command.params for option in parameter.opts} | {"--help"}
        for name, command in group.commands.items()
    }


@pytest.mark.parametrize("page", WRITTEN, ids=_id)
def test_commands_and_options_exist(page: Path) -> None:
    known = commands()
    for line in shell_lines(page):
        match = FIXED.search(line)
        if match is None:
            continue
        assert match["command"] in known, line
        for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", match["rest"].split("|")[0]):
            if option != "-n":
                assert option in known[match["command"]], line


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{target}: there is no such file"
        if anchor:
            assert anchor in anchors(to), f"{target}: there is no such heading"


@pytest.mark.parametrize("page", PAGES, ids=_id)
def test_exit_codes_are_those_of_the_software(page: Path) -> None:
    known = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AssessmentError)
    }
    text = page.read_text(encoding="utf-8")
    for code in re.findall(r"[Ee]xit code (?:is )?(\d+)|exits (\d+)", text):
        assert int("".join(code)) in known | {0, 130}


def test_every_page_of_the_docs_is_reached_from_its_index() -> None:
    index = ROOT / "docs" / "README.md"
    decisions = ROOT / "docs" / "decisions" / "README.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    reached |= {(decisions.parent / link.partition("#")[0]).resolve() for link in links(decisions)}
    pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")} - {index.resolve()}
    assert pages - reached == set()


def test_pages_of_the_project_name_no_machine() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|tmp|root|home)/", text), page
