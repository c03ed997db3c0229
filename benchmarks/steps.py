"""What is measured: each function returns the lines of one step."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from benchmarks import figures
from benchmarks.measuring import Line, best, both, seconds
from pipeline import ingest
from pipeline.compute import observe
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.model.delivery import Deliveries
from pipeline.model.observation import Observation
from pipeline.store import Store
from pipeline.workspace import Workspace, now

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).parent / "config"
TYPES = {"Month": "DATE", "Longitude": "DOUBLE", "Latitude": "DOUBLE"}


@contextmanager
def fresh_workspace() -> Iterator[Workspace]:
    """A workspace with the benchmark's definitions and no data."""
    with TemporaryDirectory() as folder:
        shutil.copytree(CONFIG, Path(folder) / "config")
        yield Workspace.at(Path(folder))


def run_ingest(workspace: Workspace, definitions: Definitions, files: Path) -> Deliveries:
    """Everything from the files to the warehouse."""
    return ingest.run(workspace, definitions, [files], now())


def bare_load(files: Path) -> None:
    """The floor: the same files, typed, in one table of a database file; nothing checked or kept."""
    header = next(files.glob("police_street/*")).read_text()[:500].splitlines()[0].split(",")
    columns = ", ".join(f"'{name}': '{TYPES.get(name, 'VARCHAR')}'" for name in header)
    with TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bare.duckdb") as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(
            f"CREATE TABLE street AS FROM read_csv('{files}/police_street/*.csv', header = true, "
            f"columns = {{{columns}}}, dateformat = '%Y-%m', auto_detect = false)"
        )


def measure_ingest(files: Path, times: int) -> tuple[list[Line], float]:
    """Ingest against the floor, and ingest with nothing new; and the seconds of the floor."""
    definitions = load(CONFIG)

    def whole() -> None:
        with fresh_workspace() as workspace:
            run_ingest(workspace, definitions, files)

    ours, floor = best(times, whole, lambda: bare_load(files))
    with fresh_workspace() as workspace:
        run_ingest(workspace, definitions, files)
        (again,) = best(times, lambda: run_ingest(workspace, definitions, files))
    return [
        Line("ingest / bare read_csv + CREATE TABLE", ours / floor, "x", 1.6, note=both(ours, floor)),
        Line("ingest with nothing new", again, "s", 1),
    ], floor


@dataclass(frozen=True)
class Witnesses:
    """The questions put to one warehouse, and the three ways to their answers."""

    store: Store
    definitions: Definitions
    deliveries: Deliveries
    asked: tuple[figures.Question, ...]

    @classmethod
    def of(cls, store: Store, deliveries: Deliveries, number: int) -> "Witnesses":
        """The witnesses of the first `number` questions."""
        asked = figures.questions(number)
        indicators = {question.id: question.indicator for question in asked}
        definitions = load(CONFIG).model_copy(update={"indicators": indicators, "priorities": {}})
        return cls(store, definitions, deliveries, asked)

    def observe(self) -> tuple[Observation, ...]:
        """By the pipeline."""
        as_at = self.definitions.partnership.as_at or date.max
        return observe(self.store, self.definitions, self.deliveries, as_at)

    def frame(self) -> pd.DataFrame:
        """The curated table for pandas, months as its own time stamps."""
        columns = "district_code, month::TIMESTAMP AS month, category, outcome, quantity"
        frame: pd.DataFrame = self.store.fetch(f"SELECT {columns} FROM police_street").to_pandas()
        return frame

    def answers(self) -> tuple[figures.Answers, figures.Answers, figures.Answers]:
        """What each of the three says."""
        return (
            figures.of_pipeline(self.observe()),
            figures.of_sql(self.asked, figures.ask_sql(self.store, self.asked)),
            figures.of_pandas(self.asked, figures.ask_pandas(self.frame(), self.asked)),
        )


def measure_compute(files: Path, times: int, number: int) -> list[Line]:
    """Indicators against the same figures in SQL written by hand and in pandas."""
    with fresh_workspace() as workspace:
        deliveries = run_ingest(workspace, load(CONFIG), files)
        with Store.reading(workspace.warehouse) as store:
            witnesses = Witnesses.of(store, deliveries, number)
            ours, by_hand, pandas = witnesses.answers()
            if not ours == by_hand == pandas:
                differing = dict(ours.items() ^ by_hand.items()) | dict(ours.items() ^ pandas.items())
                raise SystemExit(f"the witnesses differ in {len(differing)} cells, e.g. {min(differing)}")
            frame = witnesses.frame()
            in_ours, in_sql = best(times, witnesses.observe, lambda: figures.ask_sql(store, witnesses.asked))
            in_pandas = seconds(lambda: figures.ask_pandas(frame, witnesses.asked))
    step = f"{number} indicators"
    return [
        Line(f"{step}: figures on which all three ways agree", len(ours), ""),
        Line(f"{step} / SQL by hand", in_ours / in_sql, "x", 0.8, note=both(in_ours, in_sql)),
        Line(f"{step}: pandas / ours", in_pandas / in_ours, "x", 4, True, both(in_pandas, in_ours)),
    ]


def measure_commands(times: int) -> list[Line]:
    """How long the command line takes to say something."""
    command = Path(sys.executable).with_name("assessment")
    lines = []
    for arguments, budget in ((["--help"], 0.3), (["check"], 1.0)):
        step = f"assessment {arguments[0]}"

        def run(arguments: list[str] = arguments) -> int:
            return subprocess.run(
                [command, *arguments], cwd=ROOT, capture_output=True, check=False
            ).returncode

        code = run() if command.exists() else 127
        if code:
            lines.append(Line(step, None, note=f"it ended with exit code {code}"))
        else:
            lines.append(Line(step, best(times, run)[0], "s", budget))
    return lines


def measure_memory(files: Path, number: int) -> list[Line]:
    """The most memory that ingest and the indicators take, in a process of their own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peak = pool.submit(_peak_memory_mib, files, number).result()
    return [Line(f"memory of ingest and {number} indicators", peak, "MiB", 800)]


def _peak_memory_mib(files: Path, number: int) -> float:
    with fresh_workspace() as workspace:
        deliveries = run_ingest(workspace, load(CONFIG), files)
        with Store.reading(workspace.warehouse) as store:
            Witnesses.of(store, deliveries, number).observe()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
