"""The ledger of erasures: which records and accounts must not come back with a backup.

A file beside the keys, one line for each erasure, never part of what a restore overwrites. It holds pseudonyms and
times, and nothing about anybody. An erasure is written here just before its transaction commits: whoever stands in the
ledger and is still there was interrupted, and is erased by the next replay. A last line without its end was torn when
the power went; that erasure was not made, and the line is dropped.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from openpoems.errors import OpenpoemsError


class LedgerError(OpenpoemsError):
    """A ledger that cannot be read; the message names the line and the mend."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: of a record, of an account (its public id), or of both; `at` is UTC in ISO 8601."""

    person: str = ""
    account: str = ""
    at: str = ""


def ledger() -> Path:
    """Where the ledger of this site lies."""
    return Path(settings.ERASURES)


def read(path: Path | None = None) -> tuple[Erasure, ...]:
    """Every erasure, oldest first; none where there is no ledger. Raises `LedgerError`."""
    path = path or ledger()
    if not path.exists():
        return ()
    lines = path.read_bytes().split(b"\n")[:-1]
    return tuple(_parse(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line)


def append(erasures: tuple[Erasure, ...], path: Path | None = None) -> None:
    """Add erasures, so that they last even if the machine stops at once."""
    path = path or ledger()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
        file.truncate(file.read().rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        file.write("".join(f"{json.dumps(asdict(each), sort_keys=True)}\n" for each in erasures).encode())
        file.flush()
        os.fsync(file.fileno())


def now() -> str:
    """The time of an erasure."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(line: bytes, place: str) -> Erasure:
    try:
        return Erasure(**json.loads(line))
    except (ValueError, TypeError):
        raise LedgerError(f"{place}: this is no erasure; bring the ledger back from its copy") from None
