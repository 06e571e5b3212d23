"""Stories: what members write, what happened to each on its way to readers, and what readers said of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openpoems.web.community.models.members import Member

LONGEST = 20_000


class Story(models.Model):
    """One story. While it is a draft it is kept at each pause in writing; `member` is empty once handed on unnamed."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("everybody")
        MEMBERS = "members", _("members of the community")
        RESEARCH = "research", _("researchers only")

    class Warned(models.TextChoices):
        DEATH = "death", _("death or dying")
        DESPAIR = "despair", _("despair, or thoughts of suicide")
        PROCEDURES = "procedures", _("needles, operations, intensive care")
        BODY = "body", _("wounds or a changed body")
        VIOLENCE = "violence", _("abuse or violence")
        DRUGS = "drugs", _("alcohol or drugs")
        OTHER = "other", _("something else that may be hard to read")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="stories")
    title = models.CharField(max_length=120, blank=True)
    happened = models.TextField(blank=True)
    difference = models.TextField(blank=True)
    # Each between commas, `,death,body,`, so that both databases find one without reading the others.
    flags = models.CharField(max_length=120, blank=True, default="")
    audience = models.CharField(max_length=8, choices=Audience, blank=True)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(max_length=10, default="draft", help_text="a state of workflow.toml")
    digest = models.CharField(max_length=64, blank=True, help_text="of the words, so that nothing is sent twice")
    begun = models.DateTimeField()
    changed = models.DateTimeField()
    published = models.DateTimeField(null=True, blank=True)
    # Who decides, until when the story waits for it, and who may not decide it again.
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    audit_person = ""

    class Meta:
        ordering = ["-published", "-pk"]
        verbose_name_plural = "stories"
        indexes = [models.Index(fields=["state", "audience", "-published", "-id"], name="stories_to_read")]

    def __str__(self) -> str:
        return f"story {self.public_id}"

    @property
    def warnings(self) -> list[str]:
        """What a reader is warned of."""
        return [flag for flag in self.flags.split(",") if flag]

    def __repr__(self) -> str:
        return f"<Story {self.public_id}>"


class StoryStep(models.Model):
    """One step of a story's way: who took it, with the reason given to the author or the author's reply."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12)
    state = models.CharField(max_length=10, help_text="the state it led to")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    says = models.CharField(max_length=2000, blank=True)
    audit_person = ""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class StoryReport(models.Model):
    """A reader asks a moderator to look at a published story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="reports")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=1000)
    at = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    audit_person = ""

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "member"], condition=models.Q(closed=None), name="one_open_report_of_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
