"""The worker's side: looking again at the records that changed, or on which a day has come."""

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from openpoems.web.attention.refresh import refresh, stale
from openpoems.web.registry.models import Person

_AT_A_TIME = 25


@task()  # type: ignore[untyped-decorator]
def look() -> int:
    """Work out anew the reasons of every record for which they are old; how many there were."""
    return look_again(Person.objects.all())


def look_again(people: QuerySet[Person]) -> int:
    """The same of these people, some at a time.

    Nothing is held while the work is done: what changes meanwhile is old again, and looked at by the task it left.
    """
    today, seen = timezone.localdate(), 0
    waiting = list(stale(people, today).values_list("pk", flat=True))
    for start in range(0, len(waiting), _AT_A_TIME):
        seen += refresh(waiting[start : start + _AT_A_TIME], today)
    return seen
