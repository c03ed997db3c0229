"""Chart values to specifications: what is drawn, and that every numeral on it is ours."""

import json
import re
from datetime import date

from pipeline.model.period import add_months
from pipeline.report import charts, vega
from pipeline.report.chartvalues import (
    AreaMap,
    BarChart,
    BarRow,
    ChangeChart,
    ChangeRow,
    Level,
    LineChart,
    MapArea,
    RankChart,
    RankRow,
    SeriesPoint,
)
from pipeline.report.style import HERE
from pipeline.report.templating import packaged_templates
from tests.unit.report import factory

FONTS = packaged_templates() / "fonts"


def drawn_words(svg: str) -> list[str]:
    return [w for w in re.findall(r"<t(?:ext|span)[^>]*>([^<]+)<", svg) if w.strip()]


def test_a_month_without_a_figure_breaks_the_line_and_is_shaded() -> None:
    points = tuple(
        SeriesPoint(add_months(date(2021, 1, 1), n), None if n == 5 else 100.0 + n) for n in range(24)
    )
    made = charts.specification(LineChart(points=points, levels=(Level(0, 23, 110, 90, 130),), unit="crimes"))
    rows = [layer["data"]["values"] for layer in made["layer"]]
    assert {row["stretch"] for row in rows[-1]} == {0, 1}
    assert [{"position": 4.5, "until": 5.5}] in rows
    assert len(rows[-1]) == 23


def test_only_the_own_area_is_orange() -> None:
    rows = tuple(
        RankRow(n, v, v - 1, v + 1, (str(v),), n == "Here") for n, v in (("There", 2.0), ("Here", 3.0))
    )
    svg = vega.svg(charts.specification(RankChart(rows=rows, unit="per 1,000")), FONTS)
    assert svg.count(HERE.lower()) + svg.count(HERE) == 2  # its point and its interval
    assert "3.0" in drawn_words(svg)


def test_labels_are_text_in_the_font_of_the_document() -> None:
    row = ChangeRow(("Under 25",), -9.7, -17.0, -1.6, -20.6, -4.6, ("−9.7%",))
    svg = vega.svg(charts.specification(ChangeChart(rows=(row, row), unit="%")), FONTS)
    assert "−9.7%" in drawn_words(svg)
    assert "Source Sans 3" in svg
    assert "−20" in drawn_words(svg)


def test_long_labels_are_wrapped_and_never_cut() -> None:
    label = "Closed cases settled by restorative justice or mediation"
    chart = BarChart(rows=(BarRow((label,), 10.0, ("10",)),), unit="cases")
    words = drawn_words(vega.svg(charts.specification(chart), FONTS))
    assert label in " ".join(words)


def test_the_classes_of_a_map_are_labelled_in_words() -> None:
    outlines = factory.squares()
    areas = tuple(
        MapArea(ward.code, ward.name, outlines[ward.code], value)
        for ward, value in zip(factory.WARDS, (20.0, 21.0, 22.0, 30.0, 80.0, None), strict=True)
    )
    words = drawn_words(
        vega.svg(charts.specification(AreaMap(areas=areas, unit="per 1,000", named=True), True), FONTS)
    )
    assert "no figure" in words
    assert "50 and over" in words
    assert any(word.startswith("under ") for word in words)


def test_a_specification_is_plain_data() -> None:
    chart = BarChart(rows=(BarRow(("a",), 1.0, ("1",)),), unit="x")
    made = charts.specification(chart)
    assert json.loads(json.dumps(made)) == made
    assert "url" not in json.dumps(made).replace("$schema", "")
