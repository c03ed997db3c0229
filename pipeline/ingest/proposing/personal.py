"""Personal data, suspected by the name of a column or by the shape of its values.

A suspicion names the kind of thing and never a value. It is a reason to look, not a proof.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH, MOSTLY = 0.3, 0.8  # of a column's values, for their shape to speak
FEWEST_NAMES = 5

# What values look like, with what they then are.
SHAPES = {
    "postcodes": re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE),
    "e-mail addresses": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "telephone numbers": re.compile(
        r"(\+44\s?|0)7\d{3}\s?\d{6}|(\+44\s?|0)[12]\d{2,3}[\s-]?\d{3}[\s-]?\d{3,4}"
    ),
    "National Insurance numbers": re.compile(r"[A-CEGHJ-PR-TW-Z]{2}\s?(\d{2}\s?){3}[A-D]", re.IGNORECASE),
    "names of people": re.compile(
        r"(Mr|Mrs|Ms|Miss|Dr|Mx)\.? [A-Z][\w'-]+.*|[A-Z][a-z'-]+,? ([A-Z]\.? )?(O'|Mc|Mac)?[A-Z][a-z'-]+"
    ),
    "addresses": re.compile(
        r"(flat \d+,? )?\d+[a-z]? [A-Z][\w' ]+"
        r"(street|road|lane|avenue|close|drive|way|court|place|crescent|grove|st|rd|ave)\b.*",
        re.IGNORECASE,
    ),
}
# Words in the names of columns, with what such columns hold. The first that fits holds.
NAMES = {
    "names of people": r"(sur|fore|first|last|full|family|given|middle|maiden)[ -]?names?|alias(es)?|"
    r"reported by|name|complainant|contact|officer|oic|case worker",
    "dates of birth": r"dob|d o b|birth|born",
    "addresses": r"address|house|street|road|flat|premises? name|property|building name",
    "postcodes": r"post ?codes?|zip",
    "telephone numbers": r"tel|telephone|phone|mobile",
    "e-mail addresses": r"e ?mail",
    "numbers of people": r"nino|ni (no|number)|national insurance|nhs (no|number)|passport|licence no|pnc|"
    r"cro|nominal|arrest summons|upn",
    "numbers of vehicles": r"vrm|vrn|registration|number plate",
    "exact places": r"easting|northing|latitude|longitude|lat|lon|long|uprn|usrn|[xy] coord\w*|what3words|"
    r"grid ref\w*",
    "free text": r"mo|modus operandi|notes?|comments?|summary|narrative|details?|free ?text|remarks|"
    r"description of (events|incident)|circumstances|log text",
}
_NAMES = {kind: re.compile(rf"\b({pattern})\b", re.IGNORECASE) for kind, pattern in NAMES.items()}
# Things of which a name says no more than the table needs: a place's, an offence's.
_HARMLESS = re.compile(
    r"\b(ward|area|district|lsoa|msoa|ltla|lad|la|csp|pfa|partnership|force|authority|council|offence|crime|"
    r"outcome|source|sheet|item|indicator|location|(street|place|location) type|supplier|country|region)\b",
    re.IGNORECASE,
)
WORDS_OF_FREE_TEXT = 6
_NAMED_WITHIN = re.compile(
    r"\b(Mr|Mrs|Ms|Miss|Mx)\b|[:;(-] ?[A-Z][a-z'-]+,? ([A-Z]\.? )?(O'|Mc|Mac)?[A-Z][a-z'-]+"
)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What a column seems to hold, and by what it is told: its `name` or the `shape` of its values."""

    kind: str
    by: str

    def __str__(self) -> str:
        return f"{self.kind}, by {'its name' if self.by == 'name' else 'the shape of its values'}"


def suspected(header: str, values: Sequence[str], *, are_codes: bool = False) -> Suspicion | None:
    """What a column with these distinct values seems to hold of people; None where nothing speaks for it.

    `are_codes` says that they are few and stand there again and again, as kinds of things do.
    """
    shape = _of_shape(values, header, are_codes)
    if shape:
        return Suspicion(shape, "shape")
    words = re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).strip()
    for kind, pattern in _NAMES.items():
        if pattern.search(words) and not (
            kind in ("names of people", "free text") and _HARMLESS.search(words)
        ):
            return Suspicion(kind, "name")
    return None


def looks_personal(text: str) -> bool:
    """Whether one text, which should be a header, has a shape that headers do not have."""
    return any(
        SHAPES[kind].fullmatch(text) for kind in ("postcodes", "e-mail addresses", "telephone numbers")
    )


def may_name_someone(text: str) -> bool:
    """Whether part of a text has the shape of a person's name, such as what follows a colon."""
    return _NAMED_WITHIN.search(text) is not None


def _of_shape(values: Sequence[str], header: str, are_codes: bool) -> str:
    for kind, shape in SHAPES.items():
        least = MOSTLY if kind == "names of people" else ENOUGH
        if kind == "names of people" and (
            are_codes or len(values) < FEWEST_NAMES or _HARMLESS.search(header)
        ):
            continue
        if values and sum(shape.fullmatch(value) is not None for value in values) >= least * len(values):
            return kind
    words = sum(len(value.split()) for value in values)
    return "free text" if words and words >= WORDS_OF_FREE_TEXT * len(values) and not are_codes else ""
