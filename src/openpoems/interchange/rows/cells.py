"""What one cell says: a concept, a number, a result, a date. What cannot be read is an issue."""

import re
import unicodedata
from dataclasses import dataclass

from openpoems.codes import code_systems, from_curie, well_formed
from openpoems.interchange.dates import meanings
from openpoems.interchange.rows.row import GROUP_OF_THREE, Row
from openpoems.interchange.rows.words import ABSENT_REASONS, BASES, FLAGS, STATUSES, Status
from openpoems.interchange.values import (
    read_age,
    read_date,
    read_limit,
    read_limits,
    read_number,
    read_quantity,
    read_range,
    specimen_of,
)
from openpoems.quantities import Quantity, ucum
from openpoems.record.model import Basis, Coding, Comparator, Concept, ReferenceRange
from openpoems.record.time import Age, PartialDate, Span, When

DECIMAL_COMMA = "the decimal comma was read as a decimal point, here and in every other number that has one"

_FOREIGN_CURIE = re.compile(r"[A-Z][A-Za-z0-9._]*:[A-Za-z0-9._-]+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_COMPARED = re.compile(r"(<=|>=|=<|=>|<|>|≤|≥)?\s*(.*)", re.DOTALL)
_NUMBER_LIKE = re.compile(r"[+-]?[.,]?\d")
_MOST_WORDS = 6
_LONGEST_NAME = 60
_YEAR = re.compile(r"\d{3,}")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,]+([eE][+-]?\d+)?")
_FLAG_CHARACTERS = 40
_GRADED = re.compile(r"1\s*:\s*\d+|[1-4]\s*\+|[1-4]\s*\+\s*positive")
_AS_ASKED = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}")
_SERIAL = re.compile(r"\d{5,6}([.,]\d+)?")
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2}) \d{1,2}:\d{2}.*")
_COMPARATORS: dict[str, Comparator] = {
    "": "", "=": "", "<": "<", ">": ">", "<=": "<=", ">=": ">=",
    "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A result: a quantity with its comparator, or words, or the reason why there is none."""

    value: Quantity | None = None
    comparator: Comparator = ""
    result: Concept | None = None
    absent: str = ""


def read_concept(row: Row, column: str, text: str) -> Concept:
    """Read a code with its CURIE, or words: these get openpoems' own prefix. Judges nothing.

    What the words mean is decided later, in one place for all formats.
    """
    if coded := _coded(row, column, text):
        return coded
    word = own_word(text) if _like_a_name(text) else ""
    return Concept((Coding(f"OPENPOEMS:{word}", text),) if word else (), text)


def read_words(row: Row, column: str, text: str) -> Concept:
    """Read a code with its CURIE, or words that stay words (a site, an answer)."""
    return _coded(row, column, text) or Concept(text=text)


def own_word(text: str) -> str:
    """Write words the way openpoems names things; "" when they have letters it does not use.

    >>> own_word("Immunofixation (serum)"), own_word("β2-microglobulin")
    ('immunofixation-serum', '')
    """
    folded = [char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)]
    if any(char.isalnum() and not char.isascii() for char in folded):
        return ""
    return "-".join(re.findall(r"[a-z0-9]+", "".join(folded).lower()))


def _like_a_name(text: str) -> bool:
    """Tell whether words may name a finding; a sentence may name a person, and a code is quoted in messages."""
    parts = re.findall(r"[^\W_]+", text)
    return len(parts) <= _MOST_WORDS and len(text) <= _LONGEST_NAME and not any(map(_YEAR.fullmatch, parts))


def _coded(row: Row, column: str, text: str) -> Concept | None:
    """What a cell with codes says: one, or several for the same thing and last the words, `|` between them."""
    parts = [part.strip() for part in text.split("|")]
    found = [_coding(part) for part in parts]
    said = parts.pop() if len(parts) > 1 and found[-1] is None else None
    found = found[: len(parts)]
    if said and parts == [""]:
        return Concept(text=said)
    if None in found:
        parts, found, said = [text], [_coding(text)], None
    codings = tuple(each for each in found if each is not None)
    for coding in codings:
        _report_code(row, column, coding.id)
    return Concept(codings, codings[0].label if said is None else said) if codings else None


def _coding(text: str) -> Coding | None:
    """A code and the label behind it; None for words."""
    first, _, after = text.partition(" ")
    known = from_curie(first)
    if known != first and well_formed(known):
        return Coding(known, after.strip())
    prefix, colon, rest = text.partition(":")
    bare, _, label = rest.strip().partition(" ")
    code = from_curie(f"{prefix}:{bare}") if colon and bare else ""
    if code.partition(":")[0] in code_systems():
        return Coding(code, label.strip())
    return Coding(text) if _FOREIGN_CURIE.fullmatch(text) else None


def _report_code(row: Row, column: str, code: str) -> None:
    if code.partition(":")[0] not in code_systems():
        row.report("warning", column, "the code system is not known; the code was kept as it is")
    elif not well_formed(code):
        message = "the code does not have the form its code system uses; it was kept as it is"
        row.report("warning", column, message)


def read_status(row: Row) -> Status | None:
    """Read the status; None when the cell is empty, and with an error when the word is unknown."""
    text = row.take("status")
    status = STATUSES.find(text) if text else None
    if text and status is None:
        row.refuse(
            "status",
            "the word is not known; write present, absent or unknown; the row was not used",
        )
    return status


def read_basis(row: Row, of_kind: Basis) -> Basis:
    """Read what a statement rests on; that of its kind where the cell is empty."""
    text = row.take("basis")
    basis = BASES.find(text) if text else of_kind
    if basis is None:
        named = ", ".join(word for word in BASES if word)
        row.report("error", "basis", f"the basis is one of {named}, not said; it was not used")
    return of_kind if basis is None else basis


def read_decimal(row: Row, column: str, text: str) -> float | None:
    """Read a number. A decimal comma is read where it can mean nothing else, and is reported."""
    grouped = GROUP_OF_THREE.fullmatch(text.lstrip("+-"))
    if grouped and (row.notation.comma_used or (row.notation.comma_allowed and "," in text)):
        row.report(
            "error", column,
            "the number may mean a thousand or a fraction and was not used; write it with a "
            "point and without thousands separators, and the same way in the whole file",
        )  # fmt: skip
        return None
    if row.notation.comma_allowed and _DECIMAL_COMMA.fullmatch(text):
        row.report("information", column, DECIMAL_COMMA)
        text = text.replace(",", ".")
    return read_number(text, row.path(column), row.issues)


def read_result(row: Row, default_unit: str = "") -> Reading | None:
    """Read value, comparator and unit; None, with an error, when they are not a result."""
    text = row.take("value")
    if reason := ABSENT_REASONS.find(text):
        return Reading(absent=reason)
    sign, rest = _compared(text)
    if not sign and (not _NUMBER_LIKE.match(rest) or _GRADED.fullmatch(rest)):
        return Reading(result=read_words(row, "value", text))
    comparator = _comparator(row, sign)
    number = read_decimal(row, "value", rest)
    if number is None or comparator is None:
        return None
    unit = row.take("unit") or default_unit
    quantity = read_quantity(number, unit, row.path("unit"), row.issues)
    return Reading(quantity, comparator)


def _compared(text: str) -> tuple[str, str]:
    match = _COMPARED.fullmatch(text)
    return (match[1] or "", match[2]) if match else ("", text)


def _comparator(row: Row, sign: str) -> Comparator | None:
    text = row.take("comparator").replace(" ", "")
    own, beside = _COMPARATORS.get(sign), _COMPARATORS.get(text)
    if beside is None:
        message = "a comparator is <, <=, > or >=; without it the value was not used"
    elif sign and text and own != beside:
        message = "the value carries another comparator; the value was not used"
    else:
        return own or beside
    row.report("error", "comparator", message)
    return None


def read_reference(row: Row, reading: Reading) -> ReferenceRange | None:
    """Read the laboratory's own limits, in the unit of the result. What is no limit is kept as words."""
    cells = {end: row.take(f"reference_{end}") for end in ("low", "high")}
    given = {end: text for end, text in cells.items() if text}
    said = row.take("reference_text")
    if not given:
        return ReferenceRange(text=said) if said else None
    written = row.take("unit")
    unit = reading.value.unit if reading.value else ucum(written) or written
    value = reading.value or Quantity(0.0, unit)
    path = row.path(f"reference_{next(reversed(given))}")
    texts = list(given.values())
    if len(texts) == 1 and None not in (read_limits(texts[0], unit) or (None,)):
        return read_range(None, None, texts[0], value, path, row.issues)
    limits = {end: _limit(row, end, text, unit) for end, text in given.items()}
    unread = [f"{end}: {given[end]}" for end, limit in limits.items() if limit is None]
    if 0 < len(unread) < len(given):
        row.report("warning", "", "one end of the reference range is no number; it was kept as words")
    words = "; ".join(filter(None, (*unread, said)))
    return read_range(limits.get("low"), limits.get("high"), words, value, path, row.issues)


def _limit(row: Row, end: str, text: str, unit: str) -> Quantity | None:
    sign, rest = _compared(text)
    wrong = {"<", "<="} if end == "low" else {">", ">="}
    if not _PLAIN_NUMBER.fullmatch(rest):
        return read_limit(text, unit, end)
    if sign and _COMPARATORS[sign] in wrong:
        return None
    number = read_decimal(row, f"reference_{end}", rest)
    return None if number is None else Quantity(number, unit)


def read_specimen(row: Row) -> str:
    """Read the specimen. One that is not known keeps its own word and is like no other."""
    text = row.take("specimen")
    known = specimen_of(text) if text else ""
    if text and not known:
        message = "this does not name one specimen openpoems knows; it is compared with no other"
        row.report("warning", "specimen", message)
    return known or text.lower()


def read_flags(row: Row) -> tuple[str, ...]:
    """Read the laboratory's flags as HL7 interpretation codes. One that is none is kept as it is."""
    found = []
    for part in filter(str.strip, re.split(r"[,;/]", row.take("flag"))):
        flag = FLAGS.find(part)
        if flag is None:
            message = "the flag is not known and was kept as it is; write H, L, N, A, POS or NEG"
            row.report("warning", "flag", message)
        found.append(flag or part.strip()[:_FLAG_CHARACTERS])
    return tuple(found)


def read_when(row: Row, column: str) -> When | None:
    """Read a date, an age or `start..end`; None, with an error where there is a text."""
    text = row.take(column)
    if ".." not in text:
        return _moment(row, column, text)
    ends = text.split("..", 1)
    start, end = (_moment(row, column, each.strip()) for each in ends)
    if any(each.strip() and read is None for each, read in zip(ends, (start, end), strict=True)):
        return None
    return Span(start, end) if start or end else None


def read_day(row: Row, column: str, text: str) -> PartialDate | None:
    """Read a date as YYYY, YYYY-MM or YYYY-MM-DD, or as one that can mean one day only; else it is an error."""
    found = None if _AS_ASKED.fullmatch(text) else meanings(text)
    if found and len(found) == 1:
        row.report("information", column, "the date was read in the only way that it can be; write it as YYYY-MM-DD")
        return found[0]
    if found or _SHORT_YEAR.fullmatch(text):
        message = "the date is ambiguous (which is the day, which the month?)"
    elif found is not None:
        message = "there is no such day in the calendar"
    elif _SERIAL.fullmatch(text):
        message = "this is a spreadsheet's serial number for a date; give the column a date format"
    else:
        clock = _CLOCK.fullmatch(text)
        return read_date(clock[1] if clock else text, row.path(column), row.issues)
    row.report("error", column, f"{message}; write it as YYYY-MM-DD; the date was not used")
    return None


def _moment(row: Row, column: str, text: str) -> PartialDate | Age | None:
    if not text:
        return None
    if text[0] in "Pp":
        return read_age(text.upper(), row.path(column), row.issues)
    return read_day(row, column, text)


def read_count(row: Row, column: str) -> int | None:
    """Read a whole number that is not negative."""
    text = row.take(column)
    if not text:
        return None
    if re.fullmatch(r"\d{1,4}(\.0+)?", text):
        return int(text.partition(".")[0])
    row.report("error", column, "this is not a whole number and was not used")
    return None


def read_dose(row: Row) -> Quantity | None:
    """Read a dose and its unit."""
    text = row.take("dose")
    number = read_decimal(row, "dose", text) if text else None
    if number is None:
        return None
    return read_quantity(number, row.take("dose_unit"), row.path("dose_unit"), row.issues)
