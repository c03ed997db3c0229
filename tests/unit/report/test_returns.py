"""The page of the returns: what is counted, what is called overdue, and how it is said."""

from dataclasses import replace
from datetime import date

from pipeline.model.period import Period
from pipeline.model.returns import Content, Return, ReturnedItem
from pipeline.report import Evidence
from pipeline.report.document import Section, Table, texts
from pipeline.report.sections import returns
from pipeline.report.text import plain
from tests.unit.report import factory

AS_AT = date(2023, 6, 30)
QUARTER = Period(date(2023, 1, 1), date(2023, 4, 1), "calendar_quarter")
CAME = ReturnedItem(item="cases", area_code="D1", received=date(2023, 4, 20), content=Content.FIGURE)


def owed(*items: ReturnedItem, due: date = date(2023, 4, 30), supplier: str = "Housing") -> Return:
    return Return(
        source="partner_returns", supplier=supplier, contact="", period=QUARTER, due=due, items=items
    )


def evidence(*found: Return) -> Evidence:
    made = Evidence(*factory.evidence(), returns=found)
    return replace(made, edition=factory.edition(as_at=AS_AT))


def shown(*found: Return) -> Section:
    section = returns.section(evidence(*found))
    assert section is not None
    return section


def said(section: Section) -> list[str]:
    return [plain(words) for words in texts(section)]


def table(section: Section, caption: str) -> list[list[str]]:
    (found,) = (b for b in section.blocks if isinstance(b, Table) and plain(b.caption) == caption)
    return [[plain(cell.text) for cell in row.cells] for row in found.rows]


def test_without_expectations_there_is_no_page() -> None:
    assert returns.section(evidence()) is None
    assert returns.owed_line(evidence()) == ()


def test_all_have_come() -> None:
    section = shown(owed(CAME), owed(replace(CAME, received=None), due=date(2023, 7, 30)))
    assert plain(section.title) == "Every return that was due has come"
    assert table(section, "Returns by supplier") == [["Housing", "2", "1", "0", "0", "1", "0"]]
    assert not any("Still owed" in words for words in said(section))


def test_what_is_owed_is_named_with_its_supplier_and_items() -> None:
    lacking = ReturnedItem(item="closures", area_code="D1")
    section = shown(owed(CAME, lacking), owed(lacking, supplier="Watch"), owed(CAME, supplier="Police"))
    assert plain(section.title) == "Of three returns that were due, two are overdue"
    assert table(section, "Still owed") == [
        ["Housing", "January 2023 to March 2023", "! 30 April 2023, 61 days ago", "Closures"],
        ["Watch", "January 2023 to March 2023", "! 30 April 2023, 61 days ago", "Closures"],
    ]
    assert table(section, "Returns by supplier")[-1] == ["All suppliers", "3", "1", "0", "2", "0", "0"]
    line = returns.owed_line(evidence(owed(lacking), owed(lacking, supplier="Watch")))
    assert plain(line) == "Two returns are overdue: from Housing and Watch."


def test_late_revised_and_without_a_figure() -> None:
    late = replace(CAME, received=date(2023, 5, 2))
    revised = replace(CAME, revised=date(2023, 6, 1))
    none = replace(CAME, item="closures", content=Content.NO_FIGURE)
    section = shown(owed(late), owed(revised, none))
    found = said(section)
    assert "Housing, January 2023 to March 2023: due on 30 April 2023, came 2 days later." in found
    assert "Housing, January 2023 to March 2023: 1 of 2 figures revised on 1 June 2023." in found
    assert "Housing, January 2023 to March 2023: came without a figure for Closures." in found
