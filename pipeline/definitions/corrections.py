"""`config/corrections.yaml`: refused rows that a person releases, by decisions that are signed and expire."""

from datetime import date

from pydantic import Field

from pipeline.definitions.indicator import Model, Scalar
from pipeline.model.rule import RuleName


class Correction(Model):
    """One refused record, or every record of one key, that counts after all."""

    source: str = Field(description="the source that refuses it")
    file: str | None = Field(
        None, description="the delivery, by its id or its file's name; may be left out beside a `key`"
    )
    line: int | None = Field(None, ge=1, description="the record's line, or row, in that file")
    key: dict[str, Scalar] | None = Field(
        None,
        description="the record by its key, in place of a line: curated column -> value. It then holds for "
        "later deliveries of the record too",
    )
    rule: RuleName = Field(description="the rule that it breaks, as `assessment quarantine` names it")
    column: str | None = Field(
        None, description="the header that the rule is about, where the record breaks it under several"
    )
    values: dict[str, Scalar | None] = Field(
        {},
        description="curated column -> the value to use, null where it is not recorded; "
        "without any the record is taken as it stands",
    )
    by: str = Field(min_length=1, description="who decided")
    on: date = Field(description="the day of the decision")
    until: date = Field(description="the last day on which it holds; then the record is quarantined again")
    reason: str = Field(min_length=1, description="how it is known")


class Corrections(Model):
    """The file."""

    corrections: tuple[Correction, ...] = Field((), description="the decisions")
