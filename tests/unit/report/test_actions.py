"""The plan's actions: which are shown, what is overdue, and how it is said."""

from dataclasses import replace
from datetime import date

from pipeline.model.action import Action, ActionStatus
from pipeline.report import Evidence
from pipeline.report.document import RowKind, Section, Table, texts
from pipeline.report.sections import actions
from pipeline.report.text import plain
from tests.unit.report import factory

AS_AT = date(2023, 6, 30)


def action(reference: str, due: date, status: ActionStatus | None, **fields: object) -> Action:
    given: dict[str, object] = {
        "serves": "neighbourhood",
        "words": f"Do {reference}",
        "owner": "Housing team",
    }
    return Action(reference=reference, due=due, status=status, **(given | fields))  # type: ignore[arg-type]


def shown(*plan: Action) -> Section | None:
    evidence = Evidence(*factory.evidence(), actions=plan)
    return actions.section(replace(evidence, edition=factory.edition(as_at=AS_AT)))


def statuses(section: Section | None) -> dict[str, str]:
    assert section is not None
    rows = [row for block in section.blocks if isinstance(block, Table) for row in block.rows]
    return {plain(r.cells[0].text): plain(r.cells[3].text) for r in rows if r.kind is RowKind.ROW}


def test_without_a_plan_there_is_no_section() -> None:
    assert shown() is None


def test_what_an_action_is_called_by_its_status_and_the_day() -> None:
    past, today, later = date(2023, 3, 31), AS_AT, date(2023, 9, 30)
    found = statuses(
        shown(
            action("a", past, ActionStatus.COMPLETE, completed=date(2023, 3, 31)),
            action("b", past, ActionStatus.COMPLETE, completed=date(2023, 4, 1)),
            action("c", past, ActionStatus.COMPLETE),
            action("d", past, ActionStatus.DELAYED),
            action("e", past, ActionStatus.STOPPED),
            action("f", past, None),
            action("g", today, ActionStatus.ON_TRACK),
            action("h", later, ActionStatus.NOT_STARTED),
        )
    )
    assert found == {
        "Do a": "✓ Complete",
        "Do b": "✓ Complete, late",
        "Do c": "✓ Complete",
        "Do d": "! Overdue, reported as delayed",
        "Do e": "– Stopped",
        "Do f": "! Overdue, not reported on",
        "Do g": "… On track",  # due today is not overdue
        "Do h": "… Not started",
    }


def test_an_older_action_is_shown_as_long_as_it_is_open() -> None:
    old = date(2022, 3, 31)  # the year before last year's plan
    found = statuses(
        shown(
            action("done", old, ActionStatus.COMPLETE),
            action("open", old, ActionStatus.DELAYED),
            action("first day", date(2022, 4, 1), ActionStatus.COMPLETE),
        )
    )
    assert set(found) == {"Do open", "Do first day"}


def test_before_april_last_year_is_the_one_that_ended_the_april_before() -> None:
    plan = [
        action("x", date(2021, 4, 1), ActionStatus.COMPLETE),
        action("y", date(2021, 3, 31), ActionStatus.COMPLETE),
    ]
    evidence = Evidence(*factory.evidence(), actions=tuple(plan))
    section = actions.section(replace(evidence, edition=factory.edition(as_at=date(2023, 3, 31))))
    assert set(statuses(section)) == {"Do x"}


def test_the_title_counts_only_what_was_due() -> None:
    section = shown(
        action("a", date(2023, 3, 31), ActionStatus.COMPLETE),
        action("b", date(2023, 3, 31), ActionStatus.DELAYED),
        action("c", date(2023, 12, 31), ActionStatus.ON_TRACK),
    )
    assert section is not None
    assert plain(section.title) == "Of two actions that were due, one is complete and one is overdue"
    untimely = shown(action("c", date(2023, 12, 31), ActionStatus.ON_TRACK))
    assert untimely is not None
    assert plain(untimely.title) == "No action has been due yet"


def test_actions_stand_under_what_they_serve() -> None:
    section = shown(
        action("a", date(2023, 3, 31), ActionStatus.COMPLETE, serves="case_review"),
        action("b", date(2023, 3, 31), ActionStatus.COMPLETE, serves=""),
        action("c", date(2023, 3, 31), ActionStatus.COMPLETE, serves="no such priority"),
    )
    assert section is not None
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [plain(r.cells[0].text) for r in table.rows if r.kind is RowKind.GROUP] == [
        "ASB case review",
        "Across the strategy",
    ]
    assert "Do c" in "\n".join(plain(words) for words in texts(section))
