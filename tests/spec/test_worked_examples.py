"""Every worked example of the documentation is what the engine does."""

from pathlib import Path

import pytest

from tests.spec.pages import FOLDER, OUTPUTS, PAGES, Example, drawn, examples
from tests.spec.worked import outcome, refusal, run

EXAMPLES = [example for page in PAGES for example in examples(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}: {example.title}")
def test_an_example_is_what_the_engine_gives(example: Example, tmp_path: Path) -> None:
    if example.refusal:
        assert refusal(example, tmp_path / "config") == example.refusal
        return
    ran = run(example, tmp_path / "config")
    results = [table for table in example.tables if table.name in OUTPUTS]
    assert results, "an example shows what comes out"
    for table in results:
        expected, found = (drawn(table.columns, rows) for rows in (table.rows, outcome(table, ran)))
        assert found == expected, f"line {table.line} of the page"


@pytest.mark.parametrize(
    ("written", "altered"),
    [
        ("| 2022-04/2023-03 | place | public | 5 |\n", ""),
        ("| 2022-04/2023-03 | place | not recorded | 2 |\n", ""),
        ("| public | 5 |\n|", "| public | 6 |\n|"),
        ("column: place", "column: victim_sex"),
    ],
    ids=["a category left out", "the unknowns left out", "another row", "another definition"],
)
def test_a_page_that_is_not_true_is_found_out(written: str, altered: str, tmp_path: Path) -> None:
    text = (FOLDER / "breakdowns.md").read_text(encoding="utf-8")
    assert written in text
    page = tmp_path / "breakdowns.md"
    page.write_text(text.replace(written, altered, 1), encoding="utf-8")
    with pytest.raises(AssertionError):
        test_an_example_is_what_the_engine_gives(examples(page)[0], tmp_path)
