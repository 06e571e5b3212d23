"""Condition and DiagnosticReport: what somebody concluded, and how sure they were."""

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
    said_when,
    spelled,
    when,
    word,
)
from openpoems.interchange.fhir.meanings import fields
from openpoems.interchange.fhir.observations import basis_from, category_of, only_site, own_basis
from openpoems.interchange.fhir.statuses import UNREADABLE, coded_status
from openpoems.record import Concept, Event, Feature

_CONDITION = fields(
    "clinicalStatus verificationStatus category severity code bodySite onsetDateTime onsetAge onsetPeriod onsetRange "
    "onsetString abatementDateTime abatementAge abatementPeriod abatementRange abatementString recordedDate recorder "
    "asserter stage evidence note"
)
_REPORT = fields(
    "status category code effectiveDateTime effectivePeriod issued performer result conclusion conclusionCode "
    "presentedForm"
)
_OVER = frozenset({"inactive", "remission", "resolved"})
_CLINICAL = _OVER | {"active", "recurrence", "relapse"}
_UNSURE = frozenset({"unconfirmed", "provisional", "differential", "unknown"})
_SURE = frozenset({"confirmed", "refuted"})
_ERROR = "entered-in-error"


def read_condition(entry: Entry, draft: Draft) -> None:
    """Add a Condition to the draft: a feature, present or excluded, or an event where it is not confirmed."""
    resource, at = entry.resource, entry.at
    if not draft.unmodified(resource, at):
        return
    status = coded_status(resource, "verificationStatus", _UNSURE | _SURE | {_ERROR}, at, draft)
    if status == _ERROR:
        draft.say("warning", at, "it is entered in error; it was not used")
        return
    draft.left_over(entry, _CONDITION)
    found = concept(resource, "code", at, draft.issues)
    if found is None:
        draft.say(
            "error",
            f"{at}.code",
            "it does not say which condition; it was not used; give a code or a text",
        )
        return
    feature = _feature(found, resource, at, draft, excluded=status == "refuted")
    if status in {"", *_SURE}:
        draft.features.append(feature)
        return
    message = f"its verification status is {status}: it is not counted as present, and was kept as an event"
    draft.say("error" if status == UNREADABLE else "warning", at, message)
    note = joined(f"{status}, not confirmed", feature.note)
    draft.events.append(Event("other", found, feature.onset or feature.on, None, note, feature.provenance, at))


def read_report(entry: Entry, draft: Draft) -> None:
    """Add the conclusion of a DiagnosticReport to the draft: coded as features, in words as an event."""
    resource, at = entry.resource, entry.at
    if not draft.usable(entry):
        return
    draft.left_over(entry, _REPORT)
    own = draft.own(resource)
    title = concept(resource, "code", at, draft.issues)
    on = when(resource, "effective", at, draft)
    said_by = provenance("issued", "performer", resource, own, at, draft)
    conclusion = word(resource, "conclusion", at, draft.issues)
    basis = basis_from(resource, at, draft)
    found = concepts(resource, "conclusionCode", at, draft.issues)
    for each in found:
        note = joined(f"concluded in: {spelled(title)}" if title else "", conclusion)
        category = category_of(each)
        feature = Feature(each, category=category, basis=basis, on=on, note=note, provenance=said_by, path=at)
        draft.features.append(feature)
    if conclusion and not found:
        draft.events.append(Event("other", title, on, None, conclusion, said_by, at))
    if conclusion:
        message = "a conclusion in words is kept, and not read for signs: state what it found as codes"
        draft.say("warning", f"{at}.conclusion", message)
    for reference in many(resource, "result", at, draft.issues):
        draft.follow(reference, entry, f"{at}.result")
    if resource.get("presentedForm"):
        draft.say("information", f"{at}.presentedForm", "an attached document is not read")


def _feature(found: Concept, resource: Element, at: str, draft: Draft, *, excluded: bool) -> Feature:
    own = draft.own(resource)
    site, further = only_site(resource, at, draft)
    written = own_text(own, "category")
    resolved = when(resource, "abatement", at, draft)
    note = joined(
        notes(resource, at, draft.issues),
        further,
        said_when(resource, "onset", at, draft),
        said_when(resource, "abatement", at, draft),
        _over(resource, at, draft) if resolved is None else "",
        *_evidence(resource, at, draft),
    )
    return Feature(
        found,
        excluded,
        "phenotype" if written == "phenotype" else "disease" if written == "disease" else category_of(found),
        own_basis(own) or basis_from(resource, at, draft),
        own_when(own, "on", at, draft.issues),
        when(resource, "onset", at, draft),
        resolved,
        site,
        concept(resource, "severity", at, draft.issues),
        note,
        provenance("recordedDate", "asserter recorder", resource, own, at, draft),
        at,
    )


def _over(resource: Element, at: str, draft: Draft) -> str:
    status = coded_status(resource, "clinicalStatus", _CLINICAL, at, draft)
    if status == UNREADABLE:
        message = "it cannot be read: the condition counts as present from its onset; give a clinical status of R4"
        draft.say("warning", f"{at}.clinicalStatus", message)
    if status not in _OVER or resource.get("abatementString"):
        return ""
    message = f"it is said to be {status}, but not since when: it counts as present from its onset; give its abatement"
    draft.say("warning", f"{at}.clinicalStatus", message)
    return f"clinical status: {status}"


def _evidence(resource: Element, at: str, draft: Draft) -> list[str]:
    said = []
    for each in many(resource, "evidence", at, draft.issues):
        if draft.unmodified(each, f"{at}.evidence"):
            said += [f"evidence: {spelled(code)}" for code in concepts(each, "code", f"{at}.evidence", draft.issues)]
            if each.get("detail"):
                draft.unused["Condition.evidence.detail"] += 1
    for stage in many(resource, "stage", at, draft.issues):
        summary = concept(stage, "summary", f"{at}.stage", draft.issues)
        if summary is not None and draft.unmodified(stage, f"{at}.stage"):
            said.append(f"stage: {spelled(summary)}")
    return said
