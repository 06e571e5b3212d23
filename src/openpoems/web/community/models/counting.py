"""What is published as counts, and who is counted in it."""

from django.db import models

from openpoems.web.community.models.members import Member
from openpoems.web.registry.models import Person


class Release(models.Model):
    """What is published until the next release; only the newest of a kind is kept."""

    class Kind(models.TextChoices):
        MAP = "map", "the map"
        FIGURES = "figures", "figures of records"
        SIMILAR = "similar", "similar people"

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
