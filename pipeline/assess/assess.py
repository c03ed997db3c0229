"""The stage as a whole."""

from pipeline.assess.chance import by_chance
from pipeline.assess.findings import find
from pipeline.assess.measures import judge_measures, wants
from pipeline.assess.reconcile import reconcile
from pipeline.assess.verdict import judge
from pipeline.definitions.resolved import Definitions
from pipeline.model.assessment import Assessment
from pipeline.model.comparison import Comparison, Want
from pipeline.model.observation import Results
from pipeline.model.returns import Return


def assess(
    comparisons: tuple[Comparison, ...],
    results: Results,
    definitions: Definitions,
    returns: tuple[Return, ...] = (),
) -> Assessment:
    """Everything the evidence amounts to. A pure function: the same input, the same answer.

    `judgements` has one for each comparison, in their order, under the direction that all uses of
    the indicator want (neither where they differ); a measure judges under the use's own. `returns` say
    by whom, and by when, what is awaited was to be delivered.
    """
    wanted = wants(definitions)
    measures = judge_measures(comparisons, results, definitions, returns)
    return Assessment(
        measures=measures,
        judgements=tuple(
            judge(comparison, wanted.get(comparison.observation.indicator, Want.NEITHER))
            for comparison in comparisons
        ),
        findings=find(measures),
        reconciliations=reconcile(comparisons, results, definitions),
        by_chance=by_chance(measures),
    )
