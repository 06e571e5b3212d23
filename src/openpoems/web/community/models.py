"""The rows of the community. They know an account; only what is counted of a record knows a person."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openpoems.web.registry.models import Person


class Member(models.Model):
    """An account in the community, under a name that it chose. Others see what stands in `shown`, and nothing else."""

    class Role(models.TextChoices):
        AFFECTED = "affected", _("person with POEMS")
        FAMILY = "family", _("family or friend")
        CLINICIAN = "clinician", _("clinician")
        RESEARCHER = "researcher", _("researcher")
        ORGANISATION = "organisation", _("organisation")

    class Grain(models.TextChoices):
        NONE = "", _("not at all")
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


class Release(models.Model):
    """What is published until the next release; only the newest of a kind is kept."""

    class Kind(models.TextChoices):
        MAP = "map", "the map"
        FIGURES = "figures", "figures of records"

    kind = models.CharField(max_length=8, choices=Kind, unique=True)
    at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0, help_text="how often a withdrawal changed what is shown")
    audit_person = ""

    def __str__(self) -> str:
        return f"release {self.pk}"


class Counted(models.Model):
    """Who is counted where in a release: a member on the map, a record in the figures.

    Not audited: it is worked out by the site from what is audited, and gone with the next release.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="counted")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    table = models.CharField(max_length=20)
    cell = models.CharField(max_length=40)
    part = models.CharField(max_length=20, blank=True)
    audit_person = None

    class Meta:
        indexes = [models.Index(fields=["release", "table", "cell"], name="counted_in_a_cell")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, person__isnull=True)
                | models.Q(member__isnull=True, person__isnull=False),
                name="counted_as_one",
            )
        ]

    def __str__(self) -> str:
        return "somebody counted"

    def __repr__(self) -> str:
        return "<Counted>"


class Cell(models.Model):
    """What a release shows of one cell, or of a part of it: what is hidden has no row.

    Not audited: it counts people and names none.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cells")
    table = models.CharField(max_length=20)
    cell = models.CharField(max_length=40)
    part = models.CharField(max_length=20, blank=True)
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    rounded = models.PositiveIntegerField()
    audit_person = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "table", "cell", "part"], name="one_cell")]

    def __str__(self) -> str:
        return f"cell {self.pk}"


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
