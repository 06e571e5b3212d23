"""The form of a backup, the same for every database: a zip of rows as JSON lines, table by table, and a manifest.

The manifest says how many rows each table has and the sum of their hashes, where the log ended, which migrations made
the tables, which keys the identities are sealed with, and who had been erased. The keys themselves are never in it.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

from openpoems.errors import OpenpoemsError
from openpoems.web.audit.models import Entry

FORM = 1
MANIFEST = "manifest.json"
# What migrations fill themselves, what lasts no longer than a sitting, and work that was waiting.
_LEFT_OUT = {"auth", "contenttypes", "sessions", "django_tasks_database"}
# What is made of a record when it is asked for, and made anew where it is missing.
MADE_AGAIN = {"insight.assessed", "course.drawn", "fhir.rendered"}
_ROWS_AT_A_TIME = 2_000


class BackupError(OpenpoemsError):
    """A backup that cannot be made or restored; the message says why, and the mend."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and the sum of their SHA-256 hashes, which knows no order."""

    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `made` is UTC; `head` is the end of the log, `SEQ:HASH`; `erasures` are the ledger's."""

    form: int
    version: str
    made: str
    database: str
    migrations: list[str]
    tables: dict[str, TableSum]
    head: str
    keys: list[str]
    erasures: list[dict[str, str]]


def models() -> list[type[Model]]:
    """The models whose rows a backup holds; the log is one of them."""
    ours = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    kept = (m for m in ours if m._meta.app_label not in _LEFT_OUT and m._meta.label_lower not in MADE_AGAIN)
    return [*kept, Entry]


def columns(model: type[Model]) -> list["Field[Any, Any]"]:
    """A table's columns in the order in which a line has them."""
    return sorted(model._meta.local_concrete_fields, key=lambda field: str(field.column))


def rows(model: type[Model]) -> Iterator[list[Any]]:
    """The rows of a table, as they stand in an archive."""
    names = [field.attname for field in columns(model)]
    found = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=_ROWS_AT_A_TIME)
    return ([_plain(value) for value in row] for row in found)


def line(row: list[Any]) -> str:
    """A row as a line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


class Summing:
    """Counts rows and sums their hashes."""

    def __init__(self) -> None:
        self._rows, self._sum = 0, 0

    def add(self, row: list[Any]) -> None:
        """Count one row."""
        text = json.dumps(_same(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self._rows += 1
        self._sum += int.from_bytes(hashlib.sha256(text.encode()).digest())

    def total(self) -> TableSum:
        """What was counted."""
        return TableSum(self._rows, f"{self._sum % 2**256:064x}")


def sums(of: Iterable[type[Model]]) -> dict[str, TableSum]:
    """The sums of tables as they stand in the database now."""
    found = {}
    for model in of:
        summing = Summing()
        for row in rows(model):
            summing.add(row)
        found[model._meta.db_table] = summing.total()
    return found


def migrations() -> list[str]:
    """The migrations that made the tables of a backup."""
    apps_in = {model._meta.app_label for model in models()}
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in apps_in)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return str(value) if isinstance(value, UUID) else value


def _same(value: Any) -> Any:
    """Equal for what both databases hold as equal: PostgreSQL writes 1e22 as a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_same(each) for each in value]
    if isinstance(value, dict):
        return {key: _same(each) for key, each in value.items()}
    return value
