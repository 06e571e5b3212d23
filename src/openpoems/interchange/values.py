"""Single values as every format writes them: numbers with units, dates, specimens. What cannot be read is an issue."""

import math
import re
import tomllib
from functools import cache
from importlib.resources import files

from openpoems.errors import Issue
from openpoems.quantities import Quantity, ucum
from openpoems.record.time import Age, PartialDate

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
# Plasma cells are no plasma.
_PLASMA_CELLS = re.compile(r"\bplasma ?cells?\b")
_BEYOND_FLOAT = 10**300
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def read_number(value: object, path: str, issues: list[Issue]) -> float | None:
    """Read a finite number, or report why it is none."""
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is int and abs(value) < _BEYOND_FLOAT:
        return float(value)
    text = value.strip() if isinstance(value, str) else ""
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if _DECIMAL_COMMA.fullmatch(text):
        message = "the number is written with a comma; write it with a point (1040.5), without thousands separators"
    else:
        message = "this is not a finite number; write digits with a point, and put < or > into the comparator"
    issues.append(Issue("error", path, message))
    return None


def read_quantity(value: object, unit: object, path: str, issues: list[Issue]) -> Quantity | None:
    """Read a value and its unit. A unit that is not known is kept as reported, with a warning."""
    number = read_number(value, path, issues)
    if number is None:
        return None
    written = unit.strip() if isinstance(unit, str) else ""
    known = ucum(written)
    if known is None and written:
        message = (
            f"the unit {written[:40]!r} is not known: the value is kept, and compared only with limits in the same "
            "unit; use its UCUM code"
        )
        issues.append(Issue("warning", path, message))
    elif known is None:
        message = "the value has no unit: it is kept, and not compared with anything; give the UCUM code of the unit"
        issues.append(Issue("warning", path, message))
    return Quantity(number, known if known is not None else written)


def read_date(text: object, path: str, issues: list[Issue]) -> PartialDate | None:
    """Read a full or partial date, or report why it is none. Nothing is filled in."""
    try:
        if not isinstance(text, str):
            raise ValueError("a date is a text")
        return _date(text)
    except ValueError as error:
        issues.append(Issue("error", path, f"{error}; the date was not used"))
        return None


def read_age(text: object, path: str, issues: list[Issue]) -> Age | None:
    """Read an ISO 8601 age, or report why it is none."""
    try:
        return Age.parse(text if isinstance(text, str) else "")
    except ValueError as error:
        issues.append(Issue("error", path, f"{error}; the age was not used"))
        return None


@cache
def _date(text: str) -> PartialDate:
    return PartialDate.parse(text)


@cache
def specimen_of(text: str) -> str:
    """Name the specimen a code or a text means: `serum`, `plasma`, ... or "" when it says none, or more than one.

    >>> specimen_of("EDTA plasma"), specimen_of("SNOMED:119364003"), specimen_of("Serum or Plasma")
    ('plasma', 'serum', '')
    >>> specimen_of("clonal plasma cells")
    ''
    """
    by_code, by_word = _specimens()
    if text in by_code:
        return by_code[text]
    said = _PLASMA_CELLS.sub(" ", re.sub(r"[^\w]+", " ", text.lower()).strip())
    found = {name for word, name in by_word.items() if re.search(rf"\b{re.escape(word)}\b", said)}
    if "marrow" in found or len(found) > 1:
        found.discard("blood")
    return found.pop() if len(found) == 1 else ""


@cache
def _specimens() -> tuple[dict[str, str], dict[str, str]]:
    text = (files("openpoems.interchange") / "specimens.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    by_code = {code: name for name, item in data.items() for code in item["codes"]}
    by_word = {re.sub(r"[^\w]+", " ", word): name for name, item in data.items() for word in item["words"]}
    return by_code, by_word
