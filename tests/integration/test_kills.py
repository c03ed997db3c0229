"""A killed run leaves the old set or the new one, never a mixture; the next run ends as if nothing was."""

import os
import random
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.killed import KILLED, State, Step, run, state
from tests.three_areas import deliver_quarter, three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed as POSIX has it")
WITHOUT_PDFS = 13
ROUNDS = 30
ON_ONE_ANOTHER = 5  # rounds that start on what the one before left
LEDGER = "data/raw/ledger.jsonl"


@dataclass(frozen=True)
class Scenario:
    """A command that takes the next quarter into a workspace which has published an edition, `board`."""

    command: tuple[str, ...]
    is_judged: bool = False
    pdfs: bool = False

    def __str__(self) -> str:
        return " ".join((*self.command[:1], *["judged"] * self.is_judged, *["with PDFs"] * self.pdfs))

    @property
    def status(self) -> int:
        """The exit status of a run that nothing stops."""
        return 0 if self.pdfs or self.command == ("ingest",) else WITHOUT_PDFS


INGEST = Scenario(("ingest",))
JUDGED = Scenario(("ingest",), is_judged=True)
BUILD = Scenario(("build", "--edition", "board"))
PRINTED = Scenario(("build", "--edition", "board"), pdfs=True)
REFRESH = Scenario(("refresh",))
WHOLE = Scenario(("build", "--edition", "board"), is_judged=True, pdfs=True)

STEPS = {
    INGEST: (
        Step("take the lock", "open", r"^data/\.lock$"),
        Step("copy the file", "open", r"^data/raw/\.[^/]*\.part$"),
        Step("make the file's folder", "os.mkdir", r"^data/raw/\w{64} "),
        Step("put the copy in its place", "os.rename", r"^data/raw/\.[^/]*\.part data/raw/\w{64}/crimes"),
        Step("read", "os.mkdir", r"^data/curated/\.warehouse\.duckdb\.[^/]* "),
        Step("read the next source", "shutil.rmtree", r"^data/curated/\.warehouse\.duckdb\."),
        Step("write the receipt", "open", r"^data/raw/\w{64}/\.\.receipt\.json\.\d+\.part$"),
        Step("put the receipt in its place", "os.rename", r"^data/raw/\w{64}/\.\.receipt\.json\.\d+\.part "),
        Step("enter it in the ledger", "open", r"^data/raw/ledger\.jsonl$"),
        Step("put the warehouse in its place", "os.rename", r"\.new data/curated/warehouse\.duckdb$"),
        Step("note the warehouse's hash", "open", r"^data/receipts/\.warehouse\.sha256\.\d+\.part$"),
        Step("put the hash in its place", "os.rename", r"^data/receipts/\.warehouse\.sha256\.\d+\.part "),
        Step(
            "clear away what the database left", "os.remove", r"^data/curated/\.warehouse\.duckdb\.\d+\.new"
        ),
    ),
    JUDGED: (
        Step("start the judge", "subprocess.Popen", r"pipeline\.quality\.judge"),
        Step("wait for its result", "shutil.rmtree", r"^data/curated/\.warehouse\.duckdb\."),
        Step("clear its result away", "os.remove", r"^data/curated/\.warehouse\.duckdb\.judged"),
    ),
    BUILD: (
        Step("make the edition's folder", "os.mkdir", r"^reports/editions/\.[\w-]+\.new "),
        Step("write the results", "open", r"^reports/editions/\.[\w-]+\.new/results\.csv$"),
        Step("write the comparisons", "open", r"^reports/editions/\.[\w-]+\.new/comparisons\.csv$"),
        Step("write the page", "open", r"^reports/editions/\.[\w-]+\.new/assessment\.html$"),
        Step("write the quality page", "open", r"^reports/editions/\.[\w-]+\.new/quality\.html$"),
        Step("write the manifest", "open", r"^reports/editions/\.[\w-]+\.new/manifest\.json$"),
        Step("publish by swapping folders", "ctypes.dlsym", r"^rename(at2|x_np)$"),
        Step("remove the old edition", "os.rmdir", r"^reports/editions/\.[\w-]+\.new"),
    ),
    PRINTED: (Step("write the board paper", "open", r"^reports/editions/\.[\w-]+\.new/board-paper\.pdf$"),),
    REFRESH: (
        Step("publish by renaming a folder", "os.rename", r"^reports/editions/\.[\w-]+\.new "),
        Step("write the edition's receipt", "open", r"^data/receipts/\.[\w-]+\.json\.\d+\.part$"),
        Step("put the edition's receipt in its place", "os.rename", r"^data/receipts/\.[\w-]+\.json"),
    ),
}
ORDINARY = re.compile(  # folders that are there already, files that are gone already, and the like
    r"os\.mkdir (data|data/(raw|curated|receipts)|reports/editions) \d+"
    r"|os\.(remove|rmdir) data/(raw|curated|receipts)/.*"
    r"|shutil\.rmtree reports/editions/\.[\w-]+\.(old|new) None"
    r"|shutil\.rmtree data/curated/\.warehouse\.duckdb\.\w+ None"
)


@dataclass(frozen=True)
class Played:
    """A workspace before a scenario's run, and what it holds before and after one that nothing stops."""

    root: Path
    before: State
    after: State
    events: tuple[tuple[str, str], ...]
    seconds: float


class Stage:
    """Scenarios, each prepared once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._prepared: dict[tuple[bool, bool], Path] = {}
        self._played: dict[Scenario, Played] = {}

    def played(self, scenario: Scenario) -> Played:
        """The scenario, played through once without a stop."""
        if scenario not in self._played:
            self._played[scenario] = self._play(scenario)
        return self._played[scenario]

    def _play(self, scenario: Scenario) -> Played:
        root = self._workspace(scenario.is_judged, scenario.pdfs)
        folder = self._folder / str(len(self._played))
        undisturbed, events = Path(shutil.copytree(root, folder / "workspace")), folder / "events"
        started = time.monotonic()
        assert run(undisturbed, *scenario.command, events=events, pdfs=scenario.pdfs) == scenario.status
        seconds = time.monotonic() - started
        lines = tuple(tuple(line.split(" ", 1)) for line in events.read_text().splitlines())
        return Played(root, state(root), state(undisturbed), lines, seconds)  # type: ignore[arg-type]

    def _workspace(self, is_judged: bool, pdfs: bool) -> Path:
        """A workspace that has published an edition and has the next quarter in its drop folder."""
        if (is_judged, pdfs) not in self._prepared:
            root = three_areas(self._folder / f"judged={is_judged} pdfs={pdfs}", is_judged=is_judged)
            assert run(root, *BUILD.command, pdfs=pdfs) == (0 if pdfs else WITHOUT_PDFS)
            deliver_quarter(root)
            self._prepared[is_judged, pdfs] = root
        return self._prepared[is_judged, pdfs]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("kills"))


def one_set_is_there(root: Path, played: Played) -> None:
    """The edition and the warehouse are the old or the new one, whole; no extract is lost or half there."""
    found = state(root)
    assert found.editions in (played.before.editions, played.after.editions)
    assert found.tables in (played.before.tables, played.after.tables)
    assert played.before.raw.items() <= found.raw.items() <= played.after.raw.items()
    assert found.files[LEDGER] in (played.before.files[LEDGER], played.after.files[LEDGER])


@pytest.mark.parametrize(
    ("scenario", "step"), [(scenario, step) for scenario, steps in STEPS.items() for step in steps], ids=str
)
def test_killed_before(stage: Stage, tmp_path: Path, scenario: Scenario, step: Step) -> None:
    played = stage.played(scenario)
    root = Path(shutil.copytree(played.root, tmp_path / "workspace"))
    assert run(root, *scenario.command, before=step, pdfs=scenario.pdfs) == KILLED
    one_set_is_there(root, played)
    assert run(root, *scenario.command, pdfs=scenario.pdfs) == scenario.status
    assert state(root) == played.after


def test_every_change_of_a_file_is_a_named_step(stage: Stage) -> None:
    """A new place where a run writes, renames or removes a file needs a name above, and is then killed at."""
    named = [step for steps in STEPS.values() for step in steps]
    changes = [change for scenario in (INGEST, BUILD, REFRESH) for change in stage.played(scenario).events]
    unnamed = [
        f"{event} {what}"
        for event, what in changes
        if not ORDINARY.fullmatch(f"{event} {what}")
        and not any(step.announced(event, what) for step in named)
    ]
    assert unnamed == []


@pytest.mark.long
def test_killed_at_random(stage: Stage, tmp_path: Path) -> None:
    played = stage.played(WHOLE)
    chance = random.Random(20230630)
    for batch in range(ROUNDS // ON_ONE_ANOTHER):
        root = Path(shutil.copytree(played.root, tmp_path / str(batch)))
        for _ in range(ON_ONE_ANOTHER):
            run(root, *WHOLE.command, after_seconds=chance.uniform(0.1, played.seconds))
            one_set_is_there(root, played)
        assert run(root, *WHOLE.command) == WHOLE.status
        assert state(root) == played.after
