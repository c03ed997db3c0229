"""What is measured: each function returns the lines of one step."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from benchmarks import figures
from benchmarks.measuring import Line, best, both, ratio, ratios, rounds, seconds
from benchmarks.questions import Question, questions, with_questions
from benchmarks.workspaces import CONFIG, fresh_workspace, run_ingest
from pipeline.compute import observe
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Derived
from pipeline.model.delivery import Deliveries
from pipeline.model.observation import Observation
from pipeline.store import Store

ROOT = Path(__file__).parents[1]
TYPES = {"Month": "DATE", "Longitude": "DOUBLE", "Latitude": "DOUBLE"}


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


def measure_ingest(files: Path, times: int) -> list[Line]:
    """Ingest against the floor, with a hashed column, and with nothing new."""
    definitions, hashing = load(CONFIG), with_hashed_references(load(CONFIG))

    def whole(definitions: Definitions) -> None:
        with fresh_workspace() as workspace:
            workspace.make_secret()
            run_ingest(workspace, definitions, files)

    taken = rounds(times, lambda: whole(definitions), lambda: bare_load(files))
    (hashed,) = best(1, lambda: whole(hashing))
    with fresh_workspace() as workspace:
        run_ingest(workspace, definitions, files)
        (again,) = best(times, lambda: run_ingest(workspace, definitions, files))
    ours = min(one.processor for one, _ in taken)
    more = f"of a processor, of nearly as many people as rows; {hashed:.2f} s in all by the clock"
    return [
        *ratios("ingest / bare read_csv + CREATE TABLE", taken, 1.6),
        Line("a hashed reference column more", hashed.processor - ours, "s", note=more),
        Line("ingest with nothing new", again, "s", 1, note=f"{again.processor:.2f} s of a processor"),
    ]


def with_hashed_references(definitions: Definitions) -> Definitions:
    """The definitions with the crimes' references hashed as those of people are."""
    source = definitions.sources["police_street"]
    columns = source.columns | {"crime_ref": Derived.model_validate({"from": "Crime ID", "hashed": True})}
    hashing = source.model_copy(update={"columns": columns})
    return definitions.model_copy(update={"sources": definitions.sources | {source.id: hashing}})


@dataclass(frozen=True)
class Witnesses:
    """The questions put to one warehouse, and the three ways to their answers."""

    store: Store
    definitions: Definitions
    deliveries: Deliveries
    asked: tuple[Question, ...]

    @classmethod
    def of(cls, store: Store, deliveries: Deliveries, number: int) -> "Witnesses":
        """The witnesses of the first `number` questions."""
        asked = questions(number)
        return cls(store, with_questions(load(CONFIG), asked), deliveries, asked)

    def observe(self) -> tuple[Observation, ...]:
        """By the pipeline."""
        as_at = self.definitions.partnership.as_at or date.max
        return observe(self.store, self.definitions, self.deliveries, as_at)

    def frame(self) -> pd.DataFrame:
        """The curated table for pandas, months as its own time stamps."""
        columns = "district_code, month::TIMESTAMP AS month, category, outcome, quantity"
        frame: pd.DataFrame = self.store.fetch(f"SELECT {columns} FROM police_street").to_pandas()
        return frame

    def agreed(self) -> int:
        """How many figures all three agree on. Ends the run where they differ."""
        ours = figures.of_pipeline(self.observe())
        by_hand = figures.of_sql(self.asked, figures.ask_sql(self.store, self.asked))
        in_pandas = figures.of_pandas(self.asked, figures.ask_pandas(self.frame(), self.asked))
        differing = ours.items() ^ by_hand.items() | figures.without_limits(ours).items() ^ in_pandas.items()
        if differing:
            cell = min(cell for cell, _ in differing)
            raise SystemExit(f"the witnesses differ in {len(differing)} figures, among them {cell}")
        return len(ours)


def measure_compute(files: Path, times: int, number: int) -> list[Line]:
    """Indicators against the same figures in SQL written by hand and in pandas."""
    with fresh_workspace() as workspace:
        deliveries = run_ingest(workspace, load(CONFIG), files)
        with Store.reading(workspace.warehouse) as store:
            witnesses = Witnesses.of(store, deliveries, number)
            agreed = witnesses.agreed()
            frame = witnesses.frame()
            taken = rounds(
                times,
                witnesses.observe,
                lambda: figures.ask_sql(store, witnesses.asked),
                lambda: figures.ask_sql(store, witnesses.asked, only_sums=True),
            )
            in_pandas = seconds(lambda: figures.ask_pandas(frame, witnesses.asked))
    step = f"{number} indicators"
    in_ours = median(ours for ours, _, _ in taken)
    return [
        Line(f"{step}: figures on which all three ways agree", agreed, ""),
        ratio(f"{step} / SQL by hand", [(ours, by_hand) for ours, by_hand, _ in taken], 0.8),
        ratio(f"{step} / its sums, no zeros, no limits", [(ours, sums) for ours, _, sums in taken]),
        Line(f"{step}: pandas / ours", in_pandas / in_ours, "x", 4, True, both(in_pandas, in_ours)),
    ]


def measure_commands(files: Path, times: int) -> Iterator[Line]:
    """How long the command line takes to answer: about the definitions, and about one figure of many rows."""
    yield _answering(["--help"], ROOT, times, 0.3)
    yield _answering(["check"], ROOT, times, 1)
    with fresh_workspace() as workspace:
        run_ingest(workspace, load(CONFIG), files)
        for command in ("explain", "preview"):
            yield _answering([command, "burglary"], workspace.root, times, 1)


def _answering(arguments: list[str], folder: Path, times: int, budget: float) -> Line:
    command = Path(sys.executable).with_name("assessment")
    step = f"assessment {arguments[0]}"

    def run() -> int:
        return subprocess.run([command, *arguments], cwd=folder, capture_output=True, check=False).returncode

    code = run() if command.exists() else 127
    if code:
        return Line(step, None, note=f"it ended with exit code {code}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (shortest,) = best(times, run)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / times
    return Line(step, shortest, "s", budget, note=f"{processor:.2f} s of a processor, on average")


def measure_memory(files: Path, number: int) -> list[Line]:
    """The most memory that ingest and the indicators take."""
    command = [sys.executable, "-m", "benchmarks.memory", str(files), str(number)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [Line(f"memory of ingest and {number} indicators", float(told), "MiB", 800)]
