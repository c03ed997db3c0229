"""The only owner of Jinja2: a document and the templates -> HTML.

Templates are looked up in the workspace first, then in the packaged copy, file by file, so that an
installed package works outside the checkout and a workspace may change one file of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from pipeline.errors import ReportError
from pipeline.report.document import Document, Exhibit
from pipeline.report.text import plain

_LEVELS = {"section": 2, "reachable": 0}  # templates hold no digits of their own


def packaged_templates() -> Path:
    """The folder of the templates and fonts that the software brings."""
    return Path(str(files("pipeline.templates")))


def found(name: str, workspace_templates: Path) -> Path:
    """The workspace's file of that name, else the packaged one."""
    own = workspace_templates / name
    return own if own.is_file() else packaged_templates() / name


def rendered(
    document: Document,
    workspace_templates: Path,
    stylesheet: str,
    picture: Callable[[Exhibit], str],
    screen: bool,
) -> str:
    """The document as HTML. `picture` gives an exhibit's chart as markup.

    Raises ReportError naming the template and line where one is wrong.
    """
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(workspace_templates), FileSystemLoader(packaged_templates())]),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["plain"] = plain
    environment.filters["less_one"] = lambda count: count - 1
    environment.filters["kind"] = lambda value: type(value).__name__
    context: dict[str, Any] = {
        "document": document,
        "stylesheet": Markup(stylesheet),
        "picture": lambda exhibit: Markup(picture(exhibit)),
        "screen": screen,
        "levels": _LEVELS,
    }
    try:
        return environment.get_template("document.html.j2").render(context)
    except TemplateError as error:
        place = f"{getattr(error, 'name', None) or 'document.html.j2'}:{getattr(error, 'lineno', '?')}"
        raise ReportError(f"template {place}: {error}") from error


def css_string(words: str) -> str:
    """The words as a CSS string."""
    return '"' + re.sub(r'[\\"\n<>&]', lambda match: f"\\{ord(match[0]):x} ", words) + '"'
