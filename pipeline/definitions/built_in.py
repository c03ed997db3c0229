"""Built-in sources: mappings of files that many partnerships receive, each to begin a source with.

    police_street:
      like: police_uk_street             # all that this mapping says,
      supplier: South Yorkshire Police   # and what is otherwise here
      columns: {outcome: null}           # a column that these files do not have

What the source says goes over the mapping: keys of `columns`, `parts` and the like one by one, anything
else as a whole. A plain header keeps the rest of its column; null takes a key of a mapping out.
"""

from functools import cache
from pathlib import Path
from typing import Any

from pipeline.definitions.merge import deep_merge
from pipeline.definitions.yaml_nodes import Path_, read_yaml

FOLDER = Path(__file__).parent / "mappings"
_OF_THE_FILE = ("version", "rows_by")  # about the mapping, and nothing that a source says
_ORIGINS = {"from", "constant", "month_of", "sum_of"}  # written anew, it is another column of the file


@cache
def names() -> tuple[str, ...]:
    """The ids of the built-in mappings."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def written(name: str) -> dict[str, Any]:
    """What a built-in mapping says, in the words of `config/sources.yaml`. Raises KeyError for another id."""
    if name not in names():
        raise KeyError(name)
    return _read(name)


def file_of(name: str) -> Path:
    """The file of a built-in mapping; its comment says what it is for."""
    return FOLDER / f"{name}.yaml"


def rows_by(name: str) -> str | None:
    """The header by which a source of the mapping must say which `rows` it wants: its files are of many."""
    found: str | None = _document(name).get("rows_by")
    return found


@cache
def _document(name: str) -> dict[str, Any]:
    document, issues = read_yaml(file_of(name), f"mappings/{name}.yaml")
    assert not issues, issues
    plain: dict[str, Any] = document.plain
    return plain


def _read(name: str) -> dict[str, Any]:
    return {key: value for key, value in _document(name).items() if key not in _OF_THE_FILE}


def over(
    mapping: dict[str, Any], defaults: dict[str, Any], own: dict[str, Any], path: Path_
) -> tuple[dict[str, Any], dict[Path_, Path_]]:
    """A source that begins with a built-in mapping; where in the document what it takes over is told.

    The mapping goes over the file's defaults, and `own`, which stands at `path`, over both.
    """
    under, _ = deep_merge(defaults, mapping)
    places: dict[Path_, Path_] = {}

    def merge(below: dict[str, Any], above: dict[str, Any], inner: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key in (*below, *(key for key in above if key not in below)):
            here = (*inner, key)
            if key not in above:
                result[key] = below[key]
                places[here] = (*path, "like") if _holds(mapping, here) else ("defaults", *here)
            elif above[key] is None and key in below and "values" not in inner:
                continue
            elif inner and inner[-1] == "columns":
                result[key] = _column(below.get(key), above[key])
            elif isinstance(below.get(key), dict) and isinstance(above[key], dict):
                result[key] = merge(below[key], above[key], here)
            else:
                result[key] = above[key]
        return result

    return merge(under, own, ()), places


def _column(below: Any, above: Any) -> Any:
    """A column's derivation over the mapping's: another origin replaces it, a plain header keeps the rest."""
    if isinstance(above, str) and isinstance(below, dict) and "from" in below:
        return {**below, "from": above}
    if not isinstance(above, dict) or below is None or _ORIGINS & above.keys():
        return above
    return {**({"from": below} if isinstance(below, str) else below), **above}


def _holds(mapping: Any, place: Path_) -> bool:
    for step in place:
        if not isinstance(mapping, dict) or step not in mapping:
            return False
        mapping = mapping[step]
    return True
