"""Proving the log: each row hashes to what it says, follows the row before it, and none is missing at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from openpoems.web.audit.context import row_hash

_ROWS_AT_A_TIME = 5_000
_FIELDS = "seq, at, actor, via, reason, action, person, place, row_id, columns, previous"


class Head(NamedTuple):
    """The end of the log at some time: its last entry's number and hash. Written `SEQ:HASH`."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read `SEQ:HASH`. Raises `ValueError`."""
        seq, _, digest = text.strip().partition(":")
        if not digest and seq != "0":
            raise ValueError("the head of a log is written SEQ:HASH, as `openpoems site audit verify` prints it")
        return cls(int(seq), digest.lower())


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rows` were read; `fault` says where the chain first breaks and how, "" when it is whole. `head` is its end."""

    rows: int
    head: str
    fault: str = ""


def head() -> Head:
    """Where the log ends now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_head")
        return Head(*cursor.fetchone())


def verify(expected: Head | None = None) -> Verdict:
    """Read the log in order, up to where it ended when this began, and check it.

    `expected` is a head that was kept elsewhere: whoever rewrote the whole chain cannot have kept it.
    """
    end, rows, previous = head(), 0, ""
    for *fields, claimed in _entries(end.seq):
        if fault := _fault(fields, claimed, rows, previous, expected):
            return Verdict(rows, previous, fault)
        rows, previous = rows + 1, claimed
    if end != (rows, previous):
        return Verdict(rows, previous, f"entries after {rows} are missing: the log went on to entry {end.seq}")
    if expected and expected.seq > rows:
        return Verdict(rows, previous, f"entries after {rows} are missing: the expected one is entry {expected.seq}")
    return Verdict(rows, previous, _beyond())


def _fault(fields: list[Any], claimed: str, rows: int, previous: str, expected: Head | None) -> str:
    seq = fields[0]
    if seq != rows + 1:
        return f"entry {rows + 1} is missing"
    if fields[-1] != previous:
        return f"entry {seq} does not follow entry {rows}: one of them was changed"
    if row_hash(*fields) != claimed:
        return f"entry {seq} was changed"
    if expected and seq == expected.seq and claimed != expected.hash:
        return f"entry {seq} is not the one that was expected: the log was written anew"
    return ""


def _beyond() -> str:
    """What stands after the head; one statement sees one state."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, (SELECT coalesce(max(seq), 0) FROM audit_entry) FROM audit_head")
        end, last = cursor.fetchone()
    return f"entries after {end} were not written by the log" if last > end else ""


def _entries(end: int) -> Iterator[tuple[Any, ...]]:
    last = -1  # an entry that was renumbered to less is missing at its place
    wanted = (
        f"SELECT {_FIELDS}, hash FROM audit_entry WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT {_ROWS_AT_A_TIME}"  # noqa: S608
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(wanted, [last, end])
            found = cursor.fetchall()
        if not found:
            return
        yield from found
        last = found[-1][0]
