"""Resources while a search looks at them: no more of each is read than it needs, for a record may hold thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypedDict

import msgspec
from django.http import HttpRequest

from openpoems.web.fhir import live
from openpoems.web.fhir.matching import matches
from openpoems.web.fhir.parameters import Asked
from openpoems.web.fhir.rendering import Resource, Whole, rendered
from openpoems.web.fhir.table import served
from openpoems.web.registry.models import Person


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """One resource of a person: what a search looks at, and the whole of it, read or not read yet."""

    person: str
    seen: Resource
    whole: msgspec.Raw | None

    @property
    def resource(self) -> Resource:
        """The resource itself."""
        if self.whole is None:
            return self.seen
        read: Resource = msgspec.json.decode(self.whole)
        return read

    def __repr__(self) -> str:
        return "<Candidate>"


def matching(
    request: HttpRequest, asked: Asked, persons: Sequence[Person], now: datetime
) -> dict[str, list[Candidate]]:
    """The matches of a search, for each of these people."""
    every = _of_kind(request, asked, persons)
    if not asked.tests:
        return every
    return {
        pseudonym: [each for each in found if all(matches(each.seen, test, now) for test in asked.tests)]
        for pseudonym, found in every.items()
    }


def of_kind(request: HttpRequest, kind: str, persons: Sequence[Person]) -> dict[str, list[Resource]]:
    """The resources of one type, for each of these people."""
    if kind == "Consent":
        return live.consents(persons)
    if kind == "DiagnosticReport":
        return live.reports(request, persons)
    return {pk: whole.of(kind) for pk, whole in rendered(persons).items()}


def _of_kind(request: HttpRequest, asked: Asked, persons: Sequence[Person]) -> dict[str, list[Candidate]]:
    kind = asked.served.kind
    if kind in ("Consent", "DiagnosticReport"):
        told = of_kind(request, kind, persons)
        return {pk: [Candidate(pk, each, None) for each in found] for pk, found in told.items()}
    return {pk: _candidates(pk, whole, asked) for pk, whole in rendered(persons).items()}


def _candidates(pseudonym: str, whole: Whole, asked: Asked) -> list[Candidate]:
    raw = whole.kinds.get(asked.served.kind)
    if raw is None:
        return []
    every = msgspec.json.decode(raw, type=list[msgspec.Raw])
    looks = asked.tests or asked.sort
    seen = _looker(asked.served.kind).decode(raw) if looks else [{}] * len(every)
    return [Candidate(pseudonym, look, each) for look, each in zip(seen, every, strict=True)]


@cache
def _looker(kind: str) -> Any:
    """Reads of the resources of a type the elements that searches look at, and passes over the rest."""
    paths = [path for parameter in served()[kind].parameters.values() for path in parameter.at]
    elements = {"id": str} | {path.partition(".")[0]: Any for path in paths if path != "id"}
    return msgspec.json.Decoder(list[TypedDict("Seen", elements, total=False)])  # type: ignore[misc, operator]
