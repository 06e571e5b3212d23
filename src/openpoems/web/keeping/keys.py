"""Changing the key of the identities while the site goes on."""

from django.conf import settings
from django.db import transaction

from openpoems.errors import OpenpoemsError
from openpoems.web.audit.context import acts
from openpoems.web.registry import identity, vault
from openpoems.web.registry.models import Identity
from openpoems.web.registry.vault import KeyRing

_AT_A_TIME = 200


class KeysInUse(OpenpoemsError):
    """A key cannot be retired: something is still sealed with it."""


def rotate() -> int:
    """Make a new current key and seal every identity anew; how many there were. The older keys stay in the ring.

    Whoever saves an identity meanwhile seals it with the new key as well: a ring is read again when its file changed.
    """
    path = settings.KEY_RING
    vault.write(vault.with_new_key(vault.read(path)), path)
    return reseal()


def reseal() -> int:
    """Seal anew what is sealed with an older key; safe to repeat, and to go on with after an interruption."""
    ring, resealed = vault.read(settings.KEY_RING), 0
    with acts("command:rotate-keys", via="command"):
        while some := _sealed_with_others(ring.current):
            for start in range(0, len(some), _AT_A_TIME):
                resealed += _reseal(some[start : start + _AT_A_TIME], ring)
    return resealed


def retire() -> tuple[str, ...]:
    """Take every key but the current one out of the ring; which those were. Raises `KeysInUse`."""
    ring = vault.read(settings.KEY_RING)
    if identity.keys_in_use() - {ring.current}:
        raise KeysInUse("identities are still sealed with an older key: run `openpoems site rotate-keys --go-on` first")
    vault.write(KeyRing(ring.current, {ring.current: ring.keys[ring.current]}, ring.index), settings.KEY_RING)
    return tuple(sorted(set(ring.keys) - {ring.current}))


def _sealed_with_others(current: str) -> list[str]:
    found = Identity.objects.values_list("pk", *identity.SEALED).iterator()
    return [row[0] for row in found if any(text and not text.startswith(f"{current}:") for text in row[1:])]


@transaction.atomic
def _reseal(pseudonyms: list[str], ring: KeyRing) -> int:
    rows = list(Identity.objects.select_for_update().filter(pk__in=pseudonyms).order_by("pk"))
    for row in rows:
        for name in identity.SEALED:
            place = identity.place(row.person_id, name)
            setattr(row, name, ring.seal(ring.open(getattr(row, name), place), place))
        row.save(update_fields=identity.SEALED)
    return len(rows)
