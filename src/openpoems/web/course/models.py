"""Pages as they were drawn, so that a record is drawn once for each change of it and not once for each look."""

from django.db import models

from openpoems.web.registry.models import Person


class Drawn(models.Model):
    """What a page shows of one person in one `variant` (axis, gaps, language), deflated; `stamp` tells of which record.

    Nothing in it depends on who looks: rights are asked before it is shown.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drawn")
    variant = models.CharField(max_length=40)
    stamp = models.CharField(max_length=80)
    html = models.BinaryField()
    audit_person = None  # drawn from rows that are logged themselves; who reads it is logged at the gate

    class Meta:
        verbose_name_plural = "drawn"
        constraints = [models.UniqueConstraint(fields=["person", "variant"], name="one_drawing_of_a_variant")]

    def __str__(self) -> str:
        return f"drawing {self.pk}"

    def __repr__(self) -> str:
        return "<Drawn>"
