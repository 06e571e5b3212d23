"""Procedure and Encounter: what was done, and stays in hospital."""

from dataclasses import replace

from openpoems.interchange.fhir.bundle import Element, Entry
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.elements import (
    concept,
    concepts,
    joined,
    many,
    notes,
    own_count,
    own_text,
    own_when,
    period,
    provenance,
    quantity_of,
    said_when,
    spelled,
    word,
)
from openpoems.interchange.fhir.meanings import codes, fields
from openpoems.interchange.fhir.observations import only_site
from openpoems.interchange.fhir.treatments import window
from openpoems.interchange.values import read_number
from openpoems.quantities import Quantity
from openpoems.record import Agent, Event, Feature, Procedure

MCODE_DOSE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-radiotherapy-dose-delivered-to-volume"
_PROCEDURE = fields(
    "status code performedDateTime performedPeriod performedString performedAge performedRange recorder asserter "
    "bodySite outcome report complication followUp note statusReason reasonCode"
)
_ENCOUNTER = fields("status class period reasonCode")


def read_procedure(entry: Entry, draft: Draft) -> None:
    """Add a Procedure to the draft; each complication becomes an event."""
    resource, at = entry.resource, entry.at
    if not draft.usable(entry):
        return
    draft.left_over(entry, _PROCEDURE)
    found = concept(resource, "code", at, draft.issues)
    if found is None:
        draft.say(
            "error",
            f"{at}.code",
            "it does not say what was done; it was not used; give a code or a text",
        )
        return
    own = draft.own(resource)
    on, end = window(resource, "performed", own, at, draft)
    site, further = only_site(resource, at, draft)
    dose, fractions = _radiotherapy(resource, own, at, draft)
    done = Procedure(
        found,
        on,
        end,
        site,
        dose,
        fractions,
        _conditioning(resource, at, draft),
        joined(notes(resource, at, draft.issues), further, *_course(resource, at, draft)),
        provenance("", "asserter recorder", resource, own, at, draft),
        at,
    )
    draft.procedures.append(done)
    for each in concepts(resource, "complication", at, draft.issues):
        note = f"complication of: {spelled(found)}"
        draft.events.append(Event("other", each, on, None, note, done.provenance, f"{at}.complication"))
    _diagnosed(done, resource, draft)


def _diagnosed(done: Procedure, resource: Element, draft: Draft) -> None:
    """The outcome of a biopsy, when it is coded, is what pathology found."""
    if "biops" not in spelled(done.concept).lower() or "outcome" not in resource:
        return
    found = concept(resource, "outcome", done.path, [])
    if found is not None and found.codings:
        note = f"outcome of: {spelled(done.concept)}"
        feature = Feature(
            found,
            category="disease",
            basis="pathology",
            on=done.on,
            note=note,
            provenance=done.provenance,
            path=done.path,
        )
        draft.features.append(feature)


def read_encounter(entry: Entry, draft: Draft) -> None:
    """Add a stay in hospital to the draft; other encounters are counted as not used."""
    resource, at = entry.resource, entry.at
    if not draft.usable(entry):
        return
    kind = resource.get("class")
    code = kind.get("code") if isinstance(kind, dict) else None
    if not isinstance(code, str) or code not in codes("inpatient"):
        draft.unused["Encounter that is not a stay in hospital"] += 1
        return
    draft.left_over(entry, _ENCOUNTER)
    own = draft.own(resource)
    span = period(resource, "period", at, draft.issues)
    reasons = concepts(resource, "reasonCode", at, draft.issues)
    on = own_when(own, "on", at, draft.issues) or (span.start if span else None)
    end = own_when(own, "end", at, draft.issues) or (span.end if span else None)
    event = Event("hospitalisation", reasons[0] if reasons else None, on, end, own_text(own, "note"), path=at)
    further = [f"further reason: {spelled(each)}" for each in reasons[1:]]
    said_by = provenance("", "", resource, own, at, draft)
    draft.events.append(replace(event, note=joined(event.note, *further), provenance=said_by))


def _course(resource: Element, at: str, draft: Draft) -> list[str]:
    """How it went, in words."""
    said = [said_when(resource, "performed", at, draft)]
    for key, name in (("outcome", "outcome"), ("statusReason", "status because of")):
        found = concept(resource, key, at, draft.issues)
        if found is not None:
            said.append(f"{name}: {spelled(found)}")
    for key, name in (("followUp", "follow-up"), ("reasonCode", "done for")):
        said += [f"{name}: {spelled(each)}" for each in concepts(resource, key, at, draft.issues)]
    for each in many(resource, "report", at, draft.issues):
        display = word(each, "display", f"{at}.report", draft.issues)
        if display:
            said.append(f"report: {display}")
    return said


def _radiotherapy(
    resource: Element, own: dict[str, Element], at: str, draft: Draft
) -> tuple[Quantity | None, int | None]:
    dose = own["dose"].get("valueQuantity") if "dose" in own else None
    fractions = own_count(own, "fractions", at, draft.issues)
    found = quantity_of(dose, f"{at}.dose", draft.issues) if isinstance(dose, dict) else None
    if found is not None or fractions is not None:
        return found, fractions
    given = [each for each in many(resource, "extension", at, draft.issues) if each.get("url") == MCODE_DOSE]
    if len(given) > 1:
        draft.say("warning", f"{at}.extension", "doses to several volumes; only the first was read")
    draft.unused.subtract({f"extension {MCODE_DOSE}": len(given)})
    return _delivered(given[0], at, draft) if given else (None, None)


def _delivered(element: Element, at: str, draft: Draft) -> tuple[Quantity | None, int | None]:
    parts = {str(each.get("url")): each for each in many(element, "extension", at, draft.issues)}
    dose = parts.get("totalDoseDelivered", {}).get("valueQuantity")
    number = parts.get("fractionsDelivered", {}).get("valueUnsignedInt")
    found = quantity_of(dose, f"{at}.dose", draft.issues) if isinstance(dose, dict) else None
    fractions = None if number is None else read_number(number, f"{at}.fractions", draft.issues)
    return found, None if fractions is None else int(fractions)


def _conditioning(resource: Element, at: str, draft: Draft) -> tuple[Agent, ...]:
    agents = []
    for each in many(resource, "extension", at, draft.issues) if "extension" in resource else ():
        if each.get("url") != "urn:openpoems:conditioning":
            continue
        inner = draft.own(each)
        drug = concept(inner.get("drug", {}), "valueCodeableConcept", at, draft.issues)
        if drug is None:
            draft.say("error", f"{at}.extension", "a conditioning without its drug was not used")
            continue
        dose = inner.get("dose", {}).get("valueQuantity")
        amount = quantity_of(dose, f"{at}.conditioning", draft.issues) if isinstance(dose, dict) else None
        agents.append(Agent(drug, amount, own_text(inner, "schedule"), own_text(inner, "route")))
    return tuple(agents)
