"""Meeting somebody like oneself: a wish that names nobody, a meeting once both agreed, and their messages."""

from django.db import models

from openpoems.web.community.models.members import Member


class Wish(models.Model):
    """A member wishes to meet somebody like them. Others learn of it only that there is one who is like them."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="wishes")
    at = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    declined = models.ManyToManyField(Member, related_name="+", blank=True)
    audit_person = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=models.Q(closed=None), name="one_open_wish")
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"


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
