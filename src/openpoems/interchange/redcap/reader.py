"""Reading the records of a project: each cell that has a meaning is a row that says one fact."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.redcap.dictionary import Field
from openpoems.interchange.redcap.mapping import Entry, Mapping
from openpoems.interchange.rows.facts import Person, add_fact
from openpoems.interchange.rows.lines import blank, open_lines, parse
from openpoems.interchange.rows.row import Notation, Row, add_cell
from openpoems.record.model import PatientRecord

_POINTED = Notation(comma_allowed=False)
_TRAITS = {"sex", "birth", "last-seen"}
_OWN = frozenset(
    ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group")
)
_STATED = frozenset(("sign", "disease", "procedure"))
_UNSAID = "the mapping does not say what this answer means: add it to the mapping; the value was not used"
_NO_CHOICE = (
    "this is none of the field's choices; if it stands for no value, add it to the codes that do; it was not used"
)
_DRAFT = "_complete"


@dataclass(frozen=True, slots=True, repr=False)
class _Project:
    fields: dict[str, Field]
    mapping: Mapping
    places: dict[str, int]

    def cell(self, cells: Sequence[str], name: str) -> str:
        """The text of a field in a line; "" where it is empty or one of the codes for no value."""
        place = self.places.get(name)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        return "" if text in self.mapping.missing else text


def read(text: str, fields: Sequence[Field], mapping: Mapping) -> list[tuple[PatientRecord, tuple[Issue, ...]]]:
    """Read the records of an export (CSV, raw codes or labels): one record, with its issues, for each person.

    Lines of events and of repeated instruments belong to the person whose number they carry. Raises `UnreadableInput`
    where no field is mapped to the person, or the export lacks it.
    """
    lines, declared = open_lines(text)
    body = [(number, row) for number, row in parse(lines, declared or ",") if not blank(row)]
    if not body or isinstance(body[0][1], str):
        raise UnreadableInput("line 1: this is no export of records: export them as CSV")
    names = [cell.strip().lower().strip('"\ufeff') for cell in body[0][1]]
    project = _Project({field.name: field for field in fields}, mapping, {n: i for i, n in enumerate(names)})
    number_field = _number_field(project)
    people: dict[str, Person] = {}
    homeless: list[Issue] = []
    for number, cells in body[1:]:
        patient = "" if isinstance(cells, str) else project.cell(cells, number_field)
        if problem := _problem(cells, patient, len(names)):
            homeless.append(Issue("error", f"line {number}", problem))
            continue
        person = people.setdefault(patient, Person(patient))
        for row in _rows(number, cells, project):
            if not row.refused:
                add_fact(row, person)
            person.issues += row.issues
    if not people:
        raise UnreadableInput("line 2: there is no line of a person below the names of the fields")
    readings = [(person.record(), tuple(person.issues)) for person in people.values()]
    record, issues = readings[0]
    lost = _unread([row for _, row in body[1:] if not isinstance(row, str)], project)
    return [(record, (*lost, *homeless, *issues)), *readings[1:]]


def _problem(cells: list[str] | str, patient: str, width: int) -> str:
    if isinstance(cells, str):
        return cells
    if len(cells) != width:
        return "the line has another number of cells than the first, so that cells may have moved; it was not used"
    return "" if patient else "the line does not say whose it is; it was not used"


def _number_field(project: _Project) -> str:
    found = [name for name, entry in project.mapping.entries.items() if entry.to == "patient"]
    if len(found) != 1:
        raise UnreadableInput("the mapping must name one field that holds the person's number: open it and choose it")
    if found[0] not in project.places:
        raise UnreadableInput(f"line 1: the export has no column {found[0]!r}, which holds the person's number")
    return found[0]


def _rows(number: int, cells: Sequence[str], project: _Project) -> Iterator[Row]:
    for name, entry in project.mapping.entries.items():
        text = project.cell(cells, name)
        if not text or entry.to in ("nothing", "patient"):
            continue
        row = Row(number, _POINTED, places=dict.fromkeys(("what", "value", "status", "unit", "specimen"), name))
        row.places |= {"date": entry.date or name, "end_date": entry.end or name}
        answer = _answer(project.fields.get(name), text)
        if answer is None and text not in entry.answers:
            row.refuse("value", _NO_CHOICE)
        _fill(row, entry, answer or (text, text), text)
        for cell, field in (("date", entry.date), ("end_date", entry.end)):
            if field:
                add_cell(row, cell, project.cell(cells, field))
        yield row


def _fill(row: Row, entry: Entry, answer: tuple[str, str], text: str) -> None:
    """Put what a cell says into a row, as its entry wants it."""
    code, label = answer
    meaning = entry.answers.get(code) or entry.answers.get(label)
    row.cells["kind"] = "person" if entry.to in _TRAITS else entry.to
    add_cell(row, "what", entry.to if entry.to in _TRAITS else entry.what)
    if entry.to in _STATED or (entry.to in ("treatment", "event") and entry.what and entry.answers):
        if meaning is None:
            row.refuse("status", _UNSAID)
        else:
            row.cells["status"] = meaning
    elif entry.to == "treatment":
        add_cell(row, "what", meaning or label)
    elif entry.to == "event":
        add_cell(row, "date" if not entry.date else "value", text)
    else:
        add_cell(row, "value", meaning or label)
        if entry.unit:
            row.cells["unit"] = entry.unit
        if entry.specimen:
            row.cells["specimen"] = entry.specimen


def _answer(field: Field | None, text: str) -> tuple[str, str] | None:
    """The code and the label of an answer, of which an export holds either; None where it is no choice of the field."""
    choices = field.choices if field else ()
    found = next(((code, label) for code, label in choices if text in (code, label)), None)
    return found or (None if choices else (text, text))


def _unread(body: list[list[str]], project: _Project) -> list[Issue]:
    """The columns that hold something and mean nothing: each is said once."""
    used = set(project.mapping.entries) | {e.date for e in project.mapping.entries.values()}
    used |= {e.end for e in project.mapping.entries.values()} | _OWN
    filled = Counter(
        name
        for row in body
        for name, place in project.places.items()
        if name not in used and place < len(row) and row[place].strip() and not name.endswith(_DRAFT)
    )
    issues = []
    for name, times in filled.items():
        known = name in project.fields
        message = (
            f"the field is not mapped; {times} values of it were not read"
            if known
            else f"the dictionary has no such field; {times} values of it were not read"
        )
        issues.append(Issue("information" if known else "warning", f"column {name[:60]}", message))
    return issues
