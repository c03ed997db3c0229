"""What every section is written from: the edition's frozen inputs with the lookups that words need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Priority
from pipeline.model.acceptance import Acceptance
from pipeline.model.action import Action
from pipeline.model.area import Area, AreaKind
from pipeline.model.assessment import Assessment, MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.delivery import Deliveries
from pipeline.model.edition import Change, EditionInfo
from pipeline.model.observation import CROSSED, UNKNOWN, ReleasedObservation, Results
from pipeline.model.period import Period
from pipeline.model.returns import Return
from pipeline.quality import Found
from pipeline.report import wording
from pipeline.report.text import Text, quoted


@dataclass(frozen=True)
class Evidence:
    """The inputs of a document. `boundaries` are GeoJSON geometries by area code, empty for no map;
    `actions` are those of the partnership's plan, empty where no source delivers one; `acceptances` are
    the deliveries that suites judged, `returns` what suppliers were to deliver.
    """

    definitions: Definitions
    results: Results
    assessment: Assessment
    deliveries: Deliveries
    edition: EditionInfo
    changes: tuple[Change, ...] = ()
    boundaries: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    unknown_codes: tuple[Found, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    returns: tuple[Return, ...] = ()

    @property
    def own(self) -> Area:
        """The partnership's area."""
        return self.definitions.partnership.own_area

    @property
    def place(self) -> str:
        """The name of the partnership's area."""
        return self.own.name

    def indicator(self, name: str) -> Indicator:
        """The definition of an indicator."""
        return self.definitions.indicators[name]

    def said(self, name: str) -> Text:
        """An indicator's name as it stands inside a sentence."""
        indicator = self.indicator(name)
        return quoted(indicator.said_as) or wording.in_sentence(indicator.title)

    def category(self, observation: ReleasedObservation) -> Text:
        """The cell of a breakdown as printed: `25 and over`, `victim age not recorded`."""
        by = {cut.name: cut for cut in self.indicator(observation.indicator).by}
        cut, category = by.get(observation.breakdown), observation.category
        parts = cut.parts(category) if cut and category not in cut.printed_as else (category,)
        if cut is None or len(parts) == 1:
            return quoted(_printed(observation.breakdown, cut.printed_as if cut else {}, category))
        named = (
            _printed(name, by[name].printed_as, part) for name, part in zip(cut.cross, parts, strict=True)
        )
        return quoted(CROSSED.join(named))

    @cached_property
    def measures_of(self) -> dict[str, tuple[MeasureResult, ...]]:
        """The measures of each priority and duty, in the order of the strategy."""
        found: dict[str, list[MeasureResult]] = {}
        for measure in self.assessment.measures:
            found.setdefault(measure.group, []).append(measure)
        return {group: tuple(measures) for group, measures in found.items()}

    @cached_property
    def success_measures(self) -> tuple[MeasureResult, ...]:
        """The measures of the priorities; the duties' are apart."""
        return tuple(m for m in self.assessment.measures if m.group in self.definitions.priorities)

    @property
    def groups(self) -> dict[str, Priority]:
        """Priorities and duties by id."""
        return {**self.definitions.priorities, **self.definitions.duties}

    @cached_property
    def uses(self) -> dict[str, UseResult]:
        """The first use of each indicator."""
        found: dict[str, UseResult] = {}
        for measure in self.assessment.measures:
            for use in measure.uses:
                found.setdefault(use.indicator, use)
        return found

    @cached_property
    def _judgements(self) -> dict[tuple[str, str], tuple[Judgement, ...]]:
        found: dict[tuple[str, str], list[Judgement]] = {}
        for judgement in self.assessment.judgements:
            observation = judgement.comparison.observation
            found.setdefault((observation.indicator, observation.area.code), []).append(judgement)
        return {place: tuple(judgements) for place, judgements in found.items()}

    def judgements(self, indicator: str, area_code: str, breakdown: str | None = "") -> tuple[Judgement, ...]:
        """The judgements of an indicator in an area; of one breakdown (empty: totals) or of all."""
        found = self._judgements.get((indicator, area_code), ())
        if breakdown is None:
            return found
        return tuple(j for j in found if j.comparison.observation.breakdown == breakdown)

    def change(self, indicator: str, area_code: str) -> Judgement | None:
        """The judgement of an area's total against its own past: the first that can be compared."""
        found = [
            j for j in self.judgements(indicator, area_code) if j.comparison.comparator not in _NO_CHANGE
        ]
        able = [j for j in found if j.verdict is not Verdict.NOT_COMPARABLE]
        return next(iter([*able, *found]), None)

    def rank(self, indicator: str) -> Judgement | None:
        """The judgement that states the partnership's rank, or None."""
        found = self.judgements(indicator, self.own.code)
        return next(
            (
                j
                for j in found
                if j.comparison.comparator == "rank" and j.comparison.reference_value is not None
            ),
            None,
        )

    def latest(self, indicator: str, area_code: str) -> ReleasedObservation | None:
        """An area's total in the indicator's current period."""
        window = self.indicator(indicator).window
        series = self.results.series(indicator, area_code, window.basis)
        current = window.current(observation.period for observation in series)
        return next((observation for observation in series if observation.period == current), None)

    def period_of(self, indicator: str) -> Period | None:
        """The latest period of an indicator in the partnership's area."""
        found = self.latest(indicator, self.own.code)
        return found.period if found else None

    def monthly(self, indicator: str) -> tuple[ReleasedObservation, ...]:
        """The partnership's month points of an indicator, oldest first."""
        return self.results.series(indicator, self.own.code, "month")

    def peers(self, indicator: str) -> tuple[ReleasedObservation, ...]:
        """The latest totals of every district that has one for the partnership's own latest period.

        Of an indicator that is ranked: of the districts among which it is.
        """
        period = self.period_of(indicator)
        if period is None:
            return ()
        among = self._ranked_among(indicator, period)
        return tuple(
            o
            for o in self.results.of_period(indicator, period)
            if not o.breakdown and o.area.kind is AreaKind.DISTRICT and (not among or o.area.code in among)
        )

    def _ranked_among(self, indicator: str, period: Period) -> tuple[str, ...]:
        """The codes of the areas among which an indicator is ranked in a period; none where it is not."""
        known = self.definitions.partnership.area_sets
        sets = {name: found for name, found in known.items() if found.kind is AreaKind.DISTRICT}
        named = (c.of for c in self.indicator(indicator).compare if c.to == "rank" and c.of in sets)
        first = next(named, None)
        return sets[first].on(period.end - timedelta(days=1)) if first is not None else ()

    def wards(self, indicator: str) -> tuple[ReleasedObservation, ...]:
        """The latest totals of the wards, in the order of their names."""
        period = self.period_of(indicator)
        found = [
            o
            for o in self.results
            if o.indicator == indicator
            and not o.breakdown
            and o.area.kind is AreaKind.WARD
            and o.period.basis != "month"
        ]
        if not found:
            return ()
        last = period if any(o.period == period for o in found) else max(o.period for o in found)
        return tuple(sorted((o for o in found if o.period == last), key=lambda o: o.area.name))

    @cached_property
    def ward_indicators(self) -> tuple[str, ...]:
        """The indicators that have figures by ward, in the order of the definitions."""
        there = {o.indicator for o in self.results if o.area.kind is AreaKind.WARD}
        return tuple(name for name in self.definitions.indicators if name in there)

    @cached_property
    def ranked_indicators(self) -> tuple[str, ...]:
        """The indicators whose rank among other areas is known, in the order of the definitions."""
        return tuple(name for name in self.definitions.indicators if self.rank(name) is not None)


_NO_CHANGE = frozenset({"rank", "average", "target", "change_of", "paired"})


def _printed(cut: str, printed_as: Mapping[str, str], category: str) -> str:
    if category == UNKNOWN:
        return f"{cut.replace('_', ' ')} {UNKNOWN}"
    return printed_as.get(category, category)
