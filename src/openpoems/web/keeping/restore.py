"""Bringing a backup back into an empty database, all of it or nothing, without those who were erased since."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from openpoems.web.audit import chain, log, triggers
from openpoems.web.audit.chain import Head
from openpoems.web.keeping import archive
from openpoems.web.keeping.archive import BackupError, Manifest, Summing, TableSum
from openpoems.web.registry import erasures, vault
from openpoems.web.registry.actions.erasure import replay
from openpoems.web.registry.erasures import Erasure

_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: from when the backup was, its rows, and how many records and accounts were erased again."""

    made: str
    rows: int
    erased_again: int


def restore(path: Path) -> Restored:
    """Fill an empty, migrated database from a backup; check every row's hash and the chain; replay the erasures.

    Raises `BackupError`, and then nothing was stored.
    """
    try:
        with ZipFile(path) as archived:
            manifest = _manifest(archived, path)
            _fits(manifest, path)
            with transaction.atomic():
                return _fill(archived, manifest, path)
    except FileNotFoundError:
        raise BackupError(f"{path}: there is no such file") from None
    except BadZipFile:
        raise BackupError(f"{path}: this is no backup, or a part of it is missing; take another") from None


def _fill(archived: ZipFile, manifest: Manifest, path: Path) -> Restored:
    triggers.remove()
    for model in archive.models():
        if _load(archived, model) != manifest.tables[model._meta.db_table]:
            raise BackupError(f"{path}: the rows of {model._meta.db_table} are not those that were backed up")
    _continue_the_log(Head.parse(manifest.head), path)
    connection.check_constraints()
    _continue_the_numbers()
    triggers.install()
    if archive.sums(archive.models()) != manifest.tables:
        raise BackupError(f"{path}: the database did not keep the rows as they are; report this as a defect")
    log.record("restore", place="backup", columns=manifest.made)
    return Restored(manifest.made, sum(table.rows for table in manifest.tables.values()), _erase_again(manifest))


def _manifest(archived: ZipFile, path: Path) -> Manifest:
    try:
        document = json.loads(archived.read(archive.MANIFEST))
        document["tables"] = {name: TableSum(**table) for name, table in document["tables"].items()}
        manifest = Manifest(**document)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BackupError(f"{path}: this is no backup of a registry: its manifest is missing or unknown") from None
    if manifest.form != archive.FORM:
        raise BackupError(
            f"{path}: a backup of form {manifest.form}, made by openpoems {manifest.version}; use that one"
        )
    return manifest


def _fits(manifest: Manifest, path: Path) -> None:
    if set(manifest.migrations) != set(archive.migrations()):
        raise BackupError(
            f"{path}: made by openpoems {manifest.version} with other tables than this database has. "
            "Run `openpoems site migrate`; if that does not help, restore with that version, then bring it up to date"
        )
    if filled := [model._meta.db_table for model in archive.models() if model._base_manager.exists()]:
        raise BackupError(
            f"the database is not empty ({filled[0]} has rows). Restore into a new one: set OPENPOEMS_DATA or "
            "DATABASE_URL to it and run `openpoems site migrate`"
        )
    ring = vault.read(Path(settings.KEY_RING))
    if missing := set(manifest.keys) - set(ring.keys):
        raise BackupError(
            f"{settings.KEY_RING}: the key ring lacks the key {min(missing)}, without which identities of this backup "
            "cannot be read. Bring back the key ring that belongs to it"
        )


def _load(archived: ZipFile, model: type[Model]) -> TableSum:
    summing, fields = Summing(), archive.columns(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    insert = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - our own models' names
    rows = _rows(archived, f"{model._meta.db_table}.jsonl", summing)
    with connection.cursor() as cursor:
        while some := list(islice(rows, _ROWS_AT_A_TIME)):
            cursor.executemany(insert, [_stored(row, fields) for row in some])
    return summing.total()


def _rows(archived: ZipFile, name: str, summing: Summing) -> Iterator[list[Any]]:
    try:
        with archived.open(name) as file:
            for line in file:
                row = json.loads(line)
                summing.add(row)
                yield row
    except (KeyError, ValueError):
        raise BackupError(f"{name}: a part of the backup is missing or damaged; take another") from None


def _stored(row: list[Any], fields: list[Any]) -> list[Any]:
    pairs = zip(fields, row, strict=True)
    return [field.get_db_prep_save(field.to_python(value), connection) for field, value in pairs]


def _continue_the_log(head: Head, path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET seq = %s, hash = %s", [head.seq, head.hash])
    if fault := chain.verify(head).fault:
        raise BackupError(f"{path}: its log is not whole: {fault}; take another backup")


def _continue_the_numbers() -> None:
    """New rows get numbers after those that were restored; SQLite sees to that itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), archive.models()):
            cursor.execute(statement)


def _erase_again(manifest: Manifest) -> int:
    """Add what only the backup knows to the ledger, and erase all that the ledger names."""
    known = erasures.read()
    added = tuple(entry for entry in (Erasure(**each) for each in manifest.erasures) if entry not in known)
    if added:
        erasures.append(added)
    return replay((*known, *added))
