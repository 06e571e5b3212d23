"""What is told of a person as it is at this moment: who it is, what was agreed to, and the assessment."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest

from openpoems import __version__
from openpoems.interchange.fhir.meanings import OWN, TERMS
from openpoems.interchange.fhir.shapes import filled
from openpoems.language import ENGLISH
from openpoems.web.accounts import rights
from openpoems.web.api.gate import in_scope
from openpoems.web.fhir.naming import Kept
from openpoems.web.fhir.rendering import Resource, versioned
from openpoems.web.insight.assessments import assessed, pages_of
from openpoems.web.registry import people as queries
from openpoems.web.registry.consent import PURPOSES, ConsentDocument, documents, versions_that_count
from openpoems.web.registry.identity import Who, opened
from openpoems.web.registry.models import Consent, Identity, Person

_LOINC = "http://loinc.org"
_STATUS = {"met": "met", "not-met": "not met", "undetermined": "undetermined"}


def named(request: HttpRequest, people: Sequence[Person], patients: dict[str, Resource]) -> dict[str, Resource]:
    """Patients by pseudonym, with who they are for whoever may know of each; without a name for everybody else."""
    known = _known(request, people)
    ours = rights.centre_ids(request.user, "view-identity")
    return {
        person.pk: versioned(
            patients[person.pk] | _about(person) | _who(known.get(person.pk), person.centre_id in ours)
        )
        for person in people
    }


def _known(request: HttpRequest, people: Sequence[Person]) -> dict[str, Who]:
    if not in_scope(request, "view-identity"):
        return {}
    may = queries.visible_to(request.user, "view-identity").filter(pk__in=[person.pk for person in people])
    return {row.person_id: opened(row) for row in Identity.objects.filter(person__in=may.values("pk"))}


def _about(person: Person) -> Resource:
    centre = person.centre
    return filled(
        {
            "active": person.status != Person.Status.WITHDRAWN,
            "managingOrganization": {"display": centre.name} if centre else None,
        }
    )


def _who(who: Who | None, ours: bool) -> Resource:
    if who is None:
        return {}
    telecom = [{"system": kind, "value": text} for kind, text in (("email", who.email), ("phone", who.phone)) if text]
    number = who.local_number if ours else ""
    return filled(
        {
            "identifier": [{"system": f"{OWN}centre-number", "value": number}] if number else [],
            "name": [{"text": who.name}] if who.name else [],
            "telecom": telecom,
            "birthDate": who.birth,
            "address": [{"text": who.address}] if who.address else [],
        }
    )


def consents(people: Sequence[Person]) -> dict[str, list[Resource]]:
    """The latest decision of each person on each purpose, as Consents."""
    latest: dict[tuple[str, str], Consent] = {}
    for row in Consent.objects.filter(person__in=people).order_by("pk"):
        latest[row.person_id, row.purpose] = row
    worded = {document.version: document for document in documents()}
    told: dict[str, list[Resource]] = {person.pk: [] for person in people}
    for person in people:
        rows = (latest[person.pk, purpose] for purpose in PURPOSES if (person.pk, purpose) in latest)
        told[person.pk] = [versioned(_consent(row, worded[row.document], Kept(person.pk, {}))) for row in rows]
    return told


def _consent(row: Consent, document: ConsentDocument, naming: Kept) -> Resource:
    counts = row.given and row.document in versions_that_count(row.purpose)
    scope = "research" if row.purpose == "research" else "patient-privacy"
    purpose = document.purpose(row.purpose)
    return {
        "resourceType": "Consent",
        "id": naming.of(f"consent.{row.purpose}"),
        "status": "active" if counts else "inactive" if row.given else "rejected",
        "scope": {"coding": [{"system": f"{TERMS}/consentscope", "code": scope}]},
        "category": [
            {"coding": [{"system": _LOINC, "code": "59284-0"}]},
            {"coding": [{"system": f"{OWN}consent-purpose", "code": row.purpose}], "text": purpose.title},
        ],
        "patient": {"reference": f"Patient/{row.person_id}"},
        "dateTime": row.at.isoformat(timespec="seconds"),
        "policyRule": {"text": f"Consent document {row.document}: {purpose.agree}"},
        "provision": {"type": "permit" if row.given else "deny"},
    }


def reports(request: HttpRequest, people: Iterable[Person]) -> dict[str, list[Resource]]:
    """The assessment of each person's record, as a report that nobody has signed."""
    return {person.pk: [versioned(_report(request, person))] for person in people}


def _report(request: HttpRequest, person: Person) -> Resource:
    told = pages_of(assessed(person, ENGLISH)).told
    head = told["diagnosis"][0]
    letter = request.build_absolute_uri(f"/api/people/{person.pk}/letter.pdf")
    return {
        "resourceType": "DiagnosticReport",
        "id": Kept(person.pk, {}).of("assessment"),
        "status": "preliminary",
        "category": [{"coding": [{"system": f"{OWN}report", "code": "assessment"}], "text": "Assessment by software"}],
        "code": {
            "coding": [{"system": _LOINC, "code": "51848-0"}],
            "text": "Criteria for POEMS syndrome, counted on the record",
        },
        "subject": {"reference": f"Patient/{person.pk}"},
        "effectiveDateTime": told["as_of"],
        "performer": [{"display": f"openpoems {__version__}"}],
        "conclusion": f"{head['name']}: {_STATUS[head['status']]}. {head['reason'] or ''}".strip(),
        "presentedForm": [{"contentType": "application/pdf", "url": letter, "title": "The letter"}],
    }
