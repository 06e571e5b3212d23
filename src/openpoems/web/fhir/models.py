"""Records as FHIR resources, made once for each revision of a record."""

from django.db import models

from openpoems.web.registry.models import Person


class Rendered(models.Model):
    """The resources of a record at one revision, by one version of openpoems: JSON, deflated (see `rendering`)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="rendered")
    revision = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    resources = models.BinaryField()
    audit_person = None  # made from rows that are logged themselves; who reads it is logged at the gate

    class Meta:
        verbose_name_plural = "rendered"

    def __str__(self) -> str:
        return "a record as FHIR"

    def __repr__(self) -> str:
        return "<Rendered>"
