"""The package as a whole: what it offers, and that importing it is cheap."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

import pipeline.statistics as statistics


def test_everything_offered_exists_is_sorted_and_is_documented() -> None:
    assert list(statistics.__all__) == sorted(statistics.__all__)
    for name in statistics.__all__:
        offered = getattr(statistics, name)
        assert inspect.getdoc(offered), name


def test_every_value_is_frozen() -> None:
    point = statistics.Interval(1.0, 2.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.lower = 0.0  # type: ignore[misc]
    values = [getattr(statistics, name) for name in statistics.__all__]
    for value in filter(dataclasses.is_dataclass, values):
        assert value.__setattr__ is not object.__setattr__, value


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, pipeline.statistics; print(sorted({'numpy', 'scipy', 'pandas'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
