"""Which of three shapes a table has, and the rows that its lines say.

Lines of results (`Date | Test | Result`), tests as columns (`Date | VEGF | Platelets`), or dates as columns
(`Test | 2021-04-03 | 2021-06-01`). The shape is told by the headings alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from openpoems.errors import Issue, Severity, UnreadableInput
from openpoems.interchange.rows.row import Notation, Row, add_cell
from openpoems.interchange.table.figures import date_text, like_a_date
from openpoems.interchange.table.grid import Grid, Line
from openpoems.interchange.table.headings import field_of, is_score, name_and_unit
from openpoems.interchange.table.told import Told

HEADINGS_WANTED = (
    "no line names the columns: write headings above the table, such as Date, Test, Result, Unit, Reference range; or "
    "Date and then the names of tests; or Test and then dates"
)
NO_RESULT = "the line has no result: nothing was recorded"
_LINES_TRIED = 10
_POINTED = Notation(comma_allowed=False)
_SUBHEADINGS = {"unit": "unit", "reference": "reference_high"}


@dataclass(frozen=True, slots=True, repr=False)
class Layout:
    """The line of headings, the column of each field, and the columns that are tests or dates, with what they say."""

    line: Line
    fields: dict[str, int]
    tests: dict[int, dict[str, str]] = field(default_factory=dict)
    dates: dict[int, str] = field(default_factory=dict)


def find_layout(grid: Grid) -> Layout:
    """The layout of a table. Raises `UnreadableInput` where no line names the columns."""
    only_titles = True
    for line in grid.lines[:_LINES_TRIED]:
        found = _layout(line) if line.cells else None
        # Below a line of several cells, which may be of the table, only the plainest headings are trusted.
        if found and (only_titles or not (found.tests or found.dates)):
            return found
        only_titles = only_titles and sum(bool(cell.strip()) for cell in line.cells) <= 1
    raise UnreadableInput(f"line 1: {HEADINGS_WANTED}")


def rows_of(grid: Grid, layout: Layout, told: Told) -> Iterator[Row]:
    """Every row that the lines below the headings say, the refused ones too."""
    first: dict[tuple[str, ...], int] = {}
    for line in grid.lines[grid.lines.index(layout.line) + 1 :]:
        said = tuple(cell.strip() for cell in line.cells)
        if line.problem:
            yield _refused(line, line.problem)
        elif said == tuple(cell.strip() for cell in layout.line.cells):
            continue  # a portal repeats its headings on each page
        elif (earlier := first.setdefault(said, line.number)) != line.number:
            yield _refused(line, f"the line repeats line {earlier} exactly; it was counted once", "warning")
        else:
            yield from _rows(line, layout, told)


def _refused(line: Line, message: str, severity: Severity = "error") -> Row:
    row = Row(line.number, _POINTED, refused=True)
    row.report(severity, "", message)
    return row


def heading_issues(grid: Grid, layout: Layout) -> list[Issue]:
    """What was not read of the headings, and of the lines above them."""
    start = grid.lines.index(layout.line)
    above = "this line stands above the headings and was not read"
    issues = [Issue("information", f"line {line.number}", above) for line in grid.lines[:start]]
    used = {*layout.fields.values(), *layout.tests, *layout.dates}
    twice = "another column has the same heading; only the first was read"
    unknown = "the heading is not known, and the column was not read: see the headings that are"
    for place, heading in enumerate(layout.line.cells):
        if place not in used and (heading.strip() or _holds_something(grid, start, place)):
            message = twice if field_of(heading) else unknown
            issues.append(Issue("warning", f"line {layout.line.number}, column {place + 1}", message))
    return issues


def _holds_something(grid: Grid, start: int, place: int) -> bool:
    return any(place < len(line.cells) and line.cells[place].strip() for line in grid.lines[start:])


def _layout(line: Line) -> Layout | None:
    names = [field_of(cell) for cell in line.cells]
    fields = {name: names.index(name) for name in names if name}
    if {"test", "value"} <= fields.keys():
        return Layout(line, fields)
    dates = {place: cell.strip() for place, cell in enumerate(line.cells) if not names[place] and like_a_date(cell)}
    if dates and "value" not in fields:
        return _dates_as_columns(line, fields, dates)
    tests = [place for place, cell in enumerate(line.cells) if cell.strip() and not names[place]]
    if "date" in fields and tests and not {"test", "value"} & fields.keys():
        return Layout(line, fields, tests={place: _test(line.cells[place]) for place in tests})
    return None


def _dates_as_columns(line: Line, fields: dict[str, int], dates: dict[int, str]) -> Layout | None:
    if "test" not in fields:
        free = (place for place in range(len(line.cells)) if place not in dates and place not in fields.values())
        if (place := next(free, None)) is None:
            return None
        fields = {**fields, "test": place}
    return Layout(line, fields, dates=dates)


def _test(heading: str) -> dict[str, str]:
    name, unit = name_and_unit(heading)
    return {"what": name, "unit": unit} if unit else {"what": name}


def _rows(line: Line, layout: Layout, told: Told) -> Iterator[Row]:
    if len(line.cells) > len(layout.line.cells) and any(c.strip() for c in line.cells[len(layout.line.cells) :]):
        message = "the line has more cells than there are headings, so that cells may have moved; it was not used"
        yield _refused(line, message)
    elif layout.tests:
        yield from _test_columns(line, layout, told)
    elif layout.dates:
        yield from _date_columns(line, layout, told)
    else:
        row = _row(line, layout, told)
        if "value" not in row.cells and not row.refused:
            row.refused = True
            row.report("information", "value", NO_RESULT)
        yield row


def _test_columns(line: Line, layout: Layout, told: Told) -> Iterator[Row]:
    name = _SUBHEADINGS.get(field_of(_cell(line, layout.fields["date"])))
    for place, test in layout.tests.items():
        text = _cell(line, place)
        if name:
            test.setdefault(name, text)
        elif text:
            row = _row(line, layout, told)
            for cell, said in test.items():
                _put(row, cell, said, place)
            _put(row, "value", text, place)
            yield row


def _date_columns(line: Line, layout: Layout, told: Told) -> Iterator[Row]:
    for place, date in layout.dates.items():
        if text := _cell(line, place):
            row = _row(line, layout, told)
            _put(row, "date", date_text(date, told.order), place)
            _put(row, "value", text, place)
            yield row


def _cell(line: Line, place: int) -> str:
    return line.cells[place].strip() if place < len(line.cells) else ""


def _row(line: Line, layout: Layout, told: Told) -> Row:
    """A row with what the line says in its named columns, and what was told of the whole table."""
    row = Row(line.number, _POINTED)
    for name, place in layout.fields.items():
        text = line.cells[place] if place < len(line.cells) else ""
        if name == "test":
            what, unit = name_and_unit(text)
            _put(row, "what", what, place)
            _put(row, "unit", unit, place)
        elif name == "date":
            _put(row, name, date_text(text, told.order), place)
        else:
            _put(row, "reference_high" if name == "reference" else name, text, place)
    for name, said in (("date", told.date), ("specimen", told.specimen), ("laboratory", told.laboratory)):
        if said and not (name == "date" and layout.dates):
            row.cells.setdefault(name, said)
    return row


def _put(row: Row, name: str, text: str, place: int) -> None:
    row.places[name] = str(place + 1)
    add_cell(row, name, text)


def kind_of(row: Row) -> str:
    """Whether a row holds a score or a laboratory result."""
    return "score" if is_score(row.cells.get("what", "")) else "lab"
