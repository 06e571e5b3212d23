"""Asking for slow work, and what the pages say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from openpoems.web.accounts.models import Centre
from openpoems.web.clinic.hands import hands_on
from openpoems.web.clinic.models import Job
from openpoems.web.registry.actions import Refused

# A worker looks for work every second: what waits longer than this waits for one that does not run.
PATIENCE = timedelta(seconds=30)
_OPEN = (Job.State.WAITING, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Progress:
    """A job as a page shows it; `worker_missing` when it waits for a worker that does not seem to run."""

    job: Job
    worker_missing: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.job.state in _OPEN


@transaction.atomic
def ask(*, by: Any, centre: Centre, kind: Job.Kind) -> Job:
    """Leave a job to the worker. Raises `Refused` while one of the kind is still open for the centre."""
    from openpoems.web.clinic.tasks import work  # noqa: PLC0415 - the tasks stand on this

    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # two clicks at once become one job
    if Job.objects.filter(centre=centre, kind=kind, state__in=_OPEN).exists():
        raise Refused(gettext("This is being done already; it says here when it is ready."))
    job = Job.objects.create(centre=centre, kind=kind, by=by, asked=timezone.now())
    transaction.on_commit(lambda: work.enqueue(job.pk))
    return job


def take_up_again() -> int:
    """Leave to the worker anew what is open and in nobody's hands; how many.

    Whoever did it was killed, or whoever asked was, before it reached the queue.
    """
    from openpoems.web.clinic.tasks import work  # noqa: PLC0415 - the tasks stand on this

    left = [job.pk for job in Job.objects.filter(state__in=_OPEN) if _waits_again(job)]
    for number in left:
        work.enqueue(number)
    return len(left)


def _waits_again(job: Job) -> bool:
    with hands_on(job) as alone:
        left = Job.objects.filter(pk=job.pk, state__in=_OPEN)
        return alone and left.update(state=Job.State.WAITING, began=None) == 1


def progress(centre: Centre, kind: Job.Kind, now: datetime, most: int = 1) -> Sequence[Progress]:
    """The centre's latest jobs of a kind."""
    jobs = Job.objects.filter(centre=centre, kind=kind).select_related("by")[:most]
    return [Progress(job, job.state == Job.State.WAITING and now - job.asked > PATIENCE) for job in jobs]
