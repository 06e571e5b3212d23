"""Why a record asks for a look: one row for each person, made anew from the record at any time."""

from django.db import models

from openpoems.web.registry.models import Person


class Attention(models.Model):
    """What the list needs of a record, worked out once for each revision of it (see `refresh`).

    Not audited: it says nothing that the facts do not say. What depends on the day stands as a day: `due` from which
    something is overdue, `again` on which a fact that lies ahead begins to count.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="attention")
    revision = models.PositiveIntegerField()
    made_by = models.CharField(max_length=40, help_text="the version of openpoems whose rules made it")
    seen = models.DateTimeField(help_text="when it was worked out")
    again = models.DateField(null=True)
    undetermined = models.BooleanField(default=False)
    lost = models.BooleanField(default=False)
    rising = models.BooleanField(default=False)
    unverified = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    due = models.DateField(null=True)
    last_visit = models.DateField(null=True)
    reasons = models.JSONField(default=list, help_text="as `openpoems.reports.attention` gives them")
    overdue = models.JSONField(default=list, help_text="each measure: the rule, its last day, since when it is due")
    audit_person = None

    class Meta:
        verbose_name_plural = "attention"

    def __str__(self) -> str:
        return "a record's reasons"

    def __repr__(self) -> str:
        return "<Attention>"
