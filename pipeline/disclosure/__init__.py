"""Disclosure control: the one gate between computed and released observations."""

from pipeline.disclosure.release import release

__all__ = ["release"]
