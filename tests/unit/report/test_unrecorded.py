"""The strategy's own table of violence by age, read three ways, as it is printed."""

from dataclasses import replace

import pytest

from pipeline.report import Evidence
from pipeline.report.document import Block, Callout, RowKind, Table
from pipeline.report.sections import unrecorded
from pipeline.report.text import plain
from tests.unit.report import factory


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    evidence = Evidence(*factory.evidence())
    uses = [use for measure in evidence.assessment.measures for use in measure.uses]
    return unrecorded.blocks(evidence, uses)


def test_only_what_unknowns_could_change_is_told(blocks: list[Block]) -> None:
    assert [type(block) for block in blocks] == [Table, Callout]


def test_each_change_is_read_three_ways(blocks: list[Block]) -> None:
    table = blocks[0]
    assert isinstance(table, Table)
    rows = [tuple(plain(cell.text) for cell in row.cells) for row in table.rows]
    assert rows == [
        ("All", "3,950", "3,964", "↓ 0.4% (−4.6 to +4.1)", "", "", "◊ No clear change"),
        (
            "under 25", "1,011", "1,119", "↓ 9.7% (−17.0 to −1.6)", "−11.9% (−19.0 to −4.2)",
            "−20.6 to −4.6", "✓ Improved",
        ),
        (
            "25 and over", "2,882", "2,690", "↑ 7.1% (+1.7 to +12.9)", "+4.5% (−0.8 to +10.0)",
            "+1.3 to +9.3", "◊ No clear change [u]",
        ),
        ("victim age not recorded", "57", "155", "", "", "", ""),
    ]  # fmt: skip
    assert table.rows[-1].kind is RowKind.CHILD


def test_the_sentences_say_the_same(blocks: list[Block]) -> None:
    said = blocks[1]
    assert isinstance(said, Callout)
    whole, young, adult = (plain(words) for words in said.paragraphs)
    assert "a fall of 0.4% (95% interval −4.6 to +4.1): no more than chance could make." in whole
    assert "Chance alone makes a difference of this size or more 87 times in 100 (p 0.87)." in whole
    assert "a fall of 9.7% (95% interval −17.0 to −1.6): more than chance would make." in young
    assert "shared out in proportion the change is −11.9% (95% interval −19.0 to −4.2)" in young
    assert young.endswith("it could lie anywhere from −20.6 to −4.6%.")
    assert "a rise of 7.1% as recorded (95% interval +1.7 to +12.9)." in adult
    assert "shared out in proportion the change is +4.5% (95% interval −0.8 to +10.0)" in adult
    assert adult.endswith("from +1.3 to +9.3%: part of it may be better recording [u].")


def test_two_breakdowns_have_a_table_and_sentences_each() -> None:
    evidence = Evidence(*factory.evidence())
    uses = [use for measure in evidence.assessment.measures for use in measure.uses]
    (cut,) = (use for use in uses if use.children)
    renamed = [
        replace(
            child,
            comparison=replace(
                child.comparison,
                observation=replace(child.comparison.observation, breakdown="ward_of_victim"),
            ),
        )
        for child in cut.children
    ]
    blocks = unrecorded.blocks(evidence, [replace(cut, children=(*cut.children, *renamed))])
    assert [type(block) for block in blocks] == [Table, Callout, Table, Callout]
    assert [len(block.paragraphs) for block in blocks if isinstance(block, Callout)] == [3, 3]
