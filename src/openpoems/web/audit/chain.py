"""Proving the log: each row hashes to what it says, follows the row before it, and none is missing at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from openpoems.web.audit.context import row_hash

_ROWS_AT_A_TIME = 5_000
_FIELDS = "seq, at, actor, via, reason, action, person, place, row_id, columns, previous"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rows` were read; `fault` says where the chain first breaks and how, "" when it is whole. `head` is its end."""

    rows: int
    head: str
    fault: str = ""


def verify() -> Verdict:
    """Read the whole log in order and check it."""
    rows, previous = 0, ""
    for *fields, claimed in _entries():
        seq = fields[0]
        if seq != rows + 1:
            return Verdict(rows, previous, f"entry {rows + 1} is missing")
        if fields[-1] != previous:
            return Verdict(rows, previous, f"entry {seq} does not follow entry {rows}: one of them was changed")
        if row_hash(*fields) != claimed:
            return Verdict(rows, previous, f"entry {seq} was changed")
        rows, previous = rows + 1, claimed
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_head")
        head = cursor.fetchone()
    if head != (rows, previous):
        return Verdict(rows, previous, f"entries after {rows} are missing: the log went on to entry {head[0]}")
    return Verdict(rows, previous)


def _entries() -> Iterator[tuple[Any, ...]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_FIELDS}, hash FROM audit_entry WHERE seq > %s ORDER BY seq LIMIT {_ROWS_AT_A_TIME}",  # noqa: S608
                [last],
            )
            found = cursor.fetchall()
        if not found:
            return
        yield from found
        last = found[-1][0]
