"""Where Pango is absent everything but the PDFs is built, and the command says so and how to get it."""

import os
import shutil
from pathlib import Path

from tests.conftest import BuiltWorkspace, Run


def test_everything_but_the_pdfs_is_built(
    demonstration: BuiltWorkspace, assessment: Run, tmp_path: Path
) -> None:
    """A module in WeasyPrint's place fails as WeasyPrint does where the library does not load."""
    root = tmp_path / "workspace"
    shutil.copytree(demonstration.root, root, ignore=shutil.ignore_patterns("incoming"))
    shutil.rmtree(root / "reports")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "weasyprint.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0': no such file\\n\\nmore\")\n"
    )
    run = assessment(
        "report", "--workspace", root, PYTHONPATH=str(hidden) + os.pathsep + os.environ.get("PYTHONPATH", "")
    )
    assert run.returncode == 13, run.stderr
    assert "libpango-1.0-0" in run.stderr
    assert "install" in run.stderr
    assert "Traceback" not in run.stderr
    names = {path.name for path in (root / "reports" / "editions" / "2023-annual").iterdir()}
    assert names == {"assessment.html", "quality.html", "results.csv", "comparisons.csv", "manifest.json"}
