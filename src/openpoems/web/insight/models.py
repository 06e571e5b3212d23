"""Assessments as they were computed, and links by which a letter is opened without an account."""

from django.conf import settings
from django.db import models

from openpoems.web.registry.models import Person


class Assessed(models.Model):
    """The assessment of a person's record at one revision of it, by one version, on one day, in one language.

    All deflated: `document`, the published JSON (`assessment.schema.json`); `report`, the whole HTML report; `pages`,
    what the pages show beside the document; `letter`, the letter's words without the person's name.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assessed")
    language = models.CharField(max_length=10)
    revision = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    as_of = models.DateField()
    document = models.BinaryField()
    report = models.BinaryField()
    pages = models.BinaryField()
    letter = models.BinaryField()
    audit_person = None  # computed from rows that are logged themselves; who reads it is logged at the gate

    class Meta:
        verbose_name_plural = "assessed"
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="one_assessment_in_a_language")]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    def __repr__(self) -> str:
        return "<Assessed>"


class LetterLink(models.Model):
    """A link that opens a person's letter for a while; only the digest of its token is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letter_links")
    digest = models.CharField(max_length=64, unique=True)
    for_whom = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    audit_person = "person_id"

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"letter link {self.pk}"
