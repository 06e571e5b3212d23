"""From text to lines of cells: quotes, delimiters, and lines that cannot be read."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from openpoems.interchange.rows.row import Row

DELIMITERS = (",", ";", "\t", "|")

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


class Lines:
    """The lines of a text, in which a reader can be set back."""

    __slots__ = ("at", "lines")

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def open_lines(text: str) -> tuple[Lines, str]:
    """The lines of a text, and the delimiter that its first line declares (`sep=;`), or ""."""
    lines = Lines(list(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    if lines.lines and (declared := _SEPARATOR_LINE.fullmatch(lines.lines[0].rstrip("\r\n"))):
        # A spreadsheet does not show this line and does not count it.
        del lines.lines[0]
        return lines, declared[1]
    return lines, ""


def first_line(lines: Lines) -> str:
    """The first line that holds more than delimiters, or ""."""
    return next((line for line in lines.lines if line.strip(',;\t| "\r\n')), "")


def parse(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
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


def blank(row: list[str] | str) -> bool:
    """Tell whether a row holds nothing."""
    return not isinstance(row, str) and not any(cell.strip() for cell in row)


def mark_repeated(rows: Iterable[Row], body: list[tuple[int, list[str] | str]]) -> None:
    """Refuse each row that repeats another exactly."""
    first: dict[tuple[str, ...], int] = {}
    for row, (_, cells) in zip(rows, body, strict=True):
        if isinstance(cells, str):
            continue
        earlier = first.setdefault(tuple(cell.strip() for cell in cells), row.line)
        if earlier != row.line:
            row.refused = True
            message = f"the row repeats line {earlier} exactly; it was counted once"
            row.report("warning", "", message)
