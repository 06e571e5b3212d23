"""Observation: a measurement, a sign that is present or excluded, or one of our own events.

A code alone does not say whether it names a laboratory test. The terminology decides: a LOINC code with a coded answer
is a measurement with a result; a code of HPO, SNOMED CT, ICD or openpoems that is answered with present or absent is a
sign; a number is always a measurement. A finding that stands as the value of a code meaning only "finding" is a sign.
"""

from dataclasses import dataclass

from openpoems.interchange.fhir.bundle import Element, Entry
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.elements import (
    concept,
    concepts,
    joined,
    many,
    notes,
    own_text,
    own_when,
    provenance,
    spelled,
    when,
)
from openpoems.interchange.fhir.meanings import EVENT_SYSTEM, basis_of, codes, fields, prefixes, systems
from openpoems.interchange.fhir.results import (
    Value,
    read_assay,
    read_flags,
    read_laboratory,
    read_reference,
    read_specimen,
    read_value,
)
from openpoems.record import Concept, Event, Feature, Measurement, Provenance, When
from openpoems.record.model import Basis, Category, EventKind

_KNOWN = fields(
    "status category code focus effectiveDateTime effectivePeriod effectiveInstant effectiveTiming issued performer "
    "valueQuantity valueCodeableConcept valueString valueBoolean valueInteger valueRange valueRatio valueSampledData "
    "valueTime valueDateTime valuePeriod dataAbsentReason interpretation note bodySite method specimen device "
    "referenceRange hasMember component"
)
_KINDS: dict[str, EventKind] = {
    "death": "death",
    "hospitalisation": "hospitalisation",
    "diagnosis": "diagnosis",
    "earlier-label": "earlier-label",
    "first-symptom": "first-symptom",
    "other": "other",
}
_BASES: dict[str, Basis] = {
    "clinical": "clinical",
    "imaging": "imaging",
    "pathology": "pathology",
    "laboratory": "laboratory",
    "neurophysiology": "neurophysiology",
    "patient": "patient",
}
_NO_WAY = frozenset({"NEG", "ND"})


@dataclass(frozen=True, slots=True, repr=False)
class _Shared:
    """What the components of an Observation share with it."""

    on: When | None
    specimen: str
    laboratory: str
    assay: str
    note: str
    basis: Basis
    site: Concept | None
    provenance: Provenance


def read_observation(entry: Entry, draft: Draft) -> None:
    """Add what an Observation states to the draft: one fact, and one for each component."""
    resource, at = entry.resource, entry.at
    if not draft.usable(entry):
        return
    if resource.get("focus"):
        draft.say("error", f"{at}.focus", "it is about something other than the patient; it was not used")
        return
    draft.left_over(entry, _KNOWN)
    own = draft.own(resource) if "extension" in resource else {}
    code = concept(resource, "code", at, draft.issues)
    shared = _shared(entry, own, draft)
    if code is not None and code.codings and code.codings[0].id.startswith(EVENT_SYSTEM):
        _add_event(code, resource, at, own, shared, draft)
        return
    parts = many(resource, "component", at, draft.issues) if "component" in resource else []
    if _states_something(resource, parts):
        _add(code, resource, at, own_text(own, "kind"), shared, draft)
    elif shared.note and not parts:
        draft.events.append(Event("other", code, shared.on, None, shared.note, shared.provenance, at))
    for number, part in enumerate(parts):
        place = f"{at}.component[{number}]"
        if draft.unmodified(part, place):
            _add(concept(part, "code", place, draft.issues), part, place, "", shared, draft)


def category_of(found: Concept) -> Category:
    """Whether a concept that stands as a problem or a conclusion is a sign or a disease: a sign when HPO has it."""
    return "phenotype" if "HP" in prefixes(found) else "disease"


def own_basis(own: dict[str, Element]) -> Basis:
    """What a statement rests on, by our own extension."""
    return _BASES.get(own_text(own, "basis"), "") if "basis" in own else ""


def basis_from(resource: Element, at: str, draft: Draft) -> Basis:
    """What a statement rests on, by its category."""
    for each in concepts(resource, "category", at, draft.issues):
        for coding in each.codings:
            basis = basis_of(coding.id.rpartition("|")[2].rpartition(":")[2])
            if basis:
                return basis
    return ""


def only_site(resource: Element, at: str, draft: Draft) -> tuple[Concept | None, str]:
    """The first body site, and the others as words for the note."""
    value = resource.get("bodySite")
    if value is None:
        return None, ""
    if isinstance(value, dict):
        return concept(resource, "bodySite", at, draft.issues), ""
    sites = concepts(resource, "bodySite", at, draft.issues)
    further = "; ".join(map(spelled, sites[1:]))
    return (sites[0] if sites else None), f"further body sites: {further}" if further else ""


def _shared(entry: Entry, own: dict[str, Element], draft: Draft) -> _Shared:
    resource, at = entry.resource, entry.at
    on = when(resource, "effective", at, draft) or own_when(own, "on", at, draft.issues)
    if "effectiveTiming" in resource:
        draft.say("warning", f"{at}.effectiveTiming", "a timing is not read; give a date or a period")
    specimen, taken = read_specimen(entry, at, draft) if "specimen" in resource else ("", None)
    site, further = only_site(resource, at, draft)
    basis = own_basis(own) or basis_from(resource, at, draft)
    return _Shared(
        on if on is not None else taken,
        specimen,
        read_laboratory(entry, at, draft) if "performer" in resource else "",
        read_assay(entry, at, draft) if "method" in resource or "device" in resource else "",
        joined(notes(resource, at, draft.issues), further),
        basis,
        site,
        provenance("issued", "performer", resource, own, at, draft),
    )


def _states_something(resource: Element, parts: list[Element]) -> bool:
    if not parts and "hasMember" not in resource:
        return True
    return (
        "dataAbsentReason" in resource
        or "interpretation" in resource
        or any(key.startswith("value") for key in resource)
    )


def _add(code: Concept | None, holder: Element, at: str, kind: str, shared: _Shared, draft: Draft) -> None:
    if code is None:
        draft.say(
            "error",
            f"{at}.code",
            "it does not say what was observed; it was not used; give a code or a text",
        )
        return
    value = read_value(holder, at, draft)
    flags = read_flags(holder, at, draft) if "interpretation" in holder else ()
    if kind != "measurement" and _add_sign(code, value, flags, at, shared, draft):
        return
    site = f"body site: {spelled(shared.site)}" if shared.site is not None else ""
    draft.measurements.append(
        Measurement(
            code,
            value.quantity,
            value.comparator,
            value.result,
            shared.specimen,
            shared.laboratory,
            shared.assay,
            read_reference(holder, at, value.quantity, draft) if "referenceRange" in holder else None,
            flags,
            value.absent,
            shared.on,
            joined(shared.note, site),
            shared.provenance,
            at,
        )
    )


def _add_sign(code: Concept, value: Value, flags: tuple[str, ...], at: str, shared: _Shared, draft: Draft) -> bool:
    """Add a sign where the Observation states one; tell whether nothing is left to be read as a measurement."""
    if value.quantity is not None:
        return False
    known = prefixes(code)
    if value.result is not None and value.answer is None:
        found = prefixes(value.result)
        generic = not codes("generic").isdisjoint(each.id for each in code.codings)
        if found & (systems("findings") if generic else systems("only-findings")) and not _grade(value.result):
            return _add_found(code, value.result, flags, at, shared, draft) and generic
    if "LOINC" in known or not known & systems("findings"):
        return False
    answer = _answer(value, flags)
    if answer is None:
        if "HP" in known and not value.absent:
            message = "it does not say present or absent; it was kept as a measurement, and counts as unknown"
            draft.say("warning", at, message)
        return False
    severity = value.result if value.result is not None and _grade(value.result) else None
    _add_feature(code, not answer, severity, shared, at, draft)
    return True


def _answer(value: Value, flags: tuple[str, ...]) -> bool | None:
    if value.answer is not None or value.absent:
        return value.answer
    if value.result is not None:
        return True if _grade(value.result) else None
    if "POS" in flags:
        return None if _NO_WAY & set(flags) else True
    return False if _NO_WAY & set(flags) else None


def _grade(result: Concept) -> bool:
    return not codes("severity").isdisjoint(each.id for each in result.codings)


def _add_found(code: Concept, found: Concept, flags: tuple[str, ...], at: str, shared: _Shared, draft: Draft) -> bool:
    note = joined(shared.note, f"observed as: {spelled(code)}")
    if _NO_WAY & set(flags):
        draft.say(
            "warning",
            at,
            "a finding that is interpreted as negative is not clear; it was kept as an event only",
        )
        draft.events.append(Event("other", found, shared.on, None, note, shared.provenance, at))
    else:
        _add_feature(found, False, None, shared, at, draft, note)  # noqa: FBT003 - the order of Feature
    return True


def _add_feature(  # noqa: PLR0913, PLR0917 - what a Feature is made of
    found: Concept,
    excluded: bool,
    severity: Concept | None,
    shared: _Shared,
    at: str,
    draft: Draft,
    note: str = "",
) -> None:
    tests = {"specimen": shared.specimen, "laboratory": shared.laboratory, "method": shared.assay}
    details = [f"{name}: {said}" for name, said in tests.items() if said]
    draft.features.append(
        Feature(
            found,
            excluded,
            "phenotype",
            shared.basis,
            shared.on,
            None,
            None,
            shared.site,
            severity,
            joined(note or shared.note, *details),
            shared.provenance,
            at,
        )
    )


def _add_event(
    code: Concept,
    resource: Element,
    at: str,
    own: dict[str, Element],
    shared: _Shared,
    draft: Draft,
) -> None:
    written = code.codings[0].id.removeprefix(f"{EVENT_SYSTEM}|")
    kind = _KINDS.get(written)
    if kind is None:
        draft.say(
            "warning",
            f"{at}.code",
            "openpoems has no such kind of event; it was kept as another event",
        )
    about = concept(resource, "valueCodeableConcept", at, draft.issues)
    end = own_when(own, "end", at, draft.issues)
    draft.events.append(Event(kind or "other", about, shared.on, end, shared.note, shared.provenance, at))
