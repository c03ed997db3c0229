"""The only owner of vl_convert: a Vega-Lite specification -> an SVG whose text stays text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import ReportError

VEGA_LITE = "6.4"


@cache
def _converter(fonts: Path) -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(fonts))
    return vl_convert


def svg(specification: Mapping[str, Any], fonts: Path) -> str:
    """The chart as SVG. `fonts` is the folder of the fonts that its text is measured in.

    Nothing is fetched: a specification that names an address fails. Raises ReportError where Vega-Lite
    refuses the specification.
    """
    try:
        made: str = _converter(fonts).vegalite_to_svg(
            json.dumps(specification), vl_version=VEGA_LITE, allowed_base_urls=[]
        )
    except ValueError as error:
        raise ReportError(f"a chart could not be drawn: {str(error).splitlines()[0]}") from error
    return made
