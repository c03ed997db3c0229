"""A disk of a few bytes: a folder in memory, in a mount namespace of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
mount -t tmpfs -o size=64m tmpfs "$PLACE" && cp -a "$ROOT/." "$PLACE" || exit 99
head -c $(( $(stat -f -c '%a * %S' "$PLACE") - FREE )) /dev/zero > "$PLACE/filler" || exit 99
"$@"
status=$?
rm "$PLACE/filler" && cp -a "$PLACE/." "$KEPT" || exit 99
exit $status
"""


def has_small_disks() -> bool:
    """Whether this system lets a test mount one."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0


needs_small_disk = pytest.mark.skipif(
    not has_small_disks(), reason="needs `unshare -rm`: a mount of its own, as any user of Linux may make"
)


def on_small_disk(
    folder: Path, root: Path, free_bytes: int, *arguments: object
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run `assessment` in a copy of a workspace on a disk with so many bytes free, mounted below `folder`.

    What the run says, and a copy of what was then on the disk.
    """
    place, kept = folder / "small", folder / "kept"
    for made in (place, kept):
        made.mkdir()
    command = [str(Path(sys.executable).with_name("assessment")), *map(str, arguments), "-w", str(place)]
    settings = {"PLACE": str(place), "KEPT": str(kept), "ROOT": str(root), "FREE": str(free_bytes)}
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", SCRIPT, "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | settings,
    )
    assert run.returncode != 99, run.stderr
    return run, kept
