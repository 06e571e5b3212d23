"""The worker's side: looking again at the records that changed, or on which a day has come."""

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from openpoems.web.attention.refresh import refresh, stale
from openpoems.web.registry.models import Person

# So few that whoever asks the worker for something waits a second or two for it at most.
_AT_A_TIME = 10
# Behind what somebody asked for and waits for: an export, a reminder.
_LATER = -10


@task(priority=_LATER)  # type: ignore[untyped-decorator]
def look() -> int:
    """Work out anew the reasons of some records for which they are old; others are left to a task after this one."""
    waiting = _stale(Person.objects.all())
    try:
        seen = refresh(waiting[:_AT_A_TIME], timezone.localdate())
    except IntegrityError:
        # One of them was erased meanwhile. The task must not keep the database's words, which name who that was; the
        # others are still old, and looked at by the next task.
        seen = 0
    if len(waiting) > _AT_A_TIME:
        look.enqueue()
    return seen


def look_again(people: QuerySet[Person]) -> int:
    """Work out anew the reasons of all of these people for which they are old; how many there were.

    Nothing is held while the work is done: what changes meanwhile is old again, and looked at by the task it left.
    """
    waiting, seen = _stale(people), 0
    for start in range(0, len(waiting), _AT_A_TIME):
        seen += refresh(waiting[start : start + _AT_A_TIME], timezone.localdate())
    return seen


def _stale(people: QuerySet[Person]) -> list[str]:
    return list(stale(people, timezone.localdate()).values_list("pk", flat=True))
