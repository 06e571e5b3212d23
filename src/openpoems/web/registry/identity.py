"""Who a person is: opened from, and sealed into, the one table that knows. Nothing here shows it by accident.

A centre's own number for a person is found again by a digest that is keyed and bound to the centre, so that importers
can ask "do you know number 4711?" without any identity being opened.
"""

from dataclasses import dataclass, fields

from openpoems.reports.letter import naming
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.models import Identity, Person
from openpoems.web.registry.vault import KeyRing, vault


@dataclass(frozen=True, slots=True, repr=False)
class Who:
    """Who a person is, in clear; "" where it was not given. `birth` is a date that may lack its day or month."""

    name: str = ""
    birth: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    local_number: str = ""

    def __repr__(self) -> str:
        return "<Who>"


SEALED = tuple(field.name for field in fields(Who))


def who(person: Person) -> Who:
    """Who this is; nobody known where the person has no identity. Raises `VaultError` where no key opens it."""
    row = Identity.objects.filter(person=person).first()
    return opened(row) if row else Who()


def named_in_letter(person: Person) -> dict[str, str]:
    """What names a person at the head of a letter; only what was given."""
    known = who(person)
    return naming(known.name, known.birth)


def opened(row: Identity) -> Who:
    """The clear fields of a row. Raises `VaultError`."""
    ring = vault()
    return Who(**{name: ring.open(getattr(row, name), place(row.person_id, name)) for name in SEALED})


def seal(row: Identity, who: Who, centre_id: int | None) -> list[str]:
    """Put the clear fields that changed into a row, unsaved; the names of its changed columns."""
    ring, before = vault(), opened(row)
    changed = [name for name in SEALED if getattr(who, name) != getattr(before, name)]
    for name in changed:
        setattr(row, name, ring.seal(getattr(who, name), place(row.person_id, name)))
    digest = digest_of_number(ring, centre_id, who.local_number)
    if digest != row.local_digest:
        row.local_digest = digest
        changed.append("local_digest")
    return changed


def find(centre: Centre, number: str) -> Person | None:
    """The person whom a centre knows by this number of its own; None where it knows nobody by it."""
    digest = digest_of_number(vault(), centre.pk, number)
    if not digest:
        return None
    return Person.objects.filter(centre=centre, identity__local_digest=digest).first()


def keys_in_use() -> set[str]:
    """The ids of the keys that any identity is sealed with."""
    found = Identity.objects.values_list(*SEALED).iterator()
    return {text.partition(":")[0] for row in found for text in row if text}


def digest_of_number(ring: KeyRing, centre_id: int | None, number: str) -> str:
    """The digest by which a centre's number is found again; blanks and capitals make no difference."""
    plain = "".join(number.split()).casefold()
    return ring.digest(plain, f"centre.{centre_id}") if centre_id else ""


def place(pseudonym: str, name: str) -> str:
    """The place that a sealed field is bound to."""
    return f"{pseudonym}.{name}"
