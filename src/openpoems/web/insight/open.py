"""The answers of a person's record, with what is open beside its assessment by the snapshot that lists are made of."""

from django.utils import timezone

from openpoems.web.clinic import followup, snapshots
from openpoems.web.insight.asking import Open
from openpoems.web.insight.assessments import assessed, pages_of
from openpoems.web.insight.presenter import Answers, answers
from openpoems.web.registry.models import Fact, Person


def answers_of(person: Person) -> Answers:
    """What the record answers now."""
    empty = not person.facts.filter(state=Fact.State.CURRENT).exists()
    return answers(pages_of(assessed(person)), open_of(person), empty=empty)


def open_of(person: Person) -> Open:
    """What is due, unverified or contradictory; the snapshot is made anew where the record changed since."""
    today = timezone.localdate()
    one = Person.objects.filter(pk=person.pk)
    if snapshots.is_stale(one.select_related("snapshot").get()):
        snapshots.refresh([person.pk], today)
    kept = one.select_related("snapshot").get().snapshot
    return Open(tuple(followup.due(one, today)), kept.unverified, kept.conflicts)
