"""Numbers and dates as spreadsheets show them, read only where they can mean one thing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openpoems.interchange.rows.row import GROUP_OF_THREE
from openpoems.interchange.table.headings import month_of
from openpoems.interchange.table.told import Mark, Order

NUMBER = r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?![\d])|\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?|[.,]\d+"
THOUSANDS = "the marks between thousands were left out"
COMMA = "the decimal comma was read as a decimal point"
AMBIGUOUS = (
    "the number may mean a thousand or a fraction and was not used: say how numbers are written in your table, or "
    "write it without a mark between thousands"
)

_IN_TEXT = re.compile(NUMBER)
_PLAIN = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+")
_POINT = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")
_MARKED_COMMA = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}")
_SPACED = re.compile(r"\d{1,3}([ \u00a0\u202f'’]\d{3})+")
_ONE_COMMA = re.compile(r"\d*,\d+")
_ONE_POINT = re.compile(r"\d*\.\d+")
_NUMERIC_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_NAMED_DATE = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ ./-]+)?([^\W\d]{3,10})\.?[ ./,-]+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d]{3,10})\.?[ ./-]+(\d{1,2})(?:st|nd|rd|th)?,?[ ./-]+(\d{4})")
_CLOCK = re.compile(r"(.*\d{4}|\d{4}-\d{2}-\d{2})(?:[ T,]+(?:at )?\d{1,2}:\d{2}.*)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a decimal point, and what is to be said about it; `text` is "" where it can mean two things."""

    text: str
    note: str = ""


def read_figure(text: str, mark: Mark) -> Figure:
    """Read one number; `mark` stands before the decimals, "" where that is not known.

    >>> [read_figure(each, "").text for each in ("2450", "2,450.5", "2 450", "12,5", "2,450")]
    ['2450', '2450.5', '2450', '12.5', '']
    """
    if _SPACED.fullmatch(text):
        return Figure(re.sub(r"\D", "", text), THOUSANDS)
    if _POINT.fullmatch(text):
        return Figure(text.replace(",", ""), THOUSANDS)
    if _MARKED_COMMA.fullmatch(text):
        return Figure(text.replace(".", "").replace(",", "."), THOUSANDS)
    if GROUP_OF_THREE.fullmatch(text):
        return _grouped(text, mark)
    if _ONE_COMMA.fullmatch(text):
        return Figure(text.replace(",", "."), COMMA)
    return Figure(text if _PLAIN.fullmatch(text) else "")


def _grouped(text: str, mark: Mark) -> Figure:
    """A number such as `2,450`, which only the rest of the table explains."""
    own = "," if "," in text else "."
    if mark == own:
        return Figure(text.replace(",", "."), COMMA if own == "," else "")
    if mark:
        return Figure(text.replace(own, ""), THOUSANDS)
    return Figure("" if own == "," else text)


def with_points(text: str, mark: Mark) -> str:
    """A text whose numbers are written with decimal points, as far as they can be read."""
    return _IN_TEXT.sub(lambda found: read_figure(found[0], mark).text or found[0], text)


def mark_of(cells: Iterable[str]) -> Mark:
    """The decimal mark that the numbers of a table show beyond doubt; "" where none does, or both do."""
    found: set[Mark] = set()
    for cell in cells:
        for match in _IN_TEXT.finditer(cell):
            if own := _shown(match[0]):
                found.add(own)
        if len(found) > 1:
            return ""
    return found.pop() if found else ""


def _shown(text: str) -> Mark:
    if GROUP_OF_THREE.fullmatch(text):
        return ""
    if _POINT.fullmatch(text) or _ONE_POINT.fullmatch(text):
        return "."
    return "," if _MARKED_COMMA.fullmatch(text) or _ONE_COMMA.fullmatch(text) else ""


def date_text(text: str, order: Order) -> str:
    """A date as the record writes it, where its month has a name or `order` says which part is the day; else as it is.

    >>> date_text("3 Apr 2021", ""), date_text("April 3, 2021", ""), date_text("03/04/2021", "month")
    ('2021-04-03', '2021-04-03', '2021-03-04')
    """
    said = text.strip()
    if clock := _CLOCK.fullmatch(said):
        said = clock[1]
    if match := _NUMERIC_DATE.fullmatch(said):
        day, month = (match[1], match[3]) if order == "day" else (match[3], match[1])
        return f"{match[4]}-{month:0>2}-{day:0>2}" if order else said
    if (match := _NAMED_DATE.fullmatch(said)) and (month_number := month_of(match[2])):
        return f"{match[3]}-{month_number:02}" + (f"-{match[1]:0>2}" if match[1] else "")
    if (match := _MONTH_FIRST.fullmatch(said)) and (month_number := month_of(match[1])):
        return f"{match[3]}-{month_number:02}-{match[2]:0>2}"
    return said


def like_a_date(text: str) -> bool:
    """Whether a heading is a date with a year of four digits, readable or not."""
    said = date_text(text, "")
    return bool(
        _NUMERIC_DATE.fullmatch(said) or re.fullmatch(r"[12]\d{3}(-\d{2}(-\d{2})?|[/.]\d{1,2}[/.]\d{1,2})", said)
    )
