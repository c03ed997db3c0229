"""`python -m benchmarks.memory FILES NUMBER`: the most memory that ingest and so many indicators take (MiB).

A process of its own, which loads nothing but the pipeline and the questions.
"""

import resource
import sys
from datetime import date
from pathlib import Path

from benchmarks.questions import questions, with_questions
from benchmarks.workspaces import CONFIG, fresh_workspace, run_ingest
from pipeline.compute import observe
from pipeline.definitions.load import load
from pipeline.store import Store


def peak_memory_mib(files: Path, number: int) -> float:
    """The peak of this process once it has done both."""
    definitions = load(CONFIG)
    with fresh_workspace() as workspace:
        deliveries = run_ingest(workspace, definitions, files)
        with Store.reading(workspace.warehouse) as store:
            as_at = definitions.partnership.as_at or date.max
            observe(store, with_questions(definitions, questions(number)), deliveries, as_at)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    print(peak_memory_mib(Path(sys.argv[1]), int(sys.argv[2])))
