"""Whether anybody works on a job now: a lock that goes with its holder, however that ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from openpoems.web.clinic.models import Job


@contextmanager
def hands_on(job: Job) -> Iterator[bool]:
    """Hold the jobs of this kind of the centre while something is done with them; false where somebody else does.

    A column could not tell: who is killed writes nothing. The locks are PostgreSQL's own, or those of the system beside
    SQLite, whose file all processes of a site share.
    """
    holding = _by_the_database if connection.vendor == "postgresql" else _by_a_file
    with holding(job) as alone:
        yield alone


@contextmanager
def _by_the_database(job: Job) -> Iterator[bool]:
    lock = [job.centre_id, list(Job.Kind).index(Job.Kind(job.kind))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


@contextmanager
def _by_a_file(job: Job) -> Iterator[bool]:
    import fcntl  # noqa: PLC0415 - where there is none, nobody serves a site

    folder = Path(settings.DATA_DIR) / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / f"{job.kind}-{job.centre_id}").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
