"""From a record to a FHIR R4 Bundle of type `collection`.

The fields of R4 are used where it has them; the rest stands in extensions under `urn:openpoems:`, so that a record
written and read again is the same record. The same record always gives the same Bundle.
"""

import re
from typing import Any

from openpoems.interchange.fhir import shapes
from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.meanings import (
    DATA_ABSENT,
    EVENT_SYSTEM,
    INTERPRETATION,
    TERMS,
    prefixes,
    systems,
    table,
)
from openpoems.interchange.fhir.naming import ByPlace, Naming
from openpoems.interchange.fhir.observations import category_of
from openpoems.interchange.fhir.shapes import extension, filled, text_extension
from openpoems.interchange.values import specimen_of
from openpoems.record import (
    Agent,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    ReferenceRange,
    Treatment,
)
from openpoems.record.model import Fact

_CATEGORY = {"imaging": "imaging", "laboratory": "laboratory", "clinical": "exam"}
_PERIOD = "DateTime Period"


def write(record: PatientRecord) -> dict[str, Any]:
    """Write a record as a FHIR R4 Bundle of type `collection`, with one resource for each fact."""
    naming = ByPlace(record.patient)
    return {
        "resourceType": "Bundle",
        "id": f"openpoems-{naming.patient}"[:64],
        "type": "collection",
        "entry": entries(record, naming),
    }


def entries(record: PatientRecord, naming: Naming, *, observe: bool = True) -> list[Element]:
    """The entries of a Bundle: the Patient, then every fact; without `observe` a sign is a Condition in any case."""
    made = _Entries(record, naming)
    for number, feature in enumerate(record.features, 1):
        made.add(f"feature-{number}", _feature(feature) if observe else _condition(feature), feature)
    for number, measurement in enumerate(record.measurements, 1):
        _add_measurement(measurement, number, made)
    for number, treatment in enumerate(record.treatments, 1):
        _add_treatment(treatment, number, made)
    for number, procedure in enumerate(record.procedures, 1):
        made.add(f"procedure-{number}", _procedure(procedure), procedure)
    for number, event in enumerate(record.events, 1):
        made.add(f"event-{number}", _event(event), event)
    return made.entries


class _Entries:
    """The entries so far, each named by the naming."""

    def __init__(self, record: PatientRecord, naming: Naming) -> None:
        self.entries: list[Element] = []
        self.naming = naming
        self._subject = {"reference": naming.address("Patient", "patient", None)}
        patient = _patient(record, named=naming.patient == record.patient)
        self.add("patient", patient | {"id": naming.patient}, None)

    def add(self, name: str, resource: Element, fact: Fact | None, part: int = 0) -> str:
        """Add a resource, about the patient where it is of a fact; what others call it in a reference."""
        kind = resource.pop("resourceType")
        subject = {} if kind == "Patient" else {"subject": self._subject}
        id = resource.pop("id", "") or self.naming.id(name, fact, part)
        address = self.naming.address(kind, name, fact, part)
        whole = {"resourceType": kind, "id": id, **resource, **subject}
        self.entries.append({"fullUrl": address, "resource": whole})
        return address


def _patient(record: PatientRecord, *, named: bool) -> Element:
    death = next((event for event in record.events if event.kind == "death"), None)
    died, _ = shapes.choice("deceased", death.on if death else None, "DateTime", "")
    told: Element = died or ({"deceasedBoolean": True} if death else {})
    extensions = [
        *([] if named else text_extension("patient", record.patient)),
        *shapes.own_when("last-seen", record.last_seen),
        *(extension("reference", valueString=text) for text in record.references),
    ]
    birth = str(record.birth) if record.birth else ""
    return filled(
        {
            "resourceType": "Patient",
            "extension": extensions,
            "gender": record.sex,
            "birthDate": birth,
            **told,
        }
    )


def _feature(feature: Feature) -> Element:
    known = prefixes(feature.concept)
    plain = feature.onset is None and feature.resolved is None and feature.severity is None
    if feature.category == "phenotype" and plain and known & systems("findings") and "LOINC" not in known:
        return _observed(feature)
    return _condition(feature)


def _observed(feature: Feature) -> Element:
    on, own = shapes.choice("effective", feature.on, _PERIOD, "on")
    category = _CATEGORY.get(feature.basis)
    basis = [] if category or not feature.basis else [extension("basis", valueCode=feature.basis)]
    return filled(
        {
            "resourceType": "Observation",
            "extension": [*own, *basis, *shapes.provenance(feature.provenance)],
            "status": "final",
            "category": [_term("observation-category", category)] if category else [],
            "code": shapes.concept(feature.concept),
            **on,
            "valueBoolean": not feature.excluded,
            "note": shapes.note(feature.note),
            "bodySite": shapes.concept(feature.site),
        }
    )


def _condition(feature: Feature) -> Element:
    onset, own_onset = shapes.any_choice("onset", feature.onset)
    resolved, own_resolved = shapes.any_choice("abatement", feature.resolved)
    category = (
        [] if feature.category == category_of(feature.concept) else [extension("category", valueCode=feature.category)]
    )
    basis = [extension("basis", valueCode=feature.basis)] if feature.basis else []
    recorded = feature.provenance.recorded
    return filled(
        {
            "resourceType": "Condition",
            "extension": [
                *category, *basis, *shapes.own_when("on", feature.on), *own_onset, *own_resolved,
                *shapes.provenance(feature.provenance, recorded=False),
            ],
            "clinicalStatus": _term("condition-clinical", "resolved") if resolved else None,
            "verificationStatus": _term("condition-ver-status", "refuted" if feature.excluded else "confirmed"),
            "severity": shapes.concept(feature.severity),
            "code": shapes.concept(feature.concept),
            "bodySite": shapes.concepts(feature.site),
            **onset,
            **resolved,
            "recordedDate": str(recorded) if recorded else "",
            "note": shapes.note(feature.note),
        }
    )  # fmt: skip


def _add_measurement(measurement: Measurement, number: int, made: _Entries) -> None:
    if not measurement.specimen:
        made.add(f"measurement-{number}", _measurement(measurement, None), measurement)
        return
    specimen = _specimen(measurement.specimen)
    if made.naming.inside:
        inner = {"contained": [{**specimen, "id": "specimen"}]}
        whole = _measurement(measurement, {"reference": "#specimen"})
        made.add(f"measurement-{number}", inner | whole, measurement)
        return
    address = made.add(f"specimen-{number}", specimen, measurement)
    made.add(f"measurement-{number}", _measurement(measurement, {"reference": address}), measurement)


def _measurement(measurement: Measurement, specimen: Element | None) -> Element:
    on, own = shapes.choice("effective", measurement.on, _PERIOD, "on")
    value = shapes.quantity(measurement.value, measurement.comparator)
    result = shapes.concept(measurement.result)
    laboratory = {"type": "Organization", "display": measurement.laboratory}
    return filled(
        {
            "resourceType": "Observation",
            "extension": [
                extension("kind", valueCode="measurement"),
                *own,
                *shapes.provenance(measurement.provenance),
            ],
            "status": "final",
            "code": shapes.concept(measurement.measure),
            **on,
            "performer": [laboratory] if measurement.laboratory else [],
            "valueQuantity": value,
            "valueCodeableConcept": result if value is None else None,
            "dataAbsentReason": _absent(measurement.absent),
            "interpretation": [{"coding": [{"system": INTERPRETATION, "code": flag}]} for flag in measurement.flags],
            "note": shapes.note(measurement.note),
            "method": {"text": measurement.assay} if measurement.assay else None,
            "specimen": specimen,
            "referenceRange": _reference(measurement.reference),
        }
    )


def _specimen(name: str) -> Element:
    code = table()["specimen"].get(name)
    codings = [{"system": "http://snomed.info/sct", "code": code}] if code else []
    exact = [] if code or specimen_of(name) in {"", name} else text_extension("specimen", name)
    return filled(
        {
            "resourceType": "Specimen",
            "extension": exact,
            "type": filled({"coding": codings, "text": name}),
        }
    )


def _absent(reason: str) -> Element | None:
    if not reason:
        return None
    if re.fullmatch(r"[a-z]+(-[a-z]+)*", reason):
        return {"coding": [{"system": DATA_ABSENT, "code": reason}]}
    return {"text": reason}


def _reference(reference: ReferenceRange | None) -> list[Element]:
    if reference is None:
        return []
    low, high = shapes.quantity(reference.low), shapes.quantity(reference.high)
    element = filled({"low": low, "high": high, "text": reference.text})
    return [element] if element else []


def _add_treatment(treatment: Treatment, number: int, made: _Entries) -> None:
    name = f"treatment-{number}"
    if len(treatment.agents) == 1:
        drug = shapes.concept(treatment.agents[0].drug)
        made.add(name, _statement(treatment, drug, [], shapes.dosage(treatment.agents[0])), treatment)
        return
    words = treatment.regimen or "drug treatment"
    whole = made.add(
        name, _statement(treatment, {"text": words}, [extension("line", valueBoolean=True)], []), treatment
    )
    for part, agent in enumerate(treatment.agents, 1):
        made.add(f"{name}-{part}", _part(agent, whole), treatment, part)


def _statement(treatment: Treatment, drug: Element | None, line: list[Element], dosage: list[Element]) -> Element:
    times, own = shapes.window("effective", treatment.start, treatment.end, ("start", "end"))
    cycles = [] if treatment.cycles is None else [extension("cycles", valueInteger=treatment.cycles)]
    recorded = treatment.provenance.recorded
    return filled(
        {
            "resourceType": "MedicationStatement",
            "extension": [
                *line, *text_extension("regimen", treatment.regimen), *cycles,
                *text_extension("intent", treatment.intent), *own,
                *shapes.provenance(treatment.provenance, recorded=False),
            ],
            "status": "unknown" if treatment.end is None else "completed",
            "medicationCodeableConcept": drug,
            **times,
            "dateAsserted": str(recorded) if recorded else "",
            "note": shapes.note(treatment.note),
            "dosage": dosage,
        }
    )  # fmt: skip


def _part(agent: Agent, whole: str) -> Element:
    return filled(
        {
            "resourceType": "MedicationStatement",
            "partOf": [{"reference": whole}],
            "status": "unknown",
            "medicationCodeableConcept": shapes.concept(agent.drug),
            "dosage": shapes.dosage(agent),
        }
    )


def _procedure(procedure: Procedure) -> Element:
    times, own = shapes.window("performed", procedure.on, procedure.end, ("on", "end"))
    dose = shapes.quantity(procedure.dose)
    fractions = procedure.fractions
    return filled(
        {
            "resourceType": "Procedure",
            "extension": [
                *own,
                *([extension("dose", valueQuantity=dose)] if dose else []),
                *([] if fractions is None else [extension("fractions", valueInteger=fractions)]),
                *(shapes.conditioning(agent) for agent in procedure.conditioning),
                *shapes.provenance(procedure.provenance),
            ],
            "status": "completed",
            "code": shapes.concept(procedure.concept),
            **times,
            "bodySite": shapes.concepts(procedure.site),
            "note": shapes.note(procedure.note),
        }
    )


def _event(event: Event) -> Element:
    return _stay(event) if event.kind == "hospitalisation" else _told(event)


def _stay(event: Event) -> Element:
    times, own = shapes.window("", event.on, event.end, ("on", "end"))
    start = {"start": times["DateTime"]} if "DateTime" in times else None
    return filled(
        {
            "resourceType": "Encounter",
            "extension": [
                *own,
                *text_extension("note", event.note),
                *shapes.provenance(event.provenance),
            ],
            "status": "unknown" if event.end is None else "finished",
            "class": {
                "system": f"{TERMS}/v3-ActCode",
                "code": "IMP",
                "display": "inpatient encounter",
            },
            "reasonCode": shapes.concepts(event.concept),
            "period": times.get("Period", start),
        }
    )


def _told(event: Event) -> Element:
    on, own = shapes.choice("effective", event.on, _PERIOD, "on")
    return filled(
        {
            "resourceType": "Observation",
            "extension": [
                *own,
                *shapes.own_when("end", event.end),
                *shapes.provenance(event.provenance),
            ],
            "status": "final",
            "code": {
                "coding": [{"system": EVENT_SYSTEM, "code": event.kind}],
                "text": event.kind.replace("-", " "),
            },
            **on,
            "valueCodeableConcept": shapes.concept(event.concept),
            "note": shapes.note(event.note),
        }
    )


def _term(system: str, code: str) -> Element:
    return {"coding": [{"system": f"{TERMS}/{system}", "code": code}]}
