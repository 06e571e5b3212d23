"""The columns of the long CSV, and how its heading is read."""

import re
from collections import Counter
from dataclasses import dataclass

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.rows.row import CELLS

NEEDED = ("patient", "kind", "what")

_NAMED = 12
_QUOTED_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column stands in a file, how many columns it has, and which have no name."""

    places: dict[str, int]
    width: int
    unnamed: tuple[int, ...]
    issues: tuple[Issue, ...]


def column_name(text: str) -> str:
    """Read a heading regardless of letter case, blanks and hyphens.

    >>> column_name(" Reference  Low")
    'reference_low'
    """
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def known_columns(cells: list[str]) -> set[str]:
    """The columns of the long CSV that a row of headings names."""
    return {column_name(cell) for cell in cells}.intersection(CELLS)


def read_heading(cells: list[str], line: int) -> Heading:
    """Find the columns. Raises `UnreadableInput` naming those that are needed and missing."""
    names = [column_name(cell) for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UnreadableInput(
            f"line {line}: the table has no column {' and no column '.join(missing)}; the first "
            f"line must name the columns {', '.join(NEEDED)} (examples/blank.csv of openpoems is "
            "an empty table with every column)"
        )
    places = {name: names.index(name) for name in CELLS if name in names}
    unnamed = tuple(index for index, name in enumerate(names) if not name)
    return Heading(places, len(names), unnamed, _heading_issues(cells, names, line))


def _heading_issues(cells: list[str], names: list[str], line: int) -> tuple[Issue, ...]:
    issues = []
    unknown = [cell.strip() for cell, name in zip(cells, names, strict=True) if name not in CELLS]
    if any(unknown):
        message = f"openpoems does not know, and did not read, the columns {_named(unknown)}"
        issues.append(Issue("warning", f"line {line}", message))
    twice = [name for name, times in Counter(names).items() if times > 1 and name in CELLS]
    issues += [
        Issue(
            "warning",
            f"line {line}, column {name}",
            "this column stands in the table more than once; only the first was read",
        )
        for name in twice
    ]
    return tuple(issues)


def _named(texts: list[str]) -> str:
    # A heading is quoted only when it is made of words, so that no formula is repeated.
    given = [text for text in texts if text]
    shown = [repr(text[:_QUOTED_CHARACTERS]) if text[0].isalnum() else "(not a word)" for text in given[:_NAMED]]
    more = len(given) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
