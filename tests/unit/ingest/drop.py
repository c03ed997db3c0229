"""A small workspace to drop files into, for the tests of ingest."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import ingest
from pipeline.definitions import built_in
from pipeline.definitions.expectations import Suite
from pipeline.definitions.resolved import Definitions, Force, NamedArea, Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.model.delivery import Accounting, Deliveries
from pipeline.store import Store
from pipeline.workspace import Workspace

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
CATEGORIES = ("Burglary", "Robbery", "Anti-social behaviour")

CRIMES: dict[str, Any] = {
    "title": "Crimes",
    "supplier": "Police",
    "files": ["crimes*"],
    "contract": "crimes",
    "columns": {
        "crime_ref": "Reference",
        "month": {"from": "Month", "date_format": "%Y-%m"},
        "category": {"from": "Category", "allowed": list(CATEGORIES)},
        "district_code": "District",
    },
    "key": ["crime_ref"],
    "every_month": True,
}
HEADER = "Reference,Month,Category,District"


@dataclass
class Drop:
    """A workspace with declared sources; `put` drops a file, `ingest` takes in what is there."""

    root: Path
    sources: dict[str, dict[str, Any]] = field(default_factory=lambda: {"crimes": CRIMES})
    main_source: str = "crimes"
    districts: tuple[str, ...] = ("D1", "D2")
    suites: dict[str, dict[str, Any]] = field(default_factory=dict)
    force: tuple[str, str] = ("F1", "Force")  # its code and its name

    def __post_init__(self) -> None:
        (self.root / "config").mkdir(parents=True)
        (self.root / "config" / "partnership.yaml").touch()
        self.incoming = self.root / "incoming"
        self.incoming.mkdir()
        self.workspace = Workspace.at(self.root)

    @property
    def definitions(self) -> Definitions:
        """What `config/` would say."""
        return Definitions(
            partnership=Partnership(
                name="Partnership",
                area=NamedArea(code="D1", name="One"),
                force=Force(
                    code=self.force[0],
                    name=self.force[1],
                    districts=tuple(NamedArea(code=code, name=code) for code in self.districts),
                ),
                main_source=self.main_source,
            ),
            sources={name: Source(id=name, **_begun(source)) for name, source in self.sources.items()},
            indicators={},
            priorities={},
            duties={},
            policies=Policies(),
            codelists={},
            suites={name: Suite.model_validate(suite) for name, suite in self.suites.items()},
            digest="",
        )

    def put(self, name: str, content: bytes | str) -> Path:
        """Drop a file."""
        path = self.incoming / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self, received: datetime = RECEIVED, **more: Any) -> Deliveries:
        """Take in what is there."""
        return ingest.run(self.workspace, self.definitions, [self.incoming], received, **more)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query over the warehouse."""
        with Store.reading(self.workspace.warehouse) as store:
            found: list[dict[str, Any]] = store.fetch(sql).to_pylist()
            return found

    def account(self, received: datetime = RECEIVED) -> Accounting:
        """Take in what is there and give the accounting of the only file."""
        (only,) = self.ingest(received).accounting
        return only


def _begun(source: dict[str, Any]) -> dict[str, Any]:
    """What a source says, over the built-in mapping that it begins with."""
    if "like" not in source:
        return source
    merged, _ = built_in.over(built_in.written(source["like"]), {}, source, ())
    return merged


def crimes(*lines: str) -> str:
    """A file of crimes: the header and these lines."""
    return "\n".join((HEADER, *lines)) + "\n"
