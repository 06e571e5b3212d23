"""What is open in a record beside its assessment, by the same snapshot that a centre's list is made of."""

from django.utils import timezone

from openpoems.web.clinic import followup, snapshots
from openpoems.web.insight.asking import Open
from openpoems.web.registry.models import Person


def open_of(person: Person) -> Open:
    """What is due, unverified or contradictory; the snapshot is made anew where the record changed since."""
    today = timezone.localdate()
    one = Person.objects.filter(pk=person.pk)
    if snapshots.is_stale(one.select_related("snapshot").get()):
        snapshots.refresh([person.pk], today)
    kept = one.select_related("snapshot").get().snapshot
    return Open(tuple(followup.due(one, today)), kept.unverified, kept.conflicts)
