"""Agreeing that one's own record is compared, having it compared anew, and ending that."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.record.time import days
from openpoems.reports.likeness import DAYS_A_YEAR, choices, edition
from openpoems.reports.traits import Traits, traits
from openpoems.response.respond import respond
from openpoems.web.audit import log
from openpoems.web.community.actions.deeds import done, may_meet, note
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.likeness import columns
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Deed, Member, Message, Wish
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.consent import agrees
from openpoems.web.registry.forms.scale import answers_in
from openpoems.web.registry.last import latest_result
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_of


@transaction.atomic
def compare(*, by: Any, member: Member, today: date) -> Compared:
    """Work out of one's own record what is compared, and keep it in place of what was. Raises `Refused`."""
    person = _held(own_record(by))
    may_meet(by)
    if person is None or not agrees(person, "care"):
        raise Refused(_("For this you need a record of your own, and your agreement that it is kept."))
    if done(by, Deed.Kind.COMPARE, days=limits().compared_anew_days) and (when := anew_from(by)):
        day = date_format(timezone.localtime(when), "DATE_FORMAT")
        raise Refused(_("Your record was compared lately. From %(day)s on it can be compared anew.") % {"day": day})
    log.record("read", person=person.pk, place="community-like-me", row_id=person.pk)
    made = worked_out(person, today)
    if not made.enough:
        told = {"least": choices().compared.known, "have": len(made.known)}
        raise Refused(
            _("Your record says too little yet: of the six, %(have)d are known, and %(least)d are needed.") % told
        )
    note(by, Deed.Kind.COMPARE)
    kept = {"person": person, "at": timezone.now(), "edition": edition(), **columns(made)}
    return Compared.objects.update_or_create(member=member, defaults=kept)[0]


@transaction.atomic
def stop(*, by: Any, member: Member) -> None:
    """Be compared no longer, from this moment on: what was kept goes, and an open wish with it."""
    Compared.objects.filter(member=member).delete()


@transaction.atomic
def tidy(now: datetime) -> None:
    """Let go of what is too old to be compared, of wishes that ended, of what was said in ended conversations."""
    Compared.objects.filter(at__lte=now - timedelta(days=limits().compared_stands_days)).delete()
    Wish.objects.filter(at__lte=now - timedelta(days=limits().wish_stands_days)).delete()
    Message.objects.filter(meeting__ended__lte=now - timedelta(days=limits().ended_words_days)).delete()


def anew_from(by: Any) -> datetime | None:
    """From when on an account may have its record compared anew; None where it may now."""
    last = Deed.objects.filter(user=by, kind=Deed.Kind.COMPARE).order_by("-at").first()
    when = last.at + timedelta(days=limits().compared_anew_days) if last else None
    return when if when and when > timezone.now() else None


def worked_out(person: Person, today: date) -> Traits:
    """The traits of a person's record on a day; whoever asks logs the read."""
    record = record_of(person)
    made = assess(record, knowledge(), today, today=today)
    return traits(made, respond(record, knowledge(), today, today=today), _grades(person, today))


def _held(person: Person | None) -> Person | None:
    """The record, held: no withdrawal is stored between the question for the consent and what is kept."""
    return Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first() if person else None


def _grades(person: Person, today: date) -> dict[str, int]:
    """The grades of the latest ONLS whose parts are known, unless it is too old or nobody knows how old."""
    latest = latest_result(person, "onls")
    span = days(latest.on, None) if latest else None
    most = choices().compared.grades_stand_years * DAYS_A_YEAR
    if latest is None or span is None or today.toordinal() - span[0] > most:
        return {}
    return {part: int(grade) for part, grade in answers_in(latest.note).items()}
