"""Who acts, why and through what: kept beside the code that runs, and handed to the database's triggers.

On SQLite the triggers ask functions of this module; on PostgreSQL they read settings of the session, which are sent
before the first statement after they changed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Acting:
    """`actor` is an account's public id or `command:NAME`; `via` is `web`, `api`, `command` or `worker`."""

    actor: str = ""
    via: str = ""
    reason: str = ""


_NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


def acting() -> Acting:
    """Who acts now; nobody by default, which the log then says as `database`."""
    return _acting.get()


@contextmanager
def acts(actor: str, *, via: str, reason: str = "") -> Iterator[None]:
    """What is done inside is logged as this actor's."""
    token = _acting.set(Acting(*(_plain(word) for word in (actor, via, reason))))
    _send(connection)
    try:
        yield
    finally:
        _acting.reset(token)
        _send(connection)


def prepare(sender: object, connection: Any, **_: object) -> None:
    """Make a fresh connection know who acts."""
    if connection.vendor == "sqlite":
        raw = connection.connection
        # Without this, INSERT OR REPLACE deletes rows past the triggers.
        raw.execute("PRAGMA recursive_triggers = ON")
        for name in ("actor", "via", "reason"):
            raw.create_function(f"audit_{name}", 0, lambda name=name: getattr(acting(), name))
        raw.create_function("audit_now", 0, _now)
        raw.create_function("audit_hash", -1, row_hash, deterministic=True)
    else:
        _send(connection, fresh=True)


def row_hash(*fields: object) -> str:
    """The hash of a row: SHA-256 of its fields as text, joined by `SEPARATOR`, in hexadecimal."""
    return hashlib.sha256(SEPARATOR.join(map(str, fields)).encode()).hexdigest()


def _send(connection: Any, *, fresh: bool = False) -> None:
    """Tell PostgreSQL who acts; one that is not connected is told on connecting."""
    if connection.vendor != "postgresql" or (connection.connection is None and not fresh):
        return
    if connection.needs_rollback or _broken(connection.connection):
        return  # nothing more is written in this transaction, and what was set in it is taken back with it
    now = acting()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('audit.actor', %s, false), set_config('audit.via', %s, false),"
            " set_config('audit.reason', %s, false)",
            [now.actor, now.via, now.reason],
        )


def _broken(raw: Any) -> bool:
    return bool(raw.info.transaction_status == TransactionStatus.INERROR)


def _plain(word: str) -> str:
    return word.replace(SEPARATOR, " ")[:500]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
