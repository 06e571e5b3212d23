"""Making a backup while the site goes on."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection
from django.db.models import Model

from openpoems import __version__
from openpoems.web.audit import chain
from openpoems.web.keeping import archive
from openpoems.web.keeping.archive import BackupError, Manifest, Summing, TableSum
from openpoems.web.registry import erasures, identity


def back_up(path: Path) -> Manifest:
    """Write everything as it stands at one moment into a file that only its owner reads, whole or not at all.

    Raises `BackupError` where the file is there already.
    """
    if path.exists():
        raise BackupError(f"{path}: there is such a file already; name another, or move it away")
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as archived, _one_moment():
            sums = {model._meta.db_table: _write(archived, model) for model in archive.models()}
            manifest = _manifest(sums)
            archived.writestr(archive.MANIFEST, json.dumps(asdict(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read inside is the database at one moment, and nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write(archived: ZipFile, model: type[Model]) -> TableSum:
    summing = Summing()
    with archived.open(f"{model._meta.db_table}.jsonl", "w", force_zip64=True) as file:
        for row in archive.rows(model):
            summing.add(row)
            file.write(f"{archive.line(row)}\n".encode())
    return summing.total()


def _manifest(sums: dict[str, TableSum]) -> Manifest:
    return Manifest(
        form=archive.FORM,
        version=__version__,
        made=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        database=connection.vendor,
        migrations=archive.migrations(),
        tables=sums,
        head=str(chain.head()),
        keys=sorted(identity.keys_in_use()),
        erasures=[asdict(entry) for entry in erasures.read()],
    )
