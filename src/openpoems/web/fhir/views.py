"""The addresses of `/fhir/`."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from openpoems.web.accounts.gate import public
from openpoems.web.api.gate import Refusal, gone, machine, missing, need_scope, person_of
from openpoems.web.audit import log
from openpoems.web.fhir import live
from openpoems.web.fhir.bundles import base_of, searchset
from openpoems.web.fhir.candidates import of_kind
from openpoems.web.fhir.capability import capability
from openpoems.web.fhir.everything import everything_of
from openpoems.web.fhir.naming import pseudonym_in
from openpoems.web.fhir.negotiation import lenient, only, pairs_of
from openpoems.web.fhir.outcome import outcome, respond
from openpoems.web.fhir.parameters import parse
from openpoems.web.fhir.receiving import receive
from openpoems.web.fhir.rendering import Resource, rendered
from openpoems.web.fhir.searching import search
from openpoems.web.fhir.summary import summary
from openpoems.web.fhir.table import Served, served
from openpoems.web.registry.models import Person

_NOT_MODIFIED = 304


@public
def metadata(request: HttpRequest) -> HttpResponse:
    """What the server can do; anybody may ask."""
    try:
        only(request, "GET")
    except Refusal as refusal:
        return outcome(request, refusal)
    return respond(capability(base_of(request)))


@machine("use-api", answer=outcome)
def base(request: HttpRequest) -> HttpResponse:
    """Where transactions are sent to."""
    only(request, "POST")
    return receive(request)


@machine("use-api", answer=outcome)
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Search one type."""
    found = _served(request, kind)
    only(request, "GET")
    return _searched(request, found)


@machine("use-api", answer=outcome)
def by_form(request: HttpRequest, kind: str) -> HttpResponse:
    """Search one type, with the parameters in a form."""
    found = _served(request, kind)
    only(request, "POST")
    return _searched(request, found)


@machine("use-api", answer=outcome)
def read(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Read one resource of a record."""
    found = _served(request, kind)
    only(request, "GET")
    person = person_of(request, found.right, pseudonym_in(id), place="fhir-read")
    shown = next((each for each in of_kind(request, kind, [person])[person.pk] if each["id"] == id), None)
    if shown is not None:
        return _told(request, shown)
    bare = ".".join(id.split(".")[:2])
    raise gone() if bare in rendered([person])[person.pk].gone else missing()


@machine("view-record", answer=outcome)
def patient(request: HttpRequest, person: Person) -> HttpResponse:
    """Read a person; who it is, only for whoever may know."""
    only(request, "GET")
    return _told(request, _patient(request, person))


@machine("view-record", answer=outcome)
def everything(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything of a record that the asker may read."""
    only(request, "GET", "POST")
    return respond(everything_of(request, person, _patient(request, person)))


@machine("view-record", answer=outcome)
def patient_summary(request: HttpRequest, person: Person) -> HttpResponse:
    """The letter's content as an International Patient Summary."""
    only(request, "GET", "POST")
    return respond(summary(request, person))


def _patient(request: HttpRequest, person: Person) -> Resource:
    whole = rendered([person])[person.pk]
    return live.named(request, [person], {person.pk: whole.patient})[person.pk]


def _served(request: HttpRequest, kind: str) -> Served:
    found = served().get(kind)
    if found is None:
        raise Refusal(404, "not-supported", f"There is no such resource type here. There are: {', '.join(served())}.")
    need_scope(request, found.right)
    return found


def _searched(request: HttpRequest, found: Served) -> HttpResponse:
    asked = parse(found, pairs_of(request), lenient=lenient(request))
    page = search(request, asked)
    with transaction.atomic():
        log.record_each("read", page.read, place="fhir-search")
    return respond(searchset(request, found.kind, asked, page))


def _told(request: HttpRequest, resource: Resource) -> HttpResponse:
    """A resource with its version, or that the asker has it already."""
    version: Any = resource["meta"]["versionId"]
    tags = {each.strip().removeprefix("W/").strip('"') for each in request.headers.get("If-None-Match", "").split(",")}
    etag = {"ETag": f'W/"{version}"'}
    if version in tags:
        return HttpResponse(status=_NOT_MODIFIED, headers=etag)
    return respond(resource, headers=etag)
