"""The rows of the registry. Clinical rows know a pseudonym; who that is stands in `Identity` alone, sealed.

A fact is stored as the document of a value of `openpoems.record` (see `documents`): its row adds who entered it, what
it replaces and whether it still counts. What a fact says is never changed: a correction is a new fact that replaces it.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts.models import Centre
from openpoems.web.registry.pseudonyms import new_pseudonym


class Person(models.Model):
    """A person with a record. `birth_year` serves ages; the day of birth is part of the identity."""

    class Status(models.TextChoices):
        ALIVE = "alive", _("alive")
        DEAD = "dead", _("dead")
        LOST = "lost", _("lost to follow-up")
        WITHDRAWN = "withdrawn", _("opted out")

    pseudonym = models.CharField(max_length=14, primary_key=True, default=new_pseudonym, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    sex = models.CharField(
        max_length=8,
        default="unknown",
        choices=[("female", _("female")), ("male", _("male")), ("other", _("other")), ("unknown", _("not said"))],
    )
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ALIVE)
    last_seen = models.CharField(max_length=10, blank=True, help_text="a date that may lack its day or month")
    created = models.DateTimeField(auto_now_add=True)
    # Counts every change of the record, so that what was computed from it is computed once.
    revision = models.PositiveIntegerField(default=0)
    audit_person = "pseudonym"

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.pseudonym


class Tie(models.Model):
    """Whose record an account acts for: its own, or as a proxy that of a person it cares for."""

    class Kind(models.TextChoices):
        SELF = "self", _("my own record")
        PROXY = "proxy", _("the record of a person I care for")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ties")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(max_length=5, choices=Kind)
    audit_person = "person_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="one_tie"),
            models.UniqueConstraint(fields=["user"], condition=Q(kind="self"), name="one_record_of_ones_own"),
            models.UniqueConstraint(fields=["person"], condition=Q(kind="self"), name="one_account_of_its_own"),
        ]

    def __str__(self) -> str:
        return f"tie {self.pk}"


class Identity(models.Model):
    """Who a person is, each field sealed (see `vault`); "" where it was not given."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    name = models.TextField(blank=True)
    birth = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    address = models.TextField(blank=True)
    # The person's number at the centre: a keyed digest finds it again, the sealed text shows it.
    local_number = models.TextField(blank=True)
    local_digest = models.CharField(max_length=64, blank=True)
    audit_person = "person_id"

    class Meta:
        verbose_name_plural = "identities"
        constraints = [  # the digest is bound to the centre: a centre knows one person by a number
            models.UniqueConstraint(
                fields=["local_digest"], condition=~Q(local_digest=""), name="one_person_of_a_number"
            ),
        ]

    def __str__(self) -> str:
        return "an identity"

    def __repr__(self) -> str:
        return "<Identity>"


class Consent(models.Model):
    """One decision of a person: agreed to, or withdrew from, one purpose, as the document of that day put it.

    Decisions are only added; the latest of each purpose counts (see `consent`).
    """

    class Method(models.TextChoices):
        SCREEN = "screen", _("on screen")
        PAPER = "paper", _("on paper, kept by the centre")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16)
    given = models.BooleanField()
    document = models.CharField(max_length=40, help_text="the version of the consent document")
    language = models.CharField(max_length=8, default="en")
    method = models.CharField(max_length=6, choices=Method, default=Method.SCREEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    audit_person = "person_id"

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["person", "purpose", "-id"], name="latest_consent"),
            # Holds all that `consent.agreeing` asks for: who agrees is read from it alone.
            models.Index(fields=["purpose", "person", "-id", "given", "document"], name="consent_by_purpose"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Import(models.Model):
    """One source of many facts: previewed, then accepted or discarded; an accepted one can be undone as one."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("to be looked at")
        ACCEPTED = "accepted", _("accepted")
        DISCARDED = "discarded", _("discarded")
        UNDONE = "undone", _("undone")

    # Of one person, or of a centre's people.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="imports")
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, null=True, blank=True, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120, help_text="the file's name, or that it was pasted")
    form = models.CharField(max_length=16, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the source")
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    at = models.DateTimeField()
    decided = models.DateTimeField(null=True, blank=True)
    issues = models.JSONField(default=list, help_text="severity, path and message of each issue of the source")
    # Whom the centre does not know yet, by the digest of the local number: sealed number, sex, year of birth.
    newcomers = models.JSONField(default=dict)
    audit_person = "person_id"

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportRow(models.Model):
    """One fact of a source before it is accepted: what it would add, and what already stands there."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        SAME = "same", _("already in the record")
        CONFLICT = "conflict", _("differs from what the record says")

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    # Whose: empty where the source names somebody the centre does not know yet; `local` then tells them apart.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    local = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=160, help_text="the place in the source")
    kind = models.CharField(max_length=12)
    document = models.JSONField()
    state = models.CharField(max_length=8, choices=State)
    # The columns that the fact will have (see `Fact`).
    about = models.CharField(max_length=120)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    # Of a conflict, the document that says otherwise.
    beside = models.JSONField(null=True, blank=True)
    wanted = models.BooleanField(default=True)
    audit_person = "person_id"

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"row {self.pk}"

    def __repr__(self) -> str:
        return "<ImportRow>"


class FieldMapping(models.Model):
    """What the fields of a centre's REDCap project mean, as somebody there decided field by field."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=120)
    dictionary = models.JSONField(help_text="the fields of the data dictionary: name, form, type, label, choices")
    entries = models.JSONField(default=dict, help_text="what each field means; a field that is not there is not read")
    missing = models.CharField(max_length=200, blank=True, help_text="codes that stand for no value, by commas")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    audit_person = ""

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="one_mapping_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One fact of a record. Only `current` facts are part of it; the others are its history."""

    class Kind(models.TextChoices):
        FEATURE = "feature", _("sign, symptom or disease")
        MEASUREMENT = "measurement", _("result")
        TREATMENT = "treatment", _("drug treatment")
        PROCEDURE = "procedure", _("procedure")
        EVENT = "event", _("event")

    class State(models.TextChoices):
        CURRENT = "current", _("counts")
        REPLACED = "replaced", _("corrected by a later one")
        RETRACTED = "retracted", _("taken back")
        SET_ASIDE = "set-aside", _("another value was preferred")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=12, choices=Kind)
    # What it is about (`vegf`, `asct`, or the source's words in small letters), and the first and last day it can be.
    about = models.CharField(max_length=120)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    document = models.JSONField()
    # Tells equal facts (whoever says them) from others.
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.CURRENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    entered = models.DateTimeField()
    source = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, blank=True, related_name="facts")
    replaces = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    verified = models.DateTimeField(null=True, blank=True)
    # Why a fact no longer counts, or was preferred.
    why = models.CharField(max_length=300, blank=True)
    audit_person = "person_id"

    class Meta:
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["person", "state", "kind", "about"], name="facts_of_a_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "digest"], condition=Q(state="current"), name="a_fact_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"fact {self.pk}"

    def __repr__(self) -> str:
        return "<Fact>"


class Draft(models.Model):
    """A form that was begun and not saved: kept on the server at each pause, so that a lost session loses nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=60)
    fields: Any = models.JSONField(default=dict)
    saved = models.DateTimeField()
    audit_person = "person_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "person", "form"], name="one_draft_of_a_form")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    def __repr__(self) -> str:
        return "<Draft>"
