"""The log's rows, to be read."""

from typing import Any

from django.db import models


class Entry(models.Model):
    """One read or write: who (`actor`), when (`at`, UTC), through what, why, on whose record, and which row.

    The fields are texts, so that both databases hash the same characters. Written by triggers alone.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.TextField()
    actor = models.TextField()
    via = models.TextField()
    reason = models.TextField()
    action = models.TextField()
    person = models.TextField()
    place = models.TextField()
    row_id = models.TextField()
    columns = models.TextField()
    previous = models.TextField()
    hash = models.TextField()

    class Meta:
        db_table = "audit_entry"
        managed = False
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"entry {self.seq}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: only the database writes the log. Raises `TypeError`."""
        raise TypeError("the audit log is written by the database alone")
