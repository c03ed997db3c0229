"""A synthetic community safety partnership the size of Wolverhampton, for showing and testing.

``generate`` writes the extracts that such a partnership would receive for April 2018 to June 2023:
record-level crimes (one row per crime x victim x suspect), reports of anti-social behaviour, counts
for the rest of the force, two surveys, the consultation of residents, partner returns, the register of
case reviews, the action plan, population and geography. With ``quarter=True`` it writes instead what
arrives in the three months after.

Places, their populations and their boundaries are real (``geography/ATTRIBUTION.md``). Every crime,
person and answer is made up. The generator is seeded and gives the same bytes on every run and every
machine. It is calibrated so that the product reproduces every figure printed in the strategy
consultation that the project starts from: ``calibration.py`` holds them, with the assumptions about
periods, and the signals put around them.

The women and girls survey: the consultation says that 48 % of 2,216 participants do not feel safe
when out at night and gives no base. Here all 2,216 answer that question, and 1,064 answer Unsafe or
Very unsafe (48.0 %); the other questions, which were not mandatory, have smaller bases.

How the modules follow on each other: ``volumes`` (how many) -> ``dates``, ``crimes`` (when, what,
where) -> ``victims``, ``suspects``, ``outcomes`` -> ``police_file`` and ``revision``; ``force_counts``,
``incidents``, ``surveys``, ``consultation``, ``returns``, ``case_reviews``, ``action_plan`` and
``geography`` beside them; ``ledger`` says when each file was received.
"""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["DemoSummary", "generate"]


@dataclass(frozen=True)
class DemoSummary:
    """What was written."""

    folder: Path
    rows: tuple[tuple[str, int], ...]
    """File name and rows (features, for boundaries), in the order written; the ledger is left out."""

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files, the ledger last."""
        return (*(name for name, _ in self.rows), "received.csv")


def generate(incoming: Path, quarter: bool = False) -> DemoSummary:
    """Write the demonstration's extracts to ``incoming``, which is made where it is missing.

    ``quarter=True`` writes what arrives from July to September 2023 instead; a ledger that is there
    already keeps its lines.
    """
    from pipeline.demo.deliveries import first_delivery, next_quarter
    from pipeline.demo.ledger import write_ledger

    incoming.mkdir(parents=True, exist_ok=True)
    rows = next_quarter(incoming) if quarter else first_delivery(incoming)
    write_ledger(incoming, rows)
    return DemoSummary(incoming, tuple(rows.items()))
