"""Writing what the triggers cannot see: that somebody read, exported or signed something."""

from django.db import connection


def record(action: str, *, person: str = "", place: str, row_id: str = "", columns: str = "") -> None:
    """Log one act by whoever acts now, in the transaction that is open; never call it with a person's data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_write (action, person, place, row_id, columns) VALUES (%s, %s, %s, %s, %s)",
            [action, person, place, row_id, columns],
        )
