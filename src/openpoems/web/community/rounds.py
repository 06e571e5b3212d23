"""Which questionnaires are due for a person, and reminding of them: with an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts.mail import write_to
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Rhythm, Round
from openpoems.web.community.questionnaires import Page, Questionnaire, questionnaires
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person, Tie

_BODY = _(
    "Hello,\n\nthere is a reminder for you. Sign in on the site where you have your account to read it.\n\n"
    "You can end these reminders there at any time.\n"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A questionnaire as it stands for a person: begun, due, or answered on a day and due again on another."""

    it: Questionnaire
    begun: bool
    due: bool
    answered: datetime | None
    again: datetime | None


def standings(person: Person, now: datetime) -> list[Standing]:
    """Every questionnaire as it stands."""
    rows = list(Round.objects.filter(person=person))
    return [
        _standing(each, [row for row in rows if row.questionnaire == each.id], now)
        for each in questionnaires().values()
    ]


def asked_of(user: Any, now: datetime) -> list[tuple[Tie, list[Standing]]]:
    """The records that an account is tied to, each with the questionnaires begun or due; none where care is refused."""
    ties = list(user.ties.select_related("person"))
    kept = set(agreeing(Person.objects.filter(ties__in=ties), "care").values_list("pk", flat=True))
    return [(tie, _waiting(tie.person, now) if tie.person_id in kept else []) for tie in ties]


def _waiting(person: Person, now: datetime) -> list[Standing]:
    return [each for each in standings(person, now) if each.due or each.begun]


def kept_of(person: Person, it: Questionnaire, page: Page) -> dict[str, str]:
    """What stands in the fields of a page that was begun and not sent yet; nothing where none was begun."""
    row = Round.objects.filter(person=person, questionnaire=it.id, finished=None).first()
    kept: dict[str, str] = row.kept.get(page.id, {}) if row else {}
    return kept


def remind(now: datetime) -> int:
    """Write to everybody for whom something is due; how many. Who does not answer is left in peace after some."""
    sent = 0
    agreed = agreeing(agreeing(Person.objects.filter(ties__user__is_active=True), "care"), "contact")
    for person in agreed.distinct().iterator():
        sent += _remind(person, now)
    return sent


def _standing(it: Questionnaire, rows: Iterable[Round], now: datetime) -> Standing:
    finished = max((row.finished for row in rows if row.finished), default=None)
    begun = any(row.finished is None for row in rows)
    again = finished + timedelta(days=it.every_days) if finished and it.every_days else None
    return Standing(it, begun, finished is None or (again is not None and again <= now), finished, again)


def _remind(person: Person, now: datetime) -> bool:
    """One mail, if the person still agrees now; written down first, so that nobody is written to twice."""
    if not any(each.due for each in standings(person, now)):
        return False
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        still = agreeing(agreeing(Person.objects.filter(pk=person.pk), "care"), "contact").exists()
        rhythm, _new = Rhythm.objects.get_or_create(person=person)
        if not still or rhythm.ended or _waits(rhythm, now):
            return False
        rhythm.reminded, rhythm.in_vain = now, rhythm.in_vain + 1
        rhythm.save()
        ties = list(person.ties.filter(user__is_active=True).select_related("user"))
        own = [tie for tie in ties if tie.kind == Tie.Kind.SELF]
        accounts = sorted({tie.user for tie in own or ties}, key=lambda user: user.email)
    for account in accounts:
        write_to(account, _("A reminder is waiting for you"), _BODY)
    return bool(accounts)


def _waits(rhythm: Rhythm, now: datetime) -> bool:
    if rhythm.in_vain >= limits().reminders_in_vain:
        return True
    return rhythm.reminded is not None and now - rhythm.reminded < timedelta(days=limits().remind_again_days)
