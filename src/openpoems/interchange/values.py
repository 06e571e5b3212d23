"""Single values as every format writes them: numbers with units, ranges, dates, specimens.

What cannot be read is an issue. An issue repeats no words of its source: at most a code, or a unit that looks like one.
"""

import math
import re
import tomllib
from functools import cache
from importlib.resources import files

from openpoems.errors import Issue
from openpoems.quantities import Quantity, dimension, ucum
from openpoems.record.model import Comparator, ReferenceRange
from openpoems.record.time import Age, PartialDate

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
# Plasma cells are no plasma.
_PLASMA_CELLS = re.compile(r"\bplasma ?cells?\b")
_BEYOND_FLOAT = 10**300
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_PLAIN = r"(\d+(?:\.\d+)?|\.\d+)"
_BETWEEN = re.compile(rf"{_PLAIN}\s*(?:-|–|—|to\b)\s*{_PLAIN}\s*(\D.*)?", re.IGNORECASE)
_ONE_SIDED = re.compile(rf"(<=|>=|=<|=>|<|>|≤|≥|up to\b)?\s*{_PLAIN}\s*([^\d\s.,:].*)?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\[(.*)\]|\((.*)\)")
_SIGNS: dict[str, Comparator] = {
    "": "", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "up to": "<=",
}  # fmt: skip
# A name of a person is made of letters; a unit has a sign among them, or is very short.
_LIKE_A_UNIT = re.compile(r"(?=.*[/*^%\[{(]|.{1,3}$)[^\s\"'<>&]{1,15}")
_LIKE_A_CODE = re.compile(r"(?=.*\d|[A-Z]{1,5}$)[A-Za-z0-9._:/-]{1,15}")


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
            f"the unit{shown_unit(written)} is not known: the value is kept, and compared only with limits in the "
            "same unit; use its UCUM code"
        )
        issues.append(Issue("warning", path, message))
    elif known is None:
        message = "the value has no unit: it is kept, and not compared with anything; give the UCUM code of the unit"
        issues.append(Issue("warning", path, message))
    return Quantity(number, known if known is not None else written)


def shown_unit(text: str) -> str:
    """A unit for an issue, behind a blank; "" for what does not look like one, since it may be anything.

    >>> shown_unit("mg/furlong"), shown_unit("mg John Smith")
    (" 'mg/furlong'", '')
    """
    return f" {text!r}" if _LIKE_A_UNIT.fullmatch(text) else ""


def shown_code(text: str) -> str:
    """A code for an issue, behind a blank; "" for what does not look like one."""
    return f" {text!r}" if _LIKE_A_CODE.fullmatch(text) else ""


def read_compared(text: str, unit: str = "") -> tuple[Comparator, Quantity] | None:
    """Read a text that is exactly a comparator or none, a number and a known unit or none; else None.

    `unit` is meant where the text names none; a text may also repeat it.

    >>> read_compared("<= 96.2 pg/ml"), read_compared("3 x ULN")
    (('<=', Quantity(value=96.2, unit='pg/mL')), None)
    """
    match = _ONE_SIDED.fullmatch(text.strip())
    known = _unit_beside(match[3], unit) if match else None
    if match is None or known is None:
        return None
    sign = re.sub(r"\s+", " ", (match[1] or "").lower())
    return _SIGNS[sign], Quantity(float(match[2]), known)


def read_limits(text: str, unit: str) -> tuple[Quantity | None, Quantity | None] | None:
    """Read a range in words, in its own unit or else in `unit`: its lower and upper limit; None where it says more.

    >>> read_limits("31 - 86 pg/mL", "")
    (Quantity(value=31.0, unit='pg/mL'), Quantity(value=86.0, unit='pg/mL'))
    >>> read_limits("<96", "pg/mL"), read_limits("below the mean", "pg/mL")
    ((None, Quantity(value=96.0, unit='pg/mL')), None)
    """
    said = text.strip()
    if bare := _IN_BRACKETS.fullmatch(said):
        said = (bare[1] or bare[2] or "").strip()
    if match := _BETWEEN.fullmatch(said):
        known = _unit_beside(match[3], unit)
        return None if known is None else (Quantity(float(match[1]), known), Quantity(float(match[2]), known))
    found = read_compared(said, unit)
    if found is None or not found[0]:
        return None
    return (None, found[1]) if found[0] in {"<", "<="} else (found[1], None)


def read_limit(text: str, unit: str, end: str) -> Quantity | None:
    """Read the `low` or the `high` limit of a range from a text such as `<96`; None where it is none."""
    found = read_compared(text, unit)
    wrong = {"<", "<="} if end == "low" else {">", ">="}
    return None if found is None or found[0] in wrong else found[1]


def read_range(
    low: Quantity | None, high: Quantity | None, text: str, value: Quantity | None, path: str, issues: list[Issue]
) -> ReferenceRange | None:
    """Keep what a laboratory gave as its range: limits where they can be used, else its words, with a warning.

    None only where nothing was said: that the laboratory said something must not be lost.
    """
    worded = low is None and high is None
    if worded:
        found = read_limits(text, value.unit if value else "")
        if found is None:
            return _in_words_only(text, "it is not a low and a high number with their unit", path, issues)
        low, high = found
    problem = _why_unusable(low, high, value)
    if problem:
        said = text if worded else range_in_words(ReferenceRange(low, high, text))
        return _in_words_only(said, problem, path, issues)
    if worded:
        issues.append(Issue("information", path, "the reference range was read from its words"))
    return ReferenceRange(low, high, text)


def range_in_words(reference: ReferenceRange) -> str:
    """A range as a person writes it."""
    low, high = (f"{each.value:g} {each.unit}".strip() if each else "" for each in (reference.low, reference.high))
    bounds = f"{low} – {high}" if low and high else (f">= {low}" if low else f"<= {high}" if high else "")
    return f"{bounds} ({reference.text})" if bounds and reference.text else bounds or reference.text


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


def _unit_beside(written: str | None, unit: str) -> str | None:
    """The unit that stands behind a number, `unit` where there is none; None for any other text."""
    said = (written or "").strip()
    return unit if said in {"", unit} else ucum(said)


def _why_unusable(low: Quantity | None, high: Quantity | None, value: Quantity | None) -> str:
    for each in (low, high):
        if each is not None and each.value < 0:
            return "a limit is negative"
        if each is not None and value is not None and not _comparable(each.unit, value.unit):
            return "its unit cannot be compared with that of the result"
    if low is not None and high is not None and (low.unit != high.unit or high.value <= low.value):
        return "it does not end above its beginning, in one unit"
    return ""


def _comparable(one: str, other: str) -> bool:
    return one == other or (dimension(one) is not None and dimension(one) == dimension(other))


def _in_words_only(text: str, problem: str, path: str, issues: list[Issue]) -> ReferenceRange | None:
    if not text:
        return None
    issues.append(Issue("warning", path, f"the reference range is not used, and was kept as words: {problem}"))
    return ReferenceRange(text=text)


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
