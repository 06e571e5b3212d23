"""Reading a pasted table: every line ends as a fact or as an issue."""

from collections import Counter
from dataclasses import replace

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.rows.cells import read_when
from openpoems.interchange.rows.facts import Person, add_fact
from openpoems.interchange.rows.row import Row
from openpoems.interchange.table.figures import mark_of, with_points
from openpoems.interchange.table.grid import Grid, read_grid
from openpoems.interchange.table.layout import NO_RESULT, Layout, find_layout, heading_issues, kind_of, rows_of
from openpoems.interchange.table.results import read_cell
from openpoems.interchange.table.told import Mark, Told
from openpoems.interchange.values import specimen_of
from openpoems.record.model import PatientRecord

_UNTOLD = Told()


def read(text: str, told: Told = _UNTOLD) -> list[tuple[PatientRecord, tuple[Issue, ...]]]:
    """Read a table of results: one record, with its issues, for each person in it; "" where the table names nobody.

    A place is `line 3, column 4`, counted as in the pasted text. Raises `UnreadableInput` where no line names the
    columns or no line lies below it.
    """
    grid = read_grid(text)
    layout = find_layout(grid)
    told = replace(told, decimal=told.decimal or mark_of(_numbers(grid, layout)))
    people: dict[str, Person] = {}
    homeless: list[Issue] = []
    for row in rows_of(grid, layout, told):
        patient = row.take("patient")
        if "patient" in layout.fields and not patient:
            if not row.refused:
                row.refuse("patient", "the line does not say whose it is; it was not used")
            homeless += row.issues
            continue
        person = people.setdefault(patient, Person(patient))
        _add(row, person, told.decimal)
        person.issues += row.issues
    if not people:
        raise UnreadableInput(_nobody(homeless, layout))
    readings = [(person.record(), tuple(_once(person.issues))) for person in people.values()]
    record, issues = readings[0]
    readings[0] = (record, (*heading_issues(grid, layout), *homeless, *issues))
    return readings


def recognise(text: str) -> bool:
    """Tell whether some line near the beginning names the columns of a table of results."""
    try:
        find_layout(read_grid(text))
    except UnreadableInput:
        return False
    return True


def _add(row: Row, person: Person, mark: Mark) -> None:
    if row.refused:
        return
    read_cell(row, mark)
    row.cells["kind"] = kind_of(row)
    for end in ("reference_low", "reference_high"):
        if end in row.cells:
            row.cells[end] = with_points(row.cells[end], mark)
    if "specimen" not in row.cells and (named := specimen_of(row.cells.get("what", ""))):
        row.cells["specimen"] = named
    if "date" not in row.cells and not row.refused:
        message = "the result has no date: it is kept, and stands on no timeline; give the day it was taken"
        row.report("warning", "date", message)
    elif not row.refused:
        _read_date(row)
    # What the table says of every result is not reported as unused where one has no value.
    row.taken.update(("unit", "reference_low", "reference_high"))
    if not row.refused:
        add_fact(row, person)


def _read_date(row: Row) -> None:
    """Put the date as the record writes it; a result whose date cannot be read is refused."""
    when, before = read_when(row, "date"), row.issues.copy()
    if when is not None:
        row.cells["date"] = str(when)
        return
    row.issues[:] = before[:-1]
    said = before[-1].message.removesuffix("; the date was not used") if before else "this is no date"
    row.refuse("date", f"{said}, or say beside the table which part comes first; the result was not used")


def _numbers(grid: Grid, layout: Layout) -> list[str]:
    """The cells that may hold numbers: not those of dates, whose marks are of another kind."""
    apart = {layout.fields.get(name) for name in ("date", "test", "patient", "note", "unit")}
    return [cell for line in grid.lines for place, cell in enumerate(line.cells) if place not in apart]


def _once(issues: list[Issue]) -> list[Issue]:
    """The issues, of which those that only tell how something was read stand once."""
    often = Counter(each.message for each in issues if each.severity == "information")
    kept = []
    for each in issues:
        others = often[each.message] - 1
        if each.severity != "information" or each.message == NO_RESULT or others == 0:
            kept.append(each)
        elif others > 0:
            kept.append(replace(each, message=f"{each.message} (also in {others} other places)"))
            often[each.message] = 0
    return kept


def _nobody(issues: list[Issue], layout: Layout) -> str:
    if issues:
        return f"no line can be used; the first problem: {issues[0].path}: {issues[0].message}"
    return f"line {layout.line.number}: there is no line below the headings; write one result into each line"
