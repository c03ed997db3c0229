"""What the assess stage hands to the report: measures judged, findings, reconciliations."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.model.comparison import Judgement, Verdict, Want
from pipeline.model.observation import ReleasedObservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A return that a success measure waits for: who owes it, why, since when (None: not said)."""

    owner: str
    reason: str
    item: str = ""
    since: date | None = None  # the day from which it has been missing
    due: date | None = None  # the day on which it was, or will be, due


@dataclass(frozen=True, slots=True, kw_only=True)
class UseResult:
    """One indicator under one success measure: its latest value and its main judgement.

    `observation` is None where the indicator has no observation at all. `judgement` is that of the
    first comparator that states a change and can be compared (the first that states a change where none
    can, the first of any kind where none does); `others` are the rest, in the order of the definition.
    `children` are the judgements against the same reference for every category of the indicator's
    breakdowns, unknowns last.
    """

    indicator: str
    title: str
    want: Want
    headline: bool
    observation: ReleasedObservation | None
    judgement: Judgement | None
    others: tuple[Judgement, ...] = ()
    children: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureResult:
    """One success measure (or part of a duty) with its verdict.

    The verdict follows from the headline uses: one verdict where they agree, `mixed` where the halves
    differ, `awaiting_return` where nothing has been delivered. `awaiting` holds what the definition
    says is awaited and the late returns behind its uses.
    """

    group: str  # id of the priority or duty
    measure: str
    title: str
    verdict: Verdict
    uses: tuple[UseResult, ...] = ()
    awaiting: tuple[Awaiting, ...] = ()


class FindingKind(StrEnum):
    """What a finding tells."""

    CHANGE = "change"
    NO_CHANGE = "no_change"
    GAP = "gap"  # what cannot be said: awaited, withheld, immature or not comparable
    POSITION = "position"  # where the area stands: a rank, or a first measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict worth telling. `evidence` is never empty, except for a gap where nothing was delivered."""

    kind: FindingKind
    group: str
    measure: str
    verdict: Verdict
    weight: float  # greater is told first
    evidence: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """A figure published before, beside the figure computed now.

    `quantity` is `value`, `change`, `average` or `rank`; `category` is empty for the total. `published`
    and `computed` are written with the decimals of the publication, a change with its sign; `published`
    is empty where unknowns were left out, `computed` where the edition has no such figure. `cause` is
    `agrees`, `truncation` (equal when cut off, not when rounded), `unknowns_left_out`, `other_window`
    (equal to another period's figure), `other_vintage` (revised since), `not_computed` or `unexplained`.
    `assumption` says which period was assumed where the publication does not say, `other_period` which
    period's figure the published one equals.
    """

    indicator: str
    period_label: str
    category: str
    quantity: str
    published: str
    computed: str
    cause: str
    published_in: str
    assumption: str = ""
    other_period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChance:
    """What chance alone would make of the tests behind the headlines.

    Of `tested` headlines, `clear` show a change; if nothing had changed anywhere, `expected` of them
    would look like a change, and at least one would with `probability_of_any`, taken as independent.
    `beside` tests are of other indicators and of categories, which findings are drawn from too; of these
    `expected_beside` would look like a change.
    """

    tested: int = 0
    clear: int = 0
    expected: float = 0.0
    probability_of_any: float = 0.0
    beside: int = 0
    expected_beside: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything the evidence amounts to, in the order of the strategy."""

    measures: tuple[MeasureResult, ...]  # priorities first, then duties
    judgements: tuple[Judgement, ...]  # one per row of comparisons.csv
    findings: tuple[Finding, ...]
    reconciliations: tuple[Reconciliation, ...]
    by_chance: ByChance = ByChance()
