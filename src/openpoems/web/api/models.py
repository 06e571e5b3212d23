"""Keys that accounts make for their programs, and how often each account's programs asked."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Key(models.Model):
    """Acts for its account as far as its scopes say, until it ends; only the digest of its secret is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret")
    scopes = models.JSONField(default=list, help_text="the rights of the account that the key may use")
    made = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True, help_text="to the day")
    audit_person = ""

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"key {self.pk}"

    def __repr__(self) -> str:
        return "<Key>"

    @property
    def is_open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked is None and self.expires > timezone.now()


class Turn(models.Model):
    """How many requests came in one minute, by one key or one session's account."""

    who = models.CharField(max_length=24, primary_key=True)
    minute = models.BigIntegerField()
    count = models.PositiveIntegerField()
    audit_person = None  # a number that says nothing of anybody's record, written at each request

    def __str__(self) -> str:
        return f"turns of {self.who}"
