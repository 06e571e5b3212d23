"""Answering questionnaires: pages are kept while they are filled in, and their answers go into the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from openpoems.web.community.models import Outcome, Rhythm, Round
from openpoems.web.community.pages import Said
from openpoems.web.community.questionnaires import Questionnaire, questionnaires
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions import facts as registry
from openpoems.web.registry.models import Person

_LONGEST = 4000


@transaction.atomic
def begin(*, by: Any, person: Person, questionnaire: Questionnaire) -> Round:
    """The open round of a questionnaire; a new one where none is."""
    row, _new = Round.objects.get_or_create(
        person=person,
        questionnaire=questionnaire.id,
        finished=None,
        defaults={"version": questionnaire.version, "begun": timezone.now()},
    )
    return row


@transaction.atomic
def keep(*, by: Any, row: Round, page: str, fields: Mapping[str, str]) -> Round:
    """Keep what stands on a page. Raises `Refused` where it is too long."""
    if sum(len(name) + len(value) for name, value in fields.items()) > _LONGEST:
        raise Refused(_("This is too long to be kept: shorten it, or go on to the next page."))
    found = Round.objects.select_for_update().get(pk=row.pk)
    found.kept = {**found.kept, page: dict(fields)}
    found.save(update_fields=["kept"])
    return found


@transaction.atomic
def answer(*, by: Any, row: Round, page: str, said: Sequence[Said]) -> Round:
    """Write a page's answers into the record, and finish the round with its last page.

    What the record says already is not said twice. Raises `registry.NotAgreed` where the record is not to be kept.
    """
    found = Round.objects.select_for_update().select_related("person").get(pk=row.pk)
    if found.finished is not None:
        raise Refused(_("You have finished this questionnaire already. Nothing is lost: it stands in your record."))
    for each in said:
        try:
            _write(by, found.person, each)
        except registry.AlreadySaid:
            continue
    found.done = [*(each for each in found.done if each != page), page]
    found.kept = {name: fields for name, fields in found.kept.items() if name != page}
    if {each.id for each in questionnaires()[found.questionnaire].pages} <= set(found.done):
        found.finished, found.kept = timezone.now(), {}
        Rhythm.objects.update_or_create(person=found.person, defaults={"in_vain": 0})
    found.save()
    return found


@transaction.atomic
def choose_rhythm(*, by: Any, person: Person, ended: bool) -> None:
    """Be reminded of questionnaires, or no more."""
    Rhythm.objects.update_or_create(person=person, defaults={"ended": ended, "in_vain": 0})


@transaction.atomic
def tell_outcome(*, by: Any, **said: Any) -> Outcome:
    """Tell what data led to."""
    return Outcome.objects.create(by=by, changed=timezone.now(), **said)


@transaction.atomic
def correct_outcome(*, by: Any, outcome: Outcome, **said: Any) -> None:
    """Tell it better, or add its result."""
    for field, value in said.items():
        setattr(outcome, field, value)
    outcome.by, outcome.changed = by, timezone.now()
    outcome.save()


def _write(by: Any, person: Person, said: Said) -> None:
    if said.corrects is not None:
        registry.correct(by=by, row=said.corrects, fact=said.fact)
    else:
        registry.enter(by=by, person=person, fact=said.fact)
