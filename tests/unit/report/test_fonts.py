"""The fonts of a page: ready-made copies for Latin letters, a copy cut for anything else."""

import base64
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from pipeline.report import fonts
from pipeline.report.templating import packaged_templates

FOLDER = packaged_templates() / "fonts"


def held(address: str) -> frozenset[int]:
    """The code points of the font in a data address."""
    with TTFont(BytesIO(base64.b64decode(address.partition("base64,")[2]))) as font:
        return frozenset(font.getBestCmap())


def test_ready_made_copies_hold_every_letter_they_promise() -> None:
    found = fonts.screen_addresses(FOLDER, frozenset("Total crime: −4 % ✓\n"))
    assert list(found) == list(fonts.SCREEN_FACES)
    for file, address in found.items():
        assert address.startswith("data:font/woff2;base64,")
        promised = frozenset(map(ord, fonts.LATIN))
        assert promised & fonts.characters(FOLDER / file) <= held(address)


@pytest.mark.parametrize("letters", ["Łódź №", "Ω"])
def test_other_letters_are_cut_from_the_font_itself(letters: str) -> None:
    for address in fonts.screen_addresses(FOLDER, frozenset(letters)).values():
        assert {ord(letter) for letter in letters} <= held(address)
        assert len(address) < 20_000


def test_the_letters_of_the_ready_made_copies_are_in_the_fonts() -> None:
    for file in fonts.SCREEN_FACES:
        missing = {chr(code) for code in map(ord, fonts.LATIN) if code not in fonts.characters(FOLDER / file)}
        assert not missing
