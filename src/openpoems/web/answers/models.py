"""Answers, their versions, who reviewed them, what readers said, translations, and the index for searching."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

_USER = settings.AUTH_USER_MODEL
# The language in which answers are written; others have translations.
ORIGINAL = "en"
# These rows are no part of anybody's record.
_NOBODY = ""


class Reviewer(models.Model):
    """Who a medical reviewer is, by their own words; it counts once an administrator verified it, until it ended.

    The name stays beside what was reviewed when the account is erased: reviewers are told so before they begin.
    """

    user = models.OneToOneField(_USER, on_delete=models.SET_NULL, null=True, related_name="reviewer")
    name = models.CharField(max_length=120)
    profession = models.CharField(max_length=120)
    organisation = models.CharField(max_length=160)
    proof = models.CharField(max_length=400, help_text="where an administrator can see that it is so")
    told = models.DateTimeField()
    verified = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    invented = models.BooleanField(default=False, help_text="of the demo: no real person")
    audit_person = _NOBODY

    def __str__(self) -> str:
        return f"reviewer {self.pk}"

    def __repr__(self) -> str:
        return "<Reviewer>"

    @property
    def counts(self) -> bool:
        """Whether this person may approve now."""
        return self.verified is not None and self.ended is None and self.user_id is not None


class Answer(models.Model):
    """One question. `working` is the version in work, `public` the one that readers see; `state` is of the working one.

    `review_due` is of the public version, and empty where nobody reviewed it. The project's own draft has no author.
    """

    name = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=16)
    author = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    working = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")
    public = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approval = models.ForeignKey("Review", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_due = models.DateField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=100)
    topic = models.CharField(max_length=16, default="", blank=True)
    audit_person = _NOBODY

    class Meta:
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return f"answer {self.name}"


class Version(models.Model):
    """The words of an answer at one time; never changed. `document` has the form of `knowledge.answers.Answer`."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    audit_person = _NOBODY

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"version {self.number} of answer {self.answer_id}"


class Review(models.Model):
    """What a reviewer decided of a version. `resting` holds the facts it rested on then, each by its digest."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "approved"
        CHANGES = "changes", "changes asked"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    resting = models.JSONField()
    audit_person = _NOBODY

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Step(models.Model):
    """One step of an answer from a state to another: who took it, when, and what they said. The clock is nobody."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="steps")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=24)
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    audit_person = _NOBODY

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class Remark(models.Model):
    """What a reader said of a version, and the reply. `token` opens the reply for a reader without an account."""

    class Kind(models.TextChoices):
        OUTDATED = "outdated", _("out of date")
        UNCLEAR = "unclear", _("unclear")
        WRONG = "wrong", _("wrong")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(blank=True)
    by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    replied = models.DateTimeField(null=True, blank=True)
    audit_person = _NOBODY

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"remark {self.pk}"

    def __repr__(self) -> str:
        return "<Remark>"


class Translation(models.Model):
    """An answer in another language, made by a person from one version of it; outdated once another is public.

    It is shown when a verified reviewer who is not its translator approved it. One that was sent back says in `words`
    what should change; the translator then makes another.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    of = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="translations")
    document = models.JSONField()
    by = models.ForeignKey(_USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField()
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed = models.DateTimeField(null=True, blank=True)
    sent_back = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    audit_person = _NOBODY

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"translation {self.pk}"


class Entry(models.Model):
    """One thing that can be found by its words: an answer, a term, a part of the library."""

    KINDS: ClassVar = ("answer", "term", "library")

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default=ORIGINAL)
    title = models.CharField(max_length=300)
    also = models.TextField(blank=True)
    body = models.TextField(blank=True)
    says = models.TextField(blank=True, help_text="what is shown beside the title")
    address = models.CharField(max_length=200)
    audit_person = None  # made from what is logged itself, and made anew from it at any time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "language"], name="one_entry")]

    def __str__(self) -> str:
        return f"entry {self.pk}"
