"""Accounts, centres, and who holds which role where."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password it can only be entered by other means."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. `public_id` names it wherever others can see it; the e-mail address never does."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, help_text="as others at your centre see it")
    language = models.CharField(max_length=8, blank=True, help_text="of the mail that is sent to it")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    audit_person = ""

    objects = UserManager()

    def __str__(self) -> str:
        return f"account {self.public_id}"

    def __repr__(self) -> str:
        return f"<User {self.public_id}>"


class Centre(models.Model):
    """A hospital or clinic that cares for people with POEMS."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=160)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    audit_person = ""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of staff is. A person and a proxy are not roles but ties to a record (`registry.Tie`)."""

    CLINICIAN = "clinician", _("clinician")
    ABSTRACTOR = "abstractor", _("abstractor")
    LEAD = "lead", _("centre lead")
    RESEARCHER = "researcher", _("researcher")
    ADMINISTRATOR = "administrator", _("administrator")
    EDITOR = "editor", _("editor of answers")
    REVIEWER = "reviewer", _("medical reviewer")
    MODERATOR = "moderator", _("moderator of stories")


# Roles of the whole site; the others are of one centre.
OF_SITE = ["researcher", "administrator", "editor", "reviewer", "moderator"]


class Membership(models.Model):
    """One role of one account: at a centre, or on the whole site where there is no centre."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)
    audit_person = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "centre"], name="one_membership", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(centre__isnull=True, role__in=OF_SITE)
                | models.Q(centre__isnull=False, role__in=["clinician", "abstractor", "lead"]),
                name="staff_of_a_centre",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} membership {self.pk}"


class Invitation(models.Model):
    """An open hand: whoever proves to hold this address gets a role, or becomes the carer of one person.

    Only a digest of the link's secret is kept. An invitation ends once: accepted, taken back, or by its day.
    """

    PROXY = "proxy"

    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[*Role.choices, (PROXY, "carer")])
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    person = models.ForeignKey(
        "registry.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    taken_back = models.DateTimeField(null=True, blank=True)
    audit_person = "person_id"

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="proxy", person__isnull=False, centre__isnull=True)
                | models.Q(role__in=OF_SITE, person__isnull=True, centre__isnull=True)
                | models.Q(role__in=["clinician", "abstractor", "lead"], person__isnull=True, centre__isnull=False),
                name="invited_to_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def __repr__(self) -> str:
        return "<Invitation>"
