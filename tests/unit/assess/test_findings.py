"""What is told, and in which order."""

import pytest

from pipeline.assess.findings import find, owed, strength
from pipeline.assess.verdict import judge
from pipeline.model.assessment import Awaiting, FindingKind, MeasureResult, UseResult
from pipeline.model.comparison import Comparison, Verdict, Want
from pipeline.model.observation import UNKNOWN
from tests.unit.assess.builders import comparison, counts, observation


def use(
    main: Comparison | None,
    *,
    headline: bool = True,
    others: tuple[Comparison, ...] = (),
    children: tuple[Comparison, ...] = (),
) -> UseResult:
    return UseResult(
        indicator="violence",
        title="Violence",
        want=Want.DOWN,
        headline=headline,
        observation=None,
        judgement=judge(main, Want.DOWN) if main else None,
        others=tuple(judge(other, Want.DOWN) for other in others),
        children=tuple(judge(child, Want.DOWN) for child in children),
    )


def measure(name: str, verdict: Verdict, *uses: UseResult, owners: str = "") -> MeasureResult:
    return MeasureResult(
        group="one",
        measure=name,
        title=name,
        verdict=verdict,
        uses=uses,
        awaiting=tuple(Awaiting(owner=owner, reason="late") for owner in owners.split()),
    )


FALL = counts(1000, 500)
SMALL_FALL = counts(1000, 900)
FLAT = counts(1000, 1000)
RANK = comparison(1, 4, comparator="rank", reference_value=2)


def told(*measures: MeasureResult) -> list[tuple[str, FindingKind]]:
    return [(finding.measure, finding.kind) for finding in find(measures)]


def test_headline_changes_come_first_and_the_clearest_before_them() -> None:
    assert told(
        measure("awaited", Verdict.AWAITING_RETURN),
        measure("flat", Verdict.NO_CLEAR_CHANGE, use(FLAT)),
        measure("small", Verdict.IMPROVED, use(SMALL_FALL)),
        measure("large", Verdict.IMPROVED, use(FALL)),
    ) == [
        ("large", FindingKind.CHANGE),
        ("small", FindingKind.CHANGE),
        ("flat", FindingKind.NO_CHANGE),
        ("awaited", FindingKind.GAP),
    ]


def test_context_is_told_only_where_it_changed() -> None:
    changed = use(FALL, headline=False)
    unchanged = use(FLAT, headline=False)
    missing = use(None, headline=False)
    found = find([measure("m", Verdict.NO_CLEAR_CHANGE, use(FLAT), changed, unchanged, missing)])
    assert [(f.kind, f.verdict) for f in found] == [
        (FindingKind.NO_CHANGE, Verdict.NO_CLEAR_CHANGE),
        (FindingKind.CHANGE, Verdict.IMPROVED),
    ]


def test_without_a_headline_all_uses_are_the_measures_evidence() -> None:
    (finding,) = find([measure("m", Verdict.DOWN, use(FALL, headline=False))])
    assert len(finding.evidence) == 1


def test_categories_that_changed_are_told_but_never_the_unknowns() -> None:
    children = (
        counts(1119, 1011, breakdown="age", category="U25"),
        counts(2000, 2001, breakdown="age", category="25+"),
        counts(155, 57, breakdown="age", category=UNKNOWN),
    )
    found = find([measure("m", Verdict.NO_CLEAR_CHANGE, use(FLAT, children=children))])
    assert [f.evidence[0].comparison.observation.category for f in found] == ["", "U25"]


def test_ranks_are_positions_and_an_unknown_rank_is_not_told() -> None:
    unranked = comparison(None, None, comparator="rank")
    average = comparison(None, None, comparator="average", reference_value=3.0)
    found = find([measure("m", Verdict.IMPROVED, use(FALL, others=(average, unranked, RANK)))])
    assert [f.kind for f in found] == [FindingKind.CHANGE, FindingKind.POSITION]
    assert found[1].evidence[0].comparison is RANK


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.IMPROVED, FindingKind.CHANGE),
        (Verdict.WORSENED, FindingKind.CHANGE),
        (Verdict.UP, FindingKind.CHANGE),
        (Verdict.DOWN, FindingKind.CHANGE),
        (Verdict.MIXED, FindingKind.CHANGE),
        (Verdict.NO_CLEAR_CHANGE, FindingKind.NO_CHANGE),
        (Verdict.FIRST_MEASURE, FindingKind.POSITION),
        (Verdict.NOT_COMPARABLE, FindingKind.GAP),
        (Verdict.IMMATURE, FindingKind.GAP),
        (Verdict.WITHHELD, FindingKind.GAP),
        (Verdict.AWAITING_RETURN, FindingKind.GAP),
    ],
)
def test_every_verdict_is_a_kind_of_finding(verdict: Verdict, kind: FindingKind) -> None:
    assert told(measure("m", verdict, use(FLAT))) == [("m", kind)]


def test_only_a_gap_is_without_evidence() -> None:
    assert told(measure("m", Verdict.FIRST_MEASURE, use(None))) == [("m", FindingKind.GAP)]


def test_what_each_owner_owes_is_counted_in_measures() -> None:
    measures = [
        measure("a", Verdict.AWAITING_RETURN, owners="probation youth.justice"),
        measure("b", Verdict.AWAITING_RETURN, owners="youth.justice youth.justice"),
        measure("c", Verdict.IMPROVED, owners="housing"),
    ]
    assert owed(measures) == (("youth.justice", 2), ("housing", 1), ("probation", 1))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (comparison(-15, -5), 0.5),
        (comparison(5, 15, change_percent=None), 0.5),  # points: the change itself is the scale
        (comparison(-1, 9), 0.0),
        (comparison(20, None, change=10, change_percent=None), 1.0),  # from nothing
        (comparison(None, None), 0.0),
        (comparison(5, 15, change=None, change_percent=None), 0.0),
    ],
)
def test_strength(given: Comparison, expected: float) -> None:
    assert strength(judge(given, Want.DOWN)) == pytest.approx(expected)


def test_strength_needs_an_interval() -> None:
    observed = comparison(5, 15, observation=observation(1))
    judgement = judge(observed, Want.UP)
    assert judgement.verdict is Verdict.IMPROVED
    assert 0 < strength(judgement) < 1


def test_what_is_told_first() -> None:
    """What got worse comes first, also beside a headline; a clearer change outranks no weightier kind."""
    from_nothing = counts(0, 500)  # as clear as can be
    barely = comparison(-20.0, -0.01)
    child = counts(0, 500, breakdown="age", category="U25")
    found = find(
        [
            measure("gap", Verdict.NOT_COMPARABLE, use(from_nothing)),
            measure("flat", Verdict.NO_CLEAR_CHANGE, use(FLAT, children=(child,), others=(RANK,))),
            measure("context", Verdict.NO_CLEAR_CHANGE, use(FLAT), use(from_nothing, headline=False)),
            measure("headline", Verdict.IMPROVED, use(barely)),
        ]
    )
    assert [(f.measure, f.kind) for f in found] == [
        ("context", FindingKind.CHANGE),
        ("headline", FindingKind.CHANGE),
        ("flat", FindingKind.NO_CHANGE),
        ("context", FindingKind.NO_CHANGE),
        ("flat", FindingKind.CHANGE),
        ("flat", FindingKind.POSITION),
        ("gap", FindingKind.GAP),
    ]


def test_among_changes_beside_a_headline_the_clearest_comes_first() -> None:
    beside = (use(SMALL_FALL, headline=False), use(FALL, headline=False))
    found = find([measure("m", Verdict.NO_CLEAR_CHANGE, use(FLAT), *beside)])
    assert [f.evidence[0].comparison for f in found] == [FLAT, FALL, SMALL_FALL]


def test_a_measure_without_evidence_weighs_least() -> None:
    (gap,) = find([measure("gap", Verdict.AWAITING_RETURN)])
    assert gap.weight == 0
