"""MedicationStatement, MedicationAdministration and MedicationRequest: drugs, and regimens made of them.

A treatment of several drugs is written as one statement for the whole and one, `partOf` it, for each drug.
"""

from dataclasses import replace

from openpoems.interchange.fhir.bundle import Element, Entry
from openpoems.interchange.fhir.draft import Draft, Line
from openpoems.interchange.fhir.elements import (
    concept,
    concepts,
    joined,
    many,
    notes,
    one,
    own_count,
    own_text,
    own_when,
    period,
    provenance,
    quantity,
    spelled,
    when,
    word,
    words_of,
)
from openpoems.interchange.fhir.meanings import fields
from openpoems.record import Agent, Concept, Span, Treatment, When

_KNOWN = {
    "MedicationStatement": "partOf status medicationCodeableConcept medicationReference effectiveDateTime "
    "effectivePeriod dateAsserted informationSource note dosage statusReason reasonCode",
    "MedicationAdministration": "status medicationCodeableConcept medicationReference effectiveDateTime "
    "effectivePeriod performer note dosage statusReason reasonCode",
    "MedicationRequest": "status intent doNotPerform medicationCodeableConcept medicationReference authoredOn "
    "requester note dosageInstruction statusReason reasonCode",
}
_FIELDS = {kind: fields(names) for kind, names in _KNOWN.items()}
_DOSAGE = fields("id sequence text route dose doseAndRate modifierExtension")
_WISHES = frozenset({"proposal", "plan", "option"})


def read_medication(entry: Entry, draft: Draft) -> None:
    """Add a drug, or a whole regimen, to the draft."""
    resource, at = entry.resource, entry.at
    if not draft.usable(entry) or not _given(resource, at, draft):
        return
    draft.left_over(entry, _FIELDS[entry.kind])
    own = draft.own(resource)
    dosages = [each for each in _dosages(resource, at, draft) if draft.unmodified(each, f"{at}.dosage")]
    treatment = _treatment(entry, own, dosages, draft)
    if "line" not in own:
        drug = _drug(entry, draft)
        if drug is None:
            draft.say("error", at, "it does not say which drug; it was not used; give medication[x]")
            return
        treatment = replace(treatment, agents=(_agent(drug, dosages, at, draft),))
    draft.lines.append(Line(treatment, entry.key, "line" in own, _part_of(entry, draft)))


def treatments_of(lines: list[Line]) -> tuple[Treatment, ...]:
    """The treatments, with the drugs of a regimen put into it."""
    wholes = {line.key: line for line in lines if line.is_whole}
    found = []
    for line in lines:
        whole = wholes.get(line.part_of)
        if whole is None or line.is_whole:
            found.append(line)
        else:
            agents = (*whole.treatment.agents, *line.treatment.agents)
            whole.treatment = replace(whole.treatment, agents=agents)
    return tuple(line.treatment for line in found)


def window(
    resource: Element, stem: str, own: dict[str, Element], at: str, draft: Draft
) -> tuple[When | None, When | None]:
    """A start and an end: a Period's, else a single time as the start; our own extensions come first."""
    names = ("on", "end") if stem == "performed" else ("start", "end")
    start, end = (own_when(own, name, at, draft.issues) for name in names)
    if f"{stem}Period" in resource:
        span = period(resource, f"{stem}Period", at, draft.issues)
        if isinstance(span, Span):
            return start or span.start, end or span.end
        return start, end
    return start or when(resource, stem, at, draft), end


def _part_of(entry: Entry, draft: Draft) -> str:
    for reference in many(entry.resource, "partOf", entry.at, draft.issues):
        found = draft.follow(reference, entry, f"{entry.at}.partOf")
        if found is not None:
            return found.key
    return ""


def _given(resource: Element, at: str, draft: Draft) -> bool:
    if resource.get("doNotPerform"):
        draft.say("information", at, "it says not to give the drug; it was not used")
        return False
    intent = resource.get("intent")
    if isinstance(intent, str) and intent in _WISHES:
        draft.say(
            "information",
            at,
            f"it is a {intent}, and does not say that the drug was given; it was not used",
        )
        return False
    return True


def _treatment(entry: Entry, own: dict[str, Element], dosages: list[Element], draft: Draft) -> Treatment:
    resource, at = entry.resource, entry.at
    start, end = window(resource, "effective", own, at, draft)
    recorded = {"MedicationStatement": "dateAsserted", "MedicationRequest": "authoredOn"}.get(entry.kind, "")
    if entry.kind == "MedicationRequest":
        start, end = _ordered(dosages, at, draft)
        draft.say(
            "information",
            at,
            "a prescription was read as a treatment; whether the drug was taken is not said",
        )
    elif entry.kind == "MedicationAdministration" and end is None and "effectiveDateTime" in resource:
        end = start
    reasons = concepts(resource, "reasonCode", at, draft.issues)
    stopped = _status_reasons(resource, at, draft)
    return Treatment(
        own_text(own, "regimen"),
        (),
        own_count(own, "cycles", at, draft.issues),
        start,
        end,
        own_text(own, "intent"),
        joined(
            notes(resource, at, draft.issues),
            *(f"given for: {spelled(each)}" for each in reasons),
            *(f"status because of: {spelled(each)}" for each in stopped),
        ),
        provenance(recorded, "informationSource performer requester", resource, own, at, draft),
        at,
    )


def _status_reasons(resource: Element, at: str, draft: Draft) -> list[Concept]:
    if isinstance(resource.get("statusReason"), dict):  # one in a request, several elsewhere
        found = concept(resource, "statusReason", at, draft.issues)
        return [] if found is None else [found]
    return concepts(resource, "statusReason", at, draft.issues)


def _ordered(dosages: list[Element], at: str, draft: Draft) -> tuple[When | None, When | None]:
    for dosage in dosages[:1]:
        timing = one(dosage, "timing", at, draft.issues) or {}
        repeat = one(timing, "repeat", at, draft.issues) or {}
        span = period(repeat, "boundsPeriod", at, draft.issues)
        if span is not None:
            return span.start, span.end
    return None, None


def _dosages(resource: Element, at: str, draft: Draft) -> list[Element]:
    value = resource.get("dosage")
    if isinstance(value, dict):
        return [value]
    return many(resource, "dosage" if value is not None else "dosageInstruction", at, draft.issues)


def _drug(entry: Entry, draft: Draft) -> Concept | None:
    found = concept(entry.resource, "medicationCodeableConcept", entry.at, draft.issues)
    reference = one(entry.resource, "medicationReference", entry.at, draft.issues)
    if found is not None or reference is None:
        return found
    display = word(reference, "display", f"{entry.at}.medicationReference", draft.issues)
    medication = draft.follow(reference, entry, f"{entry.at}.medicationReference")
    if medication is not None and draft.unmodified(medication.resource, medication.at):
        found = concept(medication.resource, "code", medication.at, draft.issues) or _ingredients(medication, draft)
    return found or (Concept(text=display) if display else None)


def _ingredients(medication: Entry, draft: Draft) -> Concept | None:
    listed = many(medication.resource, "ingredient", medication.at, draft.issues)
    named = [found for each in listed if (found := concept(each, "itemCodeableConcept", medication.at, draft.issues))]
    if len(named) == 1:
        return named[0]
    return Concept(text=" + ".join(map(words_of, named))) if named else None


def _agent(drug: Concept, dosages: list[Element], at: str, draft: Draft) -> Agent:
    if not dosages:
        return Agent(drug)
    first, place = dosages[0], f"{at}.dosage"
    for name in first.keys() - _DOSAGE:
        draft.unused[f"dosage.{name[:60]}"] += 1
    for number in range(1, len(dosages)):
        draft.say(
            "warning",
            f"{place}[{number}]",
            "only the first dosage is read; write one statement for each",
        )
    listed = many(first, "doseAndRate", place, draft.issues) if "doseAndRate" in first else [first]
    doses = [quantity(each, key, place, draft.issues) for each in listed for key in ("doseQuantity", "dose")]
    dose = next((found for found in doses if found is not None), None)
    if any("doseRange" in each for each in listed):
        draft.say("warning", place, "a dose between two bounds is not read")
    route = concept(first, "route", place, draft.issues)
    return Agent(
        drug,
        dose,
        word(first, "text", place, draft.issues),
        "" if route is None else words_of(route),
    )
