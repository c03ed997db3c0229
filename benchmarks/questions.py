"""A hundred questions: counts and proportions, cut by one column, for eight districts and the force.

Each is asked for two years and for each of sixty months.
"""

from dataclasses import dataclass
from itertools import chain

from benchmarks.streets import ANTISOCIAL, CATEGORIES, DISTRICTS, FIRST_MONTH, MONTHS, OUTCOMES
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.resolved import Definitions
from pipeline.model.period import Period, add_months

CRIMES = tuple(category for category in CATEGORIES if category != ANTISOCIAL)
OWN, FORCE = DISTRICTS[0], "E23000901"
LAST_MONTH = add_months(FIRST_MONTH, MONTHS - 1)
LAST_YEAR = Period.ending(LAST_MONTH, 12, "rolling_12")
YEARS = (LAST_YEAR.shifted(-12), LAST_YEAR)


@dataclass(frozen=True)
class Question:
    """The crimes of some categories, cut by a column; with outcomes, the percentage that ended so."""

    id: str
    categories: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    cut: str = "outcome"

    @property
    def indicator(self) -> Indicator:
        """The question as the pipeline is asked it."""
        counted = {"category": {"in": self.categories}}
        if self.outcomes:
            part = {"outcome": {"in": self.outcomes}}
            measure = {"type": "proportion", "among": counted, "where": part}
        else:
            measure = {"type": "count", "unit": "crimes", "where": counted}
        return Indicator.model_validate(
            {
                "id": self.id,
                "title": self.id,
                "source": "police_street",
                "measure": measure,
                "by": [{"name": self.cut, "column": self.cut}],
                "areas": ["partnership", "districts", "force"],
                "window": {"kind": "rolling", "months": 12},
                "compare": [{"to": "previous_year"}],
                "govern": {"owner": "Benchmark analyst"},
            }
        )


def questions(number: int) -> tuple[Question, ...]:
    """The first `number` questions of a fixed list of 117."""
    pairs = list(zip(CRIMES, CRIMES[1:] + CRIMES[:1], strict=True))
    counts = (Question(f"count_{n}", (crime,)) for n, crime in enumerate(CRIMES))
    sets = (Question(f"pair_{n}", pair, cut="category") for n, pair in enumerate(pairs))
    ended = (
        Question(f"ended_{n}_{m}", pair, (outcome,), "category")
        for m, outcome in enumerate(OUTCOMES[:7])
        for n, pair in enumerate(pairs)
    )
    return tuple(chain(counts, sets, ended))[:number]


def with_questions(definitions: Definitions, asked: tuple[Question, ...]) -> Definitions:
    """The definitions with the questions for indicators, and nothing that uses them."""
    indicators = {question.id: question.indicator for question in asked}
    return definitions.model_copy(update={"indicators": indicators, "priorities": {}})
