"""The one edit that a command makes to a file a person wrote; everything else in it stays as it is."""

import re
from datetime import date


def with_as_at(partnership: str, as_at: date) -> str:
    """The text of `partnership.yaml` with `as_at:` set; all else stays, a missing line is appended."""
    line = f"as_at: {as_at.isoformat()}"
    edited, found = re.subn(r"(?m)^as_at:[^#\n]*?(?=\s*(#.*)?$)", line, partnership, count=1)
    return edited if found else partnership.rstrip("\n") + f"\n{line}\n"
