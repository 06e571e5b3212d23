"""A row with named cells: whatever a source looks like, this is what it is read into, and one row is one fact."""

import re
from dataclasses import dataclass, field

from openpoems.errors import Issue, Severity

CELLS = (
    *("patient", "kind", "what", "status", "value", "unit", "comparator", "specimen"),
    *("laboratory", "assay", "reference_low", "reference_high", "flag", "date", "end_date"),
    *("onset", "site", "dose", "dose_unit", "cycles", "intent", "note", "said_by"),
    *("document", "verified_by", "severity", "basis", "reference_text", "drugs", "recorded"),
)

# A row in which one of these could not be read says something else than its author meant.
MEANING = frozenset(
    (
        "patient",
        "kind",
        "what",
        "status",
        "value",
        "unit",
        "comparator",
        "specimen",
        "reference_low",
        "reference_high",
    )
)

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

    `refused` says that the row must not become a fact. `take` marks a cell as used. `places` tells what the source
    calls a cell, where it does not call it as we do.
    """

    line: int
    notation: Notation
    cells: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: bool = False
    places: dict[str, str] = field(default_factory=dict)

    def take(self, column: str) -> str:
        """The text of a cell, "" when it is empty."""
        self.taken.add(column)
        return self.cells.get(column, "")

    def path(self, column: str = "") -> str:
        """The place of a cell, or of the row."""
        return f"line {self.line}" + (f", column {self.places.get(column, column)}" if column else "")

    def report(self, severity: Severity, column: str, message: str) -> None:
        """Add an issue about a cell, or about the row when no column is named."""
        self.issues.append(Issue(severity, self.path(column), message))

    def refuse(self, column: str, message: str) -> None:
        """Add an error because of which the row is no fact."""
        self.refused = True
        self.report("error", column, message)


def add_cell(row: Row, name: str, raw: str) -> None:
    """Put a cell into a row, unless it is empty or must not be used."""
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


def has_decimal_comma(row: Row) -> bool:
    """Tell whether a number in the row can only be read with a decimal comma."""
    return any(
        _SIGNED_DECIMAL_COMMA.fullmatch(text) and not GROUP_OF_THREE.fullmatch(text.lstrip("<>=≤≥ +-"))
        for text in (row.cells.get(name, "") for name in _NUMERIC)
    )


if set(CELLS) < MEANING:
    raise AssertionError("a column that gives a row its meaning does not exist")
