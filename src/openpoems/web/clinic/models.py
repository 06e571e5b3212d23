"""What a centre's pages keep: a view of each record made once per revision, slow work, exports and reminders."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts.models import Centre
from openpoems.web.registry.models import Person


class Snapshot(models.Model):
    """What the lists need of a record, worked out once for each revision of it (see `snapshots`).

    Not audited: it says nothing that the facts do not say, and is made anew from them at any time.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="snapshot")
    revision = models.PositiveIntegerField()
    made_by = models.CharField(max_length=40, help_text="the version of openpoems whose rules made it")
    diagnosed = models.DateField(null=True)
    last_visit = models.DateField(null=True)
    vegf_day = models.DateField(null=True)
    vegf = models.CharField(max_length=80, blank=True)
    unverified = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    doubts = models.PositiveIntegerField(default=0, help_text="how many findings of data quality there are")
    elements = models.JSONField(default=list, help_text="which elements the record holds")
    findings = models.JSONField(default=list, help_text="of data quality: severity, fact and what is wrong")
    last_days = models.JSONField(default=dict, help_text="the last day of each measure that is followed up")
    audit_person = None

    def __str__(self) -> str:
        return "a snapshot"

    def __repr__(self) -> str:
        return "<Snapshot>"


class Job(models.Model):
    """Slow work that a worker does for a centre, and how far it is."""

    class Kind(models.TextChoices):
        QUALITY = "quality", _("look at the records again")
        EXPORT = "export", _("prepare an export")
        REMINDERS = "reminders", _("send reminders")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the worker")
        RUNNING = "running", _("is being done")
        DONE = "done", _("done")
        FAILED = "failed", _("did not succeed")

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked = models.DateTimeField()
    began = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    says = models.CharField(max_length=300, blank=True, help_text="what came of it, or why it failed")
    audit_person = ""

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"job {self.pk}"


class Export(models.Model):
    """A prepared export: kept until it is taken, until its day is over, or until somebody in it withdraws."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="export")
    people = models.JSONField(default=list, help_text="the pseudonyms of those whose data are in it")
    archive = models.BinaryField(default=b"")
    released = models.DateTimeField(null=True)
    thrown_away = models.CharField(max_length=200, blank=True, help_text="why there is nothing to take any more")
    audit_person = ""

    def __str__(self) -> str:
        return f"export {self.pk}"

    def __repr__(self) -> str:
        return "<Export>"


class Reminder(models.Model):
    """A person was, or is about to be, told that something is due."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    rule = models.CharField(max_length=40)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="reminders")
    asked = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    audit_person = "person_id"

    class Meta:
        indexes = [models.Index(fields=["person", "rule", "-id"], name="latest_reminder")]

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    def __repr__(self) -> str:
        return "<Reminder>"
