"""From a pasted text to lines of cells."""

from collections import Counter
from dataclasses import dataclass

from openpoems.errors import UnreadableInput
from openpoems.interchange.rows.lines import blank, open_lines, parse

# A tab or a bar hardly ever stands inside a cell; a comma stands inside numbers as well.
_DELIMITERS = ("\t", "|", ";", ",")
_LINES_TRIED = 20


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line that holds something, with its number; `problem` says why it could not be divided into cells."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Grid:
    """The lines of a table."""

    lines: tuple[Line, ...]
    delimiter: str


def read_grid(text: str) -> Grid:
    """Divide a text into cells. Raises `UnreadableInput` where nothing stands in it."""
    lines, declared = open_lines(text)
    delimiter = declared or _delimiter(lines.lines)
    found = []
    for number, cells in parse(lines, delimiter):
        if isinstance(cells, str):
            found.append(Line(number, (), cells))
        elif not blank(cells) and not _ruler(cells):
            found.append(Line(number, tuple(cells) if delimiter != "|" else _inside(cells)))
    if not found:
        raise UnreadableInput("line 1: the table is empty; its first line must name the columns")
    return Grid(tuple(found), delimiter)


def _delimiter(lines: list[str]) -> str:
    """The delimiter that most of the first lines share; where none does, the table has one column."""
    tried = [line for line in lines if line.strip()][:_LINES_TRIED]
    shared = Counter(each for line in tried for each in _DELIMITERS if each in line)
    best = [each for each in _DELIMITERS if shared[each] * 2 > len(tried)]
    return best[0] if best else next((each for each in _DELIMITERS if shared[each]), "\t")


def _ruler(cells: list[str]) -> bool:
    """A line of dashes below the headings, as Markdown writes it."""
    said = "".join(cells).strip()
    return len(said) > len(cells) and not said.strip("-: ")


def _inside(cells: list[str]) -> tuple[str, ...]:
    """The cells between the bars that begin and end a line."""
    start = 1 if not cells[0].strip() else 0
    end = len(cells) - (1 if len(cells) > 1 and not cells[-1].strip() else 0)
    return tuple(cells[start:end])
