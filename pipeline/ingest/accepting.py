"""Accepting: the new deliveries of a run before the judge of `pipeline.quality`, and who may overrule it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED, Reading
from pipeline.model.acceptance import Acceptance, Decision
from pipeline.model.delivery import Extract
from pipeline.quality.judging import Judged, Judging
from pipeline.quality.profile import Delivered, Staged, profiles
from pipeline.store import Store
from pipeline.workspace import Workspace


class Panel:
    """The judge, and which deliveries it is asked about: the new ones of sources that have a suite."""

    def __init__(self, definitions: Definitions, judging: Judging, new: Sequence[str]) -> None:
        self._definitions = definitions
        self._judging = judging
        self._new = frozenset(new)

    @classmethod
    @contextmanager
    def called(
        cls, workspace: Workspace, definitions: Definitions, extracts: Sequence[Extract], new: Sequence[str]
    ) -> Iterator["Panel | None"]:
        """The judge at work while deliveries are read; None, at no cost, where it has nothing to judge."""
        if not any(e.delivery in new and e.source in definitions.suites for e in extracts):
            yield None
            return
        # Where a kill leaves it, the next run sweeps it away.
        result = workspace.private_folder(workspace.curated) / f".{workspace.warehouse.name}.judged"
        with Judging.started(result) as judging:
            yield cls(definitions, judging, new)

    def examine(self, store: Store, mapping: Mapping, readings: Sequence[Reading]) -> None:
        """Put the new deliveries of one source before the judge, while its mapped rows are in the store."""
        source = mapping.source
        extracts = [reading.file.extract for reading in readings]
        new = [e.delivery for e in extracts if e.delivery in self._new]
        if source.id not in self._definitions.suites or not new:
            return
        counted = "NOT _aside" if source.rows or source.present else "true"
        staged = Staged(MAPPED, counted, f"{mapping.faultless} AND {counted}")
        delivered = [
            Delivered(r.file.number, e.delivery, e.supplier, len(r.refusals), e.stated_records)
            for r, e in zip(readings, extracts, strict=True)
        ]
        accepted = [
            e.delivery
            for e in extracts
            if decision_on(source, e.delivery, e.file_name, e.received.isoformat()) is not None
        ]
        suite = self._definitions.suites[source.id]
        if source.geography and not store.columns(source.geography) and suite.months:
            # Received by hand before the geography: no row has a district yet.
            suite = suite.model_copy(update={"months": suite.months.model_copy(update={"areas": ()})})
        self._judging.ask(
            source.id,
            suite,
            profiles(store, self._definitions, source, staged, delivered),
            new,
            accepted,
        )

    def results(self) -> tuple[Judged, ...]:
        """What came of every delivery examined. Raises ExtractError where that is not known."""
        return self._judging.results()


def decision_on(source: Source, delivery: str, file_name: str, received: str) -> Decision | None:
    """What `accepted:` of a source says of a delivery, by its id or its file's name.

    A decision older than the delivery was about another one of that name.
    """
    for accepted in source.accepted:
        later = accepted.on >= datetime.fromisoformat(received).date()
        if accepted.file == delivery or (accepted.file == file_name and later):
            return Decision(accepted.file, accepted.by, accepted.on, accepted.reason)
    return None


def held_text(waiting: Sequence[Acceptance]) -> str:
    """Why deliveries are held, and the exact commands that take them."""
    lines = []
    for one in waiting:
        lines.append(f"{one.file_name} is held, as {one.delivery}, and was not loaded:")
        lines += [f"  - {reason}" for reason in one.reasons]
        lines.append("  If it is wrong, ask the supplier for another and put that in its place.")
        lines.append("  If it is right, take it, with your name and the reason:")
        lines.append(f'  assessment ingest --accept {one.delivery} --by "NAME" --reason "TEXT"')
    return "\n".join(lines)
