"""Writes docs/reference/ from the code: `python scripts/reference.py`; with --check it only compares.

Commands come from the command line itself, keys from the models that validate them, columns from
the contracts, exit codes from the error tree, verdict rules from the module that applies them.
Only meanings that no code holds stand here; a state or verdict without one stops the run.
"""

import sys
import types
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pipeline.assess import RULES
from pipeline.cli.app import app
from pipeline.definitions import built_in
from pipeline.definitions.corrections import Correction
from pipeline.definitions.expectations import Suite
from pipeline.definitions.indicator import Filter, Indicator, Published, Scalar
from pipeline.definitions.resolved import Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.errors import AssessmentError
from pipeline.model.comparison import Verdict
from pipeline.model.contract import CONTRACTS, Column
from pipeline.model.observation import SHORTHAND, Mark, State

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
GENERATED = "<!-- Written by scripts/reference.py from the code. Do not edit: run that script again. -->"

STATES = {
    State.VALUE: "A number other than zero.",
    State.ZERO: "A true zero: the months were delivered and there was nothing to count.",
    State.SUPPRESSED: "Hidden to protect people. It is not zero.",
    State.NOT_SUPPLIED: "Nobody has delivered it yet. It is not zero.",
    State.NOT_COMPARABLE: "Something it needs is missing or incomplete; the reason names the months.",
    State.IMMATURE: "Too recent: outcomes are still to come. Drawn hatched, kept out of verdicts.",
    State.NOT_APPLICABLE: "The figure makes no sense here.",
    State.WITHHELD: "There is too little behind it: no denominator, or too few answers.",
}
MARKS = {
    Mark.REVISED: "Rows of its period were delivered again, with differences.",
    Mark.PROVISIONAL: "The supplier says that it may still change.",
    Mark.LOW_RELIABILITY: "Unknowns moved, or the base is small: read it with care.",
    Mark.BREAK: "It touches a break, so it does not mean what the other figure means.",
}
VERDICTS = {
    Verdict.IMPROVED: "A clear change in the direction that the measure wants.",
    Verdict.WORSENED: "A clear change against the direction that the measure wants.",
    Verdict.NO_CLEAR_CHANGE: "Chance, or what was not recorded, could have made the difference.",
    Verdict.MIXED: "The halves of a success measure differ.",
    Verdict.UP: "A clear rise where no direction is wanted, or across a break.",
    Verdict.DOWN: "A clear fall where no direction is wanted, or across a break.",
    Verdict.FIRST_MEASURE: "There is a figure and nothing earlier to compare it with.",
    Verdict.NOT_COMPARABLE: "The two figures do not measure the same thing in the same way.",
    Verdict.IMMATURE: "One of the periods is too recent for its outcomes to be known.",
    Verdict.WITHHELD: "One of the two figures is withheld or suppressed.",
    Verdict.AWAITING_RETURN: "The figure has not been supplied; the measure names who owes it.",
}
OUTPUTS = {
    "assessment.pdf": "The strategic assessment: tagged, for print and screen.",
    "board-paper.pdf": "Two pages for the board: headlines, what changed, what is asked.",
    "assessment.html": "The same assessment as one page that needs nothing else.",
    "quality.html": "How each delivery was judged, what became of its records, which months are missing.",
    "results.csv": "Every figure, one a row.",
    "comparisons.csv": "Every comparison with its verdict, one a row.",
    "manifest.json": "What the edition was made from, its headlines, and the hashes of its files.",
}
RESULT_COLUMNS = {
    "indicator": "id of the indicator",
    "area_code": "ONS code of the area; a set's id for its areas together, `<force>-rest` for the others",
    "area_name": "its name",
    "period": "first and last month, `2020-10/2021-09`",
    "period_start": "first day",
    "period_end": "the day after the last day",
    "basis": "kind of period: `month`, `rolling_12`, `financial_year`, ...",
    "breakdown": "name of the breakdown; empty for a total",
    "category": "category of the breakdown; `not recorded` for unknowns; empty for a total",
    "numerator": "what was counted; for a count the value itself; of a survey with weights, the weighted "
    "share times the people who answered; of a mean, the sum",
    "denominator": "what it was divided by; of a survey the people who answered, of a mean the rows; empty "
    "for a count",
    "value": "the figure; empty unless the state carries a number",
    "lower": "lower end of its 95 % interval, in its unit; of weighted answers and of repeats it rests on "
    "fewer independent people than `denominator`, so it cannot be made again from this file",
    "upper": "upper end of its 95 % interval, in its unit",
    "unit": "unit of the value",
    "state": "see [states](states-and-verdicts.md)",
    "marks": "see [marks](states-and-verdicts.md), separated by spaces",
    "reason": "why there is no number, or what to know about it; months as YYYY-MM",
}
COMPARISON_COLUMNS = {
    "indicator": "id of the indicator",
    "area_code": "ONS code of the area",
    "period": "the later period",
    "breakdown": "name of the breakdown; empty for a total",
    "category": "category of the breakdown; empty for a total",
    "comparator": "what it is compared with, as in the definition",
    "reference_label": "the earlier period or the other areas, in words",
    "reference_value": "the figure compared with; for `rank` the rank, for `change_of` the others' change, "
    "for `target` what the path asks of the period, for `paired` the other indicator's figure",
    "change": "difference, in the unit of the value (percentage points where that is a percentage); "
    "for `change_of` the own change less the others', in percentage points; for `paired` the change of "
    "the other indicator, in its unit",
    "change_percent": "difference in per cent; empty for every percentage (shares, proportions, repeats, "
    "surveys, reported percentages), for means and for derived figures; for `change_of` the ratio of the "
    "two ratios less one; for `paired` the other's",
    "lower": "lower end of the interval of the change, on `change_percent`, else on `change`; for `target` "
    "how far the lower limit of the figure itself lies from what is asked, in the unit of the value",
    "upper": "upper end of the same; empty: open; for `rank`, both are the ranks it could have",
    "p_value": "how often chance alone would give so large a change",
    "p_adjusted": "the same after allowing for many questions; filled by the scan only",
    "dispersion": "how much wider than pure chance the series varies; 1 is pure chance",
    "detectable_percent": "the smallest change that would probably have shown, the wanted way; in the unit "
    "of `lower` and `upper`: per cent for counts, rates and ratios, percentage points for percentages, the "
    "unit of the value for means and derived figures",
    "pro_rata": "the change with unknowns shared out as the known are; only where their share moved",
    "pro_rata_lower": "lower end of its interval",
    "pro_rata_upper": "upper end of its interval",
    "bound_lower": "the least the change could be, whatever the unknowns are; a bound, no interval",
    "bound_upper": "the most the change could be, whatever the unknowns are",
    "verdict": "see [verdicts](states-and-verdicts.md); empty where a position or a context is stated",
    "marks": "see [marks](states-and-verdicts.md), separated by spaces",
    "reason": "why there is no verdict, or why it was taken back",
}


def pages() -> dict[str, str]:
    """Every page of the reference by file name."""
    return {
        name: f"{GENERATED}\n\n{body.strip()}\n"
        for name, body in (
            ("commands.md", _commands()),
            ("exit-codes.md", _exit_codes()),
            ("configuration.md", _configuration()),
            ("curated-tables.md", _curated_tables()),
            ("built-in-sources.md", _built_in_sources()),
            ("states-and-verdicts.md", _states_and_verdicts()),
            ("outputs.md", _outputs()),
        )
    }


def _commands() -> str:
    group: Any = typer.main.get_command(app)
    lines = ["# Commands", "", str(group.help), ""]
    for name, command in group.commands.items():
        arguments = " ".join(
            parameter.metavar if parameter.required else f"[{parameter.metavar}]"
            for parameter in command.params
            if not parameter.opts[0].startswith("-")
        )
        usage = " ".join(part for part in ("assessment", name, "[options]", arguments) if part)
        lines += [f"## {name}", "", command.help, "", f"    {usage}", ""]
        rows = [_parameter(parameter) for parameter in command.params]
        lines += [*_table(("option", "meaning"), rows), ""]
    return "\n".join(lines)


def _parameter(parameter: Any) -> tuple[str, str]:
    value = f" {parameter.metavar}" if parameter.metavar and parameter.opts[0].startswith("-") else ""
    written = parameter.opts if parameter.opts[0].startswith("-") else [parameter.metavar]
    return ", ".join(f"`{name}{value}`" for name in written), parameter.help


def _exit_codes() -> str:
    rows = [
        ("`0`", "The command did what it says. `refresh` with nothing new is also 0, and says so."),
        *((f"`{kind.exit_code}`", _first_sentences(kind)) for kind in _errors()),
        ("`129`", "Stopped: the terminal was closed. Nothing half-written was left."),
        ("`130`", "Stopped from the keyboard. Nothing half-written was left."),
        ("`143`", "Stopped by the system. Nothing half-written was left."),
    ]
    return "\n".join(
        [
            "# Exit codes",
            "",
            "What a scheduler sees. The message on standard error says what was found, in which file",
            "and line, what is allowed and what to do next.",
            "",
            *_table(("code", "meaning"), rows),
        ]
    )


def _errors() -> list[type[AssessmentError]]:
    kinds = [AssessmentError, *AssessmentError.__subclasses__()]
    own = [kind for kind in kinds if kind.__module__ == "pipeline.errors"]
    return sorted(own, key=lambda kind: kind.exit_code)


def _first_sentences(kind: type[AssessmentError]) -> str:
    if kind is AssessmentError:
        return "A fault of the software itself, or of the disk it writes to."
    return " ".join((kind.__doc__ or "").split())


def _configuration() -> str:
    lines = [
        "# Configuration",
        "",
        "Every key of the files in `config/`. A file begins with `version: 1`. Unknown and duplicate",
        "keys are refused, with file, line and column. In `indicators.yaml` and `sources.yaml` a map",
        "`defaults` is merged into every entry; `assessment explain ID` prints the merged result.",
        "Code lists are text files in `config/codelists/`: one code a line, a comment after `#`.",
        "Each word is worked on a handful of rows in the [worked examples](examples/README.md).",
        "",
        "| file | top-level keys |",
        "|---|---|",
        "| `partnership.yaml` | the keys of [Partnership](#partnership) |",
        "| `sources.yaml` | `defaults`; `sources`, a map of id to [Source](#source) |",
        "| `indicators.yaml` | `defaults`; `indicators`, a map of id to [Indicator](#indicator); "
        "`priorities` and `duties`, maps of id to [Priority](#priority) |",
        "| `policies.yaml` | the keys of [Policies](#policies) |",
        "| `expectations/<source>.yaml` | the keys of [Suite](#suite), for the source of that name |",
        "| `corrections.yaml` | `corrections`, a list of [Correction](#correction) |",
        "",
    ]
    for model in documented_models():
        lines += [f"## {model.__name__}", "", " ".join((model.__doc__ or "").split()), ""]
        lines += _table(("key", "value", "default", "meaning"), _keys(model))
        extra = getattr(model, "__annotations__", {}).get("__pydantic_extra__")
        if extra is not None:
            lines += ["", f"Any other key is {_OPEN_KEYS[model]}, with {_type(get_args(extra)[1])}."]
        lines.append("")
    return "\n".join(lines)


_OPEN_KEYS: dict[type[BaseModel], str] = {
    Filter: "a curated column",
    Published: "a category, or `all` for the total",
}


def documented_models() -> list[type[BaseModel]]:
    """The models of config/, each before those it refers to, in the order in which keys name them."""
    found: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [
        Partnership,
        Source,
        Indicator,
        Priority,
        Policies,
        Suite,
        Correction,
    ]
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found.append(model)
            fields = [field.annotation for field in model.model_fields.values()]
            fields.append(model.__annotations__.get("__pydantic_extra__"))
            inner = [each for annotation in fields for each in _models(annotation)]
            waiting = [*inner, *waiting]
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in model.model_fields.items():
        if (model, name) in ((Indicator, "id"), (Source, "id")):
            continue  # the key of the map is the id
        if not field.description:
            raise SystemExit(f"{model.__name__}.{name} has no description")
        default = "required" if field.is_required() else _default(field.default)
        yield f"`{field.alias or name}`", _type(field.annotation), default, field.description


def _default(value: Any) -> str:
    if value is None or value is PydanticUndefined or value == "":
        return ""
    if isinstance(value, BaseModel):
        return "its defaults" if type(value).model_fields else ""
    if isinstance(value, (tuple, list, dict)) and not value:
        return ""
    if isinstance(value, tuple):
        return ", ".join(_default(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"`{key}: {each}`" for key, each in value.items())
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


_PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    Any: "any value",
}


def _type(annotation: Any) -> str:
    """An annotation in words: `list of text`, `map of text to [Source](#source)`."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " \\| ".join(f"`{value}`" for value in arguments)
    if origin in (Union, types.UnionType):
        words = [_type(each) for each in arguments if each is not type(None)]
        if set(arguments) >= set(get_args(Scalar)):
            return "plain value"
        if set(arguments) >= {int, float}:
            words.remove(_PLAIN[int])
        return " or ".join(dict.fromkeys(words))
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return f"list of {_type(arguments[0])}"
        return f"[{', '.join(_type(each) for each in arguments)}]"
    if origin is dict:
        return f"map of {_type(arguments[0])} to {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " \\| ".join(f"`{value}`" for value in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    raise SystemExit(f"{annotation}: no words for this type")


def _built_in_sources() -> str:
    lines = [
        "# Built-in sources",
        "",
        "Mappings of files that many partnerships receive. A source in `sources.yaml` begins with one by",
        "`like:`, and says only what is otherwise: keys of `columns` and `parts` go over the mapping's one",
        "by one, anything else replaces what it says. A plain header keeps the rest of its column; `null`",
        "takes a column or a part out. `assessment explain SOURCE` prints all that then holds.",
        "",
        "```yaml",
        "  police_street:",
        "    like: police_uk_street",
        "    supplier: South Yorkshire Police",
        '    files: ["*-south-yorkshire-street.csv"]',
        "    geography: lsoa_2011",
        "    columns: {outcome: null} # a column that these files do not have",
        "```",
    ]
    for name in built_in.names():
        source = built_in.written(name)
        head = built_in.file_of(name).read_text(encoding="utf-8").partition("version:")[0]
        lines += ["", f"## {name}", "", *(line.removeprefix("#").strip() for line in head.splitlines()), ""]
        named = "; ".join(f"`{pattern}`" for pattern in source.get("files", ()))
        lines.append(f"Fills `{source['contract']}`. Files: {named or 'to be named'}.")
    return "\n".join((*lines, ""))


def _curated_tables() -> str:
    lines = [
        "# Curated tables",
        "",
        "What a mapping in `sources.yaml` can fill. A table is named after its source; a part of a",
        "source is named `<source>_<part>`. It has the columns that the mapping supplies and those",
        "that are required. A column that holds no value for a row means: not recorded.",
        "",
        "Every row has `known_from` too, the id of the delivery that brought it. Rows that a later",
        "delivery revised or lacked stand in `<table>:closed`, which is there where there are any, with",
        "`known_to`: the first delivery that did so. The table `revisions` lists every such change:",
        "`delivery`, `source`, `kind` (`added`, `removed`, `reclassified`, `moved`, `outcome_changed`,",
        "`changed`), `record` (the source's key) and `part` (its grain), `month`, `district`, `column`,",
        "`before`, `after`. Rows without a key have no `record`: `rows` says how many alike came or went,",
        "`before` and `after` how many there are. References of people are never shown.",
        "",
    ]
    for contract in CONTRACTS.values():
        lines += [f"## {contract.name}", "", f"{contract.meaning[0].upper()}{contract.meaning[1:]}.", ""]
        rows = (
            (
                f"`{column.name}`",
                column.type,
                "required" if column.required else "",
                column.meaning + _allowed(column),
            )
            for column in contract.columns
        )
        lines += [*_table(("column", "type", "", "meaning"), rows), ""]
    return "\n".join(lines)


def _allowed(column: Column) -> str:
    """What a row must have in a column, or is refused or flagged for."""
    said = [", ".join(f"`{value}`" for value in column.values)] if column.values else []
    if column.least is not None:
        said.append(
            f"{column.least:g} or more" if column.most is None else f"{column.least:g} to {column.most:g}"
        )
    if column.past:
        said.append(f"not after receipt, else {column.past.value}")
    if column.area:
        said.append(f"a code that begins {' or '.join(column.area)}, else flagged")
    return f" ({'; '.join(said)})" if said else ""


def _states_and_verdicts() -> str:
    states = ((f"`{state}`", SHORTHAND.get(state, "the number"), STATES[state]) for state in State)
    marks = ((f"`{mark}`", SHORTHAND[mark], MARKS[mark]) for mark in Mark)
    return "\n".join(
        [
            "# States, marks and verdicts",
            "",
            "Closed lists: nothing else appears in a file or on a page. Each is worked on a handful of rows:",
            "[states and marks](examples/states.md), [verdicts](examples/verdicts.md).",
            "",
            "## States",
            "",
            "Every cell has one.",
            "",
            *_table(("state", "in print", "meaning"), states),
            "",
            "## Marks",
            "",
            "A cell or a comparison has any number of them.",
            "",
            *_table(("mark", "in print", "meaning"), marks),
            "",
            "## Verdicts",
            "",
            *_table(("verdict", "meaning"), ((f"`{verdict}`", VERDICTS[verdict]) for verdict in Verdict)),
            "",
            "## Rules",
            "",
            "Asked in this order; the first that applies gives the verdict.",
            "",
            *_table(("rule", "says"), ((f"`{rule.name}`", rule.says) for rule in RULES)),
        ]
    )


def _outputs() -> str:
    return "\n".join(
        [
            "# Outputs of an edition",
            "",
            "In `reports/editions/<edition>/`. CSV files are UTF-8 with a header; an empty field means",
            "no value; dates are ISO; `period_end` is exclusive.",
            "",
            *_table(("file", "what it is"), ((f"`{name}`", text) for name, text in OUTPUTS.items())),
            "",
            "## results.csv",
            "",
            *_table(("column", "meaning"), ((f"`{name}`", text) for name, text in RESULT_COLUMNS.items())),
            "",
            "## comparisons.csv",
            "",
            *_table(
                ("column", "meaning"), ((f"`{name}`", text) for name, text in COMPARISON_COLUMNS.items())
            ),
        ]
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = [f"| {' | '.join(row)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *body] if body else []


def main() -> None:
    """Write the pages, or with --check name those that are not as the code says and exit 1."""
    made = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    stale = sorted({name for name in made.keys() | there.keys() if made.get(name) != there.get(name)})
    if "--check" in sys.argv[1:]:
        if stale:
            sys.exit(f"docs/reference is not current: {', '.join(stale)}. Run python scripts/reference.py")
        return
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in made:
            (REFERENCE / name).write_text(made[name], encoding="utf-8")
        else:
            (REFERENCE / name).unlink()
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
