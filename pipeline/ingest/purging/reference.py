"""A person's reference as it may stand in bytes and in texts. It is never printed, logged or stored."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from unicodedata import normalize

from pipeline.errors import UsageError
from pipeline.ingest.text import INVISIBLE

SHORTEST = 4
WIDEST_BYTES = 4096  # more than any form of a reference takes
ALNUM = "A-Za-z0-9"
WORD = r"\w\u0300-\u036f"  # letters and digits of any script, and the accents that follow them
JOINING = r"\-/_."  # with a letter or a digit after one, a reference goes on
UNSEEN = tuple(map(chr, INVISIBLE))  # the reader takes them out of a value, so they may be anywhere in one
NO_BREAK_SPACE = "\xa0"


@dataclass(frozen=True)
class Reference:
    """What a person is known by in an extract, and the keyed hashes that stand for it in the warehouse.

    It is found whatever the case of its letters, composed or not, with whatever nobody sees between them,
    where no letter or digit of ASCII stands right before or after it: `V-123` is not in `V-1234`. Texts,
    bytes and the database are searched for the same forms.
    """

    text: str = field(repr=False)
    hashes: tuple[str, ...] = field(default=(), repr=False)
    is_loose: bool = (
        False  # found in longer ones too that begin or end with it: in `V-123/2`, not in `V-1234`
    )

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

    def is_value(self, value: str) -> bool:
        """Whether a text is the reference and nothing else."""
        return re.fullmatch(self._form, value.strip()) is not None

    def is_in(self, value: str) -> bool:
        """Whether a text holds it, by itself."""
        return self.pattern.search(value) is not None

    @cached_property
    def loosely(self) -> "Reference":
        """The same, found as a part of longer references too."""
        return replace(self, is_loose=True)

    def found_in(self, content: bytes, start: int = 0) -> re.Match[bytes] | None:
        """Where bytes hold it first, or a hash of it, with no letter outside ASCII beside it either."""
        found = self.in_bytes.finditer(content, start)
        return next((one for one in found if not _goes_on(content, *one.span())), None)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds it in texts."""
        if self.is_loose:
            return re.compile(rf"(?<![^\W_]){self._form}(?![^\W_])")
        before = rf"(?<![{WORD}])(?<![{WORD}][{JOINING}])"
        return re.compile(rf"{before}{self._form}(?![{WORD}])(?![{JOINING}][{WORD}])")

    @cached_property
    def _form(self) -> str:
        unseen = f"[{''.join(UNSEEN)}]*"
        return unseen.join(f"(?:{'|'.join(map(re.escape, one))})" for one in self._letters)

    @cached_property
    def in_bytes(self) -> re.Pattern[bytes]:
        """Finds it, or a hash of it, in the bytes of a file of any encoding that is read here."""
        alone = b"[%s]" % ALNUM.encode()
        joins = b"" if self.is_loose else b"[%s]" % JOINING.encode()
        forms = [_alone(one, alone, joins) for one in self._narrow]
        little, big = self._wide
        forms += [_alone(little, alone + b"\\x00", joins and joins + b"\\x00")]
        forms += [_alone(big, b"\\x00" + alone, joins and b"\\x00" + joins)]
        return re.compile(b"|".join(forms), re.IGNORECASE)

    @cached_property
    def anywhere_in_bytes(self) -> re.Pattern[bytes]:
        """The same, whatever stands around it: values lie side by side in a database."""
        return re.compile(b"|".join(filter(None, (*self._narrow, *self._wide))), re.IGNORECASE)

    @property
    def sql_pattern(self) -> str:
        """A regular expression of the database that finds it, or a hash of it, in a value."""
        before = rf"(?:^|[^\pL\pN\pM_{JOINING}]|(?:^|[^\pL\pN\pM_])[{JOINING}])"
        after = rf"(?:$|[^\pL\pN\pM_{JOINING}]|[{JOINING}](?:$|[^\pL\pN\pM_]))"
        return f"{before}(?:{self.sql_anywhere}){after}"

    @property
    def sql_anywhere(self) -> str:
        """The same, whatever stands around it."""
        unseen = f"[{''.join(map(_in_sql, UNSEEN))}]*"
        form = unseen.join(f"(?:{'|'.join(map(_in_sql, one))})" for one in self._letters)
        return "|".join((*filter(None, [form]), *self.hashes))

    @cached_property
    def _letters(self) -> list[list[str]]:
        """Each of its letters in every way in which it may be written."""
        return [_ways(letter) for letter in normalize("NFC", self.text)]

    @property
    def _narrow(self) -> list[bytes]:
        """In encodings of which ASCII is a part, as it is and as markup and programs write it."""
        encodings = ("utf-8",) if self.text.isascii() else ("utf-8", "cp1252")
        forms = (self._encoded(encoding, is_written=True) for encoding in encodings)
        return [*filter(None, forms), *(one.encode() for one in self.hashes)]

    @property
    def _wide(self) -> tuple[bytes, bytes]:
        return self._encoded("utf-16-le"), self._encoded("utf-16-be")

    def _encoded(self, encoding: str, is_written: bool = False) -> bytes:
        """Its pattern in the bytes of an encoding; empty where that cannot write it."""
        unseen = b"(?:%s)*" % b"|".join(_bytes_of(UNSEEN, encoding)) if _bytes_of(UNSEEN, encoding) else b""
        letters = []
        for ways in self._letters:
            every = [form for way in ways for form in (_written(way) if is_written else (way,))]
            forms = _bytes_of(every, encoding)
            if not forms:
                return b""
            letters.append(b"(?:%s)" % b"|".join(forms))
        return unseen.join(letters)


def _alone(form: bytes, alone: bytes, joins: bytes) -> bytes:
    """A pattern where no letter or digit is beside it, or behind what joins one to it."""
    return b"(?<!%s)(?<!%s%s)%s(?!%s)(?!%s%s)" % (alone, alone, joins, form, alone, joins, alone)


def _goes_on(content: bytes, start: int, end: int) -> bool:
    """Whether a letter or digit outside ASCII, as UTF-8 has it, is beside these bytes."""
    before = (content[start - size : start] for size in range(2, 5) if size <= start)
    after = (content[end : end + size] for size in range(2, 5))
    return any(_is_letter(one) for one in (*before, *after))


def _is_letter(content: bytes) -> bool:
    try:
        letter = content.decode()
    except UnicodeDecodeError:
        return False
    return len(letter) == 1 and re.match(f"[{WORD}]", letter) is not None


def _ways(letter: str) -> list[str]:
    """A letter in either case, composed and not."""
    lower, upper = letter.lower(), letter.upper()
    cased = {letter, lower, upper, letter.title(), lower.upper(), upper.lower()}
    forms = {normalize(form, one) for one in cased for form in ("NFC", "NFD")}
    return sorted(forms | ({NO_BREAK_SPACE} if letter == " " else set()))


def _written(letter: str) -> Iterator[str]:
    """A letter as it may stand in markup, in JSON and in what programs print."""
    yield letter
    if letter.isascii() and (letter.isalnum() or letter in " -_"):
        return
    yield escape(letter)
    yield json.dumps(letter)[1:-1]
    yield letter.encode("unicode_escape").decode()
    yield "".join(f"&#{ord(one)};" for one in letter)
    yield "".join(f"&#x{ord(one):x};" for one in letter)
    if letter == "'":
        yield "&apos;"


def _bytes_of(texts: "list[str] | tuple[str, ...]", encoding: str) -> list[bytes]:
    """The texts that an encoding can write, as patterns."""
    return sorted({re.escape(one.encode(encoding)) for one in texts if _fits(one, encoding)})


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_sql(text: str) -> str:
    return "".join(f"\\x{{{ord(one):x}}}" for one in text)
