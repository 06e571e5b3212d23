"""Reminders: a mail that says nothing of the disease, only to people who agreed to be contacted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from openpoems.web.accounts.mail import write_to
from openpoems.web.accounts.models import User
from openpoems.web.clinic import followup
from openpoems.web.clinic.models import Job, Reminder
from openpoems.web.clinic.people import of_centre
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

# Nothing of the disease, the centre or the site's purpose: others may read a mail.
_BODY = _(
    "Hello,\n\nthere is a reminder for you. Sign in on the site where you have your account to read it.\n\n"
    "You get this message because you agreed to be contacted. You can withdraw that there at any time.\n"
)


def recipients(people: object) -> set[str]:
    """The pseudonyms of those who may be written to: they agreed to their record, to contact, and have an account."""
    agreed = agreeing(agreeing(people, "care"), "contact")  # type: ignore[arg-type]
    return set(agreed.filter(ties__user__is_active=True).values_list("pk", flat=True))


def send(job: Job) -> str:
    """Write to everybody of the centre for whom something is due. Each person gets one mail, whatever is due."""
    now = timezone.now()
    people = of_centre(job.centre)
    allowed = recipients(people)
    wanted: dict[str, list[followup.Due]] = {}
    for one in followup.due(people, timezone.localdate()):
        if one.person.pk in allowed and not one.waits(now):
            wanted.setdefault(one.person.pk, []).append(one)
    sent = sum(_remind(job, several) for several in wanted.values())
    return ngettext("%(sent)s person was reminded.", "%(sent)s people were reminded.", sent) % {"sent": sent}


def _remind(job: Job, several: list[followup.Due]) -> bool:
    """Write one mail and note it, if the person still agrees now. Written down first: nobody is written to twice."""
    person = several[0].person
    with transaction.atomic():
        # The person's row is held, so that no withdrawal is stored between the question and the note.
        held = Person.objects.select_for_update().filter(pk=person.pk)
        if not held or person.pk not in recipients(Person.objects.filter(pk=person.pk)):
            return False
        now = timezone.now()
        for one in several:
            Reminder.objects.create(person=person, rule=one.rule.id, job=job, asked=now, sent=now)
        accounts = _accounts(person)
    for account in accounts:
        write_to(account, _("A reminder is waiting for you"), _BODY)
    return bool(accounts)


def _accounts(person: Person) -> list[User]:
    """The person's own account, else those of who acts for the person."""
    ties = list(person.ties.filter(user__is_active=True).select_related("user"))
    own = [tie for tie in ties if tie.kind == Tie.Kind.SELF]
    return sorted({tie.user for tie in own or ties}, key=lambda user: user.email)


def lately() -> datetime:
    """Since when a reminder is still shown."""
    return timezone.now() - timedelta(days=max(rule.again_after for rule in followup.rules()))


def recent(person: Person) -> list[followup.Rule]:
    """What a person was reminded of lately."""
    asked = set(person.reminders.filter(asked__gte=lately()).values_list("rule", flat=True))
    return [rule for rule in followup.rules() if rule.id in asked]
