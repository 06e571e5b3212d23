"""Saying who a person is."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from openpoems.record import PartialDate
from openpoems.web.registry import identity
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Identity, Person


@transaction.atomic
def identify(*, by: Any, person: Person, who: Who) -> list[str]:
    """Write down who a person is; the columns that changed. The year of birth follows the date of birth.

    Raises `Refused` where the date is none, or where the centre knows somebody else by this number.
    """
    row, _made = Identity.objects.select_for_update().get_or_create(person=person)
    year = _year(who.birth)
    changed = identity.seal(row, who, person.centre_id)
    if changed:
        _save(row, changed)
    if "birth" in changed and year and person.birth_year != year:
        person.birth_year = year
        person.revision += 1
        person.save(update_fields=["birth_year", "revision"])
    return changed


def _save(row: Identity, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=changed)
    except IntegrityError:
        raise Refused(
            _("The centre already knows another person by this number. Look for that record first.")
        ) from None


def _year(birth: str) -> int | None:
    if not birth:
        return None
    try:
        return PartialDate.parse(birth).year
    except ValueError:
        raise Refused(_("Write the date of birth as year, month and day: 1961-04-23.")) from None
