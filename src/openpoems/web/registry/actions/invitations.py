"""Inviting carers and staff, accepting, and ending what an invitation began."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.accounts.models import Centre, Invitation, Membership, Role
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.models import Person, Tie

DAYS = 7
MOST_AN_HOUR = 20
ENDED = "This invitation was used, taken back or is older than seven days. Ask for a new one."


def open_invitations() -> QuerySet[Invitation]:
    """Those that can still be accepted."""
    return Invitation.objects.filter(accepted=None, taken_back=None, expires__gt=timezone.now())


def find(secret: str) -> Invitation:
    """The open invitation behind a link. Raises `Refused`."""
    found = open_invitations().select_related("centre").filter(digest=_digest(secret)).first()
    if found is None:
        raise Refused(_(ENDED))
    return found


@transaction.atomic
def invite(
    *, by: Any, email: str, role: str, site: str, centre: Centre | None = None, person: Person | None = None
) -> Invitation:
    """Send an invitation to an address; an open one to the same thing is replaced. `site` begins every address.

    Raises `Refused` where the account sent too many within the hour.
    """
    fresh = timezone.now() + timedelta(days=DAYS, hours=-1)  # what ends later was sent within the hour
    if Invitation.objects.filter(by=by, expires__gt=fresh).count() >= MOST_AN_HOUR:
        raise Refused(_("You sent many invitations within the hour. Wait a while, then send the next."))
    email = email.strip().lower()
    same = open_invitations().filter(email=email, role=role, centre=centre, person=person)
    same.update(taken_back=timezone.now())
    secret = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        email=email,
        role=role,
        centre=centre,
        person=person,
        digest=_digest(secret),
        by=by,
        expires=timezone.now() + timedelta(days=DAYS),
    )
    link = site + reverse("invitation", args=[secret])
    transaction.on_commit(lambda: _send(row, link))
    return row


@transaction.atomic
def accept(*, by: Any, secret: str, name: str = "") -> Invitation:
    """Take what was offered, with an account that proved to hold the invited address. Raises `Refused`."""
    found = Invitation.objects.select_for_update().get(pk=find(secret).pk)
    if found.accepted:
        raise Refused(_(ENDED))
    if not EmailAddress.objects.filter(user=by, verified=True, email__iexact=found.email).exists():
        raise Refused(_("This invitation was sent to another address. Sign in with that one, or add it to yours."))
    if found.person:
        _become_carer(by, found.person)
    else:
        Membership.objects.get_or_create(user=by, role=found.role, centre=found.centre)
    if name and not by.name:
        by.name = name
        by.save(update_fields=["name"])
    found.accepted = timezone.now()
    found.save(update_fields=["accepted"])
    return found


@transaction.atomic
def take_back(*, by: Any, invitation: Invitation) -> None:
    """End an open invitation."""
    open_invitations().filter(pk=invitation.pk).update(taken_back=timezone.now())


@transaction.atomic
def end_membership(*, by: Any, membership: Membership) -> None:
    """Take a role away. Raises `Refused` where nobody would be left to administer the site."""
    if membership.role == Role.ADMINISTRATOR:
        others = Membership.objects.select_for_update().filter(~Q(pk=membership.pk), role=Role.ADMINISTRATOR)
        if not others:
            raise Refused(_("This is the last administrator: invite another first."))
    membership.delete()


@transaction.atomic
def end_tie(*, by: Any, tie: Tie) -> None:
    """A carer no longer acts for a person. Raises `Refused` where nobody could open the record any more."""
    if tie.kind != Tie.Kind.PROXY:
        raise Refused(_("This is the person's own account, not a carer's."))
    if not tie.person.ties.exclude(pk=tie.pk).exists():
        raise Refused(_("Nobody else can open this record. Invite another carer first, or erase the record."))
    tie.delete()


def _become_carer(by: Any, person: Person) -> None:
    if by.ties.filter(person=person).exists():
        raise Refused(_("This account can already open that record."))
    Tie.objects.create(user=by, person=person, kind=Tie.Kind.PROXY)


def _send(row: Invitation, link: str) -> None:
    told = {"link": link, "days": DAYS, "role": row.get_role_display(), "centre": row.centre}
    send_mail(
        _("You are invited"),
        render_to_string("portal/mail/invitation.txt", told),
        settings.DEFAULT_FROM_EMAIL,
        [row.email],
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
