"""Changes the statistics and the verdicts in thousands of small ways and asks whether a test notices.

`python scripts/mutation.py` makes the mutants with mutmut (see [tool.mutmut] in pyproject.toml), runs
their tests, and writes docs/explanation/mutation-testing.md with the date and every survivor. With
module names (`statistics.ranks`) only those are tried, and nothing is written.

A survivor is a change that no test noticed. Each must be explained in tests/survivors.toml, by the line
as it was and as it became; one that is not explained ends the run with exit code 1, and so does an
explanation whose change is noticed by now.
"""

import datetime
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mutmut.__main__ import get_diff_for_mutant, status_by_exit_code, walk_mutatable_files
from mutmut.mutation.data import SourceFileMutationData

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = ROOT / "tests" / "survivors.toml"
PAGE = ROOT / "docs" / "explanation" / "mutation-testing.md"
NOTICED = ("killed", "timeout", "caught by type check")

INTRODUCTION = """\
# Would the tests notice?

<!-- Written by scripts/mutation.py. Do not edit: run `make mutation` again. -->

Full coverage says that every line was run, not that anybody looked at what came out. So the functions
of `pipeline/statistics/` and `pipeline/assess/` are changed in thousands of small ways, one at a time:
a `<` becomes `<=`, a 2 becomes 3, an argument is left out. Each change is a *mutant*, and their own
tests are run against it. A mutant that makes a test fail, or run for ever, is noticed. One that does not has
survived, and is explained below: either nothing that anybody could observe differs, or it says
why no test should hold it. The texts of refusals are left alone.
"""


@dataclass(frozen=True)
class Mutant:
    """One change: the function it is in, the line as it was and as it became, and what came of it."""

    function: str
    was: str
    became: str
    status: str

    @property
    def change(self) -> tuple[str, str, str]:
        """What an explanation is found by."""
        return self.function, self.was, self.became


def main(modules: list[str]) -> int:
    if not modules:
        shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    patterns = [f"pipeline.{module}.*" for module in modules]
    subprocess.run([sys.executable, "-m", "mutmut", "run", *patterns], cwd=ROOT, check=True)
    mutants = results()
    survivors = [mutant for mutant in mutants if mutant.status not in (*NOTICED, "not checked")]
    reasons = explanations()
    unexplained = [mutant for mutant in survivors if mutant.change not in reasons]
    for mutant in unexplained:
        print(f"{mutant.status}: {mutant.function}\n  - {mutant.was}\n  + {mutant.became}")
    if modules:
        return 1 if unexplained else 0
    stale = reasons.keys() - {mutant.change for mutant in survivors}
    for function, was, became in sorted(stale):
        print(f"explained, but noticed: {function}\n  - {was}\n  + {became}")
    PAGE.write_text(page(mutants, survivors, reasons), encoding="utf-8")
    print(f"{len(mutants)} mutants, {len(survivors)} survived, {len(unexplained)} of them unexplained")
    return 1 if unexplained or stale else 0


def results() -> list[Mutant]:
    """Every mutant of the run and what became of it; the diff only where nothing noticed."""
    mutants = []
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            was = became = ""
            if status not in NOTICED:
                was, became = changed_lines(get_diff_for_mutant(name, path=path))
            mutants.append(Mutant(function_of(name), was, became, status))
    return mutants


def function_of(name: str) -> str:
    """`statistics.ranks._rank` from mutmut's `pipeline.statistics.ranks.x__rank__mutmut_7`."""
    module, _, mangled = name.removeprefix("pipeline.").rpartition(".")
    plain = mangled.rpartition("__mutmut_")[0].removeprefix("x").replace("ǁ", ".").removeprefix(".")
    return f"{module}.{plain.removeprefix('_') if mangled.startswith('x_') else plain}"


def changed_lines(diff: str) -> tuple[str, str]:
    """The lines taken out and put in, each without what surrounds it."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, became = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+")
    )
    return was, became


def explanations() -> dict[tuple[str, str, str], str]:
    """Why each known survivor is let live, by its change."""
    if not EXPLAINED.exists():
        return {}
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivor"]
    return {
        (entry["in"], entry["was"], became): entry["because"]
        for entry in entries
        for became in entry["became"]
    }


def page(mutants: list[Mutant], survivors: list[Mutant], reasons: dict[tuple[str, str, str], str]) -> str:
    """The page: what was tried, what came of it, and every survivor with its explanation."""
    tried = Counter(module_of(mutant) for mutant in mutants)
    survived = Counter(module_of(mutant) for mutant in survivors)
    share = 100 * (1 - len(survivors) / len(mutants))
    today = datetime.datetime.now(tz=datetime.UTC)
    lines = [
        INTRODUCTION,
        f"Last run {today:%-d %B %Y}: {len(mutants):,} mutants, {len(survivors)} survived "
        f"({share:.1f} % noticed). `make test-long` runs it again.\n",
        "| module | mutants | survived |",
        "|---|---|---|",
        *(f"| `{module}` | {tried[module]} | {survived[module] or ''} |" for module in sorted(tried)),
    ]
    for module in sorted(survived):
        lines += ["", f"## {module}"]
        told: dict[tuple[str, str, str], list[str]] = {}
        for mutant in (m for m in survivors if module_of(m) == module):
            because = reasons.get(mutant.change, "**Not explained yet.**")
            told.setdefault((mutant.function, mutant.was, because), []).append(mutant.became)
        for (function, was, because), became in told.items():
            name = function.removeprefix(f"{module}.")
            lines += ["", f"`{name}`: {because}", "", "```diff", f"- {was}"]
            lines += [*(f"+ {line}" for line in became), "```"]
    return "\n".join(lines) + "\n"


def module_of(mutant: Mutant) -> str:
    return ".".join(mutant.function.split(".")[:2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
