"""Meeting somebody like oneself: what is compared, a wish that names nobody, a meeting once both agreed, messages."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from openpoems.web.community.models.members import Member
from openpoems.web.registry.models import Person


class Compared(models.Model):
    """What is compared of a member's own record while they agree to it: the traits of `reports.traits`, as of a day.

    What is not known is empty. The row goes with the member, with the record, when its owner no longer agrees to be
    compared, and when they no longer agree that the record is kept; the wish goes with it.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="compared")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    edition = models.CharField(max_length=12, help_text="of the choices by which the traits were made")
    age = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=6, blank=True)
    since = models.SmallIntegerField(null=True)
    nerves = models.SmallIntegerField(null=True)
    walking = models.SmallIntegerField(null=True)
    treatments = models.IntegerField(null=True, help_text="one bit for each group of treatments")
    audit_person = "person_id"

    def __str__(self) -> str:
        return "somebody compared"

    def __repr__(self) -> str:
        return "<Compared>"


class Wish(models.Model):
    """Somebody who is compared wishes to meet somebody like them. Others learn only that there is one like them."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    compared = models.OneToOneField(Compared, on_delete=models.CASCADE, related_name="wish")
    at = models.DateTimeField(db_index=True)
    declined = models.ManyToManyField(Member, related_name="+", blank=True)
    audit_person = ""

    class Meta:
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        return f"wish {self.public_id}"


class Deed(models.Model):
    """That an account did something of which it may do only so much. It is the account's and nothing else's: who ends
    a meeting, blocks, or leaves and joins anew begins no new count.
    """

    class Kind(models.TextChoices):
        COMPARE = "compare"
        WISH = "wish"
        AGREE = "agree"
        MESSAGE = "message"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    at = models.DateTimeField()
    audit_person = ""

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "at"], name="deeds_of_an_account")]

    def __str__(self) -> str:
        return f"deed {self.pk}"


class Meeting(models.Model):
    """Two members who both agreed to write to each other; each can end it."""

    asked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="meetings_asked")
    agreed = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="meetings_agreed")
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    audit_person = ""

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Message(models.Model):
    """What one of the two wrote; the site keeps it and tells the other by a mail that says nothing."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=4000)
    audit_person = ""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def __repr__(self) -> str:
        return "<Message>"


class Complaint(models.Model):
    """A member asks a moderator to look at a conversation, and shows what the other wrote there.

    It is about an account, so that leaving the community takes nothing back. The words go once it is decided.
    """

    class Outcome(models.TextChoices):
        LEFT = "left"
        BARRED = "barred"

    by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=1000)
    words: Any = models.JSONField(default=list, help_text="what the other wrote, the latest last")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    audit_person = ""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    def __repr__(self) -> str:
        return "<Complaint>"
