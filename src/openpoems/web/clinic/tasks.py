"""The worker's side of slow work: each task does one job and writes down what came of it."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from openpoems.errors import OpenpoemsError
from openpoems.web.audit.context import acts
from openpoems.web.clinic import people, reminders, snapshots
from openpoems.web.clinic.export import build
from openpoems.web.clinic.hands import hands_on
from openpoems.web.clinic.models import Job

logger = logging.getLogger(__name__)
_AT_A_TIME = 200


@task()  # type: ignore[untyped-decorator]
def work(number: int) -> None:
    """Do a job that waits; one that is done, gone, or in another worker's hands is left alone."""
    job = Job.objects.filter(pk=number).first()
    if job is None:
        return
    with hands_on(job) as alone:
        if alone and _begun(job):
            actor = str(job.by.public_id) if job.by else "command:worker"
            with acts(actor, via="worker", reason=job.get_kind_display()):
                _done(job)


def _begun(job: Job) -> bool:
    """Write down that a job is being done; false where it waits no more."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    return waiting.update(state=Job.State.RUNNING, began=timezone.now()) == 1


def _done(job: Job) -> None:
    state = Job.State.DONE
    try:
        says = _WORK[job.kind](job)
    except OpenpoemsError as error:
        state, says = Job.State.FAILED, str(error)
    except Exception:
        # Whatever it was, the page must not say for ever that it is being done; the log has the trace, without data.
        logger.exception("job %s", job.pk)
        state, says = Job.State.FAILED, "Something went wrong; the site's log says where."
    Job.objects.filter(pk=job.pk).update(state=state, ended=timezone.now(), says=says[:300])


def _quality(job: Job) -> str:
    """Make every stale snapshot of the centre anew, some at a time."""
    today, seen = timezone.localdate(), 0
    waiting = list(snapshots.stale(people.of_centre(job.centre)).values_list("pk", flat=True))
    for start in range(0, len(waiting), _AT_A_TIME):
        with transaction.atomic():
            seen += len(snapshots.refresh(waiting[start : start + _AT_A_TIME], today))
    return f"{seen} records were looked at."


_WORK: dict[str, Callable[[Job], str]] = {
    Job.Kind.QUALITY: _quality,
    Job.Kind.EXPORT: build.prepare,
    Job.Kind.REMINDERS: reminders.send,
}
