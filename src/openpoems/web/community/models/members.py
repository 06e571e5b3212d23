"""Members, and what is noticed about accounts."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Member(models.Model):
    """An account in the community, under a name that it chose. Others see what stands in `shown`, and nothing else."""

    class Role(models.TextChoices):
        AFFECTED = "affected", _("person with POEMS")
        FAMILY = "family", _("family or friend")
        CLINICIAN = "clinician", _("clinician")
        RESEARCHER = "researcher", _("researcher")
        ORGANISATION = "organisation", _("organisation")

    class Stories(models.TextChoices):
        REMOVE = "remove", _("take my stories away")
        ANONYMOUS = "anonymous", _("leave my published stories, without my name")

    class Grain(models.TextChoices):
        NONE = "", pgettext_lazy("counted on the map", "not at all")
        COUNTRY = "country", _("in my country")
        PART = "part", _("only in my part of the world")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=1000, blank=True)
    country = models.CharField(max_length=2, blank=True)
    shown: Any = models.JSONField(default=list, help_text="what others see: role, country, about")
    on_map = models.CharField(max_length=7, choices=Grain, blank=True, default="")
    stories_after = models.CharField(
        max_length=9,
        default="remove",
        choices=[
            ("remove", _("take my stories away")),
            ("anonymous", _("leave my published stories, without my name")),
        ],
    )
    joined = models.DateTimeField()
    audit_person = ""

    def __str__(self) -> str:
        return f"member {self.public_id}"

    def __repr__(self) -> str:
        return f"<Member {self.public_id}>"

    def shows(self, what: str) -> bool:
        """Whether others see this of the profile."""
        return what in self.shown


class ProfileRead(models.Model):
    """That an account opened a member's profile on a day: so that somebody who collects profiles is noticed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    audit_person = ""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "member", "on"], name="one_read_a_day")]

    def __str__(self) -> str:
        return f"profile read {self.pk}"


class Alert(models.Model):
    """Something about an account that an administrator should look at."""

    class Kind(models.TextChoices):
        PROFILES = "profiles", _("opened many profiles in one day")
        PLACE = "place", _("a place on the map filled at once")

    kind = models.CharField(max_length=10, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    about = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    seen = models.DateTimeField(null=True)
    audit_person = ""

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Block(models.Model):
    """That a member does not want to meet another: no stories of theirs, no contact."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    audit_person = ""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "blocked"], name="blocked_once")]

    def __str__(self) -> str:
        return f"block {self.pk}"
