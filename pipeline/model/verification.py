"""Verification: what was looked at, and every difference from what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One file, table or record that is not as it should be, and what to do about it."""

    what: str
    expected: str
    found: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One thing that was verified: the raw store, the warehouse, an edition or a file.

    `looked_at` says what was compared, in words; without differences it is as it should be.
    """

    subject: str
    looked_at: str
    differences: tuple[Difference, ...] = ()
