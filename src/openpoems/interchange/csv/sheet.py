"""From text to rows with named cells: delimiter, quotes, lines, and cells that must not be used."""

import csv
from dataclasses import dataclass

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.csv.columns import Heading, known_columns, read_heading
from openpoems.interchange.rows.lines import DELIMITERS, Lines, blank, first_line, mark_repeated, open_lines, parse
from openpoems.interchange.rows.row import Notation, Row, add_cell, has_decimal_comma


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """The rows below the heading, and what concerns the whole file."""

    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]


def read_sheet(text: str) -> Sheet:
    """Read the heading and every row below it. Raises `UnreadableInput` without a heading."""
    lines, delimiter = _open(text)
    parsed = parse(lines, delimiter)
    line, cells = next(((n, row) for n, row in parsed if not blank(row)), (1, []))
    if isinstance(cells, str):
        raise UnreadableInput(f"line {line}: the line of column names cannot be read: {cells}")
    heading = read_heading(cells, line)
    notation = Notation(comma_allowed=delimiter != ",")
    body = [(n, row) for n, row in parsed if not blank(row)]
    rows = tuple(_row(n, row, heading, notation) for n, row in body)
    notation.comma_used = any(map(has_decimal_comma, rows))
    mark_repeated(rows, body)
    return Sheet(rows, (*heading.issues, *_without_heading(body, heading)))


def heading_of(text: str) -> set[str]:
    """The known columns that the first line of a text names."""
    try:
        lines, delimiter = _open(text)
    except UnreadableInput:
        return set()
    row = next((row for _, row in parse(lines, delimiter) if not blank(row)), [])
    return set() if isinstance(row, str) else known_columns(row)


def _open(text: str) -> tuple[Lines, str]:
    lines, declared = open_lines(text)
    if declared:
        return lines, declared
    first = first_line(lines)
    if not first:
        raise UnreadableInput("line 1: the table is empty; its first line must name the columns")
    return lines, max(DELIMITERS, key=lambda each: _names_found(first, each))


def _names_found(line: str, delimiter: str) -> int:
    try:
        return len(known_columns(next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error:
        return 0


def _row(number: int, cells: list[str] | str, heading: Heading, notation: Notation) -> Row:
    row = Row(number, notation)
    if isinstance(cells, str):
        row.refuse("", cells)
        return row
    for name, place in heading.places.items():
        if place < len(cells):
            add_cell(row, name, cells[place])
    if any(cell.strip() for cell in cells[heading.width :]):
        row.refuse(
            "",
            "the row has more cells than the table has columns, so that cells may have moved; "
            "put a text that contains the delimiter into quotation marks; the row was not used",
        )
    elif len(cells) <= max(heading.places.values()):
        row.report("warning", "", "the row ends before the last column; the rest was read as empty")
    return row


def _without_heading(body: list[tuple[int, list[str] | str]], heading: Heading) -> list[Issue]:
    for number, cells in body:
        for place in heading.unnamed:
            if not isinstance(cells, str) and place < len(cells) and cells[place].strip():
                message = f"column {place + 1} has no name and was not read; it holds text here"
                return [Issue("warning", f"line {number}", message)]
    return []
