"""Where the next page of a search begins: signed, and good only for the account and the search it was given to."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from openpoems.web.api.gate import Refusal
from openpoems.web.fhir.parameters import Asked

_SALT = "fhir.page"
_DAY_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """The first of a page: the person, how many of the matches before it, and of which revisions they were counted."""

    person: str = ""
    at: int = 0
    revisions: int = 0
    total: int | None = None


def pack(place: Place, asked: Asked, user: Any) -> str:
    """A place as a link carries it."""
    return signing.dumps([_whose(asked, user), asdict(place)], salt=_SALT, compress=True)


def unpack(asked: Asked, user: Any) -> Place:
    """The place that a search begins at. Raises `Refusal` for a link that was made for another search or account."""
    if not asked.page:
        return Place()
    try:
        whose, told = signing.loads(asked.page, salt=_SALT, max_age=_DAY_S)
    except signing.SignatureExpired:
        raise changed() from None
    except signing.BadSignature:
        raise _not_given() from None
    if whose != _whose(asked, user):
        raise _not_given()
    return Place(**told)


def changed() -> Refusal:
    """That the pages of a search can no longer be told apart."""
    return Refusal(410, "expired", "The record changed while its pages were read. Begin the search again.")


def _not_given() -> Refusal:
    says = "This is no link that this search gave to this account. Begin the search again, and follow its next links."
    return Refusal(400, "value", says)


def _whose(asked: Asked, user: Any) -> str:
    told = repr((user.pk, asked.served.kind, asked.used))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
