"""The lock files: hashes, no address, and one version of everything in both."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> set[str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^[a-z0-9-]+==\S+", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_carries_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--", text, flags=re.MULTILINE), "options may name an index"
    for requirement in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in requirement, requirement


def test_developers_have_the_versions_that_analysts_get() -> None:
    assert pins(LOCKS[0]) <= pins(LOCKS[1])
    assert len(pins(LOCKS[0])) > 40
