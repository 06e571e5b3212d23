"""The interface for programs, as django-ninja describes and checks it; rights stand in `urls`."""

from dataclasses import asdict
from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Status
from ninja.errors import HttpError, ValidationError

from openpoems import __version__
from openpoems.language import ENGLISH
from openpoems.reports.letter import letter_pdf
from openpoems.web.accounts import rights
from openpoems.web.api import shapes
from openpoems.web.api.exports import FORMS, Form, exported
from openpoems.web.api.gate import Refusal, in_scope
from openpoems.web.api.problems import problem
from openpoems.web.api.queries import consents, decided, person_line
from openpoems.web.api.scopes import offered
from openpoems.web.api.sending import lay_beside, page_of
from openpoems.web.audit import log
from openpoems.web.clinic.people import Wish
from openpoems.web.clinic.people import page as page_of_people
from openpoems.web.fhir.outcome import respond
from openpoems.web.fhir.summary import named_for, summary
from openpoems.web.insight.assessments import assessed, document_bytes, document_of, letter_of
from openpoems.web.insight.open import answers_of
from openpoems.web.insight.presenter import told
from openpoems.web.registry.accesses import accesses
from openpoems.web.registry.identity import who
from openpoems.web.registry.models import Fact

api = NinjaAPI(
    title="openpoems",
    version=__version__,
    description="Records of people with POEMS syndrome, as far as the account of the key may see them.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-described",
)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(request, refusal)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which part of the request is wrong, and how; never what stood there."""
    told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors)
    return problem(request, Refusal(422, "invalid", f"Change what does not fit: {told}."))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, Refusal(error.status_code, "invalid", "The body cannot be read. Send it whole, as UTF-8."))


@api.get("/me", response=shapes.Me, url_name="api-me", summary="The account and its records")
def me(request: HttpRequest) -> dict[str, Any]:
    """The account of the key, the records it acts for, its roles, and what the key may do."""
    user: Any = request.user
    return {
        "account": str(user.public_id),
        "records": [{"pseudonym": tie.person_id, "kind": tie.kind} for tie in user.ties.order_by("pk")],
        "roles": [
            {"role": m.role, "centre": m.centre.slug if m.centre else "", "name": m.centre.name if m.centre else ""}
            for m in user.memberships.select_related("centre")
        ],
        "scopes": [scope for scope in offered(user) if in_scope(request, scope)],
    }


@api.get("/people/{pseudonym}", response=shapes.Record, url_name="api-record", summary="A record")
def record(request: HttpRequest, pseudonym: shapes.Pseudonym) -> dict[str, Any]:
    """What the record says of the person as such."""
    person = request.subject  # type: ignore[attr-defined]
    return {
        "pseudonym": person.pk,
        "sex": person.sex,
        "birth_year": person.birth_year,
        "status": person.status,
        "last_seen": person.last_seen,
        "centre": person.centre.slug if person.centre else "",
        "revision": person.revision,
        "facts": person.facts.filter(state=Fact.State.CURRENT).count(),
    }


@api.get("/people/{pseudonym}/identity", response=shapes.Identity, url_name="api-identity", summary="Who it is")
def identity(request: HttpRequest, pseudonym: shapes.Pseudonym) -> dict[str, Any]:
    """Name, date of birth and addresses."""
    person = request.subject  # type: ignore[attr-defined]
    told = asdict(who(person))
    ours = person.centre_id in rights.centre_ids(request.user, "view-identity")
    return told if ours else told | {"local_number": ""}


@api.get("/people/{pseudonym}/facts", response=shapes.Facts, url_name="api-facts", summary="The facts that count")
def facts(
    request: HttpRequest,
    pseudonym: shapes.Pseudonym,
    kind: shapes.Kind | None = None,
    page: shapes.PageNumber = 1,
    size: shapes.PageSize = 100,
) -> dict[str, Any]:
    """Every fact that counts, a page at a time; of one kind where one is named."""
    rows = request.subject.facts.filter(state=Fact.State.CURRENT)  # type: ignore[attr-defined]
    found = Paginator(rows.filter(kind=kind) if kind else rows, size)
    shown = found.page(page).object_list if page <= found.num_pages else []
    return {"count": found.count, "page": page, "pages": found.num_pages, "facts": list(shown)}


@api.get("/people/{pseudonym}/series", response=shapes.Course, url_name="api-series", summary="Results as series")
def series(request: HttpRequest, pseudonym: shapes.Pseudonym) -> HttpResponse:
    """Results over time, with baseline, best value, and the limits of their laboratories."""
    document = document_of(assessed(request.subject, ENGLISH))  # type: ignore[attr-defined]
    told = {"as_of": document["as_of"], "series": (document["response"] or {}).get("series", [])}
    return _as_it_is(msgspec.json.encode(told))


@api.get("/people/{pseudonym}/assessment", response=dict[str, Any], url_name="api-assessment", summary="The assessment")
def assessment(request: HttpRequest, pseudonym: shapes.Pseudonym) -> HttpResponse:
    """The whole assessment as published (`assessment.schema.json`): criteria, response, relapse, each with evidence."""
    return _as_it_is(document_bytes(assessed(request.subject, ENGLISH)))  # type: ignore[attr-defined]


def _as_it_is(document: bytes) -> HttpResponse:
    """A document that was made to its schema already, and may be large."""
    return HttpResponse(document, content_type="application/json; charset=utf-8")


@api.get("/people/{pseudonym}/answers", response=dict[str, Any], url_name="api-answers", summary="The answers")
def told_answers(request: HttpRequest, pseudonym: shapes.Pseudonym) -> dict[str, Any]:
    """The assessment in the order in which people ask: is it POEMS, is it working, is it coming back, what next."""
    return told(answers_of(request.subject))  # type: ignore[attr-defined]


@api.get("/people/{pseudonym}/letter.pdf", url_name="api-letter", summary="The letter as PDF")
def letter(request: HttpRequest, pseudonym: shapes.Pseudonym) -> HttpResponse:
    """One page for any doctor, tagged; it names the person where the key may know."""
    person = request.subject  # type: ignore[attr-defined]
    return HttpResponse(letter_pdf(letter_of(person, named_for(request, person))), content_type="application/pdf")


@api.get("/people/{pseudonym}/summary", url_name="api-summary", summary="The letter as a FHIR document")
def patient_summary(request: HttpRequest, pseudonym: shapes.Pseudonym) -> HttpResponse:
    """The same as a FHIR R4 International Patient Summary."""
    return respond(summary(request, request.subject))  # type: ignore[attr-defined]


@api.get("/people/{pseudonym}/export", url_name="api-export", summary="All data of a record")
def export(request: HttpRequest, pseudonym: shapes.Pseudonym, form: Form = "fhir") -> HttpResponse:
    """The whole record, to take away: FHIR R4, a Phenopacket, or the long CSV."""
    content = exported(request.subject, form)  # type: ignore[attr-defined]
    return HttpResponse(content, content_type=FORMS[form])


@api.get("/people/{pseudonym}/consents", response=shapes.Consents, url_name="api-consents", summary="Consent")
def told_consents(request: HttpRequest, pseudonym: shapes.Pseudonym) -> dict[str, Any]:
    """What the person agreed to, purpose by purpose, and whether it counts now."""
    return consents(request.subject)  # type: ignore[attr-defined]


@api.get("/people/{pseudonym}/accesses", response=shapes.Accesses, url_name="api-accesses", summary="Who opened it")
def told_accesses(request: HttpRequest, pseudonym: shapes.Pseudonym) -> dict[str, Any]:
    """Every day on which somebody read or changed the record."""
    return {"accesses": [asdict(each) for each in accesses(request.subject, request.user)]}  # type: ignore[attr-defined, arg-type]


@api.post("/people/{pseudonym}/imports", response={202: shapes.Sent}, url_name="api-imports", summary="Send results")
def send(request: HttpRequest, pseudonym: shapes.Pseudonym) -> Any:
    """Send a table (CSV), a Phenopacket or FHIR R4. It waits on a page: nothing counts before a person accepts it."""
    made = lay_beside(request, request.subject, "sent by a program", request.body)  # type: ignore[attr-defined]
    told = {"state": "previewed", "page": page_of(request, made), "issues": made.issues}
    return Status(202, told | decided(made))


@api.get("/centres/{slug}/people", response=shapes.People, url_name="api-people", summary="A centre's people")
def centre_people(request: HttpRequest, slug: shapes.Slug, page: shapes.PageNumber = 1) -> dict[str, Any]:
    """People who agreed that the centre sees their records, with what the centre's list shows of each."""
    centre = request.subject  # type: ignore[attr-defined]
    named = in_scope(request, "view-identity") and centre.pk in rights.centre_ids(request.user, "view-identity")
    wish = Wish(sort="pseudonym", descending=False, page=page)
    found, lines = page_of_people(centre, wish, timezone.localdate(), named=named)
    shown = lines if page == found.number else []
    with transaction.atomic():
        log.record_each("list", [line.person.pk for line in shown], place="api-people")
    people = [person_line(line) for line in shown]
    return {"count": found.paginator.count, "page": page, "pages": found.paginator.num_pages, "people": people}
