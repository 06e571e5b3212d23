"""What appears beside a mark of a chart when it is pointed at, or reached by keyboard: words in a small box.

The page runs no script: its style sheet shows the box of the mark that has the pointer or the focus.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# In units of the picture, whose text is 12 px high: a letter is less than 7 wide on the average.
LETTER, LINE, PADDING, AWAY, WIDEST = 7, 16, 7, 12, 46


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """A place that can be pointed at, and its words."""

    x: float
    y: float
    words: str

    def __repr__(self) -> str:
        return "<Mark>"


@dataclass(frozen=True, slots=True, repr=False)
class Tip:
    """A mark with its box: where it stands within the picture, and its lines."""

    mark: Mark
    left: float
    top: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]

    def __repr__(self) -> str:
        return "<Tip>"


def tips(marks: Iterable[Mark], left: float, right: float) -> Iterator[Tip]:
    """The boxes of some marks, between the `left` and the `right` edge; below a mark where none fits above it."""
    for mark in marks:
        lines = textwrap.wrap(mark.words, WIDEST)
        width = max(len(line) for line in lines) * LETTER + 2 * PADDING
        height = len(lines) * LINE + PADDING
        above = mark.y - AWAY - height
        top = above if above >= 0 else mark.y + AWAY
        begin = min(max(left, mark.x - width / 2), right - width)
        rows = tuple((round(top + LINE * number, 1), line) for number, line in enumerate(lines, 1))
        yield Tip(mark, round(begin, 1), round(top, 1), round(width, 1), height, rows)
