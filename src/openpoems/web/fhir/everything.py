"""`Patient/$everything`: a whole record in one Bundle, or page by page."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from openpoems.web.api.gate import Refusal, may
from openpoems.web.fhir import live
from openpoems.web.fhir.bundles import searchset
from openpoems.web.fhir.moments import range_of, ranges_in
from openpoems.web.fhir.negotiation import lenient
from openpoems.web.fhir.paging import Place, changed, pack, unpack
from openpoems.web.fhir.parameters import Asked, Pair, parse, unknown
from openpoems.web.fhir.rendering import Resource, rendered
from openpoems.web.fhir.searching import Found
from openpoems.web.fhir.table import Served, served
from openpoems.web.registry.models import Person

_EVERY = 10_000
_ALL = Served("", "view-record", "", (), {}, "")
_OWN = ("_type", "_since")


def everything_of(request: HttpRequest, person: Person, patient: Resource) -> Resource:
    """The Bundle of a record, with who it is where the asker may know. Raises `Refusal`."""
    pairs = [(name, str(value)) for name, values in request.GET.lists() for value in values]
    asked = _asked(person, pairs, lenient=lenient(request))
    place = unpack(asked, request.user)
    if asked.page and place.revisions != person.revision:
        raise changed()
    kept = _wanted(_every(request, person, patient), dict(pairs))
    shown = kept[place.at : place.at + asked.count]
    end = place.at + len(shown)
    following = pack(Place("", end, person.revision), asked, request.user) if end < len(kept) else ""
    found = Found(shown, [], following, len(kept), [person.pk])
    return searchset(request, f"Patient/{person.pk}/$everything", asked, found)


def _asked(person: Person, pairs: list[Pair], *, lenient: bool) -> Asked:
    names = {name for name, _ in pairs}
    plain = [pair for pair in pairs if pair[0] not in _OWN]
    if names & {"_sort", "_include", "_summary"}:
        raise unknown(_ALL, sorted(names & {"_sort", "_include", "_summary"})[0])
    asked = parse(_ALL, plain, lenient=lenient)
    used = tuple(pair for pair in pairs if pair[0] != "_page" and pair[0] not in asked.ignored)
    count = asked.count if "_count" in names else _EVERY
    return Asked(_ALL, frozenset((person.pk,)), count=count, page=asked.page, used=used, ignored=asked.ignored)


def _every(request: HttpRequest, person: Person, patient: Resource) -> list[Resource]:
    told = [patient, *rendered([person])[person.pk].facts()]
    told += live.reports(request, [person])[person.pk]
    if may(request, "consent", person):
        told += live.consents([person])[person.pk]
    return told


def _wanted(every: Iterable[Resource], asked: dict[str, str]) -> list[Resource]:
    kinds = {each for each in asked.get("_type", "").split(",") if each}
    if not kinds <= served().keys():
        raise Refusal(400, "not-supported", f"_type knows: {', '.join(served())}.")
    since = range_of(asked["_since"]) if "_since" in asked else None
    if "_since" in asked and since is None:
        raise Refusal(400, "value", "The value of _since must be a time such as 2024-03-05T12:00:00Z.")
    return [
        each
        for each in every
        if (not kinds or each["resourceType"] in kinds) and (since is None or _changed_since(each, since.first))
    ]


def _changed_since(resource: Resource, moment: Any) -> bool:
    """Whether it changed since; what has no such time is told always."""
    found = ranges_in(resource["meta"].get("lastUpdated", ""))
    return not found or found[0].after > moment
