"""Bundles of answers: matches, what is included with them, and links to itself and to the next page."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from openpoems.web.fhir import live
from openpoems.web.fhir.outcome import issue
from openpoems.web.fhir.parameters import Asked
from openpoems.web.fhir.rendering import Resource, rendered
from openpoems.web.fhir.searching import Found, whose


def base_of(request: HttpRequest) -> str:
    """The address that everything here begins with."""
    return request.build_absolute_uri("/fhir")


def searchset(request: HttpRequest, path: str, asked: Asked, found: Found) -> Resource:
    """The Bundle of a page. `path` is the address of the search after the base."""
    base = base_of(request)
    patients = _patients(request, asked, found)
    shown = [patients[whose(each)] if asked.served.kind == "Patient" else each for each in found.resources]
    entry = [_entry(base, each, "match") for each in shown]
    if asked.include:
        entry += [_entry(base, each, "include") for each in patients.values()]
    if asked.ignored:
        says = f"These parameters are not known here and were passed over: {', '.join(sorted(set(asked.ignored)))}."
        told = issue("warning", "not-supported", says)
        entry.append({"resource": told, "search": {"mode": "outcome"}})
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "timestamp": timezone.now().isoformat(timespec="seconds"),
        "link": _links(f"{base}/{path}", asked, found.next),
    }
    if found.total is not None:
        bundle["total"] = found.total
    return bundle | ({"entry": entry} if entry else {})


def _patients(request: HttpRequest, asked: Asked, found: Found) -> dict[str, Resource]:
    """The people of a page by pseudonym, where they are asked for."""
    if not found.people or not (asked.include or asked.served.kind in ("Patient", "")):
        return {}
    records = rendered(found.people)
    return live.named(request, found.people, {pk: whole.patient for pk, whole in records.items()})


def _links(address: str, asked: Asked, following: str) -> list[dict[str, str]]:
    links = [{"relation": "self", "url": _address(address, asked.used)}]
    if following:
        links.append({"relation": "next", "url": _address(address, (*asked.used, ("_page", following)))})
    return links


def _address(address: str, pairs: tuple[tuple[str, str], ...]) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _entry(base: str, resource: Resource, mode: str) -> Resource:
    return {
        "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": mode},
    }
