"""Links to a letter: made, opened, revoked."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from openpoems.web.audit import log
from openpoems.web.insight.models import LetterLink
from openpoems.web.registry.models import Person
from openpoems.web.registry.people import may

DAYS = 14
_TOKEN_BYTES = 24


@transaction.atomic
def make_link(*, by: Any, person: Person, for_whom: str = "", days: int = DAYS) -> tuple[LetterLink, str]:
    """A new link for so many days, and its token, which is shown this once."""
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), timezone.now()
    link = LetterLink.objects.create(
        person=person,
        digest=digest_of(token),
        for_whom=for_whom[:120],
        by=by,
        made=now,
        expires=now + timedelta(days=days),
    )
    return link, token


@transaction.atomic
def revoke_link(*, by: Any, link: LetterLink) -> None:
    """Close a link at once; one that is closed stays so."""
    LetterLink.objects.filter(pk=link.pk, revoked=None).update(revoked=timezone.now())


@transaction.atomic
def open_link(token: str) -> LetterLink | None:
    """The link of a token if it still opens, counted and logged as read; else None."""
    found = LetterLink.objects.select_related("person", "by").filter(digest=digest_of(token), revoked=None)
    link = found.filter(expires__gt=timezone.now()).exclude(person__status=Person.Status.WITHDRAWN).first()
    if link is None or not _may_still_share(link):
        return None
    LetterLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)
    log.record("read", person=link.person_id, place="letter-by-link", row_id=str(link.pk))
    return link


def _may_still_share(link: LetterLink) -> bool:
    """A link opens no more than its maker may: not after consent, a proxy, a membership or the account has ended."""
    by = link.by
    return by is not None and by.is_active and may(by, "share-letter", link.person)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
