"""Making, using and revoking keys."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.api.models import Key
from openpoems.web.api.scopes import offered
from openpoems.web.registry.actions import Refused

PREFIX = "openpoems_"
LONGEST_DAYS = 365
MOST_OPEN = 20
_SECRET_BYTES = 32
_LONGEST_SECRET = 100


@transaction.atomic
def make_key(*, by: Any, name: str, scopes: Iterable[str], days: int) -> tuple[Key, str]:
    """A new key and its secret, which is shown this once. Raises `Refused` for what the account may not hand on."""
    wanted, may = set(scopes), offered(by)
    if not wanted or not wanted <= may.keys():
        raise Refused(_("Choose at least one thing that the key may do, and nothing that you may not do yourself."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("A key lasts between one day and one year."))
    now = timezone.now()
    if by.keys.filter(revoked=None, expires__gt=now).count() >= MOST_OPEN:
        raise Refused(_("You have many keys that are open. Revoke those that are not used, then make the next."))
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    key = Key.objects.create(
        user=by,
        name=name.strip()[:80],
        digest=digest_of(secret),
        scopes=[scope for scope in may if scope in wanted],
        made=now,
        expires=now + timedelta(days=days),
    )
    return key, secret


@transaction.atomic
def revoke_key(*, by: Any, key: Key) -> None:
    """End a key at once; one that has ended stays so."""
    Key.objects.filter(pk=key.pk, user=by, revoked=None).update(revoked=timezone.now())


def key_of(secret: str) -> Key | None:
    """The open key of a secret, its account with it; None where it opens nothing."""
    if not secret.startswith(PREFIX) or len(secret) > _LONGEST_SECRET:
        return None
    digest = digest_of(secret)
    found = Key.objects.select_related("user").filter(digest=digest).first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    return found if found.is_open and found.user.is_active else None


@transaction.atomic
def note_use(key: Key) -> None:
    """Write down that a key is used, once a day."""
    now = timezone.now()
    if key.last_used is None or key.last_used.date() < now.date():
        Key.objects.filter(pk=key.pk).update(last_used=now)


def digest_of(secret: str) -> str:
    """What is kept of a secret: it is random and long, so that a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
