"""Reading the long CSV: rows sorted by patient, in the order in which patients first appear."""

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.csv.columns import NEEDED
from openpoems.interchange.csv.sheet import heading_of, read_sheet
from openpoems.interchange.rows.cells import DECIMAL_COMMA
from openpoems.interchange.rows.facts import Person, add_fact
from openpoems.record.model import PatientRecord


def read(text: str) -> list[tuple[PatientRecord, tuple[Issue, ...]]]:
    """Read a table of facts: one record, with its issues, for each patient in it.

    A line in a path is the row's number as a spreadsheet shows it. Raises `UnreadableInput` when
    the heading lacks a needed column or no row names a patient.
    """
    sheet = read_sheet(text)
    people: dict[str, Person] = {}
    latest, homeless = None, list[Issue]()
    for row in sheet.rows:
        patient = row.take("patient")
        if patient:
            latest = people.setdefault(patient, Person(patient))
            add_fact(row, latest)
        elif not row.refused:
            row.refuse("patient", "the row does not say whose it is; the row was not used")
        # A row of nobody is reported with the person above it, where it probably belongs.
        (latest.issues if latest else homeless).extend(row.issues)
    if not people:
        raise UnreadableInput(_nobody(homeless))
    next(iter(people.values())).issues[:0] = homeless
    return [(person.record(), (*sheet.issues, *_decimal_comma_once(person.issues))) for person in people.values()]


def recognise(text: str) -> bool:
    """Tell whether the first line names the columns every row needs."""
    return heading_of(text).issuperset(NEEDED)


def _nobody(issues: list[Issue]) -> str:
    if issues:
        return f"no row can be used; the first problem: {issues[0].path}: {issues[0].message}"
    return "line 2: there is no row below the names of the columns; write one fact into each row"


def _decimal_comma_once(issues: list[Issue]) -> list[Issue]:
    first = next((each for each in issues if each.message == DECIMAL_COMMA), None)
    return [each for each in issues if each is first or each.message != DECIMAL_COMMA]
