"""Tables drawn in text: columns under their headers, `-` for not recorded, numbers as numbers."""

from typing import Any


def drawn(text: str) -> list[dict[str, Any]]:
    """The rows of a drawn table; values hold no spaces (`_` stands for one)."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    return [
        {name: _value(word) for name, word in zip(header, line, strict=True) if word != "-"} for line in lines
    ]


def _value(word: str) -> Any:
    if word in ("yes", "no"):
        return word == "yes"
    try:
        return int(word) if not word.startswith("0") or word == "0" else word
    except ValueError:
        return word.replace("_", " ")
