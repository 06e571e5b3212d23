"""Erasing a record: everything of a person goes, and a backup does not bring it back."""

from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from openpoems.web.accounts.models import User
from openpoems.web.audit import log
from openpoems.web.registry import erasures
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.erasures import Erasure
from openpoems.web.registry.models import Identity, Import, ImportRow, Person

_TRIES = 3


def erase(*, by: Any, person: Person, with_account: bool = False) -> None:
    """Erase a record, and the account of whoever asks if that is wished. Raises `Refused` where it is gone already.

    The log keeps the pseudonym and that it was erased; the ledger of erasures keeps it for after a restore. What the
    same account writes at this very moment, in another window, may name an account that goes: then it is begun again.
    """
    for more in reversed(range(_TRIES)):
        try:
            _erase(by, person, with_account=with_account)
        except (IntegrityError, OperationalError):
            if not more:
                raise
        else:
            return


@transaction.atomic
def _erase(by: Any, person: Person, *, with_account: bool) -> None:
    account = str(by.public_id) if with_account else ""
    if not _remove_person(person.pk):
        raise Refused(_("This record is erased already."))
    if with_account:
        _remove_account(account)
    _seal_off(Erasure(person.pk, account, erasures.now()))


@transaction.atomic
def replay(entries: Iterable[Erasure]) -> int:
    """Erase again what a restore brought back, or what was interrupted; how many records and accounts that were."""
    removed = 0
    for entry in entries:
        people, accounts = _remove_person(entry.person), _remove_account(entry.account)
        if people:
            log.record("erase", person=entry.person, place="registry_person", row_id=entry.person)
        removed += people + accounts
    if removed:
        transaction.on_commit(scrub, robust=True)
    return removed


def unfinished() -> tuple[Erasure, ...]:
    """What stands in the ledger and is still there: an erasure was interrupted, or a backup was restored."""
    entries = erasures.read()
    people = set(Person.objects.filter(pk__in=[e.person for e in entries]).values_list("pk", flat=True))
    named = [entry.account for entry in entries if entry.account]
    accounts = {str(found) for found in User.objects.filter(public_id__in=named).values_list("public_id", flat=True)}
    return tuple(e for e in entries if e.person in people or e.account in accounts)


def scrub() -> None:
    """Let nothing that was erased stay in SQLite's write-ahead file; in the database itself it was overwritten.

    PostgreSQL overwrites by itself: its vacuum frees the rows, its log files are used again.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _seal_off(entry: Erasure) -> None:
    log.record("erase", person=entry.person, place="registry_person", row_id=entry.person)
    erasures.append((entry,))
    transaction.on_commit(scrub, robust=True)


def _remove_person(pseudonym: str) -> int:
    """Remove a person with all that hangs on them; 0 where there is no such person."""
    person = Person.objects.select_for_update().filter(pk=pseudonym).first() if pseudonym else None
    if person is None:
        return 0
    _remove_import_rows(person)
    person.facts.all().delete()  # before their imports, which they protect
    person.delete()
    return 1


def _remove_import_rows(person: Person) -> None:
    """Rows of centres' tables that are this person's, also where a preview knows them by the digest of a number alone.

    The digest is stored: a record goes whole even where no key opens its identity any more.
    """
    ImportRow.objects.filter(person=person).delete()
    digest = Identity.objects.filter(person=person).values_list("local_digest", flat=True).first()
    if not digest:
        return
    ImportRow.objects.filter(person=None, local=digest).delete()
    for source in Import.objects.select_for_update(of=("self",)).filter(newcomers__has_key=digest):
        del source.newcomers[digest]
        source.save(update_fields=["newcomers"])


def _remove_account(public_id: str) -> int:
    user = User.objects.filter(public_id=public_id).first() if public_id else None
    if user is None:
        return 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    user.delete()
    return 1
