"""What appears beside a mark that is pointed at or has the focus: a box of words at a share of the width.

The style sheet shows it; nothing runs. Sizes are in pixels, so that words are as large on a phone as on a desk.
"""

import textwrap
from dataclasses import dataclass

from django.utils.translation import gettext

LETTER, LINE, PADDING, AWAY, LETTERS, MOST_LINES = 7.4, 18, 8, 16, 30, 9
# A mark left of the first share has its box to its right, one right of the second to its left.
_SIDES = (0.4, 0.6)


@dataclass(frozen=True, slots=True, repr=False)
class Tip:
    """The box: its corner and size in pixels from the mark's own place, and where each line stands."""

    left: float
    top: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]

    def __repr__(self) -> str:
        return "<Tip>"


def tip(words: tuple[str, ...], x: float, *, above: bool) -> Tip:
    """The box of a mark at the share `x`; what does not fit in it is said to stand in the table."""
    lines = [line for each in words for line in textwrap.wrap(each, LETTERS)]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], gettext("and more, in the table")]
    width = max(len(line) for line in lines) * LETTER + 2 * PADDING
    height = len(lines) * LINE + PADDING
    top = -AWAY - height if above else AWAY
    left = AWAY / 2 if x < _SIDES[0] else -width - AWAY / 2 if x > _SIDES[1] else -width / 2
    rows = tuple((round(top + LINE * number, 1), line) for number, line in enumerate(lines, 1))
    return Tip(round(left, 1), round(top, 1), round(width, 1), height, rows)
