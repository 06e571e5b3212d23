"""From text to rows with named cells: delimiter, quotes, lines, and cells that must not be used."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpoems.errors import Issue, Severity, UnreadableInput
from openpoems.interchange.csv.columns import (
    COLUMNS,
    MEANING,
    Heading,
    known_columns,
    read_heading,
)

DELIMITERS = (",", ";", "\t", "|")

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)?|=|=<|=>")
_NUMERIC = ("value", "reference_low", "reference_high", "dose")
_SIGNED_DECIMAL_COMMA = re.compile(r"[<>=≤≥]{0,2}\s*[+-]?\d+,\d+")
GROUP_OF_THREE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(slots=True)
class Notation:
    """How a file writes numbers: whether a decimal comma may stand in it, and whether one does."""

    comma_allowed: bool
    comma_used: bool = False


@dataclass(slots=True, repr=False)
class Row:
    """One row: its line in the spreadsheet, the cells that hold something, and what is wrong.

    `refused` says that the row must not become a fact. `take` marks a cell as used.
    """

    line: int
    notation: Notation
    cells: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: bool = False

    def take(self, column: str) -> str:
        """The text of a cell, "" when it is empty."""
        self.taken.add(column)
        return self.cells.get(column, "")

    def path(self, column: str = "") -> str:
        """The place of a cell, or of the row."""
        return f"line {self.line}" + (f", column {column}" if column else "")

    def report(self, severity: Severity, column: str, message: str) -> None:
        """Add an issue about a cell, or about the row when no column is named."""
        self.issues.append(Issue(severity, self.path(column), message))

    def refuse(self, column: str, message: str) -> None:
        """Add an error because of which the row is no fact."""
        self.refused = True
        self.report("error", column, message)


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """The rows below the heading, and what concerns the whole file."""

    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]


class _Lines:
    """The lines of a text, in which a reader can be set back."""

    __slots__ = ("at", "lines")

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def read_sheet(text: str) -> Sheet:
    """Read the heading and every row below it. Raises `UnreadableInput` without a heading."""
    lines, delimiter = _open(text)
    parsed = _parse(lines, delimiter)
    line, cells = next(((n, row) for n, row in parsed if not _blank(row)), (1, []))
    if isinstance(cells, str):
        raise UnreadableInput(f"line {line}: the line of column names cannot be read: {cells}")
    heading = read_heading(cells, line)
    notation = Notation(comma_allowed=delimiter != ",")
    body = [(n, row) for n, row in parsed if not _blank(row)]
    rows = tuple(_row(n, row, heading, notation) for n, row in body)
    notation.comma_used = any(map(_has_decimal_comma, rows))
    _mark_repeated(rows, body)
    return Sheet(rows, (*heading.issues, *_without_heading(body, heading)))


def heading_of(text: str) -> set[str]:
    """The known columns that the first line of a text names."""
    try:
        lines, delimiter = _open(text)
    except UnreadableInput:
        return set()
    row = next((row for _, row in _parse(lines, delimiter) if not _blank(row)), [])
    return set() if isinstance(row, str) else known_columns(row)


def _open(text: str) -> tuple[_Lines, str]:
    lines = _Lines(list(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if lines.lines and (declared := _SEPARATOR_LINE.fullmatch(lines.lines[0].rstrip("\r\n"))):
        # A spreadsheet does not show this line and does not count it.
        del lines.lines[0]
        return lines, declared[1]
    first = next((line for line in lines.lines if line.strip(',;\t| "\r\n')), "")
    if not first:
        raise UnreadableInput("line 1: the table is empty; its first line must name the columns")
    return lines, max(DELIMITERS, key=lambda each: _names_found(first, each))


def _names_found(line: str, delimiter: str) -> int:
    try:
        return len(known_columns(next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error:
        return 0


def _parse(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with its number, or in its place why it could not be read."""
    number = 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start, number = lines.at, number + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Only the line where the broken row begins is given up; the next one is a row again.
            lines.at = start + 1
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield number, _reason(error)


def _reason(error: csv.Error) -> str:
    if "limit" in str(error):
        return (
            f"a cell holds more than {csv.field_size_limit()} characters, or a quotation mark is "
            "opened in this line and not closed; the row was not used"
        )
    return (
        "the quotation marks in this line do not fit together; put the whole cell into "
        'quotation marks and double those inside it (""); the row was not used'
    )


def _blank(row: list[str] | str) -> bool:
    return not isinstance(row, str) and not any(cell.strip() for cell in row)


def _row(number: int, cells: list[str] | str, heading: Heading, notation: Notation) -> Row:
    row = Row(number, notation)
    if isinstance(cells, str):
        row.refuse("", cells)
        return row
    for name, place in heading.places.items():
        if place < len(cells):
            _add_cell(row, name, cells[place])
    if any(cell.strip() for cell in cells[heading.width :]):
        row.refuse(
            "",
            "the row has more cells than the table has columns, so that cells may have moved; "
            "put a text that contains the delimiter into quotation marks; the row was not used",
        )
    elif len(cells) <= max(heading.places.values()):
        row.report("warning", "", "the row ends before the last column; the rest was read as empty")
    return row


def _add_cell(row: Row, name: str, raw: str) -> None:
    text = raw.strip()
    if not text:
        return
    if _CONTROL.search(raw):
        problem = "the cell contains a control character (such as NUL) and was not used; type it again"
    elif (raw.startswith(_FORMULA) or text.startswith(_FORMULA)) and not _HARMLESS.fullmatch(text):
        problem = (
            "the cell begins like a spreadsheet formula (= + - @ or a tab) and was not used; begin "
            "a text with a letter, and write words such as positive or absent instead of a sign"
        )
    else:
        row.cells[name] = text
        return
    if name in MEANING:
        row.refuse(name, f"{problem}; without it the row was not used")
    else:
        row.report("error", name, problem)


def _has_decimal_comma(row: Row) -> bool:
    return any(
        _SIGNED_DECIMAL_COMMA.fullmatch(text) and not GROUP_OF_THREE.fullmatch(text.lstrip("<>=≤≥ +-"))
        for text in (row.cells.get(name, "") for name in _NUMERIC)
    )


def _mark_repeated(rows: tuple[Row, ...], body: list[tuple[int, list[str] | str]]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, (_, cells) in zip(rows, body, strict=True):
        if isinstance(cells, str):
            continue
        earlier = first.setdefault(tuple(cell.strip() for cell in cells), row.line)
        if earlier != row.line:
            row.refused = True
            message = f"the row repeats line {earlier} exactly; it was counted once"
            row.report("warning", "", message)


def _without_heading(body: list[tuple[int, list[str] | str]], heading: Heading) -> list[Issue]:
    for number, cells in body:
        for place in heading.unnamed:
            if not isinstance(cells, str) and place < len(cells) and cells[place].strip():
                message = f"column {place + 1} has no name and was not read; it holds text here"
                return [Issue("warning", f"line {number}", message)]
    return []


if set(COLUMNS) < MEANING:
    raise AssertionError("a column that gives a row its meaning does not exist")
