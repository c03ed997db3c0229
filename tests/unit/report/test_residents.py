"""What residents told: the base of every answer, and no margin where anybody could answer."""

from typing import Any

import pytest

from pipeline.definitions.source import Source
from pipeline.model.observation import Results, State
from pipeline.model.period import Period
from pipeline.report import Evidence
from pipeline.report.document import Paragraph, Section, Table
from pipeline.report.sections import residents
from pipeline.report.text import plain
from tests.unit.report import factory

WAVE = Period(factory.LATER.start, factory.LATER.end, "wave")
SURVEY = {"type": "survey", "where": {"answer": {"in": ["Yes"]}}}


def asked(
    sample_design: str | None,
    young: dict[str, Any] | None = None,
    first: dict[str, Any] | None = None,
    **limits: Any,
) -> Section | None:
    """The section of one question; `young` and `limits` change its group and its total, `first` puts
    another question before it."""
    definitions, results, *rest = factory.evidence()
    indicator = factory.indicator(
        "agree", "Agree with the priorities", said_as="the share who agree", source="consultation",
        measure=SURVEY, window={"kind": "wave"}, tags=["residents"], compare=[],
        by=[{"name": "age", "column": "age_band"}],
    )  # fmt: skip
    fields = {"id": "consultation", "title": "Consultation", "supplier": "SWP", "files": ["*.csv"]}
    source = Source.model_validate({**fields, "contract": "responses", "sample_design": sample_design})
    asked_first = indicator.model_copy(update={"id": "first", "title": "Asked first"})
    known = definitions.model_copy(
        update={
            "indicators": {**definitions.indicators, "first": asked_first, "agree": indicator},
            "sources": {**definitions.sources, "consultation": source},
        }
    )
    total: dict[str, Any] = {"value": 72.4, "period": WAVE}
    of_group: dict[str, Any] = {"value": 69.2, "period": WAVE}
    base: dict[str, Any] = {"unit": "%", "denominator": 688.0, "numerator": 498.0}
    group: dict[str, Any] = {"unit": "%", "denominator": 91.0, "numerator": 63.0} | {
        "breakdown": "age",
        "category": "Young",
    }
    cells = [
        factory.observed("agree", **(total | base | limits)),
        factory.observed("agree", **(of_group | group | (young or {}))),
    ]
    if first is not None:
        cells.append(factory.observed("first", None, WAVE, unit="%", **first))
    return residents.section(Evidence(known, Results((*results, *cells)), *rest))


def tables(section: Section | None) -> list[list[tuple[str, ...]]]:
    assert section is not None
    found = [block for block in section.blocks if isinstance(block, Table)]
    return [[tuple(plain(cell.text) for cell in row.cells) for row in table.rows] for table in found]


def test_without_a_question_there_is_no_section() -> None:
    assert residents.section(Evidence(*factory.evidence())) is None


def test_of_those_who_chose_to_answer_there_is_a_base_and_no_interval() -> None:
    section = asked("self_selected")
    assert tables(section) == [
        [("Agree with the priorities", "688", "72.4%")],
        [("Age", ""), ("Young", "91", "69.2%")],
    ]
    assert section is not None
    assert plain(section.title) == "The share who agree was 72.4%, of 688 who answered"
    said = " ".join(plain(block.text) for block in section.blocks if isinstance(block, Paragraph))
    assert "they do not say what residents think as a whole" in said


def test_a_sample_has_its_interval() -> None:
    section = asked("probability", lower=69.0, upper=75.6)
    assert tables(section)[0] == [("Agree with the priorities", "688", "72.4%", "69.0 to 75.6")]


@pytest.mark.parametrize(
    ("state", "sign", "reason"),
    [
        (State.NOT_SUPPLIED, "[x]", "the question was not asked"),
        (State.WITHHELD, "[u]", "weights that cannot be used"),
    ],
)
def test_an_answer_without_a_figure_gives_its_own_reason(state: State, sign: str, reason: str) -> None:
    section = asked("probability", value=None, numerator=None, denominator=None, state=state, reason=reason)
    assert section is None  # nothing was told

    section = asked("probability", young={"value": None, "numerator": None, "denominator": None,
                                          "state": state, "reason": reason})  # fmt: skip
    assert tables(section)[1][1] == ("Young", sign, sign)
    assert section is not None
    notes = [plain(block.note) for block in section.blocks if isinstance(block, Table)]
    assert notes == ["", f"{sign} {reason}. "]


def test_the_title_tells_the_first_answer_that_has_a_figure() -> None:
    section = asked("self_selected", first={"state": State.NOT_SUPPLIED, "reason": "not asked"})
    assert section is not None
    assert plain(section.title) == "The share who agree was 72.4%, of 688 who answered"
    assert tables(section)[0][0] == ("Asked first", "[x]", "[x]")


@pytest.mark.parametrize("design", [None, "probability", "self_selected"])
def test_how_they_were_asked_is_always_said(design: str | None) -> None:
    section = asked(design)
    assert section is not None
    assert any(
        isinstance(block, Paragraph) and residents.ASKED[design] in plain(block.text)
        for block in section.blocks
    )
