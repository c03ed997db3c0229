"""The demonstration's PDF tells what the strategy asks of an assessment: every measure and duty, the table
of violence by age, last year's plan, what residents told, and no death of a single year.
"""

import csv
import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from tests.conftest import REPOSITORY, BuiltWorkspace


@pytest.fixture(scope="module")
def printed(demonstration: BuiltWorkspace) -> str:
    """The words of the PDF on one line."""
    reader = PdfReader(io.BytesIO((demonstration.edition / "assessment.pdf").read_bytes()))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module")
def shipped() -> Definitions:
    return load(REPOSITORY / "config")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_measure_and_every_duty_is_computed_or_awaited(printed: str, shipped: Definitions) -> None:
    progress = printed[printed.rindex("Every success measure") :]
    progress = progress[: progress.index("Returns and answers still awaited")]
    measures = [m.title for p in shipped.priorities.values() for m in p.measures.values()]
    assert len(measures) == 25
    squeezed = re.sub(r"\W", "", progress)  # a cell's lines and another cell's may alternate
    for title in measures:
        words = [word for word in re.findall(r"\w+", title) if len(word) > 3]
        assert sum(word in squeezed for word in words) == len(words), title
    duties = printed[printed.index("The four figures that must be published") - 9_000 :]
    for duty in shipped.duties.values():
        assert duty.title in duties
        for measure in duty.measures.values():
            assert measure.title in duties, measure.title


def test_the_strategys_own_table_is_explained(printed: str) -> None:
    """Total, under 25, 25 and over: as recorded, shared out in proportion, and at the bounds."""
    assert "Violence with injury: what records of no known victim age could change" in printed
    for row in (
        "All 3,950 3,964 ↓ 0.4% (−4.6 to +4.1) ◊ No clear change",
        "under 25 1,011 1,119 ↓ 9.7% (−17.0 to −1.6) −11.9% (−19.0 to −4.2) −20.6 to −4.6 ✓ Improved",
        "25 and over 2,882 2,690 ↑ 7.1% (+1.7 to +12.9) +4.5% (−0.8 to +10.0) +1.3 to +9.3 "
        "◊ No clear change [u]",
    ):
        assert row in printed
    assert "Chance alone makes a difference of this size or more 87 times in 100 (p 0.87)." in printed
    assert "some of the rise of 25 and over may be better recording" in printed


def test_the_plan_is_there_with_owner_day_and_status(printed: str) -> None:
    assert "Of eighteen actions that were due, eleven are complete and six are overdue" in printed
    assert "complete: 61.1% (11 of 18) in 2022-23" in printed
    assert re.search(
        r"Set up a quarterly return .*?Youth justice service 31 March 2023 ! Overdue, reported as delayed",
        printed,
    )
    assert re.search(r"Train staff of licensed premises.*?Licensing team 31 March 2023 ✓ Complete", printed)


def test_residents_answers_keep_to_what_their_survey_can_tell(
    printed: str, demonstration: BuiltWorkspace
) -> None:
    assert "they do not say what residents think as a whole" in printed
    found = {
        row["indicator"]: row
        for row in rows(demonstration.edition / "results.csv")
        if not row["breakdown"] and row["period_end"] > "2022-09"
    }
    first = [name for name in found if name.startswith("consultation_first_")]
    assert len(first) == 6
    assert sum(float(found[name]["numerator"]) for name in first) == float(found[first[0]]["denominator"])
    assert all(found[name]["lower"] == "" for name in (*first, "consultation_agree"))
    for name in ("satisfied_with_street_cleaning", "satisfied_with_parks"):
        row = found[name]
        assert float(row["lower"]) < float(row["value"]) < float(row["upper"])


def test_no_death_is_told_of_a_single_year(demonstration: BuiltWorkspace, shipped: Definitions) -> None:
    rare = {name for name, indicator in shipped.indicators.items() if indicator.only_multi_year}
    assert len(rare) == 4
    for file in ("results.csv", "comparisons.csv"):
        for row in rows(demonstration.edition / file):
            if row["indicator"] in rare:
                assert row.get("basis", "rolling_60") == "rolling_60"
                assert (row["breakdown"], row["area_code"]) == ("", "E08000031")


def test_every_police_change_has_the_rest_of_the_forces_beside_it(
    demonstration: BuiltWorkspace, shipped: Definitions
) -> None:
    wanted = {name for name, i in shipped.indicators.items() if any(c.to == "change_of" for c in i.compare)}
    found = {
        row["indicator"]
        for row in rows(demonstration.edition / "comparisons.csv")
        if row["comparator"] == "change_of" and row["reference_value"] and not row["breakdown"]
    }
    assert found == wanted
    assert len(wanted) > 25
