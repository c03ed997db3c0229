"""What the notes of a detail page say: dispersion, population, the rest of the force; ranks from one end."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.assess import assess
from pipeline.model.area import Area, AreaKind
from pipeline.model.comparison import Comparison
from pipeline.model.observation import UNKNOWN, ReleasedObservation, Results
from pipeline.report import beside
from pipeline.report.document import Paragraph, Table
from pipeline.report.evidence import Evidence
from pipeline.report.sections import board, detail, priority
from pipeline.report.text import plain
from tests.unit.report import factory

FORCE = Area("E23000014", "West Midlands", AreaKind.FORCE)
REST = Area("E23000014-rest", "Rest of West Midlands", AreaKind.FORCE)
NEAREST = "population of 2021, the nearest year to 2022"


def evidence(*, unplaced: float | None = 606.0, reason: str = "", note: str = "") -> Evidence:
    """The factory with vehicle crime beside the rest of the force, `unplaced` crimes of no district."""
    definitions, results, assessment, *rest = factory.evidence()
    comparisons: list[Comparison] = []
    for judgement in assessment.judgements:
        c = judgement.comparison
        if c.observation.indicator == "vehicle_crime" and c.observation.area == factory.OWN:
            own = replace(c.observation, reason=note)
            c = replace(c, observation=own, dispersion=1.42, reason=reason)
            if c.comparator == "previous_year":
                there = replace(own, area=REST)
                moved: dict[str, Any] = {"comparator": "change_of", "reference_label": REST.name}
                comparisons.append(replace(c, reference=there, reference_value=0.9, **moved))
        comparisons.append(c)
    observations: list[ReleasedObservation] = [
        replace(o, reason=note) if o.indicator == "vehicle_crime" else o for o in results
    ]
    if unplaced is not None:
        cell: dict[str, Any] = {"area": FORCE, "breakdown": "location", "category": UNKNOWN}
        observations.append(factory.observed("vehicle_crime", unplaced, factory.ROLLING, **cell))
    known = Results(tuple(observations))
    judged = assess(tuple(sorted(comparisons, key=lambda c: c.comparator == "change_of")), known, definitions)
    return Evidence(definitions, known, judged, *rest)


def page(found: Evidence) -> Table:
    section = detail.section(found, "neighbourhood", 2)
    return next(block for block in section.blocks if isinstance(block, Table))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Dispersion (pure chance is one), which intervals allow for: Vehicle crime 1.42"),
        (
            "dispersion not measured for wards, taken as 1",
            "Dispersion not measured, taken as one: Vehicle crime",
        ),
    ],
)
def test_the_dispersion_of_every_tested_figure_is_printed(reason: str, said: str) -> None:
    assert said in plain(page(evidence(reason=reason)).note)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (NEAREST, "Rates of all areas: population of 2021, the nearest year to 2022. "),
        ("", "Rates of all areas: population of 2022. "),
    ],
)
def test_the_year_of_the_population_is_printed(note: str, said: str) -> None:
    assert said in plain(page(evidence(note=note)).note)


@pytest.mark.parametrize(
    ("unplaced", "said"),
    [
        (606.0, "Records of the force with no place, left out: Vehicle crime 606. "),
        (None, "Records of the force with no place are left out. "),
    ],
)
def test_the_rest_of_the_force_says_what_it_leaves_out(unplaced: float | None, said: str) -> None:
    note = plain(page(evidence(unplaced=unplaced)).note)
    assert f"Rest of West Midlands: its other districts. {said}" in note


def test_a_rank_and_what_it_could_be_count_from_the_same_end() -> None:
    rows = [[plain(cell.text) for cell in row.cells] for row in page(evidence()).rows]
    (rank,) = [row for row in rows if row[0].startswith("Rank among")]
    assert rank[0].endswith(", lowest first")
    assert rank[2].endswith(" of 7")
    assert rank[-1].startswith(("Could be ", "Clearly "))
    assert not any(word in rank[-1] for word in ("highest", "lowest"))


def test_headlines_stand_beside_the_rest_of_the_force_on_their_page_and_on_the_board_paper() -> None:
    found = evidence()
    said = f"Change in {beside.REST}: Vehicle crime +0.9%. "
    card = next(b for b in priority.section(found, "neighbourhood", 2).blocks if isinstance(b, Table))
    _, back = board.sections(found)
    assert said in plain(card.note)
    assert any(isinstance(block, Paragraph) and plain(block.text) == said for block in back.blocks)


def test_a_title_of_nothing_else_names_what_did_change() -> None:
    given = evidence()
    measures = tuple(replace(m, uses=m.uses[:2]) for m in given.assessment.measures)  # without robbery
    assessment = replace(given.assessment, measures=measures)
    found = replace(given, assessment=assessment)
    section = detail.section(found, "neighbourhood", 2)
    assert plain(section.title) == "Vehicle crime fell; nothing else among two indicators changed clearly"
