"""What an edition is called, dated by and compared with."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.editions.identity import edition_date, edition_name, identify, inputs_digest
from pipeline.errors import ComputationError, ReportError, UsageError
from pipeline.model.delivery import Coverage, Deliveries, Extract, MonthCoverage, MonthState
from pipeline.model.period import add_months
from pipeline.workspace import Workspace
from tests.conftest import REPOSITORY

OWN = "E08000031"
JUNE = date(2023, 6, 30)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load(REPOSITORY / "config")


def deliveries(last: date = date(2023, 6, 1), received: date = date(2023, 7, 3)) -> Deliveries:
    months = tuple(
        MonthCoverage("police_crimes", OWN, add_months(last, -n), 100, MonthState.DELIVERED)
        for n in range(12)
    )
    extract = Extract(
        delivery="police_crimes-0001",
        source="police_crimes",
        file_name="a.csv",
        sha256="0" * 64,
        size_bytes=1,
        received=datetime(received.year, received.month, received.day, 9, tzinfo=UTC),
        supplier="West Midlands Police",
        encoding="utf-8",
    )
    return Deliveries(extracts=(extract,), accounting=(), coverage=Coverage(months), warehouse_digest="w")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "reports" / "editions").mkdir(parents=True)
    return Workspace(tmp_path)


def publish(
    workspace: Workspace, name: str, as_at: str = "2023-06-30", status: str = "draft", folder: str = ""
) -> None:
    place = workspace.editions / (folder or name)
    place.mkdir()
    manifest = {
        "edition": {"name": name, "as_at": as_at, "status": status},
        "inputs_digest": "",
        "headlines": [],
    }
    (place / "manifest.json").write_text(json.dumps(manifest))


def undated(definitions: Definitions) -> Definitions:
    return definitions.model_copy(
        update={"partnership": definitions.partnership.model_copy(update={"as_at": None})}
    )


def test_the_date_is_asked_for_or_set_or_declared_or_the_last_receipt(definitions: Definitions) -> None:
    assert edition_date(definitions, deliveries(), date(2023, 5, 31)) == (date(2023, 5, 31), "")
    assert edition_date(definitions, deliveries(), None) == (JUNE, "")
    without = undated(definitions)
    assert edition_date(without, deliveries(), None) == (date(2023, 7, 3), "the latest received date")
    main = without.sources["police_crimes"].model_copy(update={"published_on": date(2023, 7, 1)})
    declared = without.model_copy(update={"sources": {**without.sources, "police_crimes": main}})
    assert edition_date(declared, deliveries(), None)[0] == date(2023, 7, 1)
    with pytest.raises(ComputationError, match="no extract"):
        edition_date(without, replace(deliveries(), extracts=()), None)


@pytest.mark.parametrize(
    ("last", "annual", "quarter"),
    [
        (date(2023, 6, 1), "2023-annual", "2023-q2"),
        (date(2022, 12, 1), "2022-annual", "2022-q4"),
        (date(2023, 1, 1), "2023-annual", "2023-q1"),
        (date(2023, 11, 1), "2023-annual", "2023-q2"),  # months after the date are not known at it
    ],
)
def test_the_last_complete_month_names_the_edition(
    definitions: Definitions, last: date, annual: str, quarter: str
) -> None:
    assert edition_name(definitions, deliveries(last), JUNE, quarterly=False) == annual
    assert edition_name(definitions, deliveries(last), JUNE, quarterly=True) == quarter


def test_without_a_complete_month_a_name_is_asked_for(definitions: Definitions) -> None:
    nothing = replace(deliveries(), coverage=Coverage(()))
    with pytest.raises(ComputationError, match="--edition"):
        edition_name(definitions, nothing, JUNE, quarterly=False)


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "x.", "CON", "com1.txt", "a b"])
def test_a_name_that_is_no_folder_name_everywhere_is_refused(
    definitions: Definitions, workspace: Workspace, name: str
) -> None:
    with pytest.raises(UsageError, match="--edition"):
        identify(workspace, definitions, deliveries(), None, name, quarterly=False)


def test_it_is_compared_with_the_latest_other_edition_not_dated_later(
    definitions: Definitions, workspace: Workspace
) -> None:
    assert identify(workspace, definitions, deliveries(), None, None, quarterly=False)[1] is None
    publish(workspace, "2022-annual", "2022-06-30")
    publish(workspace, "2023-q1", "2023-03-31")
    publish(workspace, "2023-q4", "2023-12-31")
    publish(workspace, "2023-annual")
    edition, previous = identify(workspace, definitions, deliveries(), None, None, quarterly=False)
    assert (edition.name, edition.previous) == ("2023-annual", "2023-q1")
    assert previous is not None
    assert previous.name == "2023-q1"


@pytest.mark.parametrize("name", ["2023-annual", "2023-ANNUAL"])
def test_a_final_edition_is_never_replaced(definitions: Definitions, workspace: Workspace, name: str) -> None:
    publish(workspace, "2023-annual", status="final")
    with pytest.raises(UsageError, match="final"):
        identify(workspace, definitions, deliveries(), None, name, quarterly=False)


def test_a_manifest_that_is_none_is_named(definitions: Definitions, workspace: Workspace) -> None:
    publish(workspace, "2022-annual")
    (workspace.editions / "2022-annual" / "manifest.json").write_text("{}")
    with pytest.raises(ReportError, match="not the manifest of an edition"):
        identify(workspace, definitions, deliveries(), None, None, quarterly=False)


def test_a_copy_of_an_edition_is_not_a_second_one(definitions: Definitions, workspace: Workspace) -> None:
    publish(workspace, "2022-annual", folder="2022-annual-copy")
    with pytest.raises(ReportError, match="this is the manifest of 2022-annual"):
        identify(workspace, definitions, deliveries(), None, None, quarterly=False)


def test_the_digest_of_the_inputs_is_keyed_and_sees_templates(
    definitions: Definitions, workspace: Workspace
) -> None:
    def digest() -> str:
        return inputs_digest(workspace, definitions, deliveries(), JUNE)

    plain = digest()
    workspace.make_secret()
    keyed = digest()
    workspace.templates.mkdir(parents=True)
    (workspace.templates / "print.css").write_text("body {}")
    assert len({plain, keyed, digest()}) == 3
    assert digest() == digest()
