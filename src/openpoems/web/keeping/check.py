"""Whether a site has everything it needs. Each answer that is not well names the mend."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from openpoems.errors import OpenpoemsError
from openpoems.web.audit import chain, triggers
from openpoems.web.audit.chain import Head
from openpoems.web.registry import erasures, identity, vault
from openpoems.web.registry.actions.erasure import unfinished

# A task that nobody began for so long waits for a worker that does not run.
_WAITS_TOO_LONG = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was looked at, whether it is well, and what was found, with the mend where it is not."""

    about: str
    well: bool
    says: str


def look(expected: Head | None = None) -> Iterator[Answer]:
    """Look at everything; without tables nothing after the migrations can be asked."""
    migrated = _ask("migrations", _migrations)
    yield from (_ask("settings", _settings), migrated)
    if not migrated.well:
        return
    for about, question in (("keys", _keys), ("erasures", _erasures), ("triggers", _triggers), ("worker", _worker)):
        yield _ask(about, question)
    yield _ask("log", lambda: _log(expected))


class _NotWell(Exception):
    """What is wrong, and the mend."""


def _ask(about: str, question: Callable[[], str]) -> Answer:
    try:
        return Answer(about, well=True, says=question())
    except (_NotWell, OpenpoemsError) as found:
        return Answer(about, well=False, says=str(found))


def _settings() -> str:
    found = checks.run_checks(include_deployment_checks=settings.SECURE)
    if serious := [each for each in found if each.level >= checks.WARNING]:
        raise _NotWell("; ".join(f"{each.id}: {each.msg}" for each in serious))
    if not settings.SECURE:
        return "a demo on this machine: not for real people"
    if not settings.EMAIL_HOST:
        raise _NotWell("no mail leaves the site, so nobody can sign up: set OPENPOEMS_MAIL_HOST")
    return "ready for real people"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise _NotWell(f"{len(waiting)} migrations are waiting: run `openpoems site migrate`")
    return "the tables are this version's"


def _keys() -> str:
    path = Path(settings.KEY_RING)
    ring = vault.read(path)
    if path.stat().st_mode & 0o077:
        raise _NotWell(f"{path}: others can read it: chmod 600")
    if missing := identity.keys_in_use() - set(ring.keys):
        raise _NotWell(
            f"{path}: identities are sealed with the key {min(missing)}, which it lacks: bring its copy back"
        )
    older = len(ring.keys) - 1
    return "every identity can be opened" + (f"; {older} older keys are kept" if older else "")


def _erasures() -> str:
    if waiting := unfinished():
        raise _NotWell(f"{len(waiting)} erasures are not finished: run `openpoems site replay-erasures`")
    return f"{len(erasures.read())} in the ledger, none of them in the database"


def _triggers() -> str:
    if missing := triggers.missing():
        raise _NotWell(f"changes of {', '.join(missing)} are not logged: run `openpoems site migrate`")
    return "every change of a record is logged"


def _worker() -> str:
    if "DatabaseBackend" not in str(settings.TASKS["default"]["BACKEND"]):
        return "tasks run at once"
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - only where tasks are rows

    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").first()
    if oldest and oldest.enqueued_at < timezone.now() - _WAITS_TOO_LONG:
        raise _NotWell(f"work waits since {oldest.enqueued_at:%Y-%m-%d %H:%M} UTC: start `openpoems site worker`")
    failed = DBTaskResult.objects.failed().count()
    return "no work waits" + (f"; {failed} tasks failed" if failed else "")


def _log(expected: Head | None) -> str:
    verdict = chain.verify(expected)
    if verdict.fault:
        raise _NotWell(f"{verdict.fault}. Keep this database as it is, and ask who had access to it")
    return f"{verdict.rows} entries, whole; it ends with {Head(verdict.rows, verdict.head)}"
