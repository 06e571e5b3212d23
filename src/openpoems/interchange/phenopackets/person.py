"""The person: `subject` with its death, and the conclusions drawn (`interpretations`), and back."""

from typing import Any

from openpoems.interchange.phenopackets.shape import Block, Report, block, choice, kind_of, text
from openpoems.interchange.phenopackets.terms import concept, term
from openpoems.interchange.phenopackets.times import element, stamp, timestamp, when
from openpoems.record import Concept, Event, PatientRecord
from openpoems.record.model import Sex

_SUBJECT = frozenset({"id", "dateOfBirth", "timeAtLastEncounter", "vitalStatus", "sex", "taxonomy"})
_VITAL = frozenset({"status", "timeOfDeath", "causeOfDeath", "survivalTimeInDays"})
_INTERPRETATION = frozenset({"id", "progressStatus", "diagnosis", "summary"})
_DIAGNOSIS = frozenset({"disease"})

# Protobuf's JSON gives an enumeration by its name or by its number.
_SEXES: dict[str, Sex] = {
    "UNKNOWN_SEX": "unknown",
    "FEMALE": "female",
    "MALE": "male",
    "OTHER_SEX": "other",
}
_SEX_NUMBERS = tuple(_SEXES)
_STATUSES = ("UNKNOWN_STATUS", "ALIVE", "DECEASED")
_PROGRESS = ("UNKNOWN_PROGRESS", "IN_PROGRESS", "COMPLETED", "SOLVED", "UNSOLVED")
_HUMAN = frozenset({"", "NCBITaxon:9606"})


def read_subject(value: object, path: str, report: Report) -> PatientRecord:
    """Read who the record is about, but not the death; `patient` is "" where it is not said."""
    found = block(value, _SUBJECT, path, report)
    if "taxonomy" in found:
        taxon = block(found["taxonomy"], frozenset({"id", "label"}), f"{path}.taxonomy", report)
        text(taxon, "label", f"{path}.taxonomy", report)
        if text(taxon, "id", f"{path}.taxonomy", report) not in _HUMAN:
            report.warning(f"{path}.taxonomy", "openpoems knows people only; read as one")
    sex = choice(found, "sex", _SEX_NUMBERS, path, report)
    return PatientRecord(
        patient=text(found, "id", path, report),
        sex=_SEXES[sex],
        birth=timestamp(found, "dateOfBirth", path, report),
        last_seen=when(found, "timeAtLastEncounter", path, report, None),
    )


def read_death(value: object, path: str, report: Report) -> list[Event]:
    """Read the vital status: a death, or nothing."""
    found = block(value, _VITAL, path, report)
    status = choice(found, "status", _STATUSES, path, report)
    notes: list[str] = []
    died = when(found, "timeOfDeath", path, report, notes)
    cause = concept(found, "causeOfDeath", path, report)
    if "survivalTimeInDays" in found:
        notes.append(_survival(found, path, report))
    told = died is not None or cause is not None
    if status == "DECEASED":
        return [Event("death", cause, on=died, note="; ".join(filter(None, notes)), path=path)]
    if told and status == "ALIVE":
        report.error(path, "the person is ALIVE and died: neither was used; mend the status")
    elif told:
        report.warning(f"{path}.status", "a death is described, and DECEASED is not said; not used")
    return []


def read_interpretation(value: object, path: str, report: Report) -> list[Event]:
    """Read a conclusion: a diagnosis where it is solved, else an event of no consequence."""
    found = block(value, _INTERPRETATION, path, report)
    text(found, "id", path, report)
    progress = choice(found, "progressStatus", _PROGRESS, path, report)
    note = text(found, "summary", path, report)
    disease = None
    if "diagnosis" in found:
        diagnosis = block(found["diagnosis"], _DIAGNOSIS, f"{path}.diagnosis", report)
        disease = concept(diagnosis, "disease", f"{path}.diagnosis", report)
    if disease is None:
        if isinstance(value, dict):
            message = "the interpretation names no disease; it was not used"
            report.warning(f"{path}.diagnosis", message)
        return []
    if progress == "SOLVED":
        return [Event("diagnosis", disease, note=note, path=path)]
    report.warning(
        f"{path}.progressStatus",
        f"an interpretation that is {progress} is kept, and is not counted as the diagnosis",
    )
    said = f"interpretation {progress}"
    return [Event("other", disease, note=f"{said}: {note}" if note else said, path=path)]


def write_subject(record: PatientRecord) -> dict[str, Any]:
    """Write who the record is about."""
    sexes = {meant: name for name, meant in _SEXES.items()}
    written: dict[str, Any] = {"id": record.patient, "sex": sexes[record.sex]}
    if record.birth is not None and record.birth.day:
        written["dateOfBirth"] = stamp(record.birth)
    if seen := element(record.last_seen):
        written["timeAtLastEncounter"] = seen
    return written


def write_death(death: Event) -> dict[str, Any]:
    """Write a death as the vital status."""
    written: dict[str, Any] = {"status": "DECEASED"}
    if died := element(death.on):
        written["timeOfDeath"] = died
    if death.concept is not None:
        written["causeOfDeath"] = term(death.concept)
    return written


def write_interpretation(event: Event, disease: Concept, name: str) -> dict[str, Any]:
    """Write a diagnosis as a solved interpretation."""
    written = {"id": name, "progressStatus": "SOLVED", "diagnosis": {"disease": term(disease)}}
    return written | ({"summary": event.note} if event.note else {})


def _survival(found: Block, path: str, report: Report) -> str:
    days = found["survivalTimeInDays"]
    if isinstance(days, int) and not isinstance(days, bool):
        if days == 0:  # protobuf's print of what was not given
            return ""
        report.information(f"{path}.survivalTimeInDays", "kept in a note; give the day of death")
        return f"survival after the diagnosis: {days} days"
    place = f"{path}.survivalTimeInDays"
    report.error(place, f"a whole number is needed here, not {kind_of(days)}; it was not used")
    return ""
