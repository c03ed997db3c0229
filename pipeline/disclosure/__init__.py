"""Disclosure control: the one gate between computed and released observations."""

from pipeline.disclosure.release import closed_sources, release

__all__ = ["closed_sources", "release"]
