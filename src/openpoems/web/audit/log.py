"""Writing what the triggers cannot see: that somebody read, exported or signed something."""

from collections.abc import Sequence

from django.db import connection


def record(action: str, *, person: str = "", place: str, row_id: str = "", columns: str = "") -> None:
    """Log one act by whoever acts now, in the transaction that is open; never call it with a person's data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_write (action, person, place, row_id, columns) VALUES (%s, %s, %s, %s, %s)",
            [action, person, place, row_id, columns],
        )


def record_each(action: str, people: Sequence[str], *, place: str) -> None:
    """Log one act on the records of several people at once, as `record` does for one."""
    if not people:
        return
    rows = ", ".join(["(%s, %s, %s, %s, '')"] * len(people))
    values = [value for person in people for value in (action, person, place, person)]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_write (action, person, place, row_id, columns) VALUES {rows}", values)  # noqa: S608 - only placeholders
