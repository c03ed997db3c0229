"""Rules: the names of what a record may break, as `quarantine` and the decisions on it have them."""

from enum import StrEnum


class RuleName(StrEnum):
    """What a quarantined or flagged record breaks; docs/how-to/release-a-row.md says when, and what then."""

    TYPE = "type"
    VALUES = "values"
    RANGE = "range"
    PERIOD = "period"
    ORDER = "order"
    AREA = "area"
    REQUIRED = "required"
    WAVE = "wave"
    VALUE = "value"
    KEY = "key"
    WEIGHT = "weight"
    CONFLICT = "conflict"
    PARTIAL = "partial"
    COLUMNS = "columns"
    QUOTES = "quotes"
    CHARACTERS = "characters"
    FORMULA = "formula"
    DIGITS = "digits"
    DATE = "date"

    @property
    def is_releasable(self) -> bool:
        """Whether a person may release a record for it: the record was read, and stands by itself."""
        return self in _RELEASABLE


_RELEASABLE = {
    RuleName.TYPE,
    RuleName.VALUES,
    RuleName.RANGE,
    RuleName.PERIOD,
    RuleName.ORDER,
    RuleName.AREA,
    RuleName.REQUIRED,
    RuleName.WAVE,
}
