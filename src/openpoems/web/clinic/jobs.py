"""Asking for slow work, and what the pages say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpoems.web.accounts.models import Centre
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

    Centre.objects.select_for_update().get(pk=centre.pk)  # two clicks at once become one job
    if Job.objects.filter(centre=centre, kind=kind, state__in=_OPEN).exists():
        raise Refused("This is being done already; it says here when it is ready.")
    job = Job.objects.create(centre=centre, kind=kind, by=by, asked=timezone.now())
    transaction.on_commit(lambda: work.enqueue(job.pk))
    return job


def progress(centre: Centre, kind: Job.Kind, now: datetime, most: int = 1) -> Sequence[Progress]:
    """The centre's latest jobs of a kind."""
    jobs = Job.objects.filter(centre=centre, kind=kind).select_related("by")[:most]
    return [Progress(job, job.state == Job.State.WAITING and now - job.asked > PATIENCE) for job in jobs]
