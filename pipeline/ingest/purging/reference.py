"""A person's reference as it may stand in bytes and in texts. It is never printed, logged or stored."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from pipeline.errors import UsageError

SHORTEST = 4
WIDEST_BYTES = 256  # more than any form of a reference takes
ALNUM = "A-Za-z0-9"


@dataclass(frozen=True)
class Reference:
    """What a person is known by in an extract, and the keyed hashes that stand for it in the warehouse.

    It is found whatever its case, where no letter or digit stands right before or after it: `V-123` is
    not in `V-1234`.
    """

    text: str = field(repr=False)
    hashes: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, text: str) -> "Reference":
        """The reference on a line. Raises UsageError where it is too short to be anybody's own."""
        stripped = text.strip()
        if len(stripped) < SHORTEST:
            raise UsageError(
                f"the reference on standard input has {len(stripped)} characters; at least {SHORTEST} are "
                "needed to tell it from other values. Give it as the extract has it, on the first line"
            )
        return cls(stripped)

    def is_in(self, value: str) -> bool:
        """Whether a text holds it."""
        return self.pattern.search(value) is not None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds it in texts."""
        return re.compile(rf"(?<![{ALNUM}]){re.escape(self.text)}(?![{ALNUM}])", re.IGNORECASE)

    @cached_property
    def in_bytes(self) -> re.Pattern[bytes]:
        """Finds it, or a hash of it, in the bytes of a file of any encoding that is read here."""
        alone = b"[%s]" % ALNUM.encode()
        forms = [b"(?<!%s)%s(?!%s)" % (alone, re.escape(one), alone) for one in self._narrow]
        little, big = (re.escape(self.text.encode(encoding)) for encoding in ("utf-16-le", "utf-16-be"))
        forms += [b"(?<!%s\\x00)%s(?!%s\\x00)" % (alone, little, alone)]
        forms += [b"(?<!\\x00%s)%s(?!\\x00%s)" % (alone, big, alone)]
        return re.compile(b"|".join(forms), re.IGNORECASE)

    @cached_property
    def anywhere_in_bytes(self) -> re.Pattern[bytes]:
        """The same, whatever stands around it: values lie side by side in a database."""
        return re.compile(b"|".join(map(re.escape, (*self._narrow, *self._wide))), re.IGNORECASE)

    @property
    def sql_pattern(self) -> str:
        """A regular expression of the database that finds it, or a hash of it, in a value."""
        texts = ("".join(f"\\x{{{ord(letter):x}}}" for letter in one) for one in (self.text, *self.hashes))
        return f"(?i)(?:^|[^{ALNUM}])(?:{'|'.join(texts)})(?:[^{ALNUM}]|$)"

    @property
    def _narrow(self) -> list[bytes]:
        written = {self.text, escape(self.text), self.text.encode("unicode_escape").decode()}
        forms = {one.encode() for one in written}
        forms |= {one.encode("cp1252") for one in written if _fits_cp1252(one)}
        return sorted(forms | {one.encode() for one in self.hashes})

    @property
    def _wide(self) -> list[bytes]:
        return [self.text.encode(encoding) for encoding in ("utf-16-le", "utf-16-be")]


def _fits_cp1252(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
