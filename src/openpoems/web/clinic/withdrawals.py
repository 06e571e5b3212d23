"""When somebody withdraws or is erased, what was prepared with their data is thrown away at once.

Not the safeguard (that is `export.release`, which asks again), but nothing should lie about until somebody asks.
"""

from typing import Any

from django.db.models.signals import post_save, pre_delete

from openpoems.web.clinic.export.release import WITHDRAWN, throw_away
from openpoems.web.clinic.models import Export
from openpoems.web.registry.models import Consent, Person


def watch() -> None:
    """Listen to what is stored."""
    post_save.connect(_decided, sender=Consent, dispatch_uid="clinic-withdrawals")
    pre_delete.connect(_erased, sender=Person, dispatch_uid="clinic-erasures")


def _decided(sender: Any, instance: Consent, **_: Any) -> None:
    if not instance.given:
        _forget(instance.person)


def _erased(sender: Any, instance: Person, **_: Any) -> None:
    _forget(instance)


def _forget(person: Person) -> None:
    throw_away(Export.objects.filter(job__centre=person.centre_id), WITHDRAWN)
