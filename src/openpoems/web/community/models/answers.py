"""Answering questionnaires: what was begun, when a person is asked again, and what came of the data of many."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openpoems.web.registry.models import Person


class Round(models.Model):
    """One time a person answers one questionnaire. `kept` are the pages begun; the answers stand in the record."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rounds")
    questionnaire = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    begun = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)
    done: Any = models.JSONField(default=list, help_text="the pages that were answered")
    kept: Any = models.JSONField(default=dict, help_text="what stands in the fields of pages not yet answered")
    audit_person = "person_id"

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "questionnaire"], condition=models.Q(finished=None), name="one_open_round"
            )
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"

    def __repr__(self) -> str:
        return "<Round>"


class Rhythm(models.Model):
    """Whether a person is reminded of questionnaires, and how often in vain since the last answer."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="rhythm")
    ended = models.BooleanField(default=False)
    reminded = models.DateTimeField(null=True, blank=True)
    in_vain = models.PositiveSmallIntegerField(default=0)
    audit_person = "person_id"

    def __str__(self) -> str:
        return "a rhythm"

    def __repr__(self) -> str:
        return "<Rhythm>"


class Outcome(models.Model):
    """What data led to: a study or a release that used them, in plain words, with its result."""

    class Kind(models.TextChoices):
        STUDY = "study", _("a study")
        RELEASE = "release", _("a release of data")
        FIGURES = "figures", _("figures of the community")

    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=160)
    says = models.TextField(help_text="what was asked, and whose data were used, in plain words")
    result = models.TextField(blank=True, help_text="what came out, also where it was nothing; empty while it runs")
    address = models.URLField(blank=True, help_text="where more can be read")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed = models.DateTimeField()
    audit_person = ""

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.title
