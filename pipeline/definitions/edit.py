"""The one edit that a command makes to a file a person wrote; everything else in it stays as it is."""

import os
import re
from datetime import date
from pathlib import Path


def set_as_at(partnership: Path, as_at: date) -> None:
    """Set `as_at:` in `partnership.yaml`, keeping comments and order; appended where there is none."""
    text = partnership.read_text(encoding="utf-8")
    line = f"as_at: {as_at.isoformat()}"
    edited, found = re.subn(r"(?m)^as_at:[^#\n]*?(?=\s*(#.*)?$)", line, text, count=1)
    if not found:
        edited = text.rstrip("\n") + f"\n{line}\n"
    if edited == text:
        return
    new = partnership.with_name(f".{partnership.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(edited)
        file.flush()
        os.fsync(file.fileno())
    new.replace(partnership)
