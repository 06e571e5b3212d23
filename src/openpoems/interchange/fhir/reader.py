"""From a FHIR document to records: one for each person in it."""

from collections import Counter
from collections.abc import Callable

from openpoems.errors import Issue
from openpoems.interchange.fhir.bundle import Entry, Index, entries_of, entry_of
from openpoems.interchange.fhir.care import read_encounter, read_procedure
from openpoems.interchange.fhir.conditions import read_condition, read_report
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.observations import read_observation
from openpoems.interchange.fhir.people import (
    Person,
    owner_of,
    people_of,
    read_patient,
    settle_death,
)
from openpoems.interchange.fhir.treatments import read_medication, treatments_of
from openpoems.record import PatientRecord

_READERS: dict[str, Callable[[Entry, Draft], None]] = {
    "Condition": read_condition,
    "Observation": read_observation,
    "DiagnosticReport": read_report,
    "Procedure": read_procedure,
    "MedicationStatement": read_medication,
    "MedicationAdministration": read_medication,
    "MedicationRequest": read_medication,
    "Encounter": read_encounter,
}
_USED = frozenset(_READERS)
# Read where another resource points at them.
_HELPING = frozenset(
    {
        "Patient",
        "Specimen",
        "Organization",
        "Device",
        "Medication",
        "Practitioner",
        "PractitionerRole",
        "RelatedPerson",
    }
)


def read(document: object) -> list[tuple[PatientRecord, tuple[Issue, ...]]]:
    """Read a FHIR R4 Bundle of any type, a list of resources, or one resource.

    Returns a record for each person in it, each with every issue of the document that concerns the person or nobody.
    Raises `UnreadableInput` where nothing in the document is about a person, and nothing else.
    """
    issues: list[Issue] = []
    entries = entries_of(document, issues)
    index = Index(entries)
    entries += [inner for entry in entries if entry.kind in _USED for inner in _results(entry)]
    people = people_of(entries, _USED, index, issues)
    others = _not_used(entries, people, index)
    return [_record(person, issues, others.get(id(person), Counter()), index) for person in people]


def _results(entry: Entry) -> list[Entry]:
    """Facts that stand inside another resource; they are about the same person."""
    contained = entry.resource.get("contained")
    found = []
    for number, item in enumerate(contained if isinstance(contained, list) else ()):
        if isinstance(item, dict) and item.get("resourceType") in _FACTS:
            inner = entry_of(item, f"{entry.at}.contained[{number}]", host=entry)
            if inner is not None:
                found.append(inner)
    return found


_FACTS = ("Condition", "Observation", "DiagnosticReport", "Procedure")


def _not_used(entries: list[Entry], people: list[Person], index: Index) -> dict[int, Counter[str]]:
    """Count the resources of types that are not read, for the person they are about, else for everyone."""
    owners = {entry.key: person for person in people for entry in person.patients}
    counts: dict[int, Counter[str]] = {id(person): Counter() for person in people}
    for entry in entries:
        if entry.kind in _USED or entry.kind in _HELPING:
            continue
        owner = owners.get(owner_of(entry, index))
        for person in people if owner is None else [owner]:
            counts[id(person)][entry.kind] += 1
    return counts


def _record(
    person: Person, shared: list[Issue], others: Counter[str], index: Index
) -> tuple[PatientRecord, tuple[Issue, ...]]:
    draft = Draft(person.pseudonym, index)
    for entry in person.patients:
        read_patient(entry, draft)
    for entry in person.entries:
        _READERS[entry.kind](entry, draft)
    settle_death(draft)
    record = PatientRecord(
        draft.patient,
        draft.sex,
        draft.birth,
        draft.last_seen,
        tuple(draft.features),
        tuple(draft.measurements),
        treatments_of(draft.lines),
        tuple(draft.procedures),
        tuple(draft.events),
        draft.references,
    )
    unused = [
        Issue("information", name, f"not used by openpoems ({count} times)")
        for name, count in sorted((others + draft.unused).items())
    ]
    return record, (*shared, *draft.issues, *unused)
