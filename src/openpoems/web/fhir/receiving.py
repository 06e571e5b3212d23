"""A transaction that is sent in: laid beside one record as an import, which counts once a person accepts it."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from openpoems.web.api.gate import Refusal, need_scope, person_of
from openpoems.web.api.queries import decided
from openpoems.web.api.sending import lay_beside, page_of
from openpoems.web.fhir.negotiation import needs_json
from openpoems.web.fhir.outcome import issue, respond

_TYPES = ("transaction", "batch")


def receive(request: HttpRequest) -> HttpResponse:
    """Take a transaction in to be looked at. Raises `Refusal`."""
    need_scope(request, "write-record")
    needs_json(request)
    named = set(_named(_bundle(request.body)))
    if len(named) != 1:
        says = "Say whose record it is for: every entry about one Patient, by the id that Patient has here."
        raise Refusal(422, "business-rule", says)
    person = person_of(request, "write-record", named.pop())
    made = lay_beside(request, person, "sent by a program", request.body)
    counts, page = decided(made), page_of(request, made)
    says = (
        f"Received, and not stored: it waits on {page} until a person accepts it there. Entries: {counts['entries']}; "
        f"new: {counts['new']}; in the record already: {counts['same']}; against the record: {counts['conflicts']}."
    )
    told = issue("information", "informational", says)
    told["issue"] += [
        {
            "severity": each["severity"],
            "code": "processing",
            "diagnostics": each["message"],
            "expression": [each["path"]],
        }
        for each in made.issues
    ]
    return respond(told, 202, {"Location": page})


def _bundle(body: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(400, "structure", "The body is no JSON. Send one Bundle, whole, as UTF-8.") from None
    if not isinstance(told, dict) or told.get("resourceType") != "Bundle" or told.get("type") not in _TYPES:
        says = "Send a Bundle of the type transaction or batch; other ways of writing are not open here."
        raise Refusal(422, "not-supported", says)
    return told


def _named(bundle: dict[str, Any]) -> Iterator[str]:
    """The people that a Bundle names: its Patients, and those that its resources refer to on this server."""
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            continue
        if resource.get("resourceType") == "Patient":
            yield str(resource.get("id", ""))
        for name in ("subject", "patient"):
            told = resource.get(name)
            reference = told.get("reference") if isinstance(told, dict) else None
            if isinstance(reference, str) and "Patient/" in reference:
                yield reference.rpartition("Patient/")[2].partition("/")[0]
